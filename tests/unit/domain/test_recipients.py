"""Who gets a message, and how."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel, Contact, Role
from tactful.domain.dunning.recipients import Recipient, by_role, recipient_of
from tests.support.builders import (
    EMAIL,
    PHONE,
    a_contact,
    a_customer,
    a_policy,
    a_reminder,
    an_account,
    suppressed,
)

BOTH = (Channel.EMAIL, Channel.SMS)
BILLING = a_contact("Bill", email="bill@client.example", phone="")
BOSS = a_contact("Boss", role=Role.ESCALATION, email="boss@client.example", phone="")
OWNER = a_contact("Olga", role=Role.OWNER, email="olga@client.example", phone="")


def with_contacts(*contacts: Contact) -> Account:
    return an_account(customer=a_customer(*contacts))


def chosen(
    account: Account, *channels: Channel, role: Role = Role.BILLING, consent: bool = False
) -> Recipient:
    policy = a_policy(sms_needs_consent=consent)
    return recipient_of(account, policy, channels or BOTH, role, "due", "2026-03-02")


def reasons(recipient: Recipient) -> list[str]:
    return [str(reason) for reason in recipient.reasons]


@pytest.mark.parametrize(
    ("role", "order"),
    [
        (Role.BILLING, ["Bill", "Olga", "Boss"]),
        (Role.ESCALATION, ["Boss", "Olga", "Bill"]),
        (Role.OWNER, ["Olga", "Boss", "Bill"]),
    ],
)
def test_whoever_has_the_wanted_role_comes_first_and_then_who_is_nearest_to_it(
    role: Role, order: list[str]
) -> None:
    account = with_contacts(BOSS, BILLING, OWNER)
    assert [contact.name for contact in by_role(account, role)] == order
    assert chosen(account, role=role).contact == by_role(account, role)[0]


def test_two_contacts_of_one_role_keep_their_order() -> None:
    second = replace(BILLING, name="Bob")
    assert [c.name for c in by_role(with_contacts(second, BILLING), Role.BILLING)] == ["Bob", "Bill"]


def test_a_single_contact_is_used_for_every_role() -> None:
    assert chosen(with_contacts(BILLING), role=Role.ESCALATION).contact == BILLING


def test_nobody_is_found_where_there_is_no_contact_or_no_address() -> None:
    for account in (with_contacts(), with_contacts(a_contact(email="", phone=""))):
        recipient = chosen(account)
        assert (recipient.channel, recipient.contact) == (None, None)
        assert reasons(recipient) == ["no_address"]


def test_the_first_channel_on_which_somebody_can_be_reached_is_used() -> None:
    phone_only = a_contact("Phil", email="")
    assert chosen(with_contacts(phone_only)).channel is Channel.SMS
    assert chosen(with_contacts(phone_only, OWNER)).contact == OWNER
    assert chosen(with_contacts(phone_only, OWNER), Channel.SMS, Channel.EMAIL).contact == phone_only


def test_a_person_is_asked_where_no_earlier_channel_works() -> None:
    gone = suppressed(with_contacts(BOSS, BILLING), "boss@client.example", "bill@client.example")
    recipient = chosen(gone, Channel.EMAIL, Channel.PERSON)
    assert (recipient.channel, recipient.contact) == (Channel.PERSON, BILLING)
    assert reasons(recipient) == ["suppressed: email", "suppressed: email"]
    nobody = chosen(with_contacts(), Channel.PERSON)
    assert (nobody.channel, nobody.contact) == (Channel.PERSON, None)


@pytest.mark.parametrize(
    ("consent", "needed", "channel"),
    [
        (True, True, Channel.SMS),
        (None, True, None),
        (False, True, None),
        (True, False, Channel.SMS),
        (None, False, Channel.SMS),
        (False, False, None),
    ],
)
def test_an_sms_needs_the_consent_that_the_policy_asks_for_and_never_goes_to_who_refused(
    consent: bool | None,  # noqa: FBT001
    needed: bool,  # noqa: FBT001
    channel: Channel | None,
) -> None:
    account = with_contacts(a_contact(email="", sms_consent=consent))
    recipient = chosen(account, consent=needed)
    assert recipient.channel is channel
    assert reasons(recipient) == ([] if channel else ["consent_missing: sms", "no_address"])


def test_an_email_needs_no_consent() -> None:
    assert chosen(with_contacts(a_contact(sms_consent=False)), consent=True).channel is Channel.EMAIL


@pytest.mark.parametrize("status", [ReminderStatus.BOUNCED, ReminderStatus.FAILED])
def test_an_address_that_failed_for_this_stage_and_round_is_not_tried_again(status: ReminderStatus) -> None:
    account = with_contacts(a_contact())
    failed = account.with_reminder(a_reminder(account, [], status=status))
    recipient = chosen(failed)
    assert (recipient.channel, reasons(recipient)) == (Channel.SMS, ["channel_failed: email"])


@pytest.mark.parametrize(
    "other",
    [
        {"stage": "overdue_3"},
        {"occurrence": "2026-03-02.2"},
        {"status": ReminderStatus.ACCEPTED},
        {"address": "old@client.example"},
        {"channel": Channel.SMS},
    ],
)
def test_only_a_failure_of_that_address_at_that_stage_and_round_counts(other: dict[str, object]) -> None:
    account = with_contacts(a_contact())
    values: dict[str, object] = {"status": ReminderStatus.BOUNCED} | other
    step = replace(a_reminder(account, []), **values)  # type: ignore[arg-type]
    assert chosen(account.with_reminder(step)).channel is Channel.EMAIL


def test_a_suppressed_address_is_passed_over_on_its_channel_alone() -> None:
    recipient = chosen(suppressed(with_contacts(a_contact()), EMAIL))
    assert (recipient.channel, reasons(recipient)) == (Channel.SMS, ["suppressed: email"])
    assert chosen(suppressed(with_contacts(a_contact()), PHONE)).channel is Channel.EMAIL
