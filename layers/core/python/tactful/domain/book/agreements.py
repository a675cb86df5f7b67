"""What was agreed or ordered about an account: promises to pay, extensions, payment plans, holds, approvals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    """A payment plan over some invoices of one currency; its instalments replace their due dates.

    `rest_due_after` is how many days an instalment may be late before all the rest falls due; None: only what is
    behind is ever asked for.
    """

    id: str
    invoices: tuple[str, ...]
    instalments: tuple[Instalment, ...]
    agreed_at: datetime
    rest_due_after: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a plan about nothing, or one that asks for nothing."""
        _require_invoices("plan", self.id, self.invoices)
        if not self.instalments:
            raise ValueError(f"plan {self.id} has no instalments: name at least one")
        require_grace(self.rest_due_after)

    @property
    def currency(self) -> str:
        return self.instalments[0].amount.currency

    def first_missed(self, still_due: Mapping[str, Money], today: date) -> Instalment | None:
        """The earliest instalment that is past its date and not covered by what was paid since.

        `still_due` maps invoice numbers to what is due on them now.
        """
        paid = sum(part.amount.minor for part in self.instalments) - self._unpaid(still_due)
        for part in sorted(self.instalments, key=lambda part: part.due_date):
            paid -= part.amount.minor
            if paid < 0:
                return part if part.due_date < today else None
        return None

    def arrears(self, still_due: Mapping[str, Money], today: date) -> Money:
        """What should have been paid by now and was not: instalments past their date, less what was paid since.

        All that is unpaid once the rest has fallen due. `still_due` maps invoice numbers to what is due on them now:
        that, less what is not due yet by the plan.
        """
        later = sum(part.amount.minor for part in self.instalments if part.due_date >= today)
        if self.has_fallen_due(still_due, today):
            later = 0
        return Money(max(0, self._unpaid(still_due) - later), self.currency)

    def rest_falls_due(self, still_due: Mapping[str, Money], today: date) -> date | None:
        """From when on all the rest is due if what is missed stays unpaid; None if nothing is missed, or never."""
        missed = self.first_missed(still_due, today)
        if missed is None or self.rest_due_after is None:
            return None
        return missed.due_date + timedelta(days=self.rest_due_after + 1)

    def has_fallen_due(self, still_due: Mapping[str, Money], today: date) -> bool:
        """Whether an instalment is so late that all the rest is due. Once it is paid, the plan goes on."""
        since = self.rest_falls_due(still_due, today)
        return since is not None and since <= today

    def next_due_date(self, today: date) -> date | None:
        """The next instalment's date from `today` on, or None after the last."""
        return min((part.due_date for part in self.instalments if part.due_date >= today), default=None)

    def _unpaid(self, still_due: Mapping[str, Money]) -> int:
        """What is due on its invoices now; one that the books have in another currency by now is none of them."""
        due = (still_due[number] for number in self.invoices if number in still_due)
        return sum(amount.minor for amount in due if amount.currency == self.currency)


def require_grace(rest_due_after: int | None) -> None:
    """Raises ValueError for fewer days than none between an instalment's date and the rest falling due."""
    if rest_due_after is not None and rest_due_after < 0:
        raise ValueError(
            f"the rest cannot fall due {rest_due_after} days after an instalment: name 0 or more"
        )


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
