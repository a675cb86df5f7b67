"""What was misunderstood once: opt-outs behind words of machines, of mistakes and of other channels."""

from __future__ import annotations

from datetime import date

import pytest

from tactful.domain.replies.message import Incoming, Intent, Scope, Understood
from tactful.domain.replies.understand import understand


def said(channel: str, text: str, **headers: str) -> Understood:
    return understand(Incoming(channel, text, "en-GB", date(2026, 3, 2), headers))


@pytest.mark.parametrize(
    "text",
    [
        "Stop sending me automated text messages",
        "Is this an automated message? Stop texting me",
        "STOP. I don't want another automated text",
        "do not disturb me again, unsubscribe",
        "STOP. You keep texting me by mistake",
        "If you don't stop texting me I will report you",
        "I signed up by accident, unsubscribe",
        "Stop charging me. STOP",
        "Stop texting me and stop billing me",
    ],
)
def test_nothing_else_that_is_said_hides_an_opt_out(text: str) -> None:
    assert said("sms", text).primary is Intent.OPT_OUT


@pytest.mark.parametrize(
    "text",
    [
        "I texted stop by mistake, please keep sending",
        "accidentally unsubscribed, please add me back",
        "Please don't stop texting me",
        "stop charging me",
        "Auto-reply: we are closed. Reply STOP to opt out",
    ],
)
def test_a_stop_that_is_none_silences_nobody(text: str) -> None:
    understood = said("sms", text)
    assert Intent.OPT_OUT not in (understood.primary, *understood.also)


@pytest.mark.parametrize(
    ("channel", "text", "scope"),
    [
        ("sms", "Please stop emailing me", Scope.EMAIL),
        ("sms", "No more emails please", Scope.EMAIL),
        ("email", "Stop texting me", Scope.SMS),
        ("email", "Don't text me", Scope.SMS),
        ("sms", "Stop calling and texting me", Scope.SMS),
        ("sms", "Stop emailing and texting me", Scope.ALL),
        ("sms", "stop calling me", Scope.PHONE),
    ],
)
def test_an_opt_out_is_of_the_channel_that_is_named(channel: str, text: str, scope: Scope) -> None:
    assert said(channel, text).facts.opt_out_scope is scope


def test_a_person_s_answer_through_a_help_desk_is_no_machine_s() -> None:
    desk = {"Subject": "[#12345] Re: Invoice INV-1"}
    assert said("email", "this invoice was paid on 25 February", **desk).primary is Intent.PAID_CLAIM
    assert said("email", "Please stop e-mailing us", **desk).primary is Intent.OPT_OUT
    assert said("email", "Your request has been received.", **desk).primary is Intent.AUTO_REPLY


def test_a_mail_of_a_hundred_thousand_lines_is_read_like_any_other() -> None:
    assert said("email", "\n" * 100_000).primary is Intent.UNKNOWN


def test_who_wants_no_texts_may_want_a_call() -> None:
    understood = said("sms", "STOP. Please call me on 07700900123 about the bill")
    assert (understood.primary, Intent.CALL_REQUEST in understood.also) == (Intent.OPT_OUT, True)
    for text in ("stop calling me", "don't call me, stop texting", "do not text or call me again"):
        assert Intent.CALL_REQUEST not in said("sms", text).also
