"""From the records of one invoice to what they say: number, customer, days, amounts and state, or why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import ParamSpec, TypeVar

from tactful.domain.book.invoice import Discount, InvoiceKind, InvoiceState
from tactful.domain.book.money import Money
from tactful.imports.columns import GENERIC, Layout, Texts
from tactful.imports.currencies import currency_code
from tactful.imports.customers import CustomerReader
from tactful.imports.groups import Group
from tactful.imports.identifiers import invoice_number, is_number
from tactful.imports.people import yes_or_no
from tactful.imports.profile import STATES, Field, Meaning, Profile, Rows, plain
from tactful.imports.statement import Ignored, Rejected, StatedInvoice
from tactful.imports.sums import Formats, Sums
from tactful.imports.upload_settings import UploadSettings

_LAST_YEAR = 2099
_DIGITS = re.compile(r"\d+")
_TERMS = re.compile(
    r"(?:(?:net|netto|n|terms?|payment|pay|due|within|in|zahlbar|zahlungsziel|zahlung|innerhalb|binnen|von|paiement|sous|"
    r"à|pago|plazo|a|de)\b[\s/:.]*|net(?=\d))*(?P<days>\d{1,3})"
    r"(?:\s*(?:days?|tage?n?|jours?|d[ií]as?|d))?(?:\s+nett?o?)?[\s.]*",
    re.IGNORECASE,
)
# Terms that set a day, but not as a number of days.
_SETS_A_DAY = re.compile(r"\d|month|monat|mois|\bmes\b|\beom\b|week|woche|semaine|semana", re.IGNORECASE)
_AT_ONCE = frozenset(
    {"dueonreceipt", "duereceipt", "onreceipt", "uponreceipt", "dueuponreceipt", "immediate", "sofort"}
)
# What asks less of the customer first.
_ASKING_LESS: tuple[Meaning | None, ...] = (
    Meaning.VOID,
    Meaning.WRITTEN_OFF,
    Meaning.DRAFT,
    Meaning.CREDIT,
    Meaning.PAID,
    Meaning.DISPUTED,
    Meaning.PARTIALLY_PAID,
    Meaning.OPEN,
)
# Columns of yes and no.
_MARKS: Mapping[Field, Meaning] = {Field.VOIDED: Meaning.VOID, Field.UNISSUED: Meaning.DRAFT}
# Amounts and days that every record of an invoice repeats, if it says them at all.
_REPEATED = (
    Field.ISSUE_DATE,
    Field.DUE_DATE,
    Field.TOTAL,
    Field.AMOUNT_DUE,
    Field.AMOUNT_PAID,
    Field.CURRENCY,
    Field.STATUS,
)
_Value = TypeVar("_Value")
_Arguments = ParamSpec("_Arguments")
_SHOWN = 60
_REMEMBERED = 2**12
_STANDARD = InvoiceKind.STANDARD
_DISCOUNT = frozenset({Field.DISCOUNT_AMOUNT, Field.DISCOUNT_UNTIL})
_WORDS_SHOWN = 8
# Of the words of all languages.
_WELL_KNOWN = (
    "draft",
    "open",
    "overdue",
    "paid",
    "void",
    "disputed",
    "invoice",
    "creditnote",
    "payment",
    "quote",
)


class _Faults(ValueError):  # noqa: N818 - it carries all that is wrong with a record
    def __init__(self, found: list[str]) -> None:
        super().__init__("; ".join(found))


class InvoiceReader:
    """Reads the invoices of one file."""

    def __init__(
        self, layout: Layout, settings: UploadSettings, formats: Formats, customers: CustomerReader
    ) -> None:
        self._layout = layout
        self._columns = layout.columns
        self._profile: Profile = layout.profile
        self._settings = settings
        self._formats = formats
        self._customers = customers
        self._sums = Sums(layout, formats)
        self._marks = {column: meaning for column, meaning in _MARKS.items() if column in layout.columns}
        self._currencies: dict[str, str] = {}
        states = (Field.STATUS, Field.DOCUMENT_STATUS, *self._marks)
        self._states = [column for column in states if column in layout.columns]
        self._understood: dict[tuple[str, ...], Meaning | None] = {}

    def read(self, group: Group) -> StatedInvoice | Rejected | Ignored:
        """The invoice that some records state, or why they state none."""
        said = self._layout.texts(group.cells)
        try:
            kind = self._type(said)
            if kind is Meaning.IGNORED:
                return Ignored(group.records, f"no invoice: {said.get(Field.TYPE, '')[:_SHOWN]}")
            if not is_number(said[Field.INVOICE_NUMBER]) and self._is_draft(said):
                return Ignored(group.records, "a draft without a number")
            return self._stated(group, said, is_credit=kind is Meaning.CREDIT)
        except ValueError as error:
            return self.rejected(group, str(error))

    def rejected(self, group: Group, reason: str) -> Rejected:
        """Records that are not taken over."""
        number = self._layout.texts(group.cells)[Field.INVOICE_NUMBER]
        return Rejected(group.records, reason, number[:_SHOWN], tuple(map(tuple, group.cells)), group.heading)

    def _stated(self, group: Group, said: Texts, *, is_credit: bool) -> StatedInvoice:
        faults = self._contradictions(group)
        number = self._try(faults, Field.INVOICE_NUMBER, invoice_number, said[Field.INVOICE_NUMBER])
        customer = self._try(faults, None, self._customers.read, said, group.heading)
        word = said.get(Field.STATUS, "") or said.get(Field.DOCUMENT_STATUS, "")
        meaning = self._try(faults, Field.STATUS, self._status, said)
        if meaning is Meaning.CREDIT:
            is_credit, meaning = True, None
        issued = self._day(faults, said, Field.ISSUE_DATE)
        due_date = self._due_date(faults, said, issued)
        settled_on = self._day(faults, said, Field.SETTLED_DATE)
        currency = self._try(faults, Field.CURRENCY, self._currency, said) or ""
        amounts = None
        if currency:
            is_settled = settled_on is not None
            amounts = self._try(
                faults, None, self._sums.read, group, said, currency, meaning, is_credit, is_settled
            )
        total, due = amounts or (None, None)
        if number is None or customer is None or total is None or due is None:
            raise _Faults(faults)
        if (
            meaning is None
            and word == ""
            and total.minor > 0
            and due.minor == 0
            and self._sums.was_given_up(said, currency)
        ):
            meaning = Meaning.WRITTEN_OFF
        state = self._try(faults, None, _state, meaning, word, total, due)
        if state in (InvoiceState.PAID, InvoiceState.VOID, InvoiceState.WRITTEN_OFF):
            due = Money(0, currency)
        if disputed := said.get(Field.DISPUTED, ""):
            is_disputed = self._try(faults, Field.DISPUTED, yes_or_no, disputed)
            state = InvoiceState.DISPUTED if is_disputed and state is InvoiceState.OPEN else state
        if due_date is None and state in (InvoiceState.OPEN, InvoiceState.DISPUTED) and not faults:
            if total.minor < 0:
                due_date = issued
            else:
                faults.append(
                    "due_date: there is none: fill it in, or say with terms_days how many days after its date an "
                    "invoice is due"
                )
        self._check_days(faults, issued, due_date, settled_on, due)
        discount = self._discount(faults, said, total) if _DISCOUNT & said.keys() else None
        kind = self._try(faults, Field.KIND, _kind, said[Field.KIND]) if Field.KIND in said else _STANDARD
        if faults or state is None or kind is None:
            raise _Faults(faults)
        return StatedInvoice(
            group.records,
            number,
            customer,
            issued,
            due_date,
            total,
            due,
            state,
            word,
            kind,
            discount,
            settled_on if due.minor == 0 else None,
        )

    def _try(
        self,
        faults: list[str],
        field: Field | None,
        read: Callable[_Arguments, _Value],
        *values: _Arguments.args,
        **named: _Arguments.kwargs,
    ) -> _Value | None:
        """A value, or None and a fault that names its column."""
        try:
            return read(*values, **named)
        except ValueError as error:
            said = str(error)
            faults.append(said if field is None or said.startswith(f"{field}:") else f"{field}: {said}")
            return None

    def _contradictions(self, group: Group) -> list[str]:
        """Where the records of one invoice say different things."""
        if len(group.cells) == 1 or self._profile.rows is Rows.LEDGER:
            return []
        found = []
        for field in _REPEATED:
            place = self._columns.get(field)
            said = {cells[place].strip() for cells in group.cells} - {""} if place is not None else set()
            if len(said) > 1:
                found.append(
                    f"{field}: its records say {' and '.join(repr(text[:_SHOWN]) for text in sorted(said)[:3])}"
                )
        return found

    def _type(self, said: Texts) -> Meaning | None:
        """What kind of record it is; None if nothing says so. Raises ValueError for a word that nobody explained."""
        try:
            return self._meaning(said.get(Field.TYPE, ""), self._profile.types)
        except ValueError as error:
            raise ValueError(f"{Field.TYPE}: {error}") from None

    def _is_draft(self, said: Texts) -> bool:
        try:
            return self._status(said) is Meaning.DRAFT
        except ValueError:
            return False

    def _status(self, said: Texts) -> Meaning | None:
        """What the status words mean; of two, what asks less of the customer. None for none. Raises ValueError."""
        words = tuple([said[column] for column in self._states])
        if words not in self._understood:
            if len(self._understood) >= _REMEMBERED:
                self._understood.clear()
            self._understood[words] = self._meant(said)
        return self._understood[words]

    def _meant(self, said: Texts) -> Meaning | None:
        found = {
            self._meaning(said.get(Field.STATUS, ""), self._profile.statuses),
            self._meaning(said.get(Field.DOCUMENT_STATUS, ""), self._profile.document_statuses),
            *(meaning for column, meaning in self._marks.items() if self._is_marked(said, column)),
        }
        if found == {None} and Field.STATUS in self._formats.said:
            raise ValueError("it is blank: fill in what the invoice is")
        return min(found - {None}, key=_ASKING_LESS.index, default=None)

    def _is_marked(self, said: Texts, column: Field) -> bool:
        try:
            return bool(yes_or_no(said.get(column, "")))
        except ValueError as error:
            raise ValueError(f"{column}: {error}") from None

    def _meaning(self, word: str, vocabulary: Mapping[str, Meaning]) -> Meaning | None:
        """What a word means; None for none. Raises ValueError for a word that nobody explained."""
        if not word:
            return None
        # "Overdue 12 days" is one word for each number of days.
        meaning = vocabulary.get(plain(word)) or vocabulary.get(plain(_DIGITS.sub("", word)))
        if meaning is None:
            is_generic = self._profile.name == GENERIC
            shown = [word for word in _WELL_KNOWN if word in vocabulary] if is_generic else [*vocabulary]
            known = ", ".join(shown[:_WORDS_SHOWN]) or "none at all"
            raise ValueError(
                f"{word[:_SHOWN]!r} is no word that profile {self._profile.name} knows, such as {known}: "
                f"add what it means to the profile"
            )
        return meaning

    def _day(self, faults: list[str], said: Texts, field: Field) -> date | None:
        text = said.get(field, "")
        return self._try(faults, field, self._formats.dates[field].read, text) if text else None

    def _due_date(self, faults: list[str], said: Texts, issued: date | None) -> date | None:
        """The day it is due: as stated, else by the terms of the record, else by those of the settings."""
        if said.get(Field.DUE_DATE, ""):
            return self._day(faults, said, Field.DUE_DATE)
        terms = said.get(Field.TERMS, "")
        days = _days_of(terms)
        if days is None and _SETS_A_DAY.search(terms):
            faults.append(f"{Field.TERMS}: {terms[:_SHOWN]!r} is no number of days: fill in the due date")
            return None
        days = self._settings.terms_days if days is None else days
        return issued + timedelta(days=days) if issued is not None and days is not None else None

    def _currency(self, said: Texts) -> str:
        word = said.get(Field.CURRENCY, "")
        if word:
            if word not in self._currencies:
                self._currencies[word] = currency_code(word)
            code = self._currencies[word]
            if self._layout.currencies - {code}:
                raise ValueError(
                    f"it is {code}, but the header says {self._layout.currency} of amounts: export what is owed in "
                    f"the invoice's own"
                )
            return code
        for field in (Field.AMOUNT_DUE, Field.TOTAL, Field.LINE_TOTAL):
            if code := self._formats.amounts.symbol_currency(said.get(field, "")):
                return code
        if not self._formats.currency:
            raise ValueError(
                "it names none: fill it in, or say it for the whole file with the currency setting"
            )
        return self._formats.currency

    def _check_days(
        self, faults: list[str], issued: date | None, due: date | None, settled: date | None, left: Money
    ) -> None:
        if due and due.year > _LAST_YEAR:
            faults.append(f"due_date: {due} is after the year {_LAST_YEAR}: correct the dates or the terms")
        if issued and due and due < issued:
            faults.append(f"due_date: {due} is before the issue_date {issued}: correct one of them")
        if settled and left.minor:
            faults.append(f"settled_date: it is {settled}, but {left} is due: leave one of them out")

    def _discount(self, faults: list[str], said: Texts, total: Money) -> Discount | None:
        text, until = said.get(Field.DISCOUNT_AMOUNT, ""), self._day(faults, said, Field.DISCOUNT_UNTIL)
        if bool(text) != bool(said.get(Field.DISCOUNT_UNTIL, "")):
            faults.append("discount_amount: it goes together with discount_until: fill in both or none")
        if not text or until is None:
            return None
        amount = self._try(faults, None, self._sums.amount, text, Field.DISCOUNT_AMOUNT, total.currency)
        if amount is None:
            return None
        if not 0 < amount.minor < total.minor:
            faults.append(
                f"discount_amount: {amount.decimal()} does not lie between 0 and the total {total.decimal()}"
            )
        return Discount(amount, until)


def _state(meaning: Meaning | None, word: str, total: Money, due: Money) -> InvoiceState:
    """What the invoice is: its status and its amounts must agree, or be silent. Raises ValueError."""
    if meaning is None or meaning in (Meaning.OPEN, Meaning.PARTIALLY_PAID):
        return InvoiceState.OPEN if due.minor else InvoiceState.PAID
    if meaning is Meaning.DRAFT:
        return InvoiceState.DRAFT
    if meaning is Meaning.PAID and due.minor and total.minor > 0:
        raise ValueError(f"status: {word[:_SHOWN]!r}, but {due} of {total} is due: one of them is wrong")
    return STATES[meaning]


def _kind(text: str) -> InvoiceKind:
    try:
        return InvoiceKind(text.casefold()) if text else InvoiceKind.STANDARD
    except ValueError:
        raise ValueError(f"{text[:_SHOWN]!r} is none of {', '.join(InvoiceKind)}") from None


def _days_of(terms: str) -> int | None:
    """The days of "Net 30", "30 days" or "Due on receipt"; None for other words."""
    if plain(terms) in _AT_ONCE:
        return 0
    found = _TERMS.fullmatch(terms) if terms else None
    return int(found["days"]) if found else None
