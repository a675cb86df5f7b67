"""What may happen to a book while reminders are sent, in any order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tactful.domain.book.account import Account, Suppression, SuppressionReason, TaskKind
from tactful.domain.book.agreements import (
    Approval,
    Extension,
    Hold,
    HoldKind,
    Instalment,
    Plan,
    Promise,
    Verdict,
)
from tactful.domain.book.contact_log import ManualContact, ReminderStatus
from tactful.domain.book.customer import Channel, Contact, Purpose
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.book.payment import Payment, PaymentKind, record_payment
from tactful.domain.dunning.decision import Nothing, Wait
from tests.support.pure_sender import Fate, PureSender
from tests.support.random_books import DAYS


@dataclass
class World:
    """A sender with a few accounts, and what only the world knows: which addresses nobody may use."""

    sender: PureSender
    suppressed: set[tuple[Channel, str]]
    events: int = 0

    def key(self, which: int) -> str:
        keys = sorted(self.sender.accounts)
        return keys[which % len(keys)]

    def change(self, which: int, event: Callable[[Account], Account]) -> None:
        self.sender.change(self.key(which), event)

    def change_invoice(self, which: int, nth: int, event: Callable[[Account, Invoice], Account]) -> None:
        def changed(account: Account) -> Account:
            ordered = sorted(account.invoices, key=lambda invoice: invoice.number)
            return event(account, ordered[nth % len(ordered)])

        self.change(which, changed)

    def next_id(self) -> str:
        self.events += 1
        return f"{self.events:06d}"

    @property
    def now(self) -> datetime:
        return self.sender.now

    @property
    def today(self) -> date:
        return self.sender.calendar.today(self.sender.now)


@dataclass(frozen=True)
class TimePasses:
    quarters: int

    def happen(self, world: World) -> None:
        world.sender.now += timedelta(minutes=15 * self.quarters)


@dataclass(frozen=True)
class MoneyMoves:
    which: int
    nth: int
    minor: int
    kind: PaymentKind

    def happen(self, world: World) -> None:
        def moved(account: Account, invoice: Invoice) -> Account:
            amount = Money(self.minor, invoice.total.currency)
            payment = Payment(world.next_id(), self.kind, invoice.number, amount, world.now)
            return record_payment(account, payment, world.now.date()).account

        world.change_invoice(self.which, self.nth, moved)


@dataclass(frozen=True)
class EverythingIsPaid:
    which: int

    def happen(self, world: World) -> None:
        def settled(account: Account) -> Account:
            for invoice in account.invoices:
                if invoice.amount_due.minor > 0:
                    payment = Payment(
                        world.next_id(), PaymentKind.PAYMENT, invoice.number, invoice.amount_due, world.now
                    )
                    account = record_payment(account, payment, world.now.date()).account
            return account

        world.change(self.which, settled)


@dataclass(frozen=True)
class BooksReport:
    which: int
    nth: int
    percent: int
    shift_days: int
    state: InvoiceState
    hours_old: int

    def happen(self, world: World) -> None:
        def reported(account: Account, invoice: Invoice) -> Account:
            statement = replace(
                invoice,
                due_date=invoice.due_date + timedelta(days=self.shift_days),
                reported=Money(invoice.total.minor * self.percent // 100, invoice.total.currency),
                received=Money(0, invoice.total.currency),
                state=self.state,
                reported_at=world.now - timedelta(hours=self.hours_old),
            )
            return account.with_invoice(invoice.with_report(statement))

        world.change_invoice(self.which, self.nth, reported)


@dataclass(frozen=True)
class SnapshotLacksIt:
    which: int
    nth: int

    def happen(self, world: World) -> None:
        def lacking(account: Account, invoice: Invoice) -> Account:
            earlier = invoice.reported_at or world.now - timedelta(hours=1)
            reported = replace(invoice, reported_at=earlier)
            return account.with_invoice(reported.presumed_settled(world.now, world.next_id()))

        world.change_invoice(self.which, self.nth, lacking)


@dataclass(frozen=True)
class InvoiceAppears:
    which: int
    invoice: Invoice

    def happen(self, world: World) -> None:
        invoice = replace(
            self.invoice,
            number=f"{self.invoice.number}-{world.next_id()}",
            due_date=self.invoice.due_date + (world.now.date() - DAYS[0]),
        )
        world.change(self.which, lambda account: account.with_invoice(invoice))


@dataclass(frozen=True)
class ProviderReports:
    nth: int
    status: ReminderStatus

    def happen(self, world: World) -> None:
        if world.sender.sent:
            sent = world.sender.sent[self.nth % len(world.sender.sent)]
            account = world.sender.load(sent.account.key)
            known = account.reminder(sent.reminder.id)
            if known is not None:
                world.sender.commit(account.with_reminder(known.advanced(self.status)))


@dataclass(frozen=True)
class AddressIsSuppressed:
    pair: tuple[Channel, str]
    reason: SuppressionReason

    def happen(self, world: World) -> None:
        world.sender.suppress(*self.pair, Suppression(self.reason, world.now))
        world.suppressed.add(self.pair)


@dataclass(frozen=True)
class HoldIsPut:
    which: int
    nth: int | None
    hours: int | None

    def happen(self, world: World) -> None:
        def held(account: Account, invoice: Invoice) -> Account:
            until = None if self.hours is None else world.now + timedelta(hours=self.hours)
            only = () if self.nth is None else (invoice.number,)
            return account.with_hold(Hold(world.next_id(), HoldKind.REPLY, world.now, until, only))

        world.change_invoice(self.which, self.nth or 0, held)


@dataclass(frozen=True)
class HoldsAreLifted:
    which: int

    def happen(self, world: World) -> None:
        world.change(self.which, lambda account: replace(account, holds=()))


@dataclass(frozen=True)
class PromiseIsMade:
    """A promise for so many days ahead, of the whole or (`kept`) of a part that is paid at once."""

    which: int
    nth: int
    days: int
    kept: bool

    def happen(self, world: World) -> None:
        def promised(account: Account, invoice: Invoice) -> Account:
            day = world.now.date() + timedelta(days=self.days)
            promise = Promise(
                world.next_id(), (invoice.number,), day, world.now, kept_on=world.today if self.kept else None
            )
            return replace(account, promises=(*account.promises, promise))

        world.change_invoice(self.which, self.nth, promised)


@dataclass(frozen=True)
class PlanIsAgreed:
    which: int
    nth: int
    days: tuple[int, ...]
    all_of_them: bool

    def happen(self, world: World) -> None:
        def agreed(account: Account, invoice: Invoice) -> Account:
            due = invoice.amount_due
            shares = [due.minor // len(self.days)] * len(self.days)
            shares[-1] += due.minor - sum(shares)
            parts = tuple(
                Instalment(world.now.date() + timedelta(days=day), Money(share, due.currency))
                for day, share in zip(self.days, shares, strict=True)
            )
            numbers = {invoice.number} | {
                known.number
                for known in account.invoices
                if self.all_of_them and known.total.currency == due.currency and not known.is_credit
            }
            return replace(account, plan=Plan(world.next_id(), tuple(sorted(numbers)), parts, world.now))

        world.change_invoice(self.which, self.nth, agreed)


@dataclass(frozen=True)
class ExtensionIsGranted:
    which: int
    nth: int
    days: int

    def happen(self, world: World) -> None:
        def extended(account: Account, invoice: Invoice) -> Account:
            until = world.today + timedelta(days=self.days)
            extension = Extension(world.next_id(), (invoice.number,), until, world.now)
            return replace(account, extensions=(*account.extensions, extension))

        world.change_invoice(self.which, self.nth, extended)


@dataclass(frozen=True)
class ApprovalsAreAnswered:
    """A person answers everything that waits for approval."""

    which: int
    verdict: Verdict

    def happen(self, world: World) -> None:
        def answered(account: Account) -> Account:
            known = {approval.id for approval in account.approvals}
            given = tuple(
                Approval(step.id, self.verdict, world.now, "Bea")
                for step in account.reminders
                if step.detail == TaskKind.APPROVAL and step.id not in known
            )
            return replace(account, approvals=(*account.approvals, *given))

        world.change(self.which, answered)


@dataclass(frozen=True)
class SomebodyCalls:
    which: int
    how: str

    def happen(self, world: World) -> None:
        contact = ManualContact(world.next_id(), world.now, self.how)
        world.change(
            self.which, lambda known: replace(known, manual_contacts=(*known.manual_contacts, contact))
        )


@dataclass(frozen=True)
class BooksArrive:
    which: int

    def happen(self, world: World) -> None:
        world.change(self.which, lambda account: replace(account, book_as_of=world.now))


@dataclass(frozen=True)
class CustomerIsRestated:
    which: int
    segment: str
    purpose: Purpose
    timezone: str

    def happen(self, world: World) -> None:
        def restated(account: Account) -> Account:
            stated = replace(
                account.customer, segment=self.segment, purpose=self.purpose, timezone=self.timezone
            )
            return replace(account, customer=stated)

        world.change(self.which, restated)


@dataclass(frozen=True)
class ContactsChange:
    which: int
    contacts: tuple[Contact, ...]

    def happen(self, world: World) -> None:
        def moved(known: Account) -> Account:
            return replace(known, customer=replace(known.customer, contacts=self.contacts))

        world.change(self.which, moved)
        world.sender.link(world.key(self.which))


@dataclass(frozen=True)
class SenderActs:
    """A tick now, or after so many of the account's waits; or on another account if there is nothing to do on it.

    `agrees` lets a person grant what waits for approval just before.
    """

    which: int
    fate: Fate
    waits: int
    agrees: bool
    meanwhile: Happening | None = None

    def happen(self, world: World) -> None:
        if self.agrees:
            ApprovalsAreAnswered(self.which, Verdict.GRANTED).happen(world)
        key = world.key(self.which)
        for _ in range(self.waits):
            decision = world.sender.decide(key)
            if isinstance(decision, Wait):
                world.sender.now = decision.until
            elif isinstance(decision, Nothing):
                key = world.key(self.which + 1)

        def between() -> None:
            if self.meanwhile is not None:
                self.meanwhile.happen(world)

        world.sender.tick(key, self.fate, meanwhile=between)


Happening = (
    TimePasses
    | MoneyMoves
    | EverythingIsPaid
    | BooksReport
    | SnapshotLacksIt
    | InvoiceAppears
    | ProviderReports
    | AddressIsSuppressed
    | HoldIsPut
    | HoldsAreLifted
    | PromiseIsMade
    | PlanIsAgreed
    | ExtensionIsGranted
    | ApprovalsAreAnswered
    | SomebodyCalls
    | BooksArrive
    | CustomerIsRestated
    | ContactsChange
    | SenderActs
)
