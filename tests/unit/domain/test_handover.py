from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tactful.domain.book.account import Account, Task, TaskDone, TaskKind
from tactful.domain.book.agreements import Verdict
from tactful.domain.book.contact_log import ManualContact, ReminderStatus, Tone
from tactful.domain.book.customer import Channel, Role
from tactful.domain.book.summaries import SUMMARIES
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask
from tactful.domain.dunning.handover import outcome_settled, superseded, task_for
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import StageKind
from tests.support.builders import (
    DUE,
    EMAIL,
    NINE,
    PHONE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_reminder,
    a_stage,
    a_step_of_a_person,
    a_task_stage,
    an_account,
    an_invoice,
    answered,
)

OWNER = a_contact("Olga", role=Role.OWNER, email="olga@client.example", phone="")
TEN_LATE = timedelta(days=10)


def asked(account: Account, policy: Policy) -> Task:
    """The task for what the engine asks about the account ten days after DUE."""
    now = NINE + TEN_LATE
    decision = decide(account, policy, a_calendar(), now)
    assert isinstance(decision, Ask)
    return task_for(account, policy, a_calendar(), decision.kind, decision.step)


def by_hand(kind: StageKind, **more: object) -> Policy:
    return a_policy(stages=[a_task_stage("step", 10, kind, **more)])


@pytest.mark.parametrize("kind", TaskKind)
def test_every_task_says_what_to_do(kind: TaskKind) -> None:
    assert len(SUMMARIES[kind]) > 20


def test_a_message_for_approval_is_shown_with_tone_way_amounts_and_record() -> None:
    policy = a_policy(stages=[a_stage("due", 0, Tone.NEUTRAL, approval=True, role=Role.OWNER)])
    account = an_account(an_invoice(), customer=a_customer(a_contact(), OWNER))
    task = asked(account, policy)
    assert task.kind is TaskKind.APPROVAL
    assert dict(task.facts) == {
        "customer": "Client Ltd (C-1)",
        "stage": "due",
        "occurrence": "2026-03-02",
        "tone": "neutral",
        "channel": "email",
        "contact": "Olga (owner)",
        "invoices": "INV-1 GBP 100.00 due 2026-03-02, 10 days late",
        "total": "GBP 100.00",
        "days_late": "10",
        "record": "no invoice settled yet; promises 0 kept, 0 broken; 0 invoices disputed",
        "reasons": "stage_reached: due INV-1; needs_approval: due",
    }


def test_a_call_comes_with_the_policy_s_notes_and_whom_to_call() -> None:
    policy = by_hand(StageKind.CALL, notes="Ask whether the invoice has arrived.\n")
    task = asked(an_account(an_invoice()), policy)
    facts = dict(task.facts)
    assert facts["notes"] == "Ask whether the invoice has arrived."
    assert facts["contact"] == f"Ann (billing), {PHONE}, {EMAIL}"
    assert "tone" not in facts


def test_a_call_for_which_nobody_is_known_says_so() -> None:
    account = an_account(an_invoice(), customer=a_customer())
    assert dict(asked(account, by_hand(StageKind.CALL)).facts)["contact"] == "nobody is known"


def test_collections_comes_with_what_was_said_before_the_last_first() -> None:
    account = an_account(an_invoice())
    said = a_reminder(account, account.invoices, days=0)
    bounced = a_reminder(
        account,
        account.invoices,
        stage="overdue_3",
        at=NINE + timedelta(days=3),
        status=ReminderStatus.BOUNCED,
    )
    called = ManualContact("M-1", NINE + timedelta(days=5), "call")
    account = replace(account, reminders=(said, bounced), manual_contacts=(called,))
    task = asked(account, by_hand(StageKind.COLLECTIONS))
    assert dict(task.facts)["history"] == (
        "2026-03-07 by hand: call; 2026-03-05 overdue_3 email bounced; 2026-03-02 due email delivered"
    )
    assert "contact" not in dict(task.facts)


def test_a_task_about_nobody_s_address_says_what_could_not_be_sent() -> None:
    account = an_account(an_invoice(), customer=a_customer())
    task = asked(account, a_policy())
    assert task.kind is TaskKind.NO_USABLE_ADDRESS
    assert dict(task.facts)["tone"] == "neutral"
    assert "detail" not in dict(task.facts)


def test_a_fault_is_told() -> None:
    account = an_account(an_invoice())
    step = replace(a_reminder(account, account.invoices, channel=Channel.PERSON), detail="wording")
    task = task_for(account, a_policy(), a_calendar(), TaskKind.MESSAGE_REFUSED, step, fault="no such file")
    assert dict(task.facts)["detail"] == "no such file"


def test_a_credit_note_is_listed_without_an_age() -> None:
    credit = an_invoice("CN-1", minor=-30_00, due=date(2026, 2, 1))
    task = asked(an_account(an_invoice(), credit), by_hand(StageKind.CALL))
    assert dict(task.facts)["invoices"] == ("CN-1 GBP -30.00; INV-1 GBP 100.00 due 2026-03-02, 10 days late")
    assert dict(task.facts)["total"] == "GBP 70.00"
    assert dict(task.facts)["days_late"] == "10"


@pytest.mark.parametrize(
    ("before", "after", "settled"),
    [
        (ReminderStatus.UNKNOWN, ReminderStatus.ACCEPTED, True),
        (ReminderStatus.UNKNOWN, ReminderStatus.BOUNCED, True),
        (ReminderStatus.UNKNOWN, ReminderStatus.UNKNOWN, False),
        (ReminderStatus.CLAIMED, ReminderStatus.DELIVERED, False),
    ],
)
def test_only_news_of_an_unknown_outcome_do_its_task(
    before: ReminderStatus, after: ReminderStatus, *, settled: bool
) -> None:
    account = an_account(an_invoice())
    known = a_reminder(account, account.invoices, status=before)
    done = outcome_settled(known, replace(known, status=after), NINE)
    assert [end.task_id for end in done] == ([f"outcome_unknown-{known.id}"] if settled else [])


@pytest.mark.parametrize(
    "kind", [TaskKind.NO_USABLE_ADDRESS, TaskKind.NO_PAY_TO_DETAILS, TaskKind.NO_COMMON_HOURS]
)
def test_a_question_that_is_asked_again_replaces_the_last_one_of_its_kind_whatever_its_stage(
    kind: TaskKind,
) -> None:
    account = an_account(an_invoice())
    first = replace(a_step_of_a_person(account, kind, account.invoices, stage="before_due"), id="first")
    second = replace(first, id="second", stage="due")
    call = replace(a_step_of_a_person(account, TaskKind.CALL, account.invoices), id="call")
    account = replace(account, reminders=(first, second, call))
    again = replace(second, id="again", attempt=2)
    assert superseded(account, again) == (
        TaskDone(f"{kind}-second", NINE, "the policy", "replaced by again"),
    )
    other = replace(again, detail=TaskKind.STEP_FOR_A_PERSON)
    assert superseded(account, other) == ()


def test_only_an_unanswered_question_about_the_same_step_is_replaced() -> None:
    account = an_account(an_invoice())
    earlier = a_step_of_a_person(account, TaskKind.APPROVAL, account.invoices)
    elsewhere = replace(earlier, id="other", occurrence=str(DUE + timedelta(days=1)))
    again = replace(earlier, id="again", attempt=2)
    account = replace(account, reminders=(earlier, elsewhere))
    assert [end.task_id for end in superseded(account, again)] == [f"approval-{earlier.id}"]
    assert superseded(answered(account, earlier, Verdict.DECLINED), again) == ()
    assert superseded(account, replace(again, detail=TaskKind.CALL)) == ()
