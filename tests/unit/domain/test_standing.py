"""How an owed invoice stands: chaseable from a date, for an amount, or left alone until something happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Extension, Hold, HoldKind, Instalment, Plan, Promise
from tactful.domain.book.contact_log import ReminderStatus, Tone
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Decision, ReasonCode, Send, Wait
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import StageKind
from tactful.domain.dunning.standing import Standing, standings_of
from tests.support.builders import (
    DUE,
    NINE,
    a_calendar,
    a_policy,
    a_reminder,
    a_stage,
    a_task_stage,
    an_account,
    an_invoice,
    money,
)
from tests.support.pure_sender import PureSender

DAY = timedelta(days=1)
OVERDUE = an_invoice(due=DUE - 30 * DAY)


def standing(account: Account, policy: Policy | None = None, now: datetime = NINE) -> Standing:
    (found,) = standings_of(account, policy or a_policy(), a_calendar(), now)
    return found


def with_plan(*parts: tuple[date, int], invoices: tuple[Invoice, ...] = (OVERDUE,)) -> Account:
    instalments = tuple(Instalment(day, money(minor)) for day, minor in parts)
    numbers = tuple(invoice.number for invoice in invoices)
    return replace(an_account(*invoices), plan=Plan("plan-1", numbers, instalments, NINE - 20 * DAY))


def with_extension(until: date, *, granted: datetime = NINE, account: Account | None = None) -> Account:
    known = account or an_account(OVERDUE)
    return replace(
        known, extensions=(*known.extensions, Extension(f"e-{granted}", ("INV-1",), until, granted))
    )


def with_promise(account: Account, day: date, *, made: datetime = NINE, kept: date | None = None) -> Account:
    promise = Promise(f"p-{made}", ("INV-1",), day, made, kept_on=kept)
    return replace(account, promises=(*account.promises, promise))


def why(found: Standing) -> str:
    return str(found.reason) if found.reason else ""


def decided(account: Account, now: datetime = NINE, policy: Policy | None = None) -> Decision:
    return decide(account, policy or a_policy(), a_calendar(), now)


def test_an_owed_invoice_counts_from_its_due_date_for_what_is_due() -> None:
    invoice = an_invoice(received=40_00)
    ladder = a_policy().ladder_for(invoice)
    assert standing(an_account(invoice)) == Standing(invoice, money(60_00), DUE, ladder)


@pytest.mark.parametrize("state", [InvoiceState.PAID, InvoiceState.VOID, InvoiceState.WRITTEN_OFF])
def test_what_is_closed_is_not_owed(state: InvoiceState) -> None:
    assert standings_of(an_account(an_invoice(state=state)), a_policy(), a_calendar(), NINE) == []


def test_a_credit_note_and_what_is_paid_in_full_are_not_owed() -> None:
    account = an_account(an_invoice("CN-1", minor=-10_00), an_invoice("INV-2", received=100_00))
    assert standings_of(account, a_policy(), a_calendar(), NINE) == []


def test_a_dispute_is_the_strongest_reason_to_leave_an_invoice_alone() -> None:
    policy = a_policy(invoices={"INV-1": {"chase": False}})
    account = an_account(replace(OVERDUE, state=InvoiceState.DISPUTED)).with_hold(
        Hold("h-1", HoldKind.REPLY, NINE, NINE + DAY)
    )
    found = standing(account, policy)
    assert (why(found), found.blocked, found.wakes) == ("disputed: INV-1", True, None)


def test_an_invoice_that_the_policy_spares_is_never_chased() -> None:
    policy = a_policy(invoices={"INV-1": {"chase": False}})
    found = standing(an_account(OVERDUE), policy)
    assert (why(found), found.blocked, found.wakes) == ("never_chased: INV-1", True, None)
    other = standing(an_account(replace(OVERDUE, number="INV-2")), policy)
    assert not other.blocked


@pytest.mark.parametrize("where", ["policy", "segment", "customer"])
def test_a_client_who_is_never_chased_hears_nothing(where: str) -> None:
    policies = {
        "policy": a_policy(chase=False),
        "segment": a_policy(segments={"vip": {"chase": False}}),
        "customer": a_policy(customers={"C-1": {"chase": False}}),
    }
    account = an_account(OVERDUE)
    account = replace(account, customer=replace(account.customer, segment="vip"))
    decision = decided(account, policy=policies[where])
    assert [str(reason) for reason in decision.reasons] == ["never_chased: standard/1"]


def test_the_end_of_the_longest_hold_wakes_the_invoice() -> None:
    account = an_account(OVERDUE)
    for number, days in enumerate((2, 5, 3)):
        account = account.with_hold(Hold(f"h-{number}", HoldKind.PAID_CLAIM, NINE, NINE + days * DAY))
    found = standing(account)
    assert (why(found), found.wakes) == ("on_hold: INV-1 paid_claim", NINE + 5 * DAY)
    assert not standing(account, now=NINE + 5 * DAY).blocked


def test_a_hold_without_an_end_is_longer_than_any() -> None:
    account = an_account(OVERDUE).with_hold(Hold("h-1", HoldKind.LEGAL, NINE))
    account = account.with_hold(Hold("h-2", HoldKind.REPLY, NINE, NINE + 500 * DAY))
    assert standing(account).wakes is None


@pytest.mark.parametrize("kind", HoldKind)
def test_hardship_and_lawyers_silence_the_whole_account_and_other_holds_their_invoices(
    kind: HoldKind,
) -> None:
    account = an_account(OVERDUE).with_hold(Hold("h-1", kind, NINE, invoices=("INV-2",)))
    assert standing(account).blocked is (kind in (HoldKind.HARDSHIP, HoldKind.LEGAL))


def test_an_extension_replaces_the_due_date() -> None:
    found = standing(with_extension(DUE + 4 * DAY))
    assert (found.anchor, why(found), found.only_overdue) == (
        DUE + 4 * DAY,
        "extended: INV-1 2026-03-06",
        False,
    )
    decision = decided(with_extension(DUE + 4 * DAY))
    assert isinstance(decision, Send)
    assert (decision.reminder.stage, decision.reminder.occurrence) == ("before_due", "2026-03-06")


def test_an_extension_never_brings_the_due_date_forward() -> None:
    ladder = a_policy().ladder_for(OVERDUE)
    plain = Standing(OVERDUE, money(100_00), OVERDUE.due_date, ladder)
    assert standing(with_extension(OVERDUE.due_date - DAY)) == plain
    assert standing(with_extension(OVERDUE.due_date)).reason is None


def test_the_last_of_two_extensions_counts() -> None:
    account = with_extension(DUE + 9 * DAY, granted=NINE - DAY)
    assert standing(with_extension(DUE + 4 * DAY, account=account)).anchor == DUE + 4 * DAY


def test_an_extension_of_another_invoice_changes_nothing() -> None:
    account = with_extension(DUE + 4 * DAY, account=an_account(replace(OVERDUE, number="INV-2")))
    assert standing(account).anchor == OVERDUE.due_date


def test_an_extension_that_is_granted_after_a_promise_replaces_it() -> None:
    account = with_promise(with_extension(DUE - 5 * DAY), DUE + 2 * DAY, made=NINE - DAY)
    found = standing(account)
    assert (found.blocked, found.anchor) == (False, DUE - 5 * DAY)


def test_a_promise_that_is_made_after_an_extension_is_waited_for() -> None:
    account = with_promise(with_extension(DUE - 5 * DAY, granted=NINE - DAY), DUE + 2 * DAY)
    found = standing(account)
    assert (found.blocked, why(found)) == (True, "promised: INV-1 2026-03-04")
    assert found.wakes == datetime(2026, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("promised", "code"), [(DUE - 9 * DAY, "extended"), (DUE - 5 * DAY, "promise_broken")]
)
def test_a_broken_promise_counts_only_if_it_was_not_for_a_day_before_the_extended_one(
    promised: date, code: str
) -> None:
    account = with_promise(with_extension(DUE - 5 * DAY, granted=NINE - 20 * DAY), promised)
    assert why(standing(account)).startswith(code)


def test_a_promise_for_the_due_date_itself_starts_a_round_when_it_is_broken() -> None:
    found = standing(with_promise(an_account(OVERDUE), OVERDUE.due_date))
    assert (found.anchor, found.only_overdue, found.promised) == (OVERDUE.due_date, True, OVERDUE.due_date)


def test_the_rest_after_a_part_promise_that_was_kept_counts_from_the_promised_day_without_reproach() -> None:
    kept = with_promise(an_account(OVERDUE), DUE - 4 * DAY, made=NINE - 9 * DAY, kept=DUE - 5 * DAY)
    found = standing(kept)
    assert (found.anchor, found.only_overdue, found.promised) == (DUE - 4 * DAY, True, None)
    assert why(found) == "promise_kept: INV-1 2026-02-26"
    account = kept.with_reminder(
        a_reminder(kept, [OVERDUE], stage="overdue_3", days=3, tone=Tone.NEUTRAL, at=NINE - 20 * DAY)
    )
    decision = decided(account)
    assert isinstance(decision, Send)
    assert (decision.reminder.tone, decision.reminder.promised) == (Tone.NEUTRAL, None)


def test_a_promise_that_was_kept_too_late_is_broken() -> None:
    found = standing(
        with_promise(an_account(OVERDUE), DUE - 4 * DAY, made=NINE - 9 * DAY, kept=DUE - 3 * DAY)
    )
    assert found.promised == DUE - 4 * DAY


def test_a_plan_that_is_behind_asks_for_its_arrears_alone() -> None:
    account = with_plan((DUE - 5 * DAY, 30_00), (DUE - DAY, 20_00), (DUE + 9 * DAY, 50_00))
    found = standing(account)
    assert (found.asked, found.anchor, found.only_overdue) == (money(50_00), DUE - 5 * DAY, True)
    assert why(found) == "plan_missed: INV-1 2026-02-25"
    assert found.wakes == datetime(2026, 3, 12, tzinfo=UTC)


def with_strict_plan(rest_due_after: int) -> Account:
    account = with_plan((DUE - 5 * DAY, 30_00), (DUE + 9 * DAY, 70_00))
    assert account.plan is not None
    return replace(account, plan=replace(account.plan, rest_due_after=rest_due_after))


def test_a_plan_whose_rest_falls_due_is_looked_at_on_that_day_and_asks_for_everything() -> None:
    account = with_strict_plan(7)
    found = standing(account)
    assert (found.asked, found.wakes) == (money(30_00), datetime(2026, 3, 5, tzinfo=UTC))
    found = standing(account, now=NINE + 3 * DAY)
    assert (found.asked, found.anchor) == (money(100_00), DUE - 5 * DAY)
    assert found.wakes == datetime(2026, 3, 12, tzinfo=UTC)


def test_words_about_a_part_give_way_to_those_of_the_stage_once_the_rest_is_due() -> None:
    for rest_due_after, wording, minor in ((5, "plan_missed", 30_00), (4, "", 100_00)):
        decision = decided(with_strict_plan(rest_due_after))
        assert isinstance(decision, Send)
        assert (decision.reminder.stage, decision.reminder.wording) == ("overdue_3", wording)
        assert [line.amount for line in decision.reminder.invoices] == [money(minor)]


def test_an_invoice_that_left_the_currency_of_its_plan_is_chased_by_itself() -> None:
    account = with_plan((DUE + 9 * DAY, 100_00)).with_invoice(an_invoice(due=DUE - 30 * DAY, currency="EUR"))
    found = standing(account)
    assert (found.asked, found.blocked) == (money(100_00, "EUR"), False)


def test_arrears_are_asked_for_on_the_oldest_invoices_of_the_plan() -> None:
    invoices = (
        an_invoice("INV-3", due=DUE - 10 * DAY, minor=40_00),
        an_invoice("INV-1", due=DUE - 30 * DAY, minor=40_00),
        an_invoice("INV-2", due=DUE - 30 * DAY, minor=40_00),
    )
    account = with_plan((DUE - 5 * DAY, 60_00), (DUE + 9 * DAY, 60_00), invoices=invoices)
    found = {s.invoice.number: s for s in standings_of(account, a_policy(), a_calendar(), NINE)}
    assert {number: (s.asked.minor, s.blocked) for number, s in found.items()} == {
        "INV-1": (40_00, False),
        "INV-2": (20_00, False),
        "INV-3": (40_00, True),
    }
    assert why(found["INV-3"]) == "plan_kept: INV-3"


def test_what_was_paid_into_a_plan_lowers_its_arrears() -> None:
    paid = replace(OVERDUE, received=money(10_00))
    account = with_plan((DUE - 5 * DAY, 30_00), (DUE + 9 * DAY, 70_00), invoices=(paid,))
    assert standing(account).asked == money(20_00)


def test_a_plan_says_nothing_about_other_invoices() -> None:
    account = with_plan((DUE + 9 * DAY, 100_00)).with_invoice(replace(OVERDUE, number="INV-2"))
    found = {s.invoice.number: s.blocked for s in standings_of(account, a_policy(), a_calendar(), NINE)}
    assert found == {"INV-1": True, "INV-2": False}


def test_arrears_too_small_to_ask_for_are_asked_for_once_the_next_instalment_is_missed_too() -> None:
    sender = PureSender(a_policy(), a_calendar(), NINE)
    key = sender.add(with_plan((DUE - 5 * DAY, 3_00), (DUE, 97_00)))
    assert {reason.code for reason in sender.decide(key).reasons} >= {ReasonCode.BELOW_MINIMUM}
    (first, *_) = sender.run_until(NINE + 3 * DAY, key)
    assert (first.at, first.reminder.invoices[0].amount) == (NINE + DAY, money(100_00))


def test_mild_words_that_arrived_are_given_their_days_also_when_the_next_stage_is_reached() -> None:
    invoice = an_invoice(due=DUE - 20 * DAY)
    account = an_account(invoice)
    mild = a_reminder(
        account, [invoice], stage="overdue_10", days=10, tone=Tone.NEUTRAL, occurrence=str(invoice.due_date)
    )
    account = account.with_reminder(replace(mild, held_back=True))
    decision = decided(account, NINE + DAY)
    assert isinstance(decision, Wait)
    assert decision.until == NINE + 7 * DAY
    again = decided(account, decision.until)
    assert isinstance(again, Send)
    assert (again.reminder.stage, again.reminder.tone) == ("overdue_21", Tone.FIRM)


def test_mild_words_not_known_to_have_arrived_are_not_said_again_at_their_stage() -> None:
    invoice = an_invoice(due=DUE - 10 * DAY)
    account = an_account(invoice)
    mild = a_reminder(
        account, [invoice], stage="overdue_10", days=10, tone=Tone.NEUTRAL, status=ReminderStatus.ACCEPTED
    )
    account = account.with_reminder(replace(mild, held_back=True))
    assert isinstance(decided(account, NINE + 10 * DAY), Wait)
    decision = decided(account, NINE + 11 * DAY)
    assert isinstance(decision, Send)
    assert (decision.reminder.stage, decision.reminder.tone) == ("overdue_21", Tone.NEUTRAL)


def test_words_as_strong_as_the_stage_end_it_although_stronger_ones_were_wanted() -> None:
    invoice = an_invoice(due=DUE - 10 * DAY)
    account = an_account(invoice)
    said = a_reminder(account, [invoice], stage="overdue_10", days=10, tone=Tone.FIRM)
    assert isinstance(decided(account.with_reminder(replace(said, held_back=True)), NINE + 9 * DAY), Wait)


def test_the_last_mild_words_count() -> None:
    policy = a_policy(stages=[a_stage("only", 0, Tone.FINAL)], catch_up_days=5)
    invoice = an_invoice(due=DUE)
    account = an_account(invoice)
    for number, tone in enumerate((Tone.FIRM, Tone.NEUTRAL)):
        mild = a_reminder(
            account, [invoice], stage="only", tone=tone, at=NINE - number * 6 * DAY, occurrence=f"r{number}"
        )
        account = account.with_reminder(replace(mild, held_back=True))
    decision = decided(account, NINE + DAY, policy)
    assert isinstance(decision, Wait)
    assert decision.until == datetime(2026, 3, 9, 9, tzinfo=UTC)


def test_a_balance_that_is_not_asked_for_says_why_for_each_currency() -> None:
    account = an_account(
        an_invoice("INV-1", minor=4_99),
        an_invoice("INV-2", minor=50_00, currency="EUR"),
        an_invoice("CN-1", minor=-50_00, currency="EUR"),
    )
    assert [str(reason) for reason in decided(account).reasons] == [
        "credit_covers: EUR",
        "below_minimum: GBP 4.99",
    ]


def test_a_ladder_whose_last_words_were_mild_and_may_not_have_arrived_is_not_finished() -> None:
    policy = a_policy(
        stages=[a_stage("only", 0, Tone.FIRM), a_task_stage("agency", 5, StageKind.COLLECTIONS)]
    )
    invoice = an_invoice(due=DUE - 30 * DAY)
    account = an_account(invoice)
    mild = a_reminder(
        account,
        [invoice],
        stage="only",
        at=NINE - 20 * DAY,
        tone=Tone.NEUTRAL,
        status=ReminderStatus.ACCEPTED,
    )
    decision = decided(account.with_reminder(replace(mild, held_back=True)), policy=policy)
    assert [str(reason) for reason in decision.reasons] == ["already_sent: only"]


def test_a_promise_made_with_an_extension_at_one_moment_is_waited_for() -> None:
    account = with_promise(with_extension(DUE - 5 * DAY), DUE + 2 * DAY)
    assert why(standing(account)) == "promised: INV-1 2026-03-04"


def test_books_without_a_date_are_never_too_old() -> None:
    policy = a_policy(book_at_most_days_old=7)
    assert isinstance(decided(an_account(OVERDUE), policy=policy), Send)
    dated = replace(an_account(OVERDUE), book_as_of=NINE - 400 * DAY)
    assert isinstance(decided(dated), Send)
