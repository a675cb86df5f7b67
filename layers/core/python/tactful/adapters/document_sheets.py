"""A document as the values its typst template shows: every one a text, written as its language writes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from tactful.adapters.document_words import Language
from tactful.adapters.formats import Formats
from tactful.adapters.message_values import View, single_line
from tactful.application.documents import DocumentKind, Letter, Pack, Statement
from tactful.domain.book.agreements import Hold
from tactful.domain.book.money import Money
from tactful.domain.documents.handoff import ContactMade
from tactful.domain.documents.ledger import Bucket, CurrencyLedger, Ledger

Values = dict[str, Any]
Row = list[str]


def statement(document: Statement, words: Values, formats: Formats) -> Values:
    """A statement of account."""
    own = words["statement_of_account"]
    ledger = document.ledger
    return {
        "title": own["title"],
        "heading": own["title"],
        "account_of": single_line(document.envelope.customer.name),
        "has_open": ledger.has_open,
        "currencies": [_currency(part, ledger, words, formats) for part in ledger.currencies],
    }


def letter(document: Letter, view: View, language: Language, words: Values) -> Values:
    """The words of a reminder with its invoices, and how to pay them."""
    said = language.letter(view, document.reminder)
    phrases = language.phrases(view)
    is_final = document.kind is DocumentKind.FINAL_DEMAND
    title = words["final_demand"]["title"] if is_final else said["subject"]
    columns, rows = _invoices(document, view, words, language.formats)
    labels = words["labels"]
    charges = [
        [f"{one.number}: {phrases['charge_line'](one)}", *[""] * (len(columns) - 2), one.amount]
        for one in view.charges
    ]
    return {
        "title": title,
        "heading": title,
        "dear": words["dear"],
        "opening": said["opening"],
        "closing": said["closing"],
        "regards": words["regards"],
        "paid_note": phrases["paid_note"],
        "charges_note": phrases["charges_note"],
        "columns": columns,
        "rows": rows + charges,
        "first_number": 3,
        "totals": [[words["final_demand"]["total"], total] for total in view.to_pay]
        + [[labels["already_due"], total] for total in view.already_due],
        "pay_by": language.formats.day(document.pay_by) if document.pay_by else "",
        "ways": [
            {
                "title": phrases["how_to_pay"](way),
                "fields": [[words["pay_labels"][name], value] for name, value in way.transfer]
                + [[labels["reference"], phrases["reference"](way)]],
                "lines": list(way.lines),
                "link": way.link,
                "direct_debit": phrases["direct_debit"] if way.direct_debit else "",
                "code": list(way.code.content) if way.code else [],
            }
            for way in view.pay_to
        ],
    }


def _invoices(document: Letter, view: View, words: Values, formats: Formats) -> tuple[Row, list[Row]]:
    """The columns and rows of the invoices; what nobody paid or credited anything of needs no column for it."""
    named = words["columns"]
    columns = ["invoice", "date", "due", "days_late", "amount"]
    columns += [name for name in ("paid", "credited") if any(getattr(line, name) for line in view.lines)]
    columns.append("open")
    rows = []
    for chased, line in zip(document.reminder.invoices, view.lines, strict=True):
        invoice = document.account.invoice(chased.number)
        due = document.envelope.on - timedelta(days=line.days)
        values = {
            "invoice": f"{words['labels']['credit_note']} {line.number}" if line.is_credit else line.number,
            "date": formats.short_day(invoice.issue_date) if invoice and invoice.issue_date else "",
            "due": "" if line.is_credit else formats.short_day(due),
            "days_late": formats.number(line.days) if line.days > 0 and not line.is_credit else "",
            "amount": line.total or line.amount,
            "paid": line.paid,
            "credited": line.credited,
            "open": line.amount,
        }
        rows.append([values[name] for name in columns])
    return [named[name] for name in columns], rows


def pack(document: Pack, words: Values, formats: Formats) -> Values:
    """The file that is handed over. Instants are shown in UTC, as its JSON has them."""
    own, handoff = words["handoff"], document.handoff
    states = words["left_out"]
    return {
        "title": own["title"],
        "heading": f"{own['title']}: {single_line(handoff.debtor.name)}",
        "debtor": _lines([handoff.debtor.name, handoff.debtor.id, _country(handoff.debtor.country, formats)])
        + [
            single_line(" · ".join(part for part in (one.name, one.email, one.phone) if part))
            for one in handoff.debtor.contacts
        ],
        "creditor": _lines(
            [handoff.creditor.name, handoff.creditor.email, _country(handoff.creditor.country, formats)]
        ),
        "currencies": [_currency(part, handoff.ledger, words, formats) for part in handoff.ledger.currencies],
        "left_out": [
            f"{own['left_out']}: {single_line(number)} ({_word(states, state)})"
            for number, state in handoff.ledger.left_out
        ],
        "charges": [
            [
                single_line(one.reference),
                formats.short_day(one.on),
                single_line(one.what),
                formats.money(one.amount),
            ]
            for one in handoff.charges
        ],
        "contacts": [_contact(one, words) for one in handoff.contacts],
        "delivered": [
            [_utc(event.at), _word(words["outcomes"], event.status), contact.id, single_line(event.code)]
            for contact, event in handoff.delivered
        ],
        "promises": [
            [
                _utc(promise.made_at),
                formats.short_day(promise.promised_date),
                formats.money(promised) if (promised := promise.amount or promise.owed) else "",
                _numbers(promise.invoices),
                own[outcome],
            ]
            for promise, outcome in handoff.promises
        ],
        "extensions": [
            [_utc(one.granted_at), formats.short_day(one.until), _numbers(one.invoices)]
            for one in handoff.extensions
        ],
        "plans": [
            [
                str(place),
                formats.short_day(part.due_date),
                formats.money(part.amount),
                _numbers(plan.invoices),
            ]
            for plan in handoff.plans
            for place, part in enumerate(plan.instalments, 1)
        ],
        "holds": [
            ["", _word(words["pauses"], "dispute"), "", single_line(number), ""]
            for number in handoff.disputed
        ]
        + [_hold(hold, words) for hold in handoff.holds],
        "approvals": [
            [_utc(one.at), f"{_word(words['outcomes'], one.verdict)}: {single_line(one.by)}", one.id]
            for one in handoff.approvals
        ],
    }


def _currency(part: CurrencyLedger, ledger: Ledger, words: Values, formats: Formats) -> Values:
    own = words["statement_of_account"]
    names = {"invoice": own["invoice"], "credit_note": own["credit_note"], "payment": own["payment"]}
    names |= {"credit": own["credit"], "charge": words["columns"]["charge"]}
    rows = [
        [
            formats.short_day(entry.on) if entry.on else "",
            f"{names[entry.kind]} {single_line(entry.reference)}",
            formats.short_day(entry.due) if entry.due else "",
            formats.money(entry.amount),
            formats.money(entry.balance),
        ]
        for entry in part.entries
    ]
    if ledger.since and part.opening.minor:
        first = [formats.short_day(ledger.since), own["opening"], "", "", formats.money(part.opening)]
        rows.insert(0, first)
    in_favour = part.closing.minor < 0
    return {
        "currency": part.currency,
        "rows": rows,
        "totals": [
            [own["in_your_favour" if in_favour else "total_open"], formats.money(_size(part.closing))]
        ],
        "ages": _ages(part, own, formats),
    }


def _ages(part: CurrencyLedger, own: Values, formats: Formats) -> list[Row]:
    """How much is of which age; nothing where nothing is open."""
    if not any(amount.minor for _, amount in part.ages):
        return []
    names = own["buckets"] | {Bucket.IN_FAVOUR: own["in_your_favour"]}
    return [
        [names[bucket], formats.money(amount)]
        for bucket, amount in part.ages
        if amount.minor or bucket is not Bucket.IN_FAVOUR
    ]


def _contact(contact: ContactMade, words: Values) -> Row:
    """When, how, what became of it, its id and the provider's, and the fingerprint of its words."""
    how = [
        _word(words["channels"], contact.channel),
        contact.stage,
        contact.tone,
        contact.name,
        contact.address,
    ]
    named = [contact.id if contact.status else "", contact.provider_id, contact.note]
    return [
        _utc(contact.at),
        single_line(" · ".join(part for part in how if part)),
        _word(words["outcomes"], contact.status),
        single_line(" · ".join(part for part in named if part)),
        contact.text_hash,
    ]


def _hold(hold: Hold, words: Values) -> Row:
    until = _utc(hold.until) if hold.until else ""
    return [
        _utc(hold.since),
        _word(words["pauses"], hold.kind),
        until,
        _numbers(hold.invoices),
        single_line(hold.note),
    ]


def _word(names: Values, code: str) -> str:
    """The word for a code; one that has none, such as what somebody noted by hand, stands for itself."""
    return str(names.get(str(code), single_line(str(code))))


def _numbers(numbers: Iterable[str]) -> str:
    return ", ".join(single_line(number) for number in numbers)


def _lines(texts: Iterable[str]) -> Row:
    return [single_line(text) for text in texts if text.strip()]


def _country(code: str, formats: Formats) -> str:
    return str(formats.locale.territories.get(code, code))


def _size(amount: Money) -> Money:
    return Money(abs(amount.minor), amount.currency)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"
