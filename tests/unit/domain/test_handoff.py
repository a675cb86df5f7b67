"""The hand-off pack: every contact, promise and pause, as plain values in the same order always."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tactful.domain.book.account import Account, TaskKind
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
from tactful.domain.book.contact_log import ManualContact, Progress, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.documents.handoff import Creditor, PromiseOutcome, as_json, handoff_of
from tests.support.builders import (
    EMAIL,
    NINE,
    a_reminder,
    a_step_of_a_person,
    an_account,
    an_invoice,
    money,
)

TODAY = date(2026, 4, 20)
CREDITOR = Creditor("Acme Tools", "billing@acme.example", "GB")


def a_case() -> Account:
    """Two reminders, a call, a question to a person, a promise that was broken, a dispute."""
    first, second = an_invoice("1"), an_invoice("2", state=InvoiceState.DISPUTED)
    account = an_account(first, second)
    told = (Progress(ReminderStatus.DELIVERED, NINE + timedelta(seconds=9), "250 ok"),)
    sent = replace(a_reminder(account, [first]), provider_id="ses-1", text_hash="ab" * 32, progress=told)
    bounced = a_reminder(
        account, [first], stage="overdue_3", at=NINE + timedelta(days=3), status=ReminderStatus.BOUNCED
    )
    call = a_step_of_a_person(account, TaskKind.CALL, [first], stage="call", at=NINE + timedelta(days=5))
    asked = a_step_of_a_person(
        account, TaskKind.APPROVAL, [first], stage="overdue_21", at=NINE + timedelta(days=6)
    )
    return replace(
        account,
        reminders=(asked, call, bounced, sent),
        manual_contacts=(ManualContact("m", NINE + timedelta(days=4), "visit", "nobody there"),),
        promises=(Promise("p", ("1",), date(2026, 3, 20), NINE, owed=money(100_00)),),
        holds=(Hold("h", HoldKind.DISPUTE, NINE, None, ("2",), "wrong quantity"),),
        approvals=(Approval(asked.id, Verdict.GRANTED, NINE, "Bea"),),
        extensions=(Extension("e", ("1",), date(2026, 3, 9), NINE),),
        plan=Plan("pl", ("1",), (Instalment(date(2026, 5, 1), money(100_00)),), NINE),
    )


def test_every_contact_is_told_oldest_first_and_what_was_only_asked_of_a_person_is_none() -> None:
    contacts = handoff_of(a_case(), CREDITOR, TODAY).contacts
    assert [(one.channel, one.stage, one.status) for one in contacts] == [
        ("email", "due", "delivered"),
        ("email", "overdue_3", "bounced"),
        ("visit", "", ""),
        ("call", "call", "handed_over"),
    ]
    assert (contacts[0].provider_id, contacts[0].text_hash, contacts[0].address) == (
        "ses-1",
        "ab" * 32,
        EMAIL,
    )
    assert contacts[2].note == "nobody there"


def test_a_call_that_was_noted_is_told_once_with_what_it_came_to() -> None:
    case = a_case()
    step = next(one for one in case.reminders if one.stage == "call")
    made = ManualContact("n", step.at + timedelta(days=1), "call", "promised", step.id)
    contacts = handoff_of(replace(case, manual_contacts=(made,)), CREDITOR, TODAY).contacts
    calls = [(one.id, one.at, one.note) for one in contacts if one.channel == "call"]
    assert calls == [("n", made.at, "promised")]


def test_what_the_provider_told_is_the_proof_of_delivery() -> None:
    ((contact, event),) = handoff_of(a_case(), CREDITOR, TODAY).delivered
    assert contact.stage == "due"
    assert (event.status, event.at, event.code) == (
        ReminderStatus.DELIVERED,
        NINE + timedelta(seconds=9),
        "250 ok",
    )


def test_a_promise_is_kept_broken_running_or_unclear() -> None:
    def outcome(account: Account, **changes: object) -> PromiseOutcome:
        promise = Promise("p", ("1",), date(2026, 4, 10), NINE, owed=money(100_00))
        changed = replace(account, promises=(replace(promise, **changes),))  # type: ignore[arg-type]
        ((_, found),) = handoff_of(changed, CREDITOR, TODAY).promises
        return found

    account = an_account(an_invoice("1"))
    assert outcome(account) is PromiseOutcome.BROKEN
    assert outcome(account, promised_date=TODAY) is PromiseOutcome.RUNNING
    assert outcome(account, kept_on=date(2026, 4, 10)) is PromiseOutcome.KEPT
    assert outcome(account, kept_on=date(2026, 4, 11)) is PromiseOutcome.BROKEN
    presumed = an_account(an_invoice("1", state=InvoiceState.PRESUMED_SETTLED))
    assert outcome(presumed) is PromiseOutcome.UNCLEAR


def test_what_is_in_dispute_or_ever_was_is_named() -> None:
    once = replace(an_invoice("3"), was_disputed=True)
    assert handoff_of(an_account(an_invoice("2"), once), CREDITOR, TODAY).disputed == ("3",)
    assert handoff_of(a_case(), CREDITOR, TODAY).disputed == ("2",)


def test_drafts_and_void_invoices_are_no_part_of_a_claim() -> None:
    states = (InvoiceState.DRAFT, InvoiceState.VOID, InvoiceState.WRITTEN_OFF, InvoiceState.OPEN)
    account = an_account(*(an_invoice(str(state), state=state) for state in states))
    assert [one.number for one in handoff_of(account, CREDITOR, TODAY).invoices] == ["open", "written_off"]


def test_the_json_has_minor_units_iso_dates_and_utc() -> None:
    told = as_json(handoff_of(a_case(), CREDITOR, TODAY))
    assert json.loads(json.dumps(told)) == told
    assert (told["schema"], told["as_of"]) == (1, "2026-04-20")
    assert told["invoices"][0]["total"] == {"minor": 100_00, "currency": "GBP"}
    assert told["ledger"]["currencies"][0]["closing"] == 200_00
    assert told["contacts"][0]["at"] == "2026-03-02T09:00:00Z"
    assert told["contacts"][0]["text_sha256"] == "ab" * 32
    assert told["contacts"][0]["events"] == [
        {"status": "delivered", "at": "2026-03-02T09:00:09Z", "code": "250 ok"}
    ]
    assert told["promises"][0]["outcome"] == "broken"
    assert told["plans"][0]["instalments"] == [
        {"due": "2026-05-01", "amount": {"minor": 100_00, "currency": "GBP"}}
    ]
    assert told["plans"][0]["rest_due_after"] is None
    assert told["holds"][0] == {
        "id": "h",
        "kind": "dispute",
        "since": "2026-03-02T09:00:00Z",
        "until": None,
        "invoices": ["2"],
        "note": "wrong quantity",
    }
    assert told["approvals"][0]["by"] == "Bea"
    assert told["charges"] == []


def test_the_order_in_which_the_account_was_stored_changes_nothing() -> None:
    account = a_case()
    turned = replace(
        account,
        invoices=account.invoices[::-1],
        reminders=account.reminders[::-1],
        promises=(*account.promises, Promise("q", ("2",), TODAY, datetime(2026, 2, 1, tzinfo=UTC))),
    )
    again = replace(turned, promises=turned.promises[::-1], invoices=account.invoices)
    assert json.dumps(as_json(handoff_of(turned, CREDITOR, TODAY))) == json.dumps(
        as_json(handoff_of(again, CREDITOR, TODAY))
    )


def test_a_message_that_failed_is_told_as_one_that_failed() -> None:
    account = an_account(an_invoice("1"))
    failed = a_reminder(account, account.invoices, channel=Channel.SMS, status=ReminderStatus.FAILED)
    (contact,) = handoff_of(replace(account, reminders=(failed,)), CREDITOR, TODAY).contacts
    assert (contact.channel, contact.status) == ("sms", "failed")
