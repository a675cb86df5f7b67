from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tactful.domain.book.account import Account, Change, Entry, TaskKind
from tactful.domain.book.agreements import (
    Approval,
    Extension,
    Hold,
    HoldKind,
    Instalment,
    Plan,
    Promise,
    Verdict,
)
from tactful.domain.book.contact_log import ManualContact, Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.book.events import (
    agree_plan,
    give_verdict,
    grant_extension,
    lift_hold,
    make_promise,
    note_manual_contact,
    put_hold,
)
from tactful.domain.book.invoice import InvoiceState
from tests.support.builders import DUE, NINE, a_reminder, an_account, an_invoice, money

TODAY = DUE
YESTERDAY = DUE - timedelta(days=1)
SOON = DUE + timedelta(days=5)
LATER = DUE + timedelta(days=35)
HOUR = timedelta(hours=1)
PROMISE = Promise("p-1", ("INV-1",), SOON, NINE)
EXTENSION = Extension("x-1", ("INV-1",), SOON, NINE)
PLAN = Plan("plan-1", ("INV-1",), (Instalment(SOON, money(40_00)), Instalment(LATER, money(60_00))), NINE)
HOLD = Hold("h-1", HoldKind.DISPUTE, NINE, invoices=("INV-1",))
CONTACT = ManualContact("m-1", NINE, "call")


def an_open_account() -> Account:
    """INV-1 has 100.00 due, INV-2 30.00 of 50.00, INV-3 is in euros, INV-4 is paid, CN-1 is a credit note."""
    return an_account(
        an_invoice(),
        an_invoice("INV-2", minor=50_00, reported=30_00),
        an_invoice("INV-3", currency="EUR"),
        an_invoice("INV-4", state=InvoiceState.PAID),
        an_invoice("CN-1", minor=-10_00),
    )


def waiting_for_approval() -> tuple[Account, Reminder]:
    account = an_open_account()
    step = replace(
        a_reminder(account, account.invoices[:1], channel=Channel.PERSON, status=ReminderStatus.HANDED_OVER),
        detail=str(TaskKind.APPROVAL),
    )
    return account.with_reminder(step), step


def test_a_promise_is_kept_on_the_account_with_what_was_due_when_it_was_made() -> None:
    promise = replace(PROMISE, invoices=("INV-1", "INV-2"), kept_on=TODAY)
    change = make_promise(an_open_account(), promise, TODAY)
    assert change.account.promises == (replace(promise, owed=money(130_00), kept_on=None),)
    facts = (("invoices", "INV-1, INV-2"), ("date", "2026-03-07"), ("amount", "GBP 130.00"))
    assert change.entries == (Entry("promise-p-1", NINE, "promise", facts),)


def test_a_part_may_be_promised_up_to_all_that_is_due() -> None:
    for minor in (1, 60_00, 100_00):
        change = make_promise(an_open_account(), replace(PROMISE, amount=money(minor)), TODAY)
        (made,) = change.account.promises
        assert (made.amount, made.owed) == (money(minor), money(100_00))
        assert ("amount", str(money(minor))) in change.entries[0].facts


def test_a_promise_may_be_about_several_currencies_if_it_is_about_all() -> None:
    change = make_promise(an_open_account(), replace(PROMISE, invoices=("INV-1", "INV-3")), TODAY)
    assert change.account.promises[0].owed is None
    assert ("amount", "all") in change.entries[0].facts


def test_a_promise_may_be_for_today() -> None:
    change = make_promise(an_open_account(), replace(PROMISE, promised_date=TODAY), TODAY)
    assert [promise.promised_date for promise in change.account.promises] == [TODAY]


def test_a_second_promise_does_not_replace_the_first_on_the_account() -> None:
    first = make_promise(an_open_account(), PROMISE, TODAY).account
    second = make_promise(first, replace(PROMISE, id="p-2", promised_date=LATER), TODAY).account
    assert [promise.id for promise in second.promises] == ["p-1", "p-2"]


@pytest.mark.parametrize(
    ("promise", "says"),
    [
        (
            replace(PROMISE, invoices=("INV-9",)),
            "the account has no invoice INV-9: name some of those that are due",
        ),
        (replace(PROMISE, invoices=("INV-9",)), r"\(INV-1, INV-2, INV-3\)"),
        (replace(PROMISE, invoices=("INV-4",)), "nothing is due on INV-4: leave it out"),
        (replace(PROMISE, invoices=("CN-1",)), "nothing is due on CN-1: leave it out"),
        (replace(PROMISE, invoices=("INV-1", "INV-1")), "INV-1, INV-1: name each invoice once"),
        (
            replace(PROMISE, promised_date=YESTERDAY),
            "promised for 2026-03-01, which is past: name a date from today on",
        ),
        (
            replace(PROMISE, amount=money(100_01)),
            r"GBP 100\.01 is not between nothing and what is due \(GBP 100\.00\)",
        ),
        (replace(PROMISE, amount=money(0)), r"GBP 0\.00 is not between nothing and what is due"),
        (
            replace(PROMISE, amount=money(5, "EUR")),
            r"EUR 0\.05 is not the currency of every invoice: promise each",
        ),
        (
            replace(PROMISE, invoices=("INV-1", "INV-3"), amount=money(5)),
            r"GBP 0\.05 is not the currency of every invoice",
        ),
    ],
)
def test_a_promise_that_cannot_be_right_is_refused(promise: Promise, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make_promise(an_open_account(), promise, TODAY)


def test_an_account_without_anything_due_says_so() -> None:
    with pytest.raises(ValueError, match=r"name some of those that are due \(none\)"):
        make_promise(an_account(), PROMISE, TODAY)


def test_an_extension_is_kept_on_the_account() -> None:
    change = grant_extension(an_open_account(), EXTENSION, TODAY)
    assert change.account.extensions == (EXTENSION,)
    facts = (("invoices", "INV-1"), ("until", "2026-03-07"))
    assert change.entries == (Entry("extension-x-1", NINE, "extension", facts),)
    again = grant_extension(change.account, replace(EXTENSION, id="x-2", until=LATER), TODAY)
    assert [extension.id for extension in again.account.extensions] == ["x-1", "x-2"]


def test_an_invoice_that_is_not_due_yet_may_be_extended_from_today_on() -> None:
    account = an_account(an_invoice(due=YESTERDAY))
    assert grant_extension(account, replace(EXTENSION, until=TODAY), TODAY).account.extensions != ()


@pytest.mark.parametrize(
    ("extension", "says"),
    [
        (replace(EXTENSION, invoices=("INV-9",)), "the account has no invoice INV-9"),
        (replace(EXTENSION, invoices=("INV-4",)), "nothing is due on INV-4"),
        (
            replace(EXTENSION, until=YESTERDAY),
            "extended to 2026-03-01, which is past: name a date from today on",
        ),
        (
            replace(EXTENSION, until=DUE),
            r"2026-03-02 is no later than INV-1 is due \(2026-03-02\): name a later date, or leave",
        ),
    ],
)
def test_an_extension_that_cannot_be_right_is_refused(extension: Extension, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        grant_extension(an_open_account(), extension, TODAY)


def test_a_plan_is_kept_on_the_account_and_replaces_an_earlier_one() -> None:
    change = agree_plan(an_open_account(), PLAN, TODAY)
    assert change.account.plan == PLAN
    facts = (("invoices", "INV-1"), ("instalments", "2026-03-07 GBP 40.00, 2026-04-06 GBP 60.00"))
    assert change.entries == (Entry("plan-plan-1", NINE, "plan", facts),)
    strict = agree_plan(an_open_account(), replace(PLAN, rest_due_after=14), TODAY)
    assert strict.entries[0].facts == (*facts, ("rest_due_after", "14 days"))
    other = Plan("plan-2", ("INV-1", "INV-2"), (Instalment(TODAY, money(130_00)),), NINE)
    assert agree_plan(change.account, other, TODAY).account.plan == other


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (replace(PLAN, invoices=("INV-9",)), "the account has no invoice INV-9"),
        (replace(PLAN, invoices=("INV-4",)), "nothing is due on INV-4"),
        (
            replace(PLAN, invoices=("INV-1", "INV-2")),
            r"the instalments sum up to GBP 100\.00, but GBP 130\.00 is due: let them be the same",
        ),
        (replace(PLAN, invoices=("INV-1", "INV-3")), "a plan has one currency, that of its invoices"),
        (replace(PLAN, invoices=("INV-3",)), "a plan has one currency, that of its invoices"),
        (
            replace(PLAN, instalments=(Instalment(YESTERDAY, money(100_00)),)),
            "an instalment for 2026-03-01, which is past: name dates from today on",
        ),
        (
            replace(PLAN, instalments=(Instalment(SOON, money(100_00)), Instalment(LATER, money(0)))),
            r"an instalment of GBP 0\.00: name more than nothing",
        ),
    ],
)
def test_a_plan_that_cannot_be_right_is_refused(plan: Plan, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        agree_plan(an_open_account(), plan, TODAY)


def test_a_hold_is_put_on_the_account_with_what_it_means() -> None:
    change = put_hold(an_open_account(), HOLD)
    assert change.account.holds == (HOLD,)
    facts = (("kind", "dispute"), ("invoices", "INV-1"), ("until", "a person lifts it"))
    assert change.entries == (Entry("hold-h-1", NINE, "hold", facts),)


def test_a_hold_may_be_on_everything_until_an_instant() -> None:
    everything = Hold("h-2", HoldKind.MANUAL, NINE, NINE + HOUR)
    (entry,) = put_hold(an_open_account(), everything).entries
    assert entry.facts == (("kind", "manual"), ("invoices", "all"), ("until", "2026-03-02 10:00:00+00:00"))


@pytest.mark.parametrize(
    ("hold", "says"),
    [
        (replace(HOLD, invoices=("INV-1", "INV-9")), "the account has no invoice INV-9"),
        (
            replace(HOLD, until=NINE),
            "the hold would end 2026-03-02 09:00:00.*, before it starts: name a later end",
        ),
    ],
)
def test_a_hold_that_cannot_be_right_is_refused(hold: Hold, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        put_hold(an_open_account(), hold)


@pytest.mark.parametrize("until", [None, NINE + 9 * HOUR])
def test_a_hold_that_is_lifted_ends_then_and_stays_on_the_account(until: object) -> None:
    held = put_hold(an_open_account(), replace(HOLD, until=until))  # type: ignore[arg-type]
    change = lift_hold(held.account, "h-1", NINE + HOUR, "Kim")
    assert change.account.holds == (replace(HOLD, until=NINE + HOUR),)
    facts = (("kind", "dispute"), ("by", "Kim"))
    assert change.entries == (Entry("hold_lifted-h-1", NINE + HOUR, "hold_lifted", facts),)


def test_a_hold_that_has_ended_cannot_be_lifted_later() -> None:
    held = put_hold(an_open_account(), replace(HOLD, until=NINE + HOUR)).account
    assert lift_hold(held, "h-1", NINE + HOUR, "Kim") == Change(held)


def test_a_hold_that_is_not_there_cannot_be_lifted_and_those_that_run_are_named() -> None:
    account = an_open_account()
    with pytest.raises(ValueError, match=r"there is no hold h-9: name one of those that run \(none\)"):
        lift_hold(account, "h-9", NINE, "Kim")
    for number, until in ((1, None), (2, NINE), (3, None)):
        account = account.with_hold(Hold(f"h-{number}", HoldKind.MANUAL, NINE - HOUR, until))
    with pytest.raises(ValueError, match=r"name one of those that run \(h-1, h-3\)"):
        lift_hold(account, "h-9", NINE, "Kim")


def test_a_contact_made_by_hand_is_noted() -> None:
    change = note_manual_contact(an_open_account(), CONTACT, NINE)
    assert change.account.manual_contacts == (CONTACT,)
    assert change.entries == (Entry("manual_contact-m-1", NINE, "manual_contact", (("how", "call"),)),)
    again = note_manual_contact(change.account, replace(CONTACT, id="m-2"), NINE + HOUR)
    assert [contact.id for contact in again.account.manual_contacts] == ["m-1", "m-2"]


@pytest.mark.parametrize(
    ("contact", "says"),
    [
        (replace(CONTACT, at=NINE + HOUR), "has not been made yet: note it when it was"),
        (replace(CONTACT, how=" "), "say how the contact was made: email, sms, call, letter, visit"),
    ],
)
def test_a_contact_that_cannot_be_right_is_refused(contact: ManualContact, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        note_manual_contact(an_open_account(), contact, NINE)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_on_a_step_is_kept_with_who_gave_it(verdict: Verdict) -> None:
    account, step = waiting_for_approval()
    approval = Approval(step.id, verdict, NINE + HOUR, "Kim")
    change = give_verdict(account, approval)
    assert change.account.approvals == (approval,)
    facts = (("stage", "due"), ("verdict", str(verdict)), ("by", "Kim"))
    assert change.entries == (Entry(f"verdict-{step.id}", NINE + HOUR, "verdict", facts),)


def test_verdicts_on_two_steps_stand_beside_each_other() -> None:
    account, step = waiting_for_approval()
    other = replace(step, id="another")
    account = give_verdict(
        account.with_reminder(other), Approval(step.id, Verdict.GRANTED, NINE, "Kim")
    ).account
    account = give_verdict(account, Approval("another", Verdict.DECLINED, NINE, "Kim")).account
    assert [approval.id for approval in account.approvals] == [step.id, "another"]


def test_a_step_that_waits_for_no_approval_gets_no_verdict() -> None:
    account, step = waiting_for_approval()
    for known in (
        account.with_reminder(replace(step, detail="call")),
        account.with_reminder(replace(step, channel=Channel.EMAIL)),
        an_open_account(),
    ):
        with pytest.raises(ValueError, match=f"no step {step.id} waits for approval: see the open tasks"):
            give_verdict(known, Approval(step.id, Verdict.GRANTED, NINE, "Kim"))


def test_the_first_verdict_on_a_step_stays() -> None:
    account, step = waiting_for_approval()
    first = Approval(step.id, Verdict.GRANTED, NINE, "Kim")
    given = give_verdict(account, first).account
    assert give_verdict(given, replace(first, at=NINE + HOUR, by="Lou")) == Change(given)
    with pytest.raises(ValueError, match="Kim said granted on 2026-03-02, and that stays: put a hold"):
        give_verdict(given, replace(first, verdict=Verdict.DECLINED))


_EVENTS: list[tuple[str, Callable[[Account, date], Change]]] = [
    ("promise", lambda account, today: make_promise(account, PROMISE, today)),
    ("extension", lambda account, today: grant_extension(account, EXTENSION, today)),
    ("plan", lambda account, today: agree_plan(account, PLAN, today)),
    ("hold", lambda account, _: put_hold(account, HOLD)),
    ("contact", lambda account, _: note_manual_contact(account, CONTACT, NINE)),
]


@pytest.mark.parametrize("event", [event for _, event in _EVENTS], ids=[name for name, _ in _EVENTS])
def test_an_event_that_comes_again_changes_nothing_even_when_it_would_be_refused_now(
    event: Callable[[Account, date], Change],
) -> None:
    once = event(an_open_account(), TODAY).account
    paid = replace(
        once, invoices=tuple(replace(invoice, state=InvoiceState.PAID) for invoice in once.invoices)
    )
    assert event(paid, LATER) == Change(paid)


def test_events_on_the_same_thing_leave_entries_of_different_names() -> None:
    account, step = waiting_for_approval()
    changes = [event(account, TODAY) for _, event in _EVENTS]
    changes.append(lift_hold(put_hold(account, HOLD).account, "h-1", NINE, "Kim"))
    changes.append(give_verdict(account, Approval(step.id, Verdict.GRANTED, NINE, "Kim")))
    ids = [entry.id for change in changes for entry in change.entries]
    assert len(set(ids)) == len(changes) == 7
