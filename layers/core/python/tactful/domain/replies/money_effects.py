"""What follows when a client speaks of paying: later, in parts, by a day, or already."""

from __future__ import annotations

import re
from datetime import timedelta

from tactful.domain.book.account import TaskKind
from tactful.domain.book.agreements import Extension, HoldKind, Promise
from tactful.domain.book.answers import AnswerKind
from tactful.domain.book.events import grant_extension, make_promise, withdraw_promise
from tactful.domain.book.money import Money
from tactful.domain.replies.heard import known_of
from tactful.domain.replies.message import Intent
from tactful.domain.replies.proposals import propose_plan
from tactful.domain.replies.taking import Taking

WITHDRAWS = re.compile(r"\W*(?:change|wrong|andern|changer|cambiar)\W*", re.IGNORECASE)
"""A whole message that says that what was confirmed is wrong."""
_ASKED_AGAIN_AFTER = timedelta(days=30)


def plan_request(taking: Taking) -> None:
    """To pay in parts is for a person to agree to."""
    taking.ask(TaskKind.PAYMENT_PLAN, ("proposal", propose_plan(taking)))
    taking.answer(AnswerKind.PASSED_ON)


def extension(taking: Taking) -> None:
    """More time is granted by itself where the policy allows it, else proposed to a person."""
    rules, about = taking.policy.replies, taking.about
    wanted = taking.heard.meaning.facts.requested_date
    latest = taking.today + timedelta(days=rules.extension_at_most_days)
    had_one = any(set(about) & set(granted.invoices) for granted in taking.account.extensions)
    if rules.grant_extensions and wanted and taking.today < wanted <= latest and about and not had_one:
        extension = Extension(f"reply-{taking.heard.id}", about, wanted, taking.heard.at)
        try:
            taking.apply(grant_extension(taking.account, extension, taking.today))
        except ValueError:
            # An invoice that is not due until later: a person sees what was meant.
            pass
        else:
            taking.answer(AnswerKind.EXTENSION_GRANTED, about, wanted)
            return
    day = min(wanted, latest) if wanted and wanted > taking.today else latest
    again = (
        ("before", "was given more time once already") if had_one else ("asked_for", str(wanted or "no day"))
    )
    taking.ask(TaskKind.EXTENSION, ("proposal", f"until {day} for {', '.join(about) or 'nothing'}"), again)
    taking.answer(AnswerKind.PASSED_ON)


def promise(taking: Taking) -> None:
    """A promise with a day is noted; without one, or on a condition, a day is asked for."""
    facts, about = taking.heard.meaning.facts, taking.about
    day = facts.promise_date
    if not about:
        taking.ask(TaskKind.READ_REPLY, ("why", "a promise, and nothing is due on what it names"))
        return
    if Intent.PAYMENT_PLAN_REQUEST in (taking.heard.meaning.primary, *taking.heard.meaning.also):
        # A person agrees on the parts; that somebody will pay one of them is in the text.
        return
    if day is None or facts.conditional:
        _ask_for_a_date(taking)
        return
    if day > taking.today + timedelta(days=taking.policy.replies.promise_at_most_days):
        limit = f"promised for {day}: more than {taking.policy.replies.promise_at_most_days} days ahead"
        taking.ask(TaskKind.EXTENSION, ("proposal", f"accept {day} for {', '.join(about)}"), ("why", limit))
        taking.answer(AnswerKind.PASSED_ON)
        return
    amount = _part_promised(taking, about)
    if facts.rest_date is not None and amount is None:
        day = facts.rest_date
    promise = Promise(f"reply-{taking.heard.id}", about, day, taking.heard.at, amount)
    try:
        made = make_promise(taking.account, promise, taking.today)
    except ValueError as error:
        taking.ask(TaskKind.READ_REPLY, ("why", str(error)))
        taking.answer(AnswerKind.PASSED_ON)
        return
    taking.apply(made)
    # A correction takes the place of what was understood before: that was never broken.
    for earlier in taking.account.promises:
        is_corrected = earlier.id.startswith("reply-") and set(earlier.invoices) <= set(about)
        if earlier.id != promise.id and is_corrected and earlier.is_running(taking.today):
            taking.apply(withdraw_promise(taking.account, earlier.id, taking.heard.at))
    taking.answer(AnswerKind.PROMISE_NOTED, about, day, amount)


def _part_promised(taking: Taking, about: tuple[str, ...]) -> Money | None:
    """The part of what is due that was promised; None for all of it, or if it cannot be told."""
    facts = taking.heard.meaning.facts
    owed = [one.amount_due for one in taking.account.invoices if one.number in about]
    currencies = {amount.currency for amount in owed}
    if not facts.amount_minor or len(currencies) != 1 or facts.currency not in (*currencies, ""):
        return None
    part = Money(facts.amount_minor, currencies.pop())
    return part if 0 < part.minor < sum(amount.minor for amount in owed) else None


def _ask_for_a_date(taking: Taking) -> None:
    """Once; who gives none then either is asked by a person."""
    asked = any(
        step.wording == f"answer_{AnswerKind.DATE_WANTED}" and taking.heard.at < step.at + _ASKED_AGAIN_AFTER
        for step in taking.account.reminders
    ) or any(known.kind is AnswerKind.DATE_WANTED for known in taking.account.answers)
    if asked or not taking.can_answer:
        taking.ask(TaskKind.READ_REPLY, ("why", "a promise without a day"))
        return
    taking.hold(HoldKind.REPLY, taking.policy.hold_days_after_reply)
    taking.answer(AnswerKind.DATE_WANTED, taking.about)


def withdraw(taking: Taking) -> bool:
    """What was understood of the last message was wrong: the promise goes, and a person asks."""
    last = max(
        (promise for promise in taking.account.promises if promise.id.startswith("reply-")),
        key=lambda promise: promise.made_at,
        default=None,
    )
    if last is None or not last.is_running(taking.today):
        return False
    taking.apply(withdraw_promise(taking.account, last.id, taking.heard.at))
    taking.ask(TaskKind.READ_REPLY, ("why", f"says that {last.promised_date} was not what was meant"))
    taking.answer(AnswerKind.CHANGE_NOTED)
    return True


def paid_claim(taking: Taking) -> None:
    """Nothing is asked of who says it is paid: a person looks for the payment."""
    facts = taking.heard.meaning.facts
    about = taking.about
    if not about:
        taking.tasks.append((TaskKind.MATCH_PAYMENT, (("why", "nothing is due here"),)))
        return
    known = known_of(taking.account, facts.invoices)
    taking.hold(
        HoldKind.PAID_CLAIM, taking.policy.replies.paid_claim_hold_days, about if known & set(about) else ()
    )
    stated = [
        ("paid_on", str(facts.paid_date or "")),
        ("payment_ref", facts.payment_ref),
        (
            "amount",
            str(Money(facts.amount_minor, facts.currency)) if facts.amount_minor and facts.currency else "",
        ),
        ("about", ", ".join(about)),
    ]
    taking.tasks.append((TaskKind.MATCH_PAYMENT, tuple(fact for fact in stated if fact[1])))
    taking.answer(AnswerKind.CLAIM_NOTED)
