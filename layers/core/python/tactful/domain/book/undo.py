"""Undoing an import on one account: what it changed last goes back to what it was, unless somebody relied on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tactful.domain.book.account import Account, Change, Entry, some_of
from tactful.domain.book.agreements import HOLDS
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Customer
from tactful.domain.book.invoice import Invoice
from tactful.domain.book.settlement import judged_anew


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import does to an account: nothing if it is `refused`, which then says why.

    `restored` and `removed` are numbers of invoices; `overtaken` those that a later import changed since, which stay.
    """

    change: Change
    refused: str = ""
    restored: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    overtaken: tuple[str, ...] = ()
    customer: bool = False

    @property
    def is_anything(self) -> bool:
        """Whether something went back."""
        return bool(self.restored or self.removed or self.customer)


def undo_import(account: Account, import_id: str, now: datetime) -> Undone:
    """Undo an import at an instant (UTC). What it opened is left empty: without contacts, owing nothing."""
    changed = [i for i in account.invoices if i.imported is not None and i.imported.id == import_id]
    overtaken = tuple(
        i.number for i in account.invoices if i.imported is not None and i.imported.over == import_id
    )
    customer = account.customer
    stated = customer.imported if customer.imported and customer.imported.id == import_id else None
    nothing = Undone(Change(account), overtaken=overtaken)
    if not changed and (stated is None or _is_empty(customer)):
        return nothing
    reason = _relied_on(account, changed, _since(changed, customer if stated else None))
    if reason:
        return replace(nothing, refused=reason)
    before = {i.number: i.imported.before for i in changed if i.imported is not None}
    kept = [before.get(known.number, known) for known in account.invoices]
    after = replace(account, invoices=tuple([invoice for invoice in kept if invoice is not None]))
    if stated is not None:
        after = replace(after, customer=stated.before or Customer(customer.id, customer.name))
    restored = tuple(number for number, invoice in before.items() if invoice is not None)
    removed = tuple(number for number, invoice in before.items() if invoice is None)
    facts = (
        ("import", import_id),
        ("restored", some_of(restored) or "none"),
        ("removed", some_of(removed) or "none"),
    )
    entry = Entry(f"import_undone-{import_id}-{now.isoformat()}", now, "import_undone", facts)
    return Undone(
        Change(judged_anew(after), entries=(entry,)),
        restored=restored,
        removed=removed,
        overtaken=overtaken,
        customer=stated is not None,
    )


def _is_empty(customer: Customer) -> bool:
    return customer == Customer(customer.id, customer.name)


def _since(changed: Sequence[Invoice], customer: Customer | None) -> datetime | None:
    """When the file was uploaded, or None if nobody knows."""
    stated = [invoice.reported_at for invoice in changed] + [customer.stated_at if customer else None]
    return min((at for at in stated if at is not None), default=None)


def _relied_on(account: Account, changed: Sequence[Invoice], since: datetime | None) -> str:
    """Why the import can not be undone any more; empty if it can."""
    for at in sorted(_contacts(account)):
        if since is None or at >= since:
            return f"the customer was contacted on {at.date()}, after the file was uploaded"
    paid = [known.number for known in changed if known.imported is not None and known.imported.money_since]
    if paid:
        return f"a payment was recorded since on {some_of(paid)}"
    numbers = {invoice.number for invoice in changed}
    for what, at, about in _agreements(account):
        if (since is None or at >= since) and (numbers & set(about) if about else numbers):
            return f"a {what} was noted on {at.date()}, after the file was uploaded"
    return ""


def _contacts(account: Account) -> Iterator[datetime]:
    yield from (contact.at for contact in account.manual_contacts)
    for step in account.reminders:
        if step.is_contact or step.status is ReminderStatus.BOUNCED:
            yield step.at


def _agreements(account: Account) -> Iterator[tuple[str, datetime, tuple[str, ...]]]:
    """What was agreed or ordered, when (UTC), about which invoices; none are named for all."""
    yield from (("promise", promise.made_at, promise.invoices) for promise in account.promises)
    yield from (("later due date", granted.granted_at, granted.invoices) for granted in account.extensions)
    for hold in account.holds:
        yield f"hold ({hold.kind})", hold.since, () if HOLDS[hold.kind].whole_account else hold.invoices
    if account.plan is not None:
        yield "payment plan", account.plan.agreed_at, account.plan.invoices
