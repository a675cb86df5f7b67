"""Sample calls: every situation in every tone, for the preview, and to check the words of scripts on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tactful.adapters.sample_messages import DUE, sample_messages
from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel, Purpose
from tactful.domain.calls.sheet import CallSheet, Situation, call_sheet
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy

_KINDS = ("one invoice", "several invoices", "a nasty name")


@dataclass(frozen=True, slots=True)
class SampleCall:
    """A call at an instant (UTC). `title` says which: `call, broken_promise, firm: one invoice`."""

    title: str
    account: Account
    sheet: CallSheet
    at: datetime


def sample_calls(
    policy: Policy, calendar: Calendar, language: str, country: str, currency: str
) -> Iterator[SampleCall]:
    """A call in every situation and tone, to a business and to a person."""
    messages = list(sample_messages(policy, language, country, currency))
    for kind in _KINDS:
        found = [
            one
            for one in messages
            if one.title.endswith(f"{Tone.FINAL}: {kind}") and one.reminder.channel is Channel.EMAIL
        ]
        account, at = found[-1].account, found[-1].reminder.at
        is_person = kind != _KINDS[0]
        purpose = Purpose.CONSUMER if is_person else Purpose.BUSINESS
        account = replace(account, customer=replace(account.customer, purpose=purpose))
        plain = call_sheet(account, policy, calendar, at, TaskKind.CALL, None)
        for situation in Situation:
            if situation is Situation.NOTHING_DUE:
                continue
            for tone in Tone:
                broken = DUE + timedelta(days=5) if situation is Situation.BROKEN_PROMISE else None
                sheet = replace(plain, situation=situation, tone=tone, promised=broken)
                yield SampleCall(f"call, {situation}, {tone}: {kind}", account, sheet, at)
