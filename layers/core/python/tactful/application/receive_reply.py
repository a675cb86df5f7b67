"""What a client writes: an opt-out is obeyed before anything else, and all that is understood changes the account."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tactful.application.account_events import AccountEvents
from tactful.application.ports import AddressBook, Inbox, TaskBoard, WorkQueue
from tactful.application.second_reader import SecondReader, proposed
from tactful.domain.book.account import (
    Account,
    AddressRecord,
    Change,
    Entry,
    Suppression,
    SuppressionReason,
    Task,
    TaskKind,
)
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.contact_log import account_key_of
from tactful.domain.book.customer import Channel, Customer
from tactful.domain.book.summaries import SUMMARIES
from tactful.domain.replies.addressed import accounts_meant, forbidden_by, not_to_be_called
from tactful.domain.replies.effects import effects_of
from tactful.domain.replies.heard import Heard
from tactful.domain.replies.message import Facts, Incoming, Intent, Scope, Understood
from tactful.domain.replies.opt_out import says_nothing_else
from tactful.domain.replies.understand import understand

# What changes every account that is reached by an address, also where nobody can say which of them was meant.
_FOR_ALL = frozenset(
    {
        Intent.OPT_OUT,
        Intent.WRONG_CONTACT,
        Intent.LEGAL,
        Intent.HARDSHIP,
        Intent.AUTO_REPLY,
        Intent.THANKS,
    }
)
# No person writes so much, and an answer to each would make it more.
_LOOP_SENDS, _LOOP_WITHIN = 15, timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message as it came, already verified. `fields` is what is kept of it as it came, in order.

    `reminder_id` is that of our message which it answers, as far as that is proven; `references` are the provider's
    ids of messages that it names. `headers` are an e-mail's. `more` is what a person has to know beside the text.
    A `doubtful` one may not come from whom it says: it changes nothing, and a person looks at it. Of one whose sender
    is `unproven`, nothing but an opt-out is obeyed. One that the provider has `answered_already` is not answered again.
    """

    id: str
    channel: Channel
    address: str
    text: str
    at: datetime
    fields: Sequence[tuple[str, str]] = ()
    reminder_id: str = ""
    references: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: tuple[tuple[str, str], ...] = ()
    doubtful: str = ""
    unproven: str = ""
    answered_already: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """How a message was taken, and how many accounts it concerned; whether an opt-out is to be confirmed at once.

    `customer` is whose address it came from, None if nobody has it.
    """

    understood: Intent
    accounts: int
    confirm_opt_out: bool = False
    customer: Customer | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ReceiveReply:
    """Stores a message raw, then lets it change the accounts that it concerns, and hands them to the sender.

    `second_reader` reads what the rules do not understand; None: a person does.
    """

    events: AccountEvents
    addresses: AddressBook
    inbox: Inbox
    tasks: TaskBoard
    queue: WorkQueue
    second_reader: SecondReader | None = None

    def receive(self, message: InboundMessage) -> Received:
        """Take a message; the same one again changes nothing. Raises StoreUnavailableError: it must come again."""
        self.inbox.keep(str(message.channel), message.id, message.fields, message.at)
        record = self.addresses.find(message.channel, message.address)
        accounts = self._accounts(message, record)
        meaning = self._understood(message, accounts)
        wants_silence = Intent.OPT_OUT in (meaning.primary, *meaning.also)
        if message.doubtful or (
            message.unproven and not wants_silence and meaning.primary is not Intent.AUTO_REPLY
        ):
            self.tasks.open(_task(message, ("why", message.doubtful or message.unproven)))
            return Received(meaning.primary, 0)
        if message.unproven and wants_silence:
            meaning = _only(meaning, {Intent.OPT_OUT})
        newly = self._obey(message, meaning, accounts)
        reached = 0
        meant = accounts_meant(
            accounts, message.reminder_id, message.references, (message.channel, message.address), meaning
        )
        for account in accounts:
            if len(meant) == 1 and account in meant:
                reached += self._take(account.key, message, meaning, is_meant=True)
            elif len(meant) != 1 or meaning.primary in _FOR_ALL:
                reached += self._take(account.key, message, _only(meaning, _FOR_ALL), is_meant=False)
        # A carrier obeys a bare STOP; a mail from an address that we never wrote to may mean another.
        is_settled = message.channel is Channel.SMS and says_nothing_else(message.text)
        if not reached and not is_settled and meaning.primary is not Intent.AUTO_REPLY:
            self.tasks.open(_task(message))
        confirm = (
            newly and meaning.facts.opt_out_scope in (Scope.SMS, Scope.ALL) and not message.answered_already
        )
        customer = accounts[0].customer if accounts else None
        return Received(meaning.primary, reached, confirm, customer)

    def _accounts(self, message: InboundMessage, record: AddressRecord | None) -> list[Account]:
        """Those that use the address, and the one whose message is answered."""
        keys = set(record.accounts) if record else set()
        if message.reminder_id:
            keys.add(account_key_of(message.reminder_id))
        found = (self.events.store.load(key) for key in sorted(keys))
        return [account for account in found if account is not None]

    def _understood(self, message: InboundMessage, accounts: Sequence[Account]) -> Understood:
        customer = accounts[0].customer if accounts else None
        country = (customer.country if customer else "") or self.events.calendar.business_country
        incoming = Incoming(
            str(message.channel),
            message.text,
            f"{(customer.language if customer else '') or 'en'}-{country or 'GB'}",
            self.events.calendar.today(message.at),
            message.headers,
        )
        meaning = understand(incoming)
        if meaning.primary is Intent.UNKNOWN and self.second_reader is not None:
            return proposed(self.second_reader, incoming) or meaning
        return meaning

    def _obey(self, message: InboundMessage, meaning: Understood, accounts: Sequence[Account]) -> bool:
        """Forbid the addresses that an opt-out or a wrong contact is about; whether the sender's own is newly so."""
        newly = False
        sender = (message.channel, message.address)
        for channel, address in forbidden_by(meaning, sender, accounts, message.reminder_id):
            reason = (
                SuppressionReason.OPT_OUT
                if Intent.OPT_OUT in (meaning.primary, *meaning.also)
                else SuppressionReason.WRONG_CONTACT
            )
            record = self.addresses.suppress(channel, address, Suppression(reason, message.at))
            kept = record.suppression
            if (channel, address) == sender and reason is SuppressionReason.OPT_OUT:
                newly = kept is not None and kept.at == message.at
        for phone in not_to_be_called(meaning, sender, accounts, message.reminder_id):
            self.addresses.forbid_calls(phone, message.at)
        return newly

    def _take(self, key: str, message: InboundMessage, meaning: Understood, *, is_meant: bool) -> bool:
        """Let an account take a message; whether there is such an account."""

        def taken(account: Account) -> Change:
            heard = _heard(account, message, meaning)
            if not is_meant:
                # Two customers behind one address: what is meant for which, a person finds out.
                more = (*heard.more, ("why", "several customers share this address"))
                heard = replace(heard, answer_to="", is_meant=False, more=more)
            if not _is_a_loop(account, message.at):
                return effects_of(account, heard, self.events.policy, self.events.calendar)
            entry = Entry(f"reply-{message.id}", message.at, "reply_in_a_loop", heard.facts)
            task = _task(message, ("why", "so many messages in so short a time: see the timeline"))
            once = f"{TaskKind.READ_REPLY}-loop-{account.key}-{self.events.calendar.today(message.at)}"
            return Change(account, (entry,), (replace(task, id=once, kind=TaskKind.READ_REPLY),))

        account = self.events.apply(key, taken)
        if account is not None and _is_due(account, self.events.clock.now()):
            self.queue.put([key])
        return account is not None


def _only(meaning: Understood, wanted: Collection[Intent]) -> Understood:
    """What a message means as far as these intents go, with none of the facts of others."""
    intents = [one for one in (meaning.primary, *meaning.also) if one in wanted]
    facts = Facts(opt_out_scope=meaning.facts.opt_out_scope, back_on=meaning.facts.back_on)
    if not intents:
        return Understood(Intent.UNKNOWN, because=meaning.because)
    because = {one: meaning.because.get(one, "") for one in intents}
    return Understood(intents[0], tuple(intents[1:]), facts, because)


def _is_due(account: Account, now: datetime) -> bool:
    return bool(account.answers) and account.next_action_at is not None and account.next_action_at <= now


def _is_a_loop(account: Account, now: datetime) -> bool:
    """Nearly every message that is no machine's leaves a hold behind that pauses for a person."""
    return (
        sum(hold.kind is HoldKind.REPLY and now - hold.since < _LOOP_WITHIN for hold in account.holds)
        >= _LOOP_SENDS
    )


def _heard(account: Account, message: InboundMessage, meaning: Understood) -> Heard:
    """As it concerns an account: it is answered only at an address that the account has."""
    theirs = [contact.address(message.channel) for contact in account.customer.contacts]
    answer_to = next((known for known in theirs if known.casefold() == message.address.casefold()), "")
    if not answer_to and message.reminder_id:
        answered = account.reminder(message.reminder_id)
        written_to = answered.address if answered else ""
        answer_to = written_to if written_to in theirs else ""
    return Heard(
        message.id,
        message.channel,
        message.address,
        message.text,
        message.at,
        meaning,
        "" if message.answered_already else answer_to,
        more=message.more,
    )


def _task(message: InboundMessage, *more: tuple[str, str]) -> Task:
    facts = (
        ("channel", str(message.channel)),
        ("from", message.address),
        ("text", message.text[:_SHOWN]),
        *message.more,
        *more,
    )
    kind = TaskKind.UNMATCHED_REPLY
    return Task(f"{kind}-{message.id}", kind, message.at, SUMMARIES[kind], facts)


_SHOWN = 2_000
