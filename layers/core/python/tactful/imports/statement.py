"""What a file says, record by record, once it has been read: the same for every product that writes such files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tactful.domain.book.customer import Contact, Purpose
from tactful.domain.book.invoice import Discount, InvoiceKind, InvoiceState
from tactful.domain.book.money import Money


class UnreadableFileError(ValueError):
    """The whole file is refused: the message says why and what to do. Nothing of it was imported."""


@dataclass(frozen=True, slots=True)
class StatedCustomer:
    """What a record says of a customer; empty means that it says nothing.

    `id` is the accounting product's own, `name` the only thing to know the customer by where it has none.
    `contacts` replace those of the same role and name; one without any address takes that contact away.
    """

    id: str
    name: str
    contacts: tuple[Contact, ...] = ()
    country: str = ""
    timezone: str = ""
    language: str = ""
    segment: str = ""
    region: str = ""
    purpose: Purpose = Purpose.UNKNOWN


@dataclass(frozen=True, slots=True)
class StatedInvoice:
    """What one or more records say of one invoice. Dates are civil dates.

    `records` are CSV records counted from 1, all of the file's. `status` is the file's own word, empty if it has
    none. `amount_due` lies between 0 and the total; both are negative for a credit note. Only what nobody can be
    asked to pay may lack a due date: then the one that is known stays.
    """

    records: tuple[int, ...]
    number: str
    customer: StatedCustomer
    issue_date: date | None
    due_date: date | None
    total: Money
    amount_due: Money
    state: InvoiceState
    status: str = ""
    kind: InvoiceKind = InvoiceKind.STANDARD
    discount: Discount | None = None
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """A record of a customer file, which describes a customer."""

    records: tuple[int, ...]
    customer: StatedCustomer


@dataclass(frozen=True, slots=True)
class Rejected:
    """Records that say something wrong about an invoice or customer: why, and what to do.

    `cells` are the records as they stand in the file, to be corrected and uploaded again, and `heading` is what they
    stand under, if that names their customer.
    """

    records: tuple[int, ...]
    reason: str
    invoice_number: str = ""
    cells: tuple[tuple[str, ...], ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Records that are no invoices or customers, such as sums and headings, and why they are taken for that."""

    records: tuple[int, ...]
    reason: str
