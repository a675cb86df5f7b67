from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from tactful.application.forecast_book import ForecastBook
from tactful.application.ports import Rendered, Wording, WordingError
from tactful.application.send_reminders import Outcome
from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.contact_log import Reminder
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.forecast import ForecastFault, RowKind
from tests.support.builders import a_calendar, a_contact, a_customer, a_policy, an_account, an_invoice
from tests.unit.application.house import a_house

START = datetime(2026, 3, 2, tzinfo=UTC)
END = START + timedelta(days=30)


class Words(Wording):
    """Words as long as somebody's id; nobody finds any for a customer named so."""

    def __init__(self, speechless: str) -> None:
        self._speechless = speechless

    def render(self, account: Account, reminder: Reminder) -> Rendered:
        if account.customer.id == self._speechless:
            raise WordingError(f"{reminder.stage}: no words")
        return Rendered(text=account.customer.id)


def a_book(*, speechless: str = "") -> ForecastBook:
    return ForecastBook(a_policy(), a_calendar(), partial(Words, speechless), len)


def accounts(count: int) -> list[Account]:
    """Every third shares its address with the one before."""
    found = []
    for number in range(count):
        email = f"a{number - (number % 3 == 2)}@client.example"
        customer = a_customer(a_contact(email=email, phone=""), customer_id=f"C-{number}")
        due = START.date() + timedelta(days=number % 20)
        found.append(an_account(an_invoice(f"I-{number}", due=due), customer=customer))
    return found


def by_sms(customer_id: str) -> Account:
    phone = f"+4416329600{len(customer_id):02d}"
    return an_account(
        an_invoice(), customer=a_customer(a_contact(email="", phone=phone), customer_id=customer_id)
    )


def test_a_big_book_in_two_processes_gets_the_same_rows_in_the_same_order() -> None:
    book = accounts(1_000)
    alone, together = (a_book().run(book, START, END, processes=processes) for processes in (1, 2))
    assert len(alone.lines) > 2_000
    assert alone == together
    assert [*alone.lines] == sorted(alone.lines, key=lambda line: (line.at, line.customer_id))


def test_progress_is_told_account_by_account_until_all_are_done() -> None:
    told: list[tuple[int, int]] = []
    a_book().run(accounts(40), START, END, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (40, 40)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len(told) > 4


@pytest.mark.parametrize("processes", [1, 2])
def test_an_empty_book_has_no_rows(processes: int) -> None:
    assert a_book().run([], START, END, processes=processes).lines == ()


def test_segments_are_those_of_the_words_of_each_sms() -> None:
    found = a_book().run([by_sms("C-123")], START, END)
    assert {line.segments for line in found.lines} == {len("C-123")}
    assert {line.channel for line in found.lines} == {Channel.SMS}


def test_an_email_has_no_segments() -> None:
    assert {line.segments for line in a_book().run(accounts(1), START, END).lines} == {None}


def test_an_sms_without_words_is_a_task_as_on_the_stack_and_a_fault() -> None:
    found = a_book(speechless="C-1").run([by_sms("C-1"), by_sms("C-12")], START, END)
    first = found.lines[0]
    refused = [line for line in found.lines if line.customer_id == "C-1"]
    assert [line.segments for line in refused] == [None] * 4
    assert {(line.kind, line.task, line.channel) for line in refused} == {
        (RowKind.TASK, TaskKind.MESSAGE_REFUSED, Channel.PERSON)
    }
    assert [line.segments for line in found.lines if line.customer_id == "C-12"] == [4] * 4
    assert found.faults[0] == ForecastFault(first.at, "C-1", "wording: due: no words")
    assert len(found.faults) == 4


def test_what_is_refused_for_its_words_is_refused_by_the_sender_too_and_delays_nothing() -> None:
    house = a_house()
    house.wording = Words("C-1")
    key = house.add(by_sms("C-1"))
    acted = house.act(key)
    (row, *_) = a_book(speechless="C-1").run([by_sms("C-1")], START, END).lines
    assert acted.outcome is Outcome.TASK
    assert acted.reminder is not None
    assert (row.at, row.channel, row.stage, row.to) == (
        acted.reminder.at,
        acted.reminder.channel,
        acted.reminder.stage,
        acted.reminder.address,
    )
    assert house.account(key).addresses[0].recent == ()


def test_without_words_at_all_an_sms_is_a_message_of_unknown_length() -> None:
    book = ForecastBook(a_policy(), a_calendar(), None, len)
    found = book.run([by_sms("C-1")], START, END)
    assert {(line.kind, line.segments) for line in found.lines} == {(RowKind.MESSAGE, None)}
    assert found.faults == ()
