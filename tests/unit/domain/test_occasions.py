"""Messages outside the ladder: the welcome, the notice that a discount ends, and the thank-you."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tactful.domain.book.account import Account, Thanks
from tactful.domain.book.agreements import Hold, HoldKind
from tactful.domain.book.contact_log import ChasedInvoice, ManualContact, Tone
from tactful.domain.book.customer import Channel, Role
from tactful.domain.book.invoice import Discount, Invoice, InvoiceState
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Decision, Nothing, ReasonCode, Send, Wait
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
    an_account,
    an_invoice,
    money,
    suppressed,
)
from tests.support.pure_sender import Fate, PureSender

DAY = timedelta(days=1)
LATE_ONLY = [a_stage("late", 10, Tone.NEUTRAL)]
WELCOMING = a_policy(stages=LATE_ONLY, welcome={"clients_from": "2026-01-01", "within_days": 14})
NOTICING = a_policy(stages=LATE_ONLY, discount_notice_days=3)


def issued(number: str = "INV-1", *, on: date | None = DUE, due: date = DUE + 30 * DAY) -> Invoice:
    return replace(an_invoice(number, due=due), issue_date=on)


def discounted(
    number: str = "INV-1", *, until: date = DUE + 3 * DAY, minor: int = 2_00, currency: str = "GBP"
) -> Invoice:
    invoice = an_invoice(number, due=DUE + 30 * DAY, currency=currency)
    return replace(invoice, discount=Discount(money(minor, currency), until))


def settled(*numbers: str, at: datetime = NINE) -> Account:
    account = an_account(*[an_invoice(n, state=InvoiceState.PAID, received=100_00) for n in numbers])
    return replace(account, thanks=Thanks("pay-1", at, numbers))


def welcomed(account: Account, now: datetime = NINE) -> Decision:
    return decide(account, WELCOMING, a_calendar(), now)


def noticed(account: Account, now: datetime = NINE) -> Decision:
    return decide(account, NOTICING, a_calendar(), now)


def stage_of(decision: Decision) -> str:
    return decision.reminder.stage if isinstance(decision, Send) else ""


def test_a_new_client_is_welcomed_with_the_first_invoice() -> None:
    decision = welcomed(an_account(issued()))
    assert isinstance(decision, Send)
    reminder = decision.reminder
    assert (reminder.stage, reminder.occurrence, reminder.tone) == ("welcome", str(DUE), Tone.FRIENDLY)
    assert reminder.invoices == (ChasedInvoice("INV-1", DUE + 30 * DAY, 0, money(100_00)),)
    assert [str(reason) for reason in decision.reasons] == [f"first_invoice: {DUE}"]


def test_a_welcome_lists_what_is_open_in_order_of_its_dates() -> None:
    decision = welcomed(an_account(issued("INV-2"), issued("INV-3", due=DUE + 9 * DAY), issued("INV-1")))
    assert isinstance(decision, Send)
    assert [line.number for line in decision.reminder.invoices] == ["INV-3", "INV-1", "INV-2"]


@pytest.mark.parametrize(("days_ago", "greeted"), [(0, True), (14, True), (15, False)])
def test_a_client_is_welcomed_only_in_the_days_after_the_first_invoice(days_ago: int, greeted: bool) -> None:  # noqa: FBT001
    decision = welcomed(an_account(issued(on=DUE - days_ago * DAY)))
    assert (stage_of(decision) == "welcome") is greeted


def test_a_welcome_waits_for_the_date_of_an_invoice_that_is_dated_ahead() -> None:
    account = an_account(issued(on=DUE + 2 * DAY))
    decision = welcomed(account)
    assert isinstance(decision, Wait)
    assert decision.until == NINE + 2 * DAY
    assert stage_of(welcomed(account, decision.until)) == "welcome"


@pytest.mark.parametrize(("first", "greeted"), [(date(2026, 1, 1), True), (date(2025, 12, 31), False)])
def test_whoever_had_an_invoice_before_the_first_day_is_no_new_client(first: date, greeted: bool) -> None:  # noqa: FBT001
    policy = a_policy(stages=LATE_ONLY, welcome={"clients_from": "2026-01-01", "within_days": 60})
    moment = datetime(2026, 1, 30, 9, tzinfo=UTC)
    decision = decide(an_account(issued(on=first)), policy, a_calendar(), moment)
    assert (stage_of(decision) == "welcome") is greeted


@pytest.mark.parametrize(
    "account",
    [
        an_account(issued(on=None)),
        an_account(issued(), issued("INV-2", on=None)),
        an_account(),
        an_account(issued(), issued("INV-0", due=DUE - DAY)),
        an_account(issued()).with_hold(Hold("h-1", HoldKind.MANUAL, NINE)),
        replace(an_account(issued()), manual_contacts=(ManualContact("m-1", NINE - 9 * DAY, "visit"),)),
        an_account(replace(issued(), total=money(100_00, "SEK"), reported=money(100_00, "SEK"))),
        an_account(issued(), replace(an_invoice("CN-1", minor=-100_00), issue_date=DUE)),
    ],
    ids=[
        "no issue date",
        "one without an issue date",
        "no invoice",
        "one overdue",
        "on hold",
        "met in person",
        "no bank details",
        "covered by credit",
    ],
)
def test_nobody_is_welcomed_who_is_not_new_or_owes_nothing_to_speak_of(account: Account) -> None:
    assert stage_of(welcomed(account)) != "welcome"


def test_a_client_who_was_written_to_is_not_welcomed_but_one_whose_mail_bounced_is() -> None:
    account = an_account(issued())
    earlier = a_reminder(account, [], at=NINE - 9 * DAY)
    assert stage_of(welcomed(account.with_reminder(earlier))) == ""
    sender = PureSender(WELCOMING, a_calendar(), NINE)
    key = sender.add(account)
    sender.run_until(NINE + 9 * DAY, key, Fate.BOUNCED)
    assert [(sent.reminder.stage, sent.reminder.channel) for sent in sender.sent] == [
        ("welcome", Channel.EMAIL),
        ("welcome", Channel.SMS),
    ]


def test_a_client_is_welcomed_once() -> None:
    sender = PureSender(WELCOMING, a_calendar(), NINE)
    key = sender.add(an_account(issued()))
    sender.run_until(NINE + 13 * DAY, key)
    assert [sent.reminder.stage for sent in sender.sent] == ["welcome"]


def test_a_welcome_that_could_not_leave_in_its_days_is_dropped() -> None:
    policy = a_policy(
        stages=LATE_ONLY, welcome={"clients_from": "2026-01-01", "within_days": 1}, closed_days={DUE + DAY}
    )
    friday_evening = datetime(2026, 3, 2, 18, tzinfo=UTC)
    decision = decide(an_account(issued()), policy, a_calendar(), friday_evening)
    assert isinstance(decision, Wait)
    assert ReasonCode.FIRST_INVOICE not in {reason.code for reason in decision.reasons}


def test_a_discount_that_ends_soon_is_mentioned_once() -> None:
    sender = PureSender(NOTICING, a_calendar(), NINE)
    key = sender.add(an_account(discounted()))
    sender.run_until(NINE + 20 * DAY, key)
    assert [(s.reminder.stage, s.reminder.occurrence, s.reminder.tone) for s in sender.sent] == [
        ("discount", "2026-03-05", Tone.FRIENDLY)
    ]
    assert sender.sent[0].reminder.reasons == ("discount_ends: INV-1 2026-03-05",)
    assert sender.sent[0].reminder.invoices == (ChasedInvoice("INV-1", DUE + 30 * DAY, 0, money(100_00)),)


@pytest.mark.parametrize(
    ("until", "at"),
    [
        (DUE + 3 * DAY, NINE),
        (DUE + 4 * DAY, NINE + DAY),
        (DUE, NINE),
        (DUE - DAY, None),
    ],
)
def test_a_discount_is_mentioned_so_many_days_before_its_last_day_and_never_after_it(
    until: date, at: datetime | None
) -> None:
    sender = PureSender(NOTICING, a_calendar(), NINE)
    key = sender.add(an_account(discounted(until=until)))
    sender.run_until(NINE + 20 * DAY, key)
    assert [sent.at for sent in sender.sent] == ([] if at is None else [at])


def test_a_notice_that_can_leave_only_after_the_last_day_is_dropped() -> None:
    evening = datetime(2026, 3, 2, 18, tzinfo=UTC)
    decision = noticed(an_account(discounted(until=DUE)), evening)
    assert isinstance(decision, Wait)
    assert decision.until == datetime(2026, 4, 13, 9, tzinfo=UTC)


def test_the_wait_for_the_first_of_two_notices_ends_in_time() -> None:
    account = an_account(discounted("INV-1", until=DUE + 9 * DAY), discounted("INV-2", until=DUE + 4 * DAY))
    decision = noticed(account)
    assert isinstance(decision, Wait)
    assert decision.until == NINE + DAY


def test_discounts_that_end_on_one_day_are_one_notice() -> None:
    decision = noticed(an_account(discounted("INV-2"), discounted("INV-1")))
    assert isinstance(decision, Send)
    assert [line.number for line in decision.reminder.invoices] == ["INV-1", "INV-2"]


def test_a_message_that_named_the_invoice_since_the_notice_was_due_replaces_it() -> None:
    account = an_account(discounted("INV-1"), discounted("INV-2"))
    named = a_reminder(account, account.invoices[:1], at=NINE, stage="late")
    later = noticed(account.with_reminder(named), NINE + 3 * DAY)
    assert isinstance(later, Send)
    assert [line.number for line in later.reminder.invoices] == ["INV-2"]


@pytest.mark.parametrize(("at", "noticed_again"), [(DUE, False), (DUE - DAY, True)])
def test_a_message_before_the_notice_was_due_does_not_replace_it(at: date, noticed_again: bool) -> None:  # noqa: FBT001
    account = an_account(discounted())
    when = datetime(at.year, at.month, at.day, tzinfo=UTC)
    named = a_reminder(account, account.invoices, at=when, stage="late")
    assert (stage_of(noticed(account.with_reminder(named), NINE + 3 * DAY)) == "discount") is noticed_again


def test_a_discount_in_a_currency_without_bank_details_is_not_advertised() -> None:
    assert stage_of(noticed(an_account(discounted(currency="SEK")))) == ""
    both = noticed(an_account(discounted("INV-1", currency="SEK"), discounted("INV-2")))
    assert isinstance(both, Send)
    assert [line.number for line in both.reminder.invoices] == ["INV-2"]


@pytest.mark.parametrize(("credit", "stage"), [(-99_99, "discount"), (-100_00, ""), (-300_00, "")])
def test_a_discount_on_what_a_credit_note_covers_is_no_news(credit: int, stage: str) -> None:
    assert stage_of(noticed(an_account(discounted(), an_invoice("CN-1", minor=credit)))) == stage
    void = an_invoice("CN-1", minor=credit, state=InvoiceState.VOID)
    assert stage_of(noticed(an_account(discounted(), void))) == "discount"


def test_the_discount_of_what_is_on_hold_is_not_mentioned() -> None:
    hold = Hold("h-1", HoldKind.PAID_CLAIM, NINE, NINE + 9 * DAY, ("INV-1",))
    assert stage_of(noticed(an_account(discounted()).with_hold(hold))) == ""


def test_notices_keep_the_gap() -> None:
    account = an_account(discounted(), an_invoice("INV-2", state=InvoiceState.PAID))
    earlier = a_reminder(account, account.invoices[1:], at=NINE - DAY)
    decision = noticed(account.with_reminder(earlier))
    assert isinstance(decision, Wait)
    assert decision.until == NINE + 2 * DAY


def test_what_is_owed_comes_before_a_notice() -> None:
    overdue = an_invoice("INV-2", due=DUE - 12 * DAY)
    assert stage_of(noticed(an_account(discounted(), overdue))) == "late"


def test_a_welcome_comes_before_a_notice() -> None:
    policy = a_policy(
        stages=LATE_ONLY, discount_notice_days=3, welcome={"clients_from": "2026-01-01", "within_days": 14}
    )
    account = an_account(replace(discounted(), issue_date=DUE))
    assert stage_of(decide(account, policy, a_calendar(), NINE)) == "welcome"
    away = suppressed(account, EMAIL, PHONE)
    assert isinstance(decide(away, policy, a_calendar(), NINE), Wait)


def test_notices_go_to_the_billing_contact_on_the_channels_of_thanks() -> None:
    boss = a_contact("Boss", role=Role.OWNER, email="boss@client.example")
    clerk = a_contact("Carl", email="carl@client.example")
    policy = a_policy(stages=LATE_ONLY, discount_notice_days=3, thanks_channels=("sms", "email"))
    account = an_account(discounted(), customer=a_customer(boss, clerk))
    decision = decide(account, policy, a_calendar(), NINE)
    assert isinstance(decision, Send)
    assert (decision.reminder.contact_name, decision.reminder.channel) == ("Carl", Channel.SMS)


def test_a_policy_without_channels_for_thanks_sends_none() -> None:
    policy = a_policy(thanks_channels=())
    assert isinstance(decide(settled("INV-1"), policy, a_calendar(), NINE), Nothing)


@pytest.mark.parametrize(("hours", "sent"), [(239, True), (240, False)])
def test_thanks_may_be_sent_until_their_days_are_over(hours: int, sent: bool) -> None:  # noqa: FBT001
    account = settled("INV-1", at=NINE - timedelta(hours=hours))
    decision = decide(account, a_policy(), a_calendar(), NINE)
    assert isinstance(decision, Send if sent else Nothing)


def test_thanks_name_exactly_what_the_payment_settled() -> None:
    account = settled("INV-1", "INV-2").with_invoice(an_invoice("INV-0", state=InvoiceState.VOID))
    decision = decide(account, a_policy(), a_calendar(), NINE)
    assert isinstance(decision, Send)
    assert sorted(line.number for line in decision.reminder.invoices) == ["INV-1", "INV-2"]
    assert [str(reason) for reason in decision.reasons] == ["payment_settled: INV-1, INV-2"]


def test_nobody_is_thanked_while_an_invoice_is_open_or_disputed() -> None:
    disputed = an_invoice("INV-2", state=InvoiceState.DISPUTED)
    assert stage_of(decide(settled("INV-1").with_invoice(disputed), a_policy(), a_calendar(), NINE)) == ""


def test_thanks_are_sent_on_old_books_too() -> None:
    policy = a_policy(book_at_most_days_old=7)
    account = replace(settled("INV-1"), book_as_of=NINE - 30 * DAY)
    assert stage_of(decide(account, policy, a_calendar(), NINE)) == "thank_you"


def test_a_welcome_is_not_sent_on_old_books() -> None:
    policy = a_policy(stages=LATE_ONLY, welcome={"clients_from": "2026-01-01"}, book_at_most_days_old=7)
    account = replace(an_account(issued()), book_as_of=NINE - 8 * DAY)
    decision = decide(account, policy, a_calendar(), NINE)
    assert isinstance(decision, Wait)
    assert decision.until == datetime(2026, 3, 3, tzinfo=UTC)
    assert str(decision.reasons[-1]) == "book_too_old: as of 2026-02-22"


def test_two_notices_of_one_day_are_not_sent_when_a_new_invoice_ends_on_it_too() -> None:
    sender = PureSender(NOTICING, a_calendar(), NINE)
    key = sender.add(an_account(discounted()))
    sender.tick(key)
    sender.change(key, lambda account: account.with_invoice(discounted("INV-2")))
    sender.now += 3 * DAY
    assert not isinstance(sender.tick(key), Send)


def test_a_client_is_welcomed_also_on_the_day_the_first_invoice_is_due() -> None:
    assert stage_of(welcomed(an_account(issued(due=DUE)))) == "welcome"


def test_an_occasion_that_is_too_late_does_not_stand_in_the_way_of_the_next() -> None:
    policy = a_policy(stages=LATE_ONLY, discount_notice_days=5, minimum_gap_days=3)
    account = an_account(discounted("INV-1", until=DUE + DAY), discounted("INV-2", until=DUE + 4 * DAY))
    recent = a_reminder(account, [], at=NINE - DAY)
    decision = decide(account.with_reminder(recent), policy, a_calendar(), NINE)
    assert isinstance(decision, Wait)
    assert decision.until == NINE + 2 * DAY
    assert str(decision.reasons[0]) == "discount_ends: INV-2 2026-03-06"
