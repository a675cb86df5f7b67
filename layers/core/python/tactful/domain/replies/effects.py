"""What a client's message does to an account: the way a careful accounts-receivable clerk would take it.

Every intent has its effect, and all are applied, the most severe first. The table is in docs/replies.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from tactful.domain.book.account import Account, Change, Entry, Task, TaskKind
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.answers import AnswerKind
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.book.money import totals
from tactful.domain.dunning.answering import ANSWERS_EXPIRE_AFTER
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.reply_rules import AfterOptOut
from tactful.domain.replies.heard import Heard
from tactful.domain.replies.message import Intent, Scope
from tactful.domain.replies.money_effects import (
    WITHDRAWS,
    extension,
    paid_claim,
    plan_request,
    promise,
    withdraw,
)
from tactful.domain.replies.proposals import propose_plan
from tactful.domain.replies.reply_task import reply_task
from tactful.domain.replies.taking import Taking

# Nothing is answered beside a lawyer, or to a person whom it was not meant for.
_SILENT = frozenset({Intent.LEGAL, Intent.WRONG_CONTACT})
_RANK = {kind: place for place, kind in enumerate(AnswerKind)}
_ABOUT_A_DAY = (AnswerKind.PROMISE_NOTED, AnswerKind.DATE_WANTED, AnswerKind.CHANGE_NOTED)
_A_SENTENCE = 120
_BALANCE = re.compile(
    r"\b(?:how\s+much|what\s+(?:do|does|did)\s+(?:i|we)\s+(?:still\s+)?owe|balance|what\s+is\s+(?:due|owed|open|"
    r"outstanding)|amount\s+(?:due|owed|owing)|total\s+(?:due|owed)|what'?s\s+(?:due|owed|outstanding|the\s+total))\b",
    re.IGNORECASE,
)


def effects_of(account: Account, heard: Heard, policy: Policy, calendar: Calendar) -> Change:
    """The account after a client's message, with what stands on its timeline, and the tasks that it opens."""
    policy = policy.for_customer(account.customer, calendar.business_country)
    taking = Taking(account, heard, policy, calendar)
    intents = sorted({heard.meaning.primary, *heard.meaning.also}, key=_ORDER.__getitem__)
    if heard.is_meant and WITHDRAWS.fullmatch(heard.own) and withdraw(taking):
        intents = []
    elif heard.meaning.primary is Intent.AUTO_REPLY:
        _from_a_machine(taking, intents)
        intents = []
    for intent in intents:
        _EFFECTS[intent](taking)
    taking.entries.append(
        Entry(f"reply-{heard.id}", heard.at, str(heard.meaning.primary), taking.heard.facts)
    )
    changed = _with_answer(taking, intents)
    tasks = tuple(reply_task(changed, calendar, heard, kind, *more) for kind, more in taking.tasks)
    return Change(changed, entries=tuple(taking.entries), tasks=_each_once(tasks))


def _each_once(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    return tuple({task.id: task for task in reversed(tasks)}.values())[::-1]


def _with_answer(taking: Taking, intents: list[Intent]) -> Account:
    """One answer at most; those that nobody waits for any more are forgotten."""
    account, heard = taking.account, taking.heard
    kept = [known for known in account.answers if heard.at < known.at + ANSWERS_EXPIRE_AFTER]
    silent = not _SILENT.isdisjoint(intents) or (
        Intent.OPT_OUT in intents and heard.meaning.facts.opt_out_scope not in (Scope.PHONE, Scope.INVOICE)
    )
    if silent:
        # What was to be said before is overtaken.
        kept = []
    elif taking.answers:
        given = min(taking.answers, key=lambda answer: _RANK[answer.kind])
        about_a_day = given.kind in _ABOUT_A_DAY
        kept = [
            one
            for one in kept
            if one.kind is not given.kind and not (about_a_day and one.kind in _ABOUT_A_DAY)
        ]
        kept.append(given)
    return account if tuple(kept) == account.answers else replace(account, answers=tuple(kept))


def _from_a_machine(taking: Taking, intents: list[Intent]) -> None:
    """It is no answer: nothing pauses. That somebody left, or stands in, a person should know."""
    facts = taking.heard.meaning.facts
    if Intent.REDIRECT_CONTACT in intents:
        taking.tasks.append((TaskKind.CONTACT_CHANGE, _proposed_contact(taking)))
    elif Intent.WRONG_CONTACT in intents:
        taking.tasks.append((TaskKind.WRONG_CONTACT, ()))
    if facts.back_on is not None:
        taking.heard = replace(taking.heard, more=(*taking.heard.more, ("back_on", str(facts.back_on))))


def _opt_out(taking: Taking) -> None:
    """The addresses are forbidden already, for every account; here is what else follows."""
    scope = taking.heard.meaning.facts.opt_out_scope
    if scope is Scope.INVOICE and taking.about:
        taking.hold(HoldKind.MANUAL, None, taking.about)
        taking.tasks.append((TaskKind.OPTED_OUT, (("about", ", ".join(taking.about)),)))
    elif scope is Scope.PHONE and not taking.heard.in_a_call:
        taking.tasks.append((TaskKind.OPTED_OUT, (("about", "wants no calls"),)))
    elif taking.policy.replies.after_opt_out is AfterOptOut.ASK and taking.account.owed_numbers():
        taking.hold(HoldKind.MANUAL, None)
        taking.tasks.append((TaskKind.OPTED_OUT, ()))
    elif len(taking.heard.own) > _A_SENTENCE and not taking.heard.meaning.also:
        # Whoever writes so much may have said something that was not understood.
        taking.ask(TaskKind.READ_REPLY)


def _legal(taking: Taking) -> None:
    taking.hold(HoldKind.LEGAL, None)
    taking.tasks.append((TaskKind.LEGAL, ()))


def _wrong_contact(taking: Taking) -> None:
    taking.tasks.append((TaskKind.WRONG_CONTACT, ()))


def _hardship(taking: Taking) -> None:
    taking.hold(HoldKind.HARDSHIP, None)
    taking.tasks.append((TaskKind.HARDSHIP, (("proposal", propose_plan(taking)),)))
    taking.answer(AnswerKind.HARDSHIP_NOTED)


def _dispute(taking: Taking) -> None:
    """What is disputed pauses; of a number that nothing is due on, a person finds out what is meant."""
    disputed = frozenset(taking.about)
    if disputed:
        named = bool(taking.heard.meaning.facts.invoices)
        taking.hold(HoldKind.DISPUTE, None, taking.about if named else ())
        taking.account = replace(
            taking.account,
            invoices=tuple(
                replace(one, was_disputed=True) if one.number in disputed else one
                for one in taking.account.invoices
            ),
        )
        taking.tasks.append((TaskKind.DISPUTE, (("about", ", ".join(sorted(disputed))),)))
    else:
        taking.ask(TaskKind.DISPUTE, ("why", "nothing is due on what is disputed"))
    taking.answer(AnswerKind.DISPUTE_NOTED, taking.about if taking.heard.meaning.facts.invoices else ())


def _redirect(taking: Taking) -> None:
    taking.ask(TaskKind.CONTACT_CHANGE, *_proposed_contact(taking))
    taking.answer(AnswerKind.PASSED_ON)


def _proposed_contact(taking: Taking) -> tuple[tuple[str, str], ...]:
    facts = taking.heard.meaning.facts
    proposed = [way for way in (facts.contact_email, facts.contact_phone) if way]
    return (("proposal", ", ".join(proposed) or "see the text"),)


def _call_request(taking: Taking) -> None:
    phone = taking.heard.meaning.facts.contact_phone or (
        taking.heard.address if "@" not in taking.heard.address else ""
    )
    taking.ask(TaskKind.CALL_BACK, *((("phone", phone),) if phone else ()))
    taking.answer(AnswerKind.PASSED_ON)


def _invoice_copy(taking: Taking) -> None:
    taking.ask(TaskKind.INVOICE_COPY, ("about", ", ".join(taking.about)))
    taking.answer(AnswerKind.PASSED_ON)


def _payment_details(taking: Taking) -> None:
    """From the policy, if it has them for all that is due; else from a person."""
    if _can_tell_what_is_open(taking):
        taking.answer(AnswerKind.PAYMENT_DETAILS)
        return
    taking.ask(TaskKind.READ_REPLY, ("why", "asks how to pay"))
    taking.answer(AnswerKind.PASSED_ON)


def _can_tell_what_is_open(taking: Taking) -> bool:
    """Whether something is open, in currencies that the policy knows how to pay, and an answer may be given."""
    listed = [
        one.amount_due
        for one in taking.account.invoices
        if one.state is InvoiceState.OPEN and one.amount_due.minor
    ]
    sums = totals(listed).values()
    return (
        bool(sums)
        and taking.can_answer
        and all(amount.minor > 0 and amount.currency in taking.policy.pay_to for amount in sums)
    )


def _question(taking: Taking) -> None:
    if _BALANCE.search(taking.heard.own) and _can_tell_what_is_open(taking):
        taking.answer(AnswerKind.BALANCE)
        return
    taking.ask(TaskKind.READ_REPLY)
    taking.answer(AnswerKind.PASSED_ON)


def _help(taking: Taking) -> None:
    if says_help_only(taking.heard.own) and taking.can_answer:
        taking.answer(AnswerKind.WHO_WE_ARE)
        return
    _question(taking)


def says_help_only(text: str) -> bool:
    """Whether a message is the keyword by which any sender has to say who it is (CTIA Messaging Principles 5.1.2)."""
    return text.strip(" \t\r\n.!?").casefold() in ("help", "info", "aide", "hilfe", "ayuda")


def _complaint(taking: Taking) -> None:
    taking.ask(TaskKind.DISSATISFIED)
    taking.answer(AnswerKind.PASSED_ON)


def _opt_in(taking: Taking) -> None:
    """A message of last year says START as well as one of today: nothing is lifted by a message."""
    taking.tasks.append((TaskKind.OPT_IN, ()))


def _unknown(taking: Taking) -> None:
    taking.ask(TaskKind.READ_REPLY)


def _nothing(taking: Taking) -> None:
    del taking


_EFFECTS: Mapping[Intent, Callable[[Taking], None]] = {
    Intent.LEGAL: _legal,
    Intent.HARDSHIP: _hardship,
    Intent.DISPUTE: _dispute,
    Intent.OPT_OUT: _opt_out,
    Intent.WRONG_CONTACT: _wrong_contact,
    Intent.REDIRECT_CONTACT: _redirect,
    Intent.PAYMENT_PLAN_REQUEST: plan_request,
    Intent.EXTENSION_REQUEST: extension,
    Intent.PAID_CLAIM: paid_claim,
    Intent.PROMISE_TO_PAY: promise,
    Intent.INVOICE_COPY_REQUEST: _invoice_copy,
    Intent.PAYMENT_DETAILS_REQUEST: _payment_details,
    Intent.CALL_REQUEST: _call_request,
    Intent.COMPLAINT: _complaint,
    Intent.HELP: _help,
    Intent.QUESTION: _question,
    Intent.OPT_IN: _opt_in,
    Intent.UNKNOWN: _unknown,
    Intent.THANKS: _nothing,
    Intent.AUTO_REPLY: _nothing,
}
_ORDER = {intent: place for place, intent in enumerate(_EFFECTS)}
