"""What people and their programs add to a message must not hide that somebody wants no more of ours."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.replies.message import Incoming, Intent
from tactful.domain.replies.understand import understand
from tests.unit.replies.messages import MEANT

OPT_OUTS = (
    "please stop texting me",
    "unsubscribe",
    "remove me from your list",
    "do not contact me again",
    "no m\N{LATIN SMALL LETTER A WITH ACUTE}s mensajes",
    "ne m'envoyez plus de messages",
    "keine weiteren Nachrichten bitte",
    "opt out",
    "STOP",
)
_PUNCTUATION = st.text(
    st.sampled_from(" .!?,\n\N{HORIZONTAL ELLIPSIS}\N{POUTING FACE}\N{OCTAGONAL SIGN}"), max_size=5
)
_CASES = st.sampled_from([str, str.upper, str.capitalize, str.title])
_INVISIBLE = st.sampled_from(["", "\N{ZERO WIDTH SPACE}", "\N{ZERO WIDTH JOINER}", "\N{SOFT HYPHEN}"])


def is_opt_out(channel: str, text: str) -> bool:
    understood = understand(Incoming(channel, text, "en-GB", date(2026, 9, 9)))
    return Intent.OPT_OUT in (understood.primary, *understood.also)


@given(st.sampled_from(OPT_OUTS), _CASES, _PUNCTUATION, _PUNCTUATION, _INVISIBLE)
def test_case_punctuation_emoji_and_invisible_letters_do_not_hide_an_opt_out(
    said: str, case: object, before: str, after: str, invisible: str
) -> None:
    text = before + invisible.join((*case(said),)) + after  # type: ignore[operator]
    assert is_opt_out("sms", text)


@given(st.sampled_from(OPT_OUTS), st.sampled_from(["  ", "\t", "\n", "\N{NO-BREAK SPACE}", "\N{EM SPACE}"]))
def test_any_space_between_words_is_a_space(said: str, space: str) -> None:
    if space != "\n":
        assert is_opt_out("sms", said.replace(" ", space))


@given(st.sampled_from(OPT_OUTS), st.sampled_from(["", "Regards\nAnn", "-- \nAnn Client"]), st.booleans())
def test_what_a_mail_quotes_and_is_signed_with_does_not_hide_it(said: str, signed: str, quotes: bool) -> None:  # noqa: FBT001
    quoted = "\n\nOn Mon, 7 Sep 2026 at 09:00, Acme <a@acme.example> wrote:\n> Please pay. Reply with any question.\n"
    assert is_opt_out("email", f"{said}\n\n{signed}{quoted if quotes else ''}")


@pytest.mark.parametrize("intent", ["promise_to_pay", "thanks", "question", "call_request"])
def test_our_own_words_in_a_quotation_are_no_opt_out(intent: str) -> None:
    quoted = "\n\nOn Mon, 7 Sep 2026 at 09:00, Acme <a@acme.example> wrote:\n> Reply STOP to opt out, or unsubscribe.\n"
    assert [said for said in MEANT[intent] if is_opt_out("email", said + quoted)] == []
