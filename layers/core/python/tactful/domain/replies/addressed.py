"""Which of the accounts that use an address a message is meant for, and which addresses it forbids."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import account_key_of
from tactful.domain.book.customer import Channel, Contact
from tactful.domain.replies.heard import known_of
from tactful.domain.replies.message import Intent, Scope, Understood

Address = tuple[Channel, str]


def accounts_meant(
    accounts: Sequence[Account],
    reminder_id: str,
    references: Collection[str],
    sender: Address,
    meaning: Understood,
) -> list[Account]:
    """The account that a message is for, as far as it can be told; all that it may be for otherwise.

    In this order: the one whose message is answered, the one that sent a message it refers to, the only one that has
    an invoice it names, the only one that wrote to this address, the only one that is owed something.
    """
    ways = (
        [one for one in accounts if reminder_id and one.key == account_key_of(reminder_id)],
        [
            one
            for one in accounts
            if any(step.provider_id in references for step in one.reminders if step.provider_id)
        ],
        [one for one in accounts if known_of(one, meaning.facts.invoices)],
        [one for one in accounts if any((s.channel, s.address) == sender for s in one.reminders)],
        [one for one in accounts if one.owed_numbers()],
    )
    return next((found for found in ways if len(found) == 1), list(accounts))


def forbidden_by(
    meaning: Understood, sender: Address, accounts: Sequence[Account], reminder_id: str
) -> tuple[Address, ...]:
    """The addresses that must not be used any more, the sender's first; none if the message forbids none."""
    intents = (meaning.primary, *meaning.also)
    if meaning.primary is Intent.AUTO_REPLY:
        return ()
    scope = meaning.facts.opt_out_scope if Intent.OPT_OUT in intents else None
    if scope in (Scope.INVOICE, Scope.PHONE) or (scope is None and Intent.WRONG_CONTACT not in intents):
        return ()
    channels = {
        Scope.SMS: (Channel.SMS,),
        Scope.EMAIL: (Channel.EMAIL,),
        Scope.ALL: (Channel.SMS, Channel.EMAIL),
        None: (sender[0],),
    }[scope]
    own = [sender] if sender[0] in channels else []
    for account in accounts:
        for contact in _who_wrote(account, sender, reminder_id):
            own += [(channel, contact.address(channel)) for channel in channels if contact.address(channel)]
    # Who names a channel on which we know no address still wants to be left alone.
    return tuple(dict.fromkeys(own)) or (sender,)


def not_to_be_called(
    meaning: Understood, sender: Address, accounts: Sequence[Account], reminder_id: str
) -> tuple[str, ...]:
    """The phone numbers of whoever wrote and wants no calls, or nothing at all, any more."""
    asked = Intent.OPT_OUT in (meaning.primary, *meaning.also)
    if not asked or meaning.facts.opt_out_scope not in (Scope.PHONE, Scope.ALL):
        return ()
    phones = [sender[1]] if sender[0] is Channel.SMS else []
    phones += [one.phone for account in accounts for one in _who_wrote(account, sender, reminder_id)]
    return tuple(dict.fromkeys(filter(None, phones)))


def _who_wrote(account: Account, sender: Address, reminder_id: str) -> list[Contact]:
    """The contact whose address it is, or whom the message went to that is answered."""
    answered = account.reminder(reminder_id) if reminder_id else None
    used = [sender, *([(answered.channel, answered.address)] if answered else [])]
    return [
        contact
        for contact in account.customer.contacts
        if any(contact.address(channel).casefold() == address.casefold() for channel, address in used)
    ]
