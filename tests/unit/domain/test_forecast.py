from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.account import Account, Suppression, SuppressionReason, TaskKind
from tactful.domain.book.contact_log import Reminder, ReminderStatus, Tone
from tactful.domain.book.customer import Role
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decide import decide
from tactful.domain.dunning.decision import Ask, Decision, Nothing, ReasonCode, Wait
from tactful.domain.dunning.forecast import (
    Decide,
    ForecastFault,
    ForecastRow,
    News,
    RowKind,
    forecast,
    groups_of,
)
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import StageKind
from tests.support.builders import (
    DUE,
    EMAIL,
    NINE,
    a_calendar,
    a_contact,
    a_customer,
    a_policy,
    a_stage,
    a_task_stage,
    an_account,
    an_invoice,
    contacted_by_another,
    holidays_on,
)
from tests.support.forecasts import MIDNIGHT, WEEKS, another, rows_of
from tests.support.pure_sender import PureSender
from tests.support.random_books import CUSTOMER_IDS, accounts, calendars, policies, starts


def steps_of(rows: Sequence[ForecastRow]) -> list[tuple[datetime, str, str, str, str]]:
    return [(row.at, row.reminder.id, row.kind, row.reminder.tone, row.reminder.channel) for row in rows]


def as_sent(sender: PureSender) -> list[tuple[datetime, str, str, str, str]]:
    """What a sender did, in order of time; of one moment, messages and tasks as they came."""
    made: list[tuple[datetime, Reminder, str]] = [(s.at, s.reminder, "message") for s in sender.sent]
    made += [(ask.step.at, ask.step, "task") for ask in sender.asked]
    return sorted((at, step.id, kind, str(step.tone), str(step.channel)) for at, step, kind in made)


def test_an_unpaid_invoice_climbs_its_ladder_with_the_gap_between() -> None:
    rows = rows_of(an_account(an_invoice()))
    assert [(row.at, row.reminder.stage, row.reminder.tone) for row in rows] == [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), "due", Tone.FRIENDLY),
        (datetime(2026, 3, 5, 9, tzinfo=UTC), "overdue_3", Tone.NEUTRAL),
        (datetime(2026, 3, 12, 9, tzinfo=UTC), "overdue_10", Tone.FIRM),
        (datetime(2026, 3, 23, 9, tzinfo=UTC), "overdue_21", Tone.FINAL),
    ]
    assert {row.kind for row in rows} == {RowKind.MESSAGE}


def test_a_row_says_to_whom_about_what_how_much_and_why() -> None:
    account = an_account(
        an_invoice("INV-1", minor=100_00),
        an_invoice("INV-2", minor=50_00, currency="EUR"),
        an_invoice("CN-1", minor=-30_00),
    )
    row = rows_of(account)[0]
    assert row.customer_id == "C-1"
    assert (row.reminder.address, row.reminder.role) == (EMAIL, Role.BILLING)
    assert sorted(row.invoices) == ["CN-1", "INV-1", "INV-2"]
    assert row.amounts == {"EUR": 50_00, "GBP": 70_00}
    assert row.reasons[0].code is ReasonCode.STAGE_REACHED
    assert row.task is None
    assert row.account.reminders == ()


def test_the_instant_is_also_told_on_the_clients_clock() -> None:
    customer = a_customer(a_contact(), timezone="America/New_York", country="US")
    row = rows_of(an_account(an_invoice(), customer=customer))[0]
    assert row.at == datetime(2026, 3, 2, 14, tzinfo=UTC)
    assert row.local.isoformat() == "2026-03-02T09:00:00-05:00"


def test_messages_leave_at_nine_on_the_wall_before_and_after_the_clocks_change() -> None:
    customer = a_customer(a_contact(), timezone="Europe/London")
    account = an_account(an_invoice(due=date(2026, 3, 27)), customer=customer)
    rows = rows_of(account, calendar=a_calendar("Europe/London"), policy=a_policy(minimum_gap_days=2))
    assert [row.local.isoformat() for row in rows][:3] == [
        "2026-03-20T09:00:00+00:00",
        "2026-03-27T09:00:00+00:00",
        "2026-03-30T09:00:00+01:00",
    ]


def test_a_holiday_puts_a_message_off_to_the_next_open_day() -> None:
    rows = rows_of(an_account(an_invoice()), calendar=a_calendar(holidays=holidays_on(DUE)))
    assert rows[0].at == datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_a_step_for_a_person_is_a_task_and_asked_once() -> None:
    stages = [a_stage("due", 0, Tone.FRIENDLY), a_task_stage("call_15", 15, StageKind.CALL)]
    rows = rows_of(an_account(an_invoice()), policy=a_policy(stages=stages))
    assert [(row.kind, row.task, row.reminder.stage) for row in rows] == [
        (RowKind.MESSAGE, None, "due"),
        (RowKind.TASK, TaskKind.CALL, "call_15"),
    ]


def test_a_customer_without_any_address_is_a_task_and_not_silence() -> None:
    customer = a_customer(a_contact(email="", phone=""))
    rows = rows_of(an_account(an_invoice(), customer=customer))
    assert rows[0].task is TaskKind.NO_USABLE_ADDRESS


def test_the_end_is_not_part_of_the_forecast() -> None:
    account = an_account(an_invoice())
    assert rows_of(account, end=NINE) == []
    assert [row.at for row in rows_of(account, end=NINE + timedelta(microseconds=1))] == [NINE]


def test_a_forecast_starts_in_the_middle_of_a_window_at_once() -> None:
    start = NINE + timedelta(hours=3, minutes=7)
    assert rows_of(an_account(an_invoice()), start=start)[0].at == start


def test_rows_come_in_order_of_time_and_then_of_customer_ids() -> None:
    book = [another(f"C-{number}", email=f"a{number}@client.example") for number in (7, 3, 5, 1)]
    rows = rows_of(*book)
    assert [row.customer_id for row in rows[:4]] == ["C-1", "C-3", "C-5", "C-7"]
    assert [row.at for row in rows] == sorted(row.at for row in rows)


def test_rows_are_yielded_before_the_rest_is_worked_out() -> None:
    asked: list[datetime] = []

    def watched(account: Account, policy: Policy, calendar: Calendar, now: datetime) -> Decision:
        asked.append(now)
        return decide(account, policy, calendar, now)

    book = [an_account(an_invoice())]
    rows = forecast(book, a_policy(), a_calendar(), MIDNIGHT, MIDNIGHT + WEEKS, deciding=watched)
    assert next(rows).at == NINE
    assert max(asked) == NINE


def test_accounts_that_share_an_address_keep_the_gap_between_them() -> None:
    times = [row.at for row in rows_of(another("C-1"), another("C-2"))]
    assert len(times) > 4
    assert all(later - earlier >= timedelta(days=3) for earlier, later in pairwise(times))


def test_of_accounts_that_share_an_address_and_a_moment_the_first_key_goes_first() -> None:
    rows = rows_of(another("C-1"), another("C-2"))
    assert rows[0].account.key == min(a_customer(customer_id=name).key for name in ("C-1", "C-2"))


def test_an_address_is_shared_whatever_its_letter_case() -> None:
    rows = rows_of(another("C-1", email="ann@client.example"), another("C-2", email="Ann@Client.example"))
    assert rows[1].at == NINE + timedelta(days=3)


def test_contacts_made_before_the_forecast_by_accounts_that_share_the_address_count() -> None:
    account = contacted_by_another(an_account(an_invoice()), EMAIL, NINE - timedelta(days=1))
    assert rows_of(account)[0].at == NINE + timedelta(days=2)


def test_what_one_account_knows_of_an_address_holds_for_all_who_use_it() -> None:
    knows = contacted_by_another(another("C-1"), EMAIL, NINE - timedelta(days=1))
    knows = replace(knows, invoices=())
    rows = rows_of(knows, another("C-2"))
    assert rows[0].at == NINE + timedelta(days=2)


def test_an_opt_out_that_one_account_receives_stops_all_who_use_the_address() -> None:
    def opt_out(account: Account) -> Account:
        suppression = Suppression(SuppressionReason.OPT_OUT, MIDNIGHT)
        return replace(
            account, addresses=tuple(replace(known, suppression=suppression) for known in account.addresses)
        )

    first, second = another("C-1"), another("C-2")
    rows = rows_of(first, second, news=[News(MIDNIGHT, first.key, opt_out)])
    assert {row.task for row in rows} == {TaskKind.NO_USABLE_ADDRESS}
    assert {row.customer_id for row in rows} == {"C-1", "C-2"}


def test_a_group_has_all_that_share_addresses_directly_or_through_others() -> None:
    one = another("C-1", email="a@client.example", phone="")
    two = another("C-2", email="B@client.example", phone="+441632960009")
    three = another("C-3", email="c@client.example", phone="")
    linked = another("C-4", email="b@client.example", phone="")
    chain = another("C-5", email="A@client.example", phone="+441632960009")
    groups = groups_of([one, two, three, linked, chain])
    assert [[account.customer.id for account in group] for group in groups] == [
        ["C-1", "C-2", "C-4", "C-5"],
        ["C-3"],
    ]


def test_accounts_without_an_address_share_none() -> None:
    nobody = [another(name, email="") for name in ("C-1", "C-2")]
    assert [len(group) for group in groups_of(nobody)] == [1, 1]


def except_about(customer_id: str, decision: Callable[[], Decision]) -> Decide:
    """Decides as ever, but about one customer."""

    def deciding(account: Account, policy: Policy, calendar: Calendar, now: datetime) -> Decision:
        return decision() if account.customer.id == customer_id else decide(account, policy, calendar, now)

    return deciding


def forecast_with(deciding: Decide, *book: Account) -> list[ForecastRow | ForecastFault]:
    return list(forecast(book, a_policy(), a_calendar(), MIDNIGHT, MIDNIGHT + WEEKS, deciding=deciding))


def test_a_decision_that_fails_is_told_by_its_kind_and_stops_no_other() -> None:
    def fails() -> Decision:
        raise KeyError("stage")

    found = forecast_with(
        except_about("C-1", fails), another("C-1"), another("C-2", email="bob@client.example")
    )
    assert found[0] == ForecastFault(MIDNIGHT, "C-1", "KeyError: 'stage'")
    assert len(found) == 5


def test_a_wait_for_what_has_passed_is_a_fault_with_the_accounts_key() -> None:
    account = another("C-1")
    said = f"account {account.key} waits until {MIDNIGHT}, which has passed at {MIDNIGHT}"
    assert forecast_with(except_about("C-1", lambda: Wait(MIDNIGHT, ())), account) == [
        ForecastFault(MIDNIGHT, "C-1", said)
    ]


def test_decisions_that_go_round_in_circles_are_a_fault_with_the_accounts_key() -> None:
    account = another("C-1")
    again = Ask(TaskKind.CALL, rows_of(account)[0].reminder, ())
    *steps, fault = forecast_with(except_about("C-1", lambda: again), account)
    assert fault == ForecastFault(
        MIDNIGHT, "C-1", f"account {account.key} does not come to rest at {MIDNIGHT}"
    )
    assert len(steps) == 50


def test_an_account_with_nothing_to_do_is_not_looked_at_again() -> None:
    looked: list[str] = []

    def nothing() -> Decision:
        looked.append("C-1")
        return Nothing(())

    assert forecast_with(except_about("C-1", nothing), another("C-1")) == []
    assert looked == ["C-1"]


def test_every_message_of_a_forecast_is_taken_as_delivered() -> None:
    account = rows_of(an_account(an_invoice()))[-1].account
    assert [reminder.status for reminder in account.reminders] == [ReminderStatus.DELIVERED] * 3


def test_a_client_of_all_of_russia_becomes_a_task_for_want_of_common_hours() -> None:
    zones = ("Europe/Kaliningrad", "Asia/Kamchatka")
    calendar = Calendar(ZoneInfo("UTC"), "GB", country_zones=lambda code: zones if code == "RU" else ())
    lost = a_customer(a_contact(email="ivan@client.example", phone=""), timezone="", country="RU")
    near = another("C-2")
    rows = rows_of(an_account(an_invoice(), customer=lost), near, calendar=calendar)
    assert [row.task for row in rows if row.customer_id == "C-1"] == [TaskKind.NO_COMMON_HOURS]
    assert len([row for row in rows if row.customer_id == "C-2"]) == 4


@given(policies(), calendars(), starts(), st.data())
def test_what_is_forecast_for_an_account_is_what_the_sender_does(
    policy: Policy, calendar: Calendar, start: datetime, data: st.DataObject
) -> None:
    account = data.draw(accounts(CUSTOMER_IDS[0], start))
    sender = PureSender(policy, calendar, start)
    key = sender.add(account)
    sender.run_until(start + WEEKS, key)
    rows = rows_of(account, policy=policy, calendar=calendar, start=start, end=start + WEEKS)
    assert sorted(steps_of(rows)) == as_sent(sender)


@given(policies(), calendars(), starts(), st.data())
def test_what_is_forecast_for_accounts_that_share_addresses_is_what_the_sender_does(
    policy: Policy, calendar: Calendar, start: datetime, data: st.DataObject
) -> None:
    book = [data.draw(accounts(customer_id, start)) for customer_id in CUSTOMER_IDS]
    sender = PureSender(policy, calendar, start)
    due = {sender.add(account): start for account in book}
    while due and min(due.values()) < start + WEEKS:
        sender.now, key = min((at, key) for key, at in due.items())
        match sender.tick(key):
            case Wait(until=until):
                due[key] = until
            case Nothing():
                del due[key]
            case _:
                pass
    rows = rows_of(*book, policy=policy, calendar=calendar, start=start, end=start + WEEKS)
    assert sorted(steps_of(rows)) == as_sent(sender)


@given(policies(), calendars(), starts(), st.data())
def test_a_group_forecast_by_itself_gets_the_same_rows(
    policy: Policy, calendar: Calendar, start: datetime, data: st.DataObject
) -> None:
    names = (*CUSTOMER_IDS, "C-3")
    book = [data.draw(accounts(customer_id, start)) for customer_id in names]

    def rows(accounts_: list[Account]) -> list[ForecastRow]:
        return rows_of(*accounts_, policy=policy, calendar=calendar, start=start, end=start + WEEKS)

    apart = [row for group in groups_of(book) for row in rows(group)]
    apart.sort(key=lambda row: (row.at, row.customer_id))
    assert apart == rows(book)
