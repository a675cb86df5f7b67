"""The facts that a message states, once it is known what it is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tactful.domain.replies.cues import money
from tactful.domain.replies.dates import Mention, ends_before
from tactful.domain.replies.message import Facts, Intent
from tactful.domain.replies.particulars import email_in, invoices_in, phone_in, reference_in, the_amount
from tactful.domain.replies.reading import Reading, Sentence
from tactful.domain.replies.stopping import scope_of

REST = re.compile(r"\b(?:rest|remainder|balance|other\s+half|remaining|second\s+half|the\s+other)\b")
"""Words for the second part of a payment."""

_CORRECTS = re.compile(
    r"\b(?:said|meant|actually|make\s+(?:that|it)|instead|rather|have\s+to\s+be|now\s+be|correction)\b"
)
_THEN = re.compile(r"\bthen\b|\bthat\s+day\b")
_JUST = re.compile(
    r"\bjust\s+(?:\w+\s+)?(?:did|paid|payed|sent|made|done|transferred|settled|completed|now)\b"
    r"|\bthis\s+morning\b|\bjust\s+now\b"
)
_BELOW = re.compile(r"\bbelow\b|\bundersigned\b|\bin\s+(?:my|the)\s+signature\b|\bunder\s+my\s+name\b")


def facts_of(
    reading: Reading,
    intents: Collection[Intent],
    paid_in: Sequence[Sentence],
    promised_in: Sequence[Sentence],
) -> Facts:
    """The facts. `paid_in` and `promised_in` are the sentences that speak of a payment made, and of one to come."""
    facts = _with_contacts(reading, Facts(invoices=invoices_in(reading.own.text)))
    amount = the_amount(reading.plain, reading.message.locale)
    if amount is not None:
        facts = replace(facts, amount_minor=amount.minor, currency=amount.currency)
    if Intent.OPT_OUT in intents:
        facts = replace(facts, opt_out_scope=scope_of(reading, names_invoices=bool(facts.invoices)))
    if Intent.PAID_CLAIM in intents:
        reference = reference_in(reading.own.text)
        facts = replace(facts, paid_date=_paid_date(reading, paid_in), payment_ref=reference)
    if Intent.PROMISE_TO_PAY in intents:
        facts = _promised(reading, facts, promised_in, intents)
    if {Intent.EXTENSION_REQUEST, Intent.PAYMENT_PLAN_REQUEST} & set(intents):
        facts = replace(facts, requested_date=_requested(reading))
    return facts


def _with_contacts(reading: Reading, facts: Facts) -> Facts:
    """How to reach whom; what is signed with counts only if the text points to it."""
    email, phone = email_in(reading.own.text), phone_in(reading.own.text)
    if _BELOW.search(reading.plain):
        email = email or email_in(reading.own.signature)
        phone = phone or phone_in(reading.own.signature)
    return replace(facts, contact_email=email, contact_phone=phone)


def _paid_date(reading: Reading, paid_in: Sequence[Sentence]) -> date | None:
    past = [day.past for one in paid_in for day in reading.days_in(one) if day.past is not None]
    if past:
        return past[0]
    return reading.message.today if any(_JUST.search(one.text) for one in paid_in) else None


def _promised(
    reading: Reading, facts: Facts, promised_in: Sequence[Sentence], intents: Collection[Intent]
) -> Facts:
    sentences = promised_in or [one for one in reading.sentences if reading.days_in(one)]
    facts = replace(facts, conditional=any(money.CONDITIONAL.search(one.text) for one in sentences))
    today = reading.message.today
    days = [
        day for one in sentences for day in reading.days_in(one) if day.day is not None and day.day >= today
    ]
    if not days:
        return replace(facts, promise_date=_day_meant_by_then(reading, sentences))
    if REST.search(reading.plain) and len(days) > 1 and Intent.PAID_CLAIM not in intents:
        return replace(facts, promise_date=days[0].day, rest_date=days[-1].day)
    chosen = _chosen(reading, days)
    day = chosen.day
    if day is not None and ends_before(reading.plain, chosen):
        day -= timedelta(days=1)
    return replace(facts, promise_date=day)


def _day_meant_by_then(reading: Reading, sentences: Sequence[Sentence]) -> date | None:
    earlier = [day.day for day in reading.days if day.day is not None]
    return earlier[-1] if earlier and any(_THEN.search(one.text) for one in sentences) else None


def _chosen(reading: Reading, days: Sequence[Mention]) -> Mention:
    """Of several days the one that stands beside the promise; of a correction the last."""
    if _CORRECTS.search(reading.plain):
        return days[-1]
    beside = (day for day in days if money.PROMISE.search(reading.clause_around(day.start)))
    return next(beside, days[-1])


def _requested(reading: Reading) -> date | None:
    for one in reading.sentences:
        if money.EXTENSION.search(one.text) or money.PLAN.search(one.text):
            days = [day.day for day in reading.days_in(one) if day.day is not None]
            if days:
                return days[-1]
    return None
