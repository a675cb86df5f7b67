"""Sample accounts and every message that may be sent to them: for the preview, and to check the wording on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from tactful.domain.book.account import Account, Thanks
from tactful.domain.book.agreements import Instalment, Plan
from tactful.domain.book.answers import Answer, AnswerKind
from tactful.domain.book.contact_log import (
    ANSWER,
    PART_PAYMENT,
    THANK_YOU,
    ChasedInvoice,
    Reminder,
    ReminderStatus,
    Tone,
    reminder_id,
)
from tactful.domain.book.customer import Channel, Contact, Customer, Purpose
from tactful.domain.book.invoice import Discount, Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.book.stated_charges import StatedCharge, StatedCharges
from tactful.domain.dunning.answering import lines_of
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import BROKEN_PROMISE, DISCOUNT, PLAN_MISSED, WELCOME, Stage, StageKind

DUE = date(2026, 3, 5)
_DISCOUNT_UNTIL = date(2026, 2, 15)
_TEN = timedelta(hours=10)
_OF_AN_ANSWER = "SM-1"
_CHANNELS = (Channel.EMAIL, Channel.SMS)
# A name that does mischief wherever a value is taken for markup, a template or a header.
NASTY = 'O\'Brien & <script>alert("x")</script> {{7*7}}\r\nBcc: a@b.example'


@dataclass(frozen=True, slots=True)
class Sample:
    """One message to one account. `title` says which: `overdue_3, firm: several invoices`."""

    title: str
    account: Account
    reminder: Reminder


def sample_messages(
    policy: Policy, language: str, country: str, currency: str, law: str = ""
) -> Iterator[Sample]:
    """Every message that a policy may send, by e-mail and SMS, to a client of a language and country.

    Amounts are in a currency that the policy says how to pay, some of them in a second one. With a `law`, the firm
    messages state charges.
    """
    book = _Book(
        policy, Customer("C-1042", "Hollis & Daughters", (_CONTACT,), country, language=language), currency
    )
    messages = [stage for stage in policy.stages if stage.kind is StageKind.MESSAGE]
    for stage in messages:
        for tone in Tone:
            for kind, account in book.accounts():
                yield from book.reminders(f"{stage.name}, {tone}: {kind}", account, stage, tone)
    last = messages[-1]
    for tone in Tone:
        for kind, account in book.accounts():
            promised = [
                Sample(one.title, one.account, replace(one.reminder, promised=DUE + timedelta(days=5)))
                for one in book.reminders(
                    f"{BROKEN_PROMISE}, {tone}: {kind}", account, last, tone, BROKEN_PROMISE
                )
            ]
            yield from promised
        yield from book.missed_instalments(tone, last)
    yield from book.charged(last, law)
    for name, days in ((WELCOME, -25), (DISCOUNT, -20), (THANK_YOU, 3)):
        for kind, account in book.accounts():
            for channel in _CHANNELS:
                reminder = book.reminder(account, name, Tone.FRIENDLY, channel, days)
                yield Sample(f"{name}: {kind}", account, reminder)
    yield from book.part_payments()
    yield from book.answers()


@dataclass(frozen=True, slots=True)
class _Book:
    policy: Policy
    customer: Customer
    currency: str

    def accounts(self) -> tuple[tuple[str, Account], ...]:
        """The kinds of account that read differently."""
        other = next((code for code in sorted(self.policy.pay_to) if code != self.currency), self.currency)
        one = self.invoice("1042", 123450)
        part = replace(
            self.invoice("1057", 80000, due=DUE + timedelta(days=1)), reported=Money(30000, self.currency)
        )
        credit = self.invoice("CN-7", -2000, due=DUE - timedelta(days=4))
        abroad = replace(self.invoice("1061", 75000, due=DUE + timedelta(days=41)), discount=None)
        abroad = replace(
            abroad, total=Money(75000, other), reported=Money(75000, other), received=Money(0, other)
        )
        older = self.invoice("1001", 5000, due=DUE - timedelta(days=60))
        many = tuple(self.invoice(f"{number}", 1000) for number in range(2001, 2021))
        unnamed = replace(self.customer, contacts=(), name=NASTY)
        return (
            ("one invoice", Account(self.customer, (one,))),
            ("several invoices", Account(self.customer, (one, part, credit, abroad))),
            (
                "older and younger invoices",
                Account(self.customer, (older, one, replace(abroad, number="1063"))),
            ),
            ("twenty invoices", Account(self.customer, many)),
            ("a nasty name", Account(unnamed, (replace(one, number="1042 {{7*7}} <b>"),))),
        )

    def invoice(self, number: str, minor: int, *, due: date = DUE) -> Invoice:
        amount = Money(minor, self.currency)
        discount = Discount(Money(minor // 50, self.currency), _DISCOUNT_UNTIL) if minor > 0 else None
        nothing = Money(0, self.currency)
        return Invoice(
            number,
            due,
            amount,
            amount,
            nothing,
            InvoiceState.OPEN,
            issue_date=due - timedelta(days=30),
            discount=discount,
        )

    def reminders(
        self, title: str, account: Account, stage: Stage, tone: Tone, wording: str = ""
    ) -> Iterator[Sample]:
        for channel in _CHANNELS:
            reminder = self.reminder(account, stage.name, tone, channel, stage.days)
            yield Sample(title, account, replace(reminder, wording=wording or stage.wording))

    def reminder(self, account: Account, stage: str, tone: Tone, channel: Channel, days: int) -> Reminder:
        at = datetime(DUE.year, DUE.month, DUE.day, tzinfo=UTC) + timedelta(days=days) + _TEN
        contact = next(iter(account.customer.contacts), None)
        return Reminder(
            id=reminder_id(account.key, stage, str(DUE), 1),
            stage=stage,
            occurrence=str(DUE),
            attempt=1,
            tone=tone,
            channel=channel,
            address=(contact or _CONTACT).address(channel),
            contact_name=contact.name if contact else "",
            invoices=tuple(ChasedInvoice(i.number, i.due_date, 0, i.amount_due) for i in account.invoices),
            status=ReminderStatus.CLAIMED,
            at=at,
            lease_until=at,
            policy=self.policy.label,
        )

    def missed_instalments(self, tone: Tone, stage: Stage) -> Iterator[Sample]:
        days = (DUE + timedelta(days=10), DUE + timedelta(days=40))
        parts = tuple(Instalment(day, Money(30000, self.currency)) for day in days)
        planned = Account(
            self.customer,
            (self.invoice("1042", 60000),),
            plan=Plan("P-1", ("1042",), parts, datetime(2026, 3, 1, tzinfo=UTC)),
        )
        asked = ChasedInvoice("1042", days[0], 3, parts[0].amount)
        for sample in self.reminders(
            f"{PLAN_MISSED}, {tone}: one instalment", planned, stage, tone, PLAN_MISSED
        ):
            at = sample.reminder.at.replace(month=3, day=20)
            yield replace(
                sample, reminder=replace(sample.reminder, at=at, occurrence=str(days[0]), invoices=(asked,))
            )

    def charged(self, stage: Stage, law: str) -> Iterator[Sample]:
        if not law:
            return
        account = Account(replace(self.customer, purpose=Purpose.BUSINESS), (self.invoice("1042", 123450),))
        interest, fixed = Money(834, self.currency), Money(4000, self.currency)
        charges = StatedCharges(law, (StatedCharge("1042", 21, "11.75", interest, fixed),))
        for what, stated in (("charges", charges), ("a warning of charges", StatedCharges(law))):
            reminder = self.reminder(account, stage.name, Tone.FIRM, Channel.EMAIL, stage.days)
            yield Sample(f"{stage.name}, firm: {what}", account, replace(reminder, charges=stated))

    def part_payments(self) -> Iterator[Sample]:
        at = datetime(2026, 3, 10, 9, tzinfo=UTC)
        paid = Thanks("PAY-1", at, ("1042",), Money(30000, self.currency))
        account = replace(Account(self.customer, (self.invoice("1042", 93450),)), thanks=paid)
        for channel in _CHANNELS:
            reminder = self.reminder(account, PART_PAYMENT, Tone.FRIENDLY, channel, 5)
            yield Sample(f"{PART_PAYMENT}: the rest is open", account, reminder)
            yield Sample(
                f"{PART_PAYMENT}: the rest is not asked for", account, replace(reminder, invoices=())
            )

    def answers(self) -> Iterator[Sample]:
        parts = tuple(
            Instalment(DUE + timedelta(days=27 + 30 * number), Money(minor, self.currency))
            for number, minor in enumerate((41150, 41150, 41150))
        )
        for kind in AnswerKind:
            for what, account in self.accounts()[:2]:
                for channel in kind.channels:
                    owed = Answer(
                        id=_OF_AN_ANSWER,
                        kind=kind,
                        channel=channel,
                        address=_CONTACT.address(channel),
                        at=datetime(2026, 3, 10, 9, tzinfo=UTC),
                        invoices=account.owed_numbers(),
                        day=date(2026, 3, 20),
                        instalments=parts
                        if kind in (AnswerKind.PLAN_AGREED, AnswerKind.PLAN_PROPOSED)
                        else (),
                        partner="Fair Collections" if kind is AnswerKind.HANDOFF_NOTICE else "",
                    )
                    asking = replace(account, answers=(owed,))
                    reminder = replace(
                        self.reminder(asking, ANSWER, Tone.FRIENDLY, channel, 5),
                        occurrence=owed.id,
                        wording=owed.wording,
                        invoices=lines_of(asking, owed),
                        promised=owed.day,
                    )
                    yield Sample(f"{owed.wording}: {what}", asking, reminder)


_CONTACT = Contact("Jane Doe", email="jane@hollis.example", phone="+447700900123")
