from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.replies.opt_out import says_nothing_else, wants_no_messages

# The keywords that carriers and the FCC (47 CFR 64.1200(a)(10)) name.
KEYWORDS = (
    *("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"),
    *("stopall", "stop all", "optout", "remove", "arret"),
)


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_every_keyword_alone_is_an_opt_out_and_needs_no_reader(keyword: str) -> None:
    assert wants_no_messages(keyword)
    assert says_nothing_else(keyword)


def _full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


_NOISE = st.text(st.sampled_from(" \n\t.,!?'\"()-…*“”’\u200b\u200d\u2060\ufeff\u00ad😡👍"), max_size=6)
_INVISIBLE = st.sampled_from(["", "", "\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff"])


@st.composite
def noisy_keywords(draw: st.DrawFn) -> str:
    """A keyword in any case, full-width or composed otherwise, with invisible signs in it and noise around it."""
    signs = [
        (sign.upper() if draw(st.booleans()) else sign) + draw(_INVISIBLE)
        for sign in draw(st.sampled_from(KEYWORDS))
    ]
    written = _full_width("".join(signs)) if draw(st.booleans()) else "".join(signs)
    noisy = draw(_NOISE) + written + draw(_NOISE)
    return unicodedata.normalize("NFD", noisy) if draw(st.booleans()) else noisy


@given(noisy_keywords())
def test_no_noise_around_a_keyword_hides_it(text: str) -> None:
    assert wants_no_messages(text)


@given(
    st.sampled_from(KEYWORDS),
    st.sampled_from(["please", "Pls", "thanks", "thank you", "ok", "now", "i said"]),
)
def test_courtesies_beside_a_keyword_are_nothing_else(keyword: str, courtesy: str) -> None:
    assert says_nothing_else(f"{keyword} {courtesy}")
    assert says_nothing_else(f"{courtesy}, {keyword}!")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "STOP",
            "stop.",
            " Stop ",
            "STOP!!",
            "St0p",
            "$top",
            "stop\n",
            "s t o p",
            "S.T.O.P",
            "Stop. Stop. Stop",
        ),
        *("🛑", "⛔", "STOP 🛑", "arrêt", "no más", "sotp", "Unsuscribe"),
        "please stop texting me",
        "Can't you stop texting me?",
        "I can't get you to stop texting",
        "could you please stop",
        "I want you to stop now",
        "Who is this? Stop",
        "not me, stop",
        "stop texts",
        "Stop msgs",
        "STOP ALL MESSAGES",
        "stop it with the texts",
        "stop sending",
        "stop sending me invoices",
        "stop sending these",
        "stop harassing me",
        "cease and desist",
        "opt out",
        "I'd like to opt out of these texts",
        "remove me",
        "take us off your list",
        "lose my number",
        "u have the wrong number",
        "leave me alone",
        "do not call or text",
        "dont msg me",
        "don’t text me again",
        "never contact me again",
        "I don't want any more texts",
        "I no longer wish to receive these messages",
        "I do not consent to these texts",
        "do not wish to be contacted",
        "Merci de ne plus m'envoyer de SMS",
        "n'envoyez plus de messages",
        "no me envíen más",
        "bitte keine weiteren SMS",
        "I withdraw my consent",
        "no more messages",
        "I paid already, unsubscribe me",
        "I can't stop by, so stop texting me",
    ],
)
def test_who_wants_to_be_left_alone_is_understood(text: str) -> None:
    assert wants_no_messages(text)


@pytest.mark.parametrize(
    "text",
    [
        "stop by our office?",
        "I will stop the payment",
        "can't stop now, will pay at the end",
        "don't stop",
        "Don't stop texting me",
        "dont stop the reminders",
        "please do not stop sending me these reminders",
        "I won't stop the standing order",
        "never stop sending them, they help",
        "don't unsubscribe me",
        "pay at the end of the month",
        "we stopped texting",
        "can you end the contract",
        "cancel invoice 12 please",
        "cancel the direct debit",
        "Please stop the direct debit",
        "cancel my order",
        "We stopped trading in May",
        "Please remove the late fee",
        "remove me as director",
        "stop sending invoices to the old address",
        "I'll stop sending cheques and pay by card",
        "I'm opting out of early payment",
        "We never text you",
        "you never text me back",
        "please don't contact me before 9",
        "no message received",
        "no reminders needed, it is paid",
        "bus stop closed, will be late with the payment",
        "START",
        "YES",
        "HELP",
        "👍",
        "",
        "...",
    ],
)
def test_who_writes_of_something_else_is_not_silenced(text: str) -> None:
    assert not wants_no_messages(text)


@pytest.mark.parametrize("verb", ["Liked", "Loved", "Laughed at", "Emphasized", "Emphasised"])
def test_a_reaction_that_repeats_our_own_words_is_no_opt_out(verb: str) -> None:
    assert not wants_no_messages(f"{verb} “Invoice 1184 is 7 days overdue. Reply STOP to opt out”")


@pytest.mark.parametrize(
    "text", ["stop, I paid this in May", "wrong number", "please stop texting me", "🛑", "I will pay", ""]
)
def test_whatever_says_more_than_a_keyword_is_for_a_person_to_read(text: str) -> None:
    assert not says_nothing_else(text)


@given(st.text())
def test_any_text_is_understood_one_way_or_the_other_and_a_keyword_alone_is_always_obeyed(text: str) -> None:
    assert wants_no_messages(text) or not says_nothing_else(text)
