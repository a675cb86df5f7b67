"""What was agreed or ordered about an account: promises to pay, extensions, payment plans, holds, approvals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tactful.domain.book.money import Money


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to pay by a civil date (the business's zone): these invoices, whole or in part.

    `amount` is the part that was promised, None for everything due on them; `owed` is what was due on them when it
    was made. `kept_on` is the civil date on which so much had been paid. It pauses chasing through its date. The day
    after, a new round of the ladder starts from the promised date for what is still open.
    """

    id: str
    invoices: tuple[str, ...]
    promised_date: date
    made_at: datetime
    amount: Money | None = None
    owed: Money | None = None
    kept_on: date | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a promise about nothing."""
        _require_invoices("promise", self.id, self.invoices)

    def is_running(self, today: date) -> bool:
        """Whether its date has not passed yet."""
        return today <= self.promised_date

    def is_broken(self, today: date) -> bool:
        """Whether its date passed before it was kept."""
        return today > self.promised_date and (self.kept_on is None or self.kept_on > self.promised_date)


@dataclass(frozen=True, slots=True)
class Extension:
    """A later due date that the business granted for some invoices: a civil date, which replaces their own."""

    id: str
    invoices: tuple[str, ...]
    until: date
    granted_at: datetime

    def __post_init__(self) -> None:
        """Raises ValueError for an extension of nothing."""
        _require_invoices("extension", self.id, self.invoices)


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of a plan, due on a civil date."""

    due_date: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Plan:
    """A payment plan over some invoices of one currency; its instalments replace their due dates."""

    id: str
    invoices: tuple[str, ...]
    instalments: tuple[Instalment, ...]
    agreed_at: datetime

    def __post_init__(self) -> None:
        """Raises ValueError for a plan about nothing, or one that asks for nothing."""
        _require_invoices("plan", self.id, self.invoices)
        if not self.instalments:
            raise ValueError(f"plan {self.id} has no instalments: name at least one")

    def first_missed(self, still_due: Mapping[str, Money], today: date) -> Instalment | None:
        """The earliest instalment that is past its date and not covered by what was paid since.

        `still_due` maps invoice numbers to what is due on them now.
        """
        agreed = sum(part.amount.minor for part in self.instalments)
        unpaid = sum(still_due[number].minor for number in self.invoices if number in still_due)
        paid = agreed - unpaid
        for part in sorted(self.instalments, key=lambda part: part.due_date):
            paid -= part.amount.minor
            if paid < 0:
                return part if part.due_date < today else None
        return None

    def arrears(self, still_due: Mapping[str, Money], today: date) -> Money:
        """What should have been paid by now and was not: instalments past their date, less what was paid since.

        `still_due` maps invoice numbers to what is due on them now: that, less what is not due yet by the plan.
        """
        unpaid = sum(still_due[number].minor for number in self.invoices if number in still_due)
        later = sum(part.amount.minor for part in self.instalments if part.due_date >= today)
        return Money(max(0, unpaid - later), self.instalments[0].amount.currency)

    def next_due_date(self, today: date) -> date | None:
        """The next instalment's date from `today` on, or None after the last."""
        return min((part.due_date for part in self.instalments if part.due_date >= today), default=None)


def _require_invoices(what: str, name: str, invoices: tuple[str, ...]) -> None:
    if not invoices:
        raise ValueError(f"{what} {name} names no invoices: name at least one")


class HoldKind(StrEnum):
    """Why chasing is paused. What each blocks, until when and what ends it is in HOLDS."""

    REPLY = "reply"
    PAID_CLAIM = "paid_claim"
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    LEGAL = "legal"
    DIRECT_DEBIT = "direct_debit"
    MANUAL = "manual"
    PAYMENT_IN_FLIGHT = "payment_in_flight"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class HoldRule:
    """What a kind of hold means: whether it always silences the whole account, and who or what ends it."""

    whole_account: bool
    ended_by: str


HOLDS = {
    HoldKind.REPLY: HoldRule(whole_account=False, ended_by="its end, or a person who has answered"),
    HoldKind.PAID_CLAIM: HoldRule(whole_account=False, ended_by="its end, or the payment itself"),
    HoldKind.DISPUTE: HoldRule(whole_account=False, ended_by="a person who has settled the dispute"),
    HoldKind.HARDSHIP: HoldRule(whole_account=True, ended_by="a person who has agreed on a way to pay"),
    HoldKind.LEGAL: HoldRule(whole_account=True, ended_by="a person: everything goes through the lawyers"),
    HoldKind.DIRECT_DEBIT: HoldRule(whole_account=False, ended_by="its end, or a debit that failed"),
    HoldKind.PAYMENT_IN_FLIGHT: HoldRule(whole_account=False, ended_by="its end, or news of the payment"),
    HoldKind.REVERSAL: HoldRule(whole_account=False, ended_by="its end"),
    HoldKind.MANUAL: HoldRule(whole_account=False, ended_by="its end, or the person who ordered it"),
}


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause with a reason and an end. No end means: until a person lifts it. No invoices means: all.

    `note` says in a few words what it is about.
    """

    id: str
    kind: HoldKind
    since: datetime
    until: datetime | None = None
    invoices: tuple[str, ...] = ()
    note: str = ""

    def is_active(self, now: datetime) -> bool:
        return self.until is None or now < self.until

    def covers(self, number: str) -> bool:
        return not self.invoices or HOLDS[self.kind].whole_account or number in self.invoices


class Verdict(StrEnum):
    """What a person said about a step that needs approval."""

    GRANTED = "granted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Approval:
    """What a person decided about a step that waited for it. `id` is the step's; `at` is UTC."""

    id: str
    verdict: Verdict
    at: datetime
    by: str
