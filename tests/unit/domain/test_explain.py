from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given

from tactful.domain.book.account import Account, Thanks
from tactful.domain.book.agreements import Hold, HoldKind, Promise
from tactful.domain.book.contact_log import ManualContact, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.book.invoice import InvoiceState
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Nothing, Send, Unanswered, Wait
from tactful.domain.dunning.explain import Explanation, GateName, as_facts, as_json, explain
from tactful.domain.dunning.policy import Policy
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
    an_account,
    an_invoice,
    suppressed,
)
from tests.support.happenings import Happening, World
from tests.support.stories import stories


def explained(account: Account, now: datetime = NINE, policy: Policy | None = None) -> Explanation:
    return explain(account, policy or a_policy(), a_calendar(), now)


def closed(explanation: Explanation) -> dict[GateName, str]:
    return {gate.name: gate.about for gate in explanation.gates if not gate.passed}


def test_a_message_that_may_leave_has_passed_every_gate() -> None:
    explanation = explained(an_account(an_invoice()))
    assert explanation.verdict == "send"
    assert closed(explanation) == {}
    assert [gate.name for gate in explanation.gates] == list(GateName)
    assert explanation.next_action_at == NINE
    assert explanation.policy == "standard/1"


def test_the_facts_say_how_each_invoice_stands() -> None:
    promise = Promise("p-1", ("INV-2",), DUE + timedelta(days=9), NINE)
    account = replace(
        an_account(an_invoice("INV-1", due=DUE - timedelta(days=3)), an_invoice("INV-2", minor=20_00)),
        promises=(promise,),
    )
    first, second = explained(account).invoices
    assert (first.number, first.days_late, first.stage, first.told, first.blocked) == (
        "INV-1",
        3,
        "overdue_3",
        False,
        False,
    )
    assert (second.number, second.amount.minor, second.blocked, second.stage) == ("INV-2", 20_00, True, "")
    assert second.why == "promised: INV-2 2026-03-11"


def test_a_gap_that_is_not_over_says_until_when() -> None:
    account = an_account(an_invoice(due=DUE - timedelta(days=3)))
    contact = ManualContact("m-1", NINE - timedelta(days=1), "call")
    explanation = explained(replace(account, manual_contacts=(contact,)))
    assert closed(explanation) == {GateName.MINIMUM_GAP: "3 days, until 2026-03-04T09:00:00+00:00"}
    assert explanation.last_contacts == (contact.at,)
    assert explanation.next_action_at == NINE + timedelta(days=2)


def test_a_closed_window_says_the_time_on_the_clients_clock() -> None:
    account = an_account(an_invoice(), customer=a_customer(a_contact(), timezone="America/New_York"))
    explanation = explained(account)
    assert closed(explanation) == {GateName.CONTACT_WINDOW: "Mon 04:00 America/New_York"}
    assert [str(at) for at in explanation.local] == ["2026-03-02 04:00:00-05:00"]


def test_a_client_on_hold_has_nothing_to_hear() -> None:
    hold = Hold("h-1", HoldKind.LEGAL, NINE)
    explanation = explained(an_account(an_invoice()).with_hold(hold))
    assert explanation.verdict == "nothing"
    assert closed(explanation) == {GateName.SOMETHING_TO_SAY: "on_hold: INV-1 legal"}
    assert explanation.next_action_at is None


def test_a_client_whose_addresses_are_suppressed_becomes_a_task() -> None:
    explanation = explained(suppressed(an_account(an_invoice()), EMAIL, PHONE))
    assert (explanation.verdict, as_json(explanation)["task"]) == ("ask", "no_usable_address")
    assert closed(explanation) == {GateName.ADDRESS: "no_address"}
    (contact,) = explanation.contacts
    assert contact.suppressed == contact.channels == (Channel.EMAIL, Channel.SMS)


def test_an_amount_that_is_too_small_is_a_gate_of_its_own() -> None:
    explanation = explained(an_account(an_invoice(minor=4_99)))
    assert closed(explanation)[GateName.ENOUGH_DUE] == "below_minimum: GBP 4.99"


def test_an_old_book_closes_the_last_gate() -> None:
    account = replace(an_account(an_invoice()), book_as_of=NINE - timedelta(days=8))
    explanation = explained(account, policy=a_policy(book_at_most_days_old=7))
    assert closed(explanation) == {
        GateName.BOOK_NEW_ENOUGH: "uploaded 2026-02-22T09:00:00+00:00, at most 7 days old"
    }


def test_what_a_segment_changes_is_said_with_its_name() -> None:
    policy = a_policy(segments={"vip": {"minimum_gap_days": 9}})
    customer = replace(a_customer(a_contact()), segment="vip")
    explanation = explained(an_account(an_invoice(), customer=customer), policy=policy)
    assert explanation.origins == {"minimum_gap_days": "segment vip"}
    gap = next(gate for gate in explanation.gates if gate.name is GateName.MINIMUM_GAP)
    assert gap.about == "9 days"


def test_a_claim_in_flight_is_waited_for() -> None:
    account = an_account(an_invoice())
    claimed = account.with_reminder(a_reminder(account, account.invoices, status=ReminderStatus.CLAIMED))
    explanation = explained(claimed)
    assert closed(explanation)[GateName.NO_CLAIM] == "claim_in_flight: due"
    assert explanation.next_action_at == NINE + timedelta(minutes=15)


def test_the_json_has_no_address_and_no_name() -> None:
    text = json.dumps(as_json(explained(an_account(an_invoice()))))
    assert EMAIL not in text
    assert PHONE not in text
    assert "Ann" not in text
    answer = json.loads(text)
    assert answer["decision"] == "send"
    assert answer["stage"] == "due"
    assert answer["facts"]["invoices"][0]["amount_minor"] == 100_00
    assert answer["facts"]["record"]["settled"] == 0
    assert [gate["gate"] for gate in answer["gates"]] == [str(name) for name in GateName]


def test_thanks_are_right_however_old_the_book_is() -> None:
    paid = an_invoice(state=InvoiceState.PAID)
    account = replace(
        an_account(paid), thanks=Thanks("P-1", NINE, ("INV-1",)), book_as_of=NINE - timedelta(days=8)
    )
    explanation = explained(account, policy=a_policy(book_at_most_days_old=7))
    assert explanation.verdict == "send"
    assert closed(explanation) == {}


def test_what_is_kept_of_an_explanation_is_short_however_much_there_is_to_say() -> None:
    many = [an_invoice(f"INV-{number}") for number in range(200)]
    facts = as_facts(explained(an_account(*many)))
    assert dict(facts)["invoices"].startswith("INV-0 +0 due; INV-1 +0 due")
    assert dict(facts)["invoices"].endswith("...")
    assert sum(len(name) + len(said) for name, said in facts) < 700


def test_what_is_kept_says_when_the_client_was_contacted_and_what_is_its_own() -> None:
    contact = ManualContact("m-1", NINE - timedelta(days=9), "call")
    policy = a_policy(customers={"C-1": {"minimum_gap_days": 5}})
    account = replace(an_account(an_invoice()), manual_contacts=(contact,))
    facts = dict(as_facts(explained(account, policy=policy)))
    assert facts["last_contacts"] == "2026-02-21"
    assert facts["overridden"] == "minimum_gap_days: customer C-1"
    assert facts["record"] == "new, 0 settled, 0 on time"


@given(stories(most=12))
def test_an_explanation_never_disagrees_with_the_decision(told: tuple[World, list[Happening]]) -> None:
    world, story = told
    for happening in story:
        happening.happen(world)
    for key in world.sender.accounts:
        account = world.sender.load(key)
        policy, calendar = world.sender.policy, world.sender.calendar
        explanation = explain(account, policy, calendar, world.now)
        decision = decide(account, policy, calendar, world.now)
        assert explanation.decision == decision
        if isinstance(decision, Send):
            assert closed(explanation) == {}
        elif isinstance(decision, Wait | Nothing):
            assert closed(explanation)
        else:
            assert isinstance(decision, Ask | Unanswered)
