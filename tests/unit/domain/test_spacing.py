"""How far apart contacts must be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.domain.book.account import Account, AddressContact, TaskKind
from tactful.domain.book.contact_log import ManualContact, ReminderStatus
from tactful.domain.book.customer import Channel, Role
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.spacing import spaced_from
from tests.support.builders import (
    EMAIL,
    NINE,
    PHONE,
    a_contact,
    a_customer,
    a_policy,
    a_reminder,
    a_step_of_a_person,
    an_account,
    an_invoice,
    contacted_by_another,
    sharing,
)

DAY = timedelta(days=1)
LOOSE = {"minimum_gap_days": 1, "cap": {"contacts": 10, "days": 60}}


def written(*days_ago: float, channel: Channel = Channel.EMAIL) -> Account:
    account = an_account(an_invoice())
    for number, days in enumerate(days_ago):
        account = account.with_reminder(
            a_reminder(account, [], at=NINE - days * DAY, occurrence=f"r{number}", channel=channel)
        )
    return account


def called(account: Account, *days_ago: float, how: str = "call") -> Account:
    contacts = tuple(ManualContact(f"m-{days}", NINE - days * DAY, how) for days in days_ago)
    return replace(account, manual_contacts=contacts)


def allowed(
    account: Account, policy: Policy | None = None, channel: Channel | None = None
) -> tuple[float, list[str]]:
    """In how many days a contact is allowed, and what delays it."""
    at, reasons = spaced_from(account, policy or a_policy(), NINE, channel)
    return (at - NINE) / DAY, [str(reason) for reason in reasons]


def test_whoever_was_never_contacted_may_be_contacted_at_once() -> None:
    assert allowed(an_account()) == (0, [])


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [(0, (3, ["minimum_gap: 3 days"])), (2.5, (0.5, ["minimum_gap: 3 days"])), (3, (0, [])), (4, (0, []))],
)
def test_the_gap_is_counted_from_the_last_contact(days_ago: float, expected: tuple[float, list[str]]) -> None:
    assert allowed(written(days_ago)) == expected
    assert allowed(written(days_ago, days_ago + 30)) == expected


def test_the_cap_frees_a_place_when_the_earliest_of_the_last_contacts_is_old_enough() -> None:
    assert allowed(written(3, 6)) == (1, ["contact_cap: 2 in 7 days"])
    assert allowed(written(3, 7)) == (0, [])
    assert allowed(written(3, 6, 6.5)) == (1, ["contact_cap: 2 in 7 days"])


def test_gap_and_cap_are_both_told_when_both_delay() -> None:
    assert allowed(written(1, 2)) == (5, ["minimum_gap: 3 days", "contact_cap: 2 in 7 days"])


def test_a_cap_that_ends_before_the_gap_is_not_told() -> None:
    assert allowed(written(1, 6)) == (2, ["minimum_gap: 3 days"])


def test_every_further_cap_must_allow_it() -> None:
    policy = a_policy(further_caps=[{"contacts": 3, "days": 30}])
    assert allowed(written(4, 9, 20), policy) == (10, ["contact_cap: 3 in 30 days"])
    assert allowed(written(4, 9, 31), policy) == (0, [])


def test_the_cap_of_a_channel_counts_its_own_contacts_and_only_when_it_is_to_be_used() -> None:
    policy = a_policy(**LOOSE, channel_caps=[{"channel": "sms", "contacts": 1, "days": 10}])
    account = written(4, channel=Channel.SMS)
    assert allowed(account, policy, Channel.SMS) == (6, ["channel_cap: sms 1 in 10 days"])
    assert allowed(account, policy, Channel.EMAIL) == (0, [])
    assert allowed(account, policy) == (0, [])
    assert allowed(written(4), policy, Channel.SMS) == (0, [])
    assert allowed(written(10, channel=Channel.SMS), policy, Channel.SMS) == (0, [])


def test_the_cap_of_a_channel_counts_as_many_as_it_says() -> None:
    policy = a_policy(**LOOSE, channel_caps=[{"channel": "sms", "contacts": 2, "days": 10}])
    assert allowed(written(4, 8, channel=Channel.SMS), policy, Channel.SMS) == (
        2,
        ["channel_cap: sms 2 in 10 days"],
    )
    assert allowed(written(4, channel=Channel.SMS), policy, Channel.SMS) == (0, [])


def test_a_channel_cap_that_ends_before_the_others_is_not_told() -> None:
    policy = a_policy(channel_caps=[{"channel": "sms", "contacts": 1, "days": 2}])
    assert allowed(written(1, channel=Channel.SMS), policy, Channel.SMS) == (2, ["minimum_gap: 3 days"])


@pytest.mark.parametrize("how", ["call", "visit", "email"])
def test_a_contact_by_hand_counts_however_it_was_made(how: str) -> None:
    assert allowed(called(an_account(), 1, how=how)) == (2, ["minimum_gap: 3 days"])


def test_an_sms_written_by_hand_counts_towards_the_cap_of_the_channel() -> None:
    policy = a_policy(**LOOSE, channel_caps=[{"channel": "sms", "contacts": 1, "days": 10}])
    assert allowed(called(an_account(), 4, how="sms"), policy, Channel.SMS)[0] == 6
    assert allowed(called(an_account(), 4, how="call"), policy, Channel.SMS)[0] == 0


def test_contacts_by_hand_and_messages_share_the_cap() -> None:
    assert allowed(called(written(3), 5)) == (2, ["contact_cap: 2 in 7 days"])


@pytest.mark.parametrize("kind", [TaskKind.CALL, TaskKind.LETTER, TaskKind.STEP_FOR_A_PERSON])
def test_a_call_or_a_letter_counts_from_when_it_was_asked_for(kind: TaskKind) -> None:
    account = an_account(an_invoice())
    step = a_step_of_a_person(account, kind, account.invoices, at=NINE - DAY)
    assert allowed(account.with_reminder(step)) == (2, ["minimum_gap: 3 days"])


@pytest.mark.parametrize(
    "kind",
    [TaskKind.CREDIT_REVIEW, TaskKind.COLLECTIONS, TaskKind.APPROVAL, TaskKind.NO_USABLE_ADDRESS],
)
def test_what_the_client_does_not_hear_of_is_no_contact(kind: TaskKind) -> None:
    account = an_account(an_invoice())
    step = a_step_of_a_person(account, kind, account.invoices, at=NINE - DAY)
    assert allowed(account.with_reminder(step)) == (0, [])


@pytest.mark.parametrize("status", [ReminderStatus.FAILED, ReminderStatus.BOUNCED])
def test_a_message_that_reached_nobody_is_no_contact(status: ReminderStatus) -> None:
    account = an_account(an_invoice())
    assert allowed(account.with_reminder(a_reminder(account, [], status=status))) == (0, [])


def test_contacts_of_others_who_share_an_address_count_and_ones_own_are_not_counted_twice() -> None:
    assert allowed(contacted_by_another(an_account(), EMAIL, NINE - DAY)) == (2, ["minimum_gap: 3 days"])
    shared = contacted_by_another(written(4), PHONE, NINE - 6 * DAY)
    assert allowed(shared) == (1, ["contact_cap: 2 in 7 days"])
    account = written(4)
    own = AddressContact(NINE - 4 * DAY, account.key)
    twice = replace(account, addresses=tuple(r.with_contact(own) for r in account.addresses))
    assert allowed(twice) == (0, [])


@pytest.mark.parametrize("kind", [TaskKind.CALL, TaskKind.LETTER, TaskKind.STEP_FOR_A_PERSON])
def test_a_call_that_was_asked_for_counts_for_all_who_share_the_number_or_the_address(kind: TaskKind) -> None:
    caller, other = sharing(an_account()), an_account(customer=a_customer(a_contact("Bo"), customer_id="C-2"))
    called = caller.with_step(a_step_of_a_person(caller, kind, [], at=NINE - DAY))
    for shared in called.addresses:
        assert allowed(replace(other, addresses=(shared,))) == (2, ["minimum_gap: 3 days"])
    assert allowed(called) == (2, ["minimum_gap: 3 days"])


def test_a_call_to_whoever_shares_phone_and_address_is_one_contact_and_no_sms() -> None:
    caller, other = sharing(an_account()), an_account(customer=a_customer(a_contact("Bo"), customer_id="C-2"))
    called = caller.with_step(a_step_of_a_person(caller, TaskKind.CALL, [], at=NINE - 4 * DAY))
    alike = replace(other, addresses=called.addresses)
    assert allowed(alike) == (0, [])
    policy = a_policy(**LOOSE, channel_caps=[{"channel": "sms", "contacts": 1, "days": 10}])
    assert allowed(alike, policy, Channel.SMS) == (0, [])


def test_each_call_to_whoever_shares_phone_and_address_counts_once() -> None:
    account = an_account()
    calls = [AddressContact(NINE - days * DAY, f"other-{days}", "call") for days in (4, 5)]
    for call in calls:
        account = replace(account, addresses=tuple(r.with_contact(call) for r in account.addresses))
    assert allowed(account, a_policy(cap={"contacts": 3, "days": 7})) == (0, [])
    assert allowed(account, a_policy(cap={"contacts": 2, "days": 7})) == (2, ["contact_cap: 2 in 7 days"])


def test_two_messages_of_one_moment_to_two_addresses_are_two_contacts() -> None:
    tried = contacted_by_another(an_account(), EMAIL, NINE - 4 * DAY)
    assert allowed(tried) == (0, [])
    both = contacted_by_another(tried, PHONE, NINE - 4 * DAY)
    assert allowed(both) == (3, ["contact_cap: 2 in 7 days"])


@pytest.mark.parametrize("kind", [TaskKind.APPROVAL, TaskKind.CREDIT_REVIEW, TaskKind.NO_USABLE_ADDRESS])
def test_what_the_client_does_not_hear_of_is_remembered_by_no_address(kind: TaskKind) -> None:
    account = an_account()
    asked = account.with_step(a_step_of_a_person(account, kind, [], at=NINE - DAY))
    assert asked.addresses == account.addresses
    assert len(asked.reminders) == 1


def test_only_the_addresses_of_the_one_to_be_called_remember_the_call() -> None:
    owner = a_contact("Olga", role=Role.OWNER, email="olga@client.example", phone="")
    account = sharing(an_account(customer=a_customer(a_contact(), owner)))
    called = account.with_step(
        replace(a_step_of_a_person(account, TaskKind.CALL, [], at=NINE), contact_name="Olga", role=Role.OWNER)
    )
    assert [record.address for record in called.addresses if record.recent] == ["olga@client.example"]


def test_a_contact_of_another_counts_towards_the_cap_of_its_channel() -> None:
    policy = a_policy(**LOOSE, channel_caps=[{"channel": "sms", "contacts": 1, "days": 10}])
    account = contacted_by_another(an_account(), PHONE, NINE - 4 * DAY)
    assert allowed(account, policy, Channel.SMS)[0] == 6
    assert allowed(contacted_by_another(an_account(), EMAIL, NINE - 4 * DAY), policy, Channel.SMS)[0] == 0
