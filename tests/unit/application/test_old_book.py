"""A book that is uploaded for the first time, with debts of all ages in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from tactful.domain.book.account import Account, Change, TaskKind
from tactful.domain.book.contact_log import Reminder, Tone
from tactful.domain.book.customer import Contact, Customer, account_key
from tactful.domain.dunning.policy import Policy
from tactful.imports.statement import StatedCustomer, StatedInvoice
from tactful.imports.statements import take_invoices
from tests.support.builders import DUE, NINE, a_policy
from tests.support.files import says
from tests.unit.application.house import House, a_house, sent_by

CUSTOMERS = 1_000
DAY = timedelta(days=1)
SATURDAY_NIGHT = NINE - timedelta(hours=35)
IMPORT_ENDS = SATURDAY_NIGHT + timedelta(minutes=15)
OLD_DEBT = {"approve_old_debt": {"older_than_days": 180, "over": {"GBP": 50_00}}}


def taken(said: StatedInvoice, account: Account) -> Change:
    return Change(take_invoices(account, [said], SATURDAY_NIGHT, datetime.date, "imp").account)


def imported(policy: Policy, customers: int = CUSTOMERS) -> House:
    """A house after an import on Saturday night: customer n owes 100.00 that is n days overdue."""
    house = a_house(policy=policy)
    house.clock.move_to(SATURDAY_NIGHT)
    for number in range(customers):
        contact = Contact("Ann", email=f"ann@client-{number}.example")
        stated = StatedCustomer(f"C-{number}", "Client Ltd", (contact,), "GB", "Etc/UTC")
        said = says(f"INV-{number}", due_date=DUE - number * DAY, customer=stated)
        who = Customer(stated.id, stated.name)
        after = house.events().apply(who.key, partial(taken, said), new=who, not_before=IMPORT_ENDS)
        assert after is not None
        house.store.link(who.key, after.customer.addresses())
    return house


def accounts(house: House) -> Iterator[Account]:
    return (house.account(account_key(f"C-{number}")) for number in range(CUSTOMERS))


def messages(account: Account) -> list[Reminder]:
    return [step for step in account.reminders if step.address]


def days_pass(house: House, days: int) -> None:
    """Ticks by day and by night; every message arrives."""
    for _ in range(days * 4):
        for acted in house.tick():
            if acted.reminder is not None and acted.reminder.address:
                house.deliver(acted.reminder.id)
        house.clock.advance(timedelta(hours=6))


def test_an_import_sends_nothing_and_plans_nothing_outside_the_hours_in_which_clients_are_contacted() -> None:
    house = imported(a_policy())
    assert (sent_by(house.email), sent_by(house.sms), house.task_kinds()) == ([], [], [])
    assert {account.next_action_at for account in accounts(house)} == {NINE}
    house.clock.move_to(NINE - timedelta(minutes=15))
    assert house.tick() == []


def test_an_import_within_those_hours_sends_nothing_either_before_it_has_ended() -> None:
    house = House()
    who = Customer("C-1", "Client Ltd")
    house.events().apply(who.key, partial(taken, says()), new=who, not_before=NINE + timedelta(minutes=15))
    assert house.tick() == []
    assert house.account(who.key).next_action_at == NINE + timedelta(minutes=15)


def test_everybody_gets_one_gentle_message_first_and_stronger_ones_only_step_by_step() -> None:
    policy = a_policy(catch_up_days=5)
    house = imported(policy)
    house.clock.move_to(NINE)
    days_pass(house, 1)
    first = [messages(account) for account in accounts(house)]
    assert {len(said) for said in first} == {1}
    assert {said[0].tone for said in first} == {Tone.FRIENDLY, Tone.NEUTRAL}
    assert len(sent_by(house.email)) == CUSTOMERS
    days_pass(house, 25)
    for account in accounts(house):
        said = messages(account)
        assert 1 < len(said) <= 4
        for earlier, later in pairwise(said):
            assert later.tone.strength <= earlier.tone.strength + 1
            assert later.at - earlier.at >= policy.minimum_gap_days * DAY
            if earlier.held_back:
                assert later.at - earlier.at >= policy.catch_up_days * DAY


def test_a_large_old_debt_waits_until_a_person_has_approved_the_first_message() -> None:
    house = imported(a_policy(**OLD_DEBT))
    house.clock.move_to(NINE)
    days_pass(house, 1)
    written_to = [bool(messages(account)) for account in accounts(house)]
    assert written_to == [number <= 180 for number in range(CUSTOMERS)]
    assert house.task_kinds() == [TaskKind.APPROVAL] * written_to.count(False)
