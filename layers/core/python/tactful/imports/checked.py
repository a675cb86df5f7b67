"""What a file was understood to say, in the words of `tactful check-file`: plain values for a program or a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tactful.domain.book.customer import Contact, Role
from tactful.domain.book.invoice import InvoiceState
from tactful.imports.book import plain_name
from tactful.imports.statement import Described, Ignored, Rejected, StatedCustomer, StatedInvoice

_OWED = (InvoiceState.OPEN, InvoiceState.DISPUTED)
_OTHERS: Mapping[InvoiceState, str] = {
    InvoiceState.DRAFT: "draft",
    InvoiceState.PAID: "paid",
    InvoiceState.VOID: "void",
    InvoiceState.WRITTEN_OFF: "void",
}


def status_of(invoice: StatedInvoice) -> str:
    """One of draft, open, partially_paid, paid and void. Disputed ones are owed, written-off ones are not."""
    if invoice.state in _OWED:
        return "open" if invoice.amount_due == invoice.total else "partially_paid"
    return _OTHERS[invoice.state]


@dataclass(slots=True)
class Directory:
    """The e-mail addresses in a file of customers, for invoices that have none."""

    _by_id: dict[str, str] = field(default_factory=dict)
    _by_name: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, customer: StatedCustomer) -> None:
        """A customer of the file. The first of its billing contacts counts, or else the first with an address."""
        email = _email(customer.contacts)
        if email:
            known = self._by_id.setdefault(customer.id, email) if customer.id else email
            self._by_name.setdefault(plain_name(customer.name), {})[customer.id or email] = known

    def email_of(self, customer: StatedCustomer) -> str:
        """The address by the customer's id, else by its name; empty if there is none, or several have the name."""
        if customer.id in self._by_id:
            return self._by_id[customer.id]
        named = self._by_name.get(plain_name(customer.name), {})
        addresses = {*named.values()}
        return addresses.pop() if len(addresses) == 1 else ""


def invoice_as_json(invoice: StatedInvoice, directory: Directory) -> dict[str, Any]:
    """An invoice with its dates in ISO 8601 and its amounts in minor units; None for what nobody says."""
    customer = invoice.customer
    return {
        "invoice_number": invoice.number,
        "customer_name": customer.name,
        "customer_id": customer.id or None,
        "email": _email(customer.contacts) or directory.email_of(customer) or None,
        "issue_date": _day(invoice.issue_date),
        "due_date": _day(invoice.due_date),
        "total_minor": invoice.total.minor,
        "amount_due_minor": invoice.amount_due.minor,
        "currency": invoice.total.currency,
        "status": status_of(invoice),
        "source_status": invoice.status or None,
    }


def customer_as_json(described: Described) -> dict[str, Any]:
    """A record of a customer file."""
    customer = described.customer
    return {
        "customer_id": customer.id or None,
        "customer_name": customer.name,
        "contacts": [
            {
                "name": contact.name or None,
                "role": str(contact.role),
                "email": contact.email or None,
                "phone": contact.phone or None,
            }
            for contact in customer.contacts
        ],
        "country": customer.country or None,
        "language": customer.language or None,
        "timezone": customer.timezone or None,
    }


def rejected_as_json(rejected: Rejected) -> dict[str, Any]:
    """Records that are not taken over, and why."""
    return {
        "records": list(rejected.records),
        "invoice_number": rejected.invoice_number or None,
        "reason": rejected.reason,
    }


def ignored_as_json(ignored: Ignored) -> dict[str, Any]:
    """Records that are no invoices or customers, and why."""
    return {"records": list(ignored.records), "reason": ignored.reason}


@dataclass(slots=True)
class Tally:
    """Counts what a file says, and adds up its amounts in minor units by currency and status."""

    records: Counter[str] = field(default_factory=Counter)
    invoices: Counter[tuple[str, str]] = field(default_factory=Counter)
    totals: Counter[tuple[str, str]] = field(default_factory=Counter)
    due: Counter[tuple[str, str]] = field(default_factory=Counter)
    customers: int = 0

    def count(self, item: StatedInvoice | Described | Rejected | Ignored) -> None:
        """One item, and its records."""
        if isinstance(item, StatedInvoice):
            key = item.total.currency, status_of(item)
            self.invoices[key] += 1
            self.totals[key] += item.total.minor
            self.due[key] += item.amount_due.minor
        self.customers += isinstance(item, Described)
        self.records[_WHAT[type(item)]] += len(item.records)


_WHAT = {StatedInvoice: "invoices", Described: "customers", Rejected: "rejected", Ignored: "ignored"}


def _email(contacts: Iterable[Contact]) -> str:
    reachable = sorted(
        (known for known in contacts if known.email), key=lambda known: known.role != Role.BILLING
    )
    return reachable[0].email if reachable else ""


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
