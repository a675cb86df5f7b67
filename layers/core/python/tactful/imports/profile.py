"""How an accounting product writes its files: which column is what, and what its status words mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from tactful.domain.book.invoice import InvoiceState
from tactful.imports.upload_settings import DateOrder, DecimalMark


class FileKind(StrEnum):
    """What a file holds."""

    INVOICES = "invoices"
    CUSTOMERS = "customers"


class Field(StrEnum):
    """What a column can hold. Amounts of a line are those of one item of an invoice."""

    INVOICE_NUMBER = "invoice_number"
    CUSTOMER_ID = "customer_id"
    CUSTOMER_NAME = "customer_name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    ISSUE_DATE = "issue_date"
    DUE_DATE = "due_date"
    TERMS = "terms"
    TOTAL = "total"
    AMOUNT_DUE = "amount_due"
    AMOUNT_PAID = "amount_paid"
    LINE_TOTAL = "line_total"
    LINE_TAX = "line_tax"
    CURRENCY = "currency"
    STATUS = "status"
    DOCUMENT_STATUS = "document_status"
    TYPE = "type"
    DISPUTED = "disputed"
    VOIDED = "voided"
    UNISSUED = "unissued"
    KIND = "kind"
    DISCOUNT_AMOUNT = "discount_amount"
    DISCOUNT_UNTIL = "discount_until"
    SETTLED_DATE = "settled_date"
    CONTACT_NAME = "contact_name"
    ROLE = "role"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    TIMEZONE = "timezone"
    LANGUAGE = "language"
    SEGMENT = "segment"
    REGION = "region"
    PURPOSE = "purpose"
    SMS_CONSENT = "sms_consent"


class Rows(StrEnum):
    """How the records of one invoice make it up.

    One record each; one a line item, each repeating the invoice's own amounts, or with blanks for what the first has
    said; one a line item whose amounts add up to the total; or a ledger, whose charges and payments add up.
    """

    ONE = "one"
    REPEATED = "repeated"
    SUMMED = "summed"
    LEDGER = "ledger"


class Meaning(StrEnum):
    """What a word in the status or type column makes of a record. `CREDIT` is a credit note; IGNORED no receivable."""

    DRAFT = "draft"
    OPEN = "open"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    VOID = "void"
    DISPUTED = "disputed"
    WRITTEN_OFF = "written_off"
    INVOICE = "invoice"
    CREDIT = "credit"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one product's files of one kind.

    `columns` has, for each field, the headers that may stand over it, best first; `requires` the headers that only
    this product's files have together, empty for a profile that serves where no other does. `keep` names a column and
    the words without which a record is no receivable. `minor_units` says that amounts are whole cents, `headings` that
    a customer's records stand under a heading with its name. All headers and words are compared by `plain`, but the
    headers that a `verbatim` profile requires must stand in the file letter by letter.

    Some products tell in one column whether an invoice is issued and in another whether it is paid: the first is
    `Field.DOCUMENT_STATUS`, with `document_statuses`. Of both, what asks less of the customer holds.
    """

    name: str
    title: str
    kind: FileKind
    columns: Mapping[Field, Sequence[str]]
    requires: Sequence[str] = ()
    rows: Rows = Rows.ONE
    statuses: Mapping[str, Meaning] = field(default_factory=dict)
    document_statuses: Mapping[str, Meaning] = field(default_factory=dict)
    types: Mapping[str, Meaning] = field(default_factory=dict)
    keep: Mapping[str, Sequence[str]] = field(default_factory=dict)
    minor_units: bool = False
    headings: bool = False
    verbatim: bool = False
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None


STATES: Mapping[Meaning, InvoiceState] = {
    Meaning.OPEN: InvoiceState.OPEN,
    Meaning.PARTIALLY_PAID: InvoiceState.OPEN,
    Meaning.PAID: InvoiceState.PAID,
    Meaning.VOID: InvoiceState.VOID,
    Meaning.DISPUTED: InvoiceState.DISPUTED,
    Meaning.WRITTEN_OFF: InvoiceState.WRITTEN_OFF,
}

_NUMBER_SIGN = re.compile(r"[#№]|\bn[º°]")
_UNSPOKEN = re.compile(r"[\W_]+")


@lru_cache(maxsize=2**13)
def plain(text: str) -> str:
    """A header or word as it is compared: without case, accents, blanks and signs; "Invoice #" is "invoiceno"."""
    folded = unicodedata.normalize("NFKD", _NUMBER_SIGN.sub("no", text.casefold()))
    return _UNSPOKEN.sub("", "".join(letter for letter in folded if not unicodedata.combining(letter)))
