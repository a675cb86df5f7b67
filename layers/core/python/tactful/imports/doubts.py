"""Files of no known product whose header shows that they may hold something else than invoices which are owed."""

from __future__ import annotations

from collections.abc import Iterable

from tactful.imports.columns import GENERIC, Layout
from tactful.imports.headers import header_of
from tactful.imports.profile import Field, plain
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import UploadSettings

_LEDGERS = (("debit", "credit"), ("soll", "haben"), ("debe", "haber"), ("cargo", "abono"))
# Beside debits and credits these run on from record to record.
_RUNNING = frozenset({"balance", "saldo", "solde"})
_SUPPLIERS = frozenset(
    {"vendor", "vendorname", "vendorid", "supplier", "suppliername", "supplierid", "payee", "lieferant"}
    | {"lieferantenname", "lieferantennummer", "kreditor", "kreditorenname", "kreditorennummer"}
    | {"fournisseur", "nomdufournisseur", "nomfournisseur", "proveedor", "nombredelproveedor", "acreedor"}
)
# Parts of headers that name who owes, and not perhaps the business itself.
_WHO_OWES = (
    "customer",
    "client",
    "debtor",
    "buyer",
    "bill",
    "sold",
    "recipient",
    "kund",
    "debitor",
    "deudor",
)
_PAYMENTS = frozenset(
    {
        "paymentdate",
        "dateofpayment",
        "lastpaymentdate",
        "lastpayment",
        "paymentreceiveddate",
        "paymentreceived",
    }
    | {"datereceived", "receiveddate", "zahlungsdatum", "zahlungam", "letztezahlung", "dernierpaiement"}
    | {"datedudernierpaiement", "ultimopago", "fechadelpago"}
)

# What tells a payment; an invoice has none.
_OF_PAYMENTS = frozenset(
    {"paymentnumber", "paymentno", "paymentid", "receiptnumber", "receiptno", "receiptid", "zahlungsnummer"}
    | {"numerodepaiement", "numerodereglement", "numerodepago", "numerodecobro"}
)
_PERHAPS_NET = frozenset({"amount", "betrag", "summe", "montant", "importe", "monto"})
_WITH_TAX = ("incl", "inctax", "incvat", "incgst", "gross", "brutto", "ttc", "coniva")
_OF_LINES = (
    "price",
    "line",
    "unit",
    "item",
    "rate",
    "preis",
    "prix",
    "precio",
    "profit",
    "weight",
    "gewicht",
)
# What lessens a debt beside payments.
_LESSENING = frozenset(
    {
        "credits",
        "credit",
        "creditsapplied",
        "creditapplied",
        "creditnotes",
        "adjustments",
        "adjustment",
        "refunds",
    }
    | {"writtenoff", "writeoff", "writeoffs", "amountwrittenoff", "withholding", "withholdingtax", "withheld"}
    | {"gutschriften", "gutgeschrieben", "skonto", "avoirs", "retenue", "abonos", "retencion", "retenciones"}
)


def check_header(layout: Layout, settings: UploadSettings, tells: Iterable[Field]) -> None:
    """Raise UnreadableFileError for a ledger, bills to pay, or payments that nobody explained.

    `tells` are the fields that say what is paid. What the settings say of a column counts more.
    """
    if len(layout.currencies) > 1:
        raise UnreadableFileError(
            f"the header has amounts in {' and '.join(sorted(layout.currencies))}: export them in one currency, or say "
            f"which columns to read with the columns setting (--column)"
        )
    if layout.profile.name != GENERIC or not layout.header_record:
        return
    unused = {plain(header): header for header in layout.unused()}
    _check_ledger(layout, settings, unused)
    _check_suppliers(layout, settings, unused)
    _check_tax(layout, settings, unused)
    _check_due(layout, unused)
    if {"amount_due", "amount_paid", "amount_remaining"} <= {*layout.header} and not settings.profile:
        raise UnreadableFileError(
            "these seem to be invoices of Stripe's API, which counts in cents: export attempt_count, too, by which "
            "profile stripe_api knows them, or give amount_remaining another name if they are not"
        )
    if Field.AMOUNT_DUE not in layout.columns and Field.DUE_DATE not in layout.columns:
        for name in sorted(_OF_PAYMENTS & unused.keys()):
            raise UnreadableFileError(
                f"these seem to be payments, for a column is named {unused[name]!r}: export the invoices instead"
            )
    if any(field in layout.columns for field in tells):
        return
    for name in sorted(_PAYMENTS & unused.keys()):
        raise UnreadableFileError(
            f"no column says what is paid, but {unused[name]!r} may: export what is due, or say that an invoice with a "
            f"day there is paid with the columns setting (--column settled_date={unused[name]!r})"
        )


def _check_ledger(layout: Layout, settings: UploadSettings, unused: dict[str, str]) -> None:
    due = layout.columns.get(Field.AMOUNT_DUE)
    if Field.AMOUNT_DUE in settings.columns or Field.TOTAL in settings.columns:
        return
    if due is not None and plain(layout.header[due]) not in _RUNNING:
        return
    for debit, credit in _LEDGERS:
        if debit in unused and credit in unused:
            raise UnreadableFileError(
                f"{unused[debit]} and {unused[credit]} are columns of a ledger: export the open invoices, each with "
                f"what is left to pay, or say which column has that with the columns setting (--column amount_due=...)"
            )


def _check_tax(layout: Layout, settings: UploadSettings, unused: dict[str, str]) -> None:
    place = layout.columns.get(Field.TOTAL)
    if place is None or Field.TOTAL in settings.columns or plain(layout.header[place]) not in _PERHAPS_NET:
        return
    for name, header in sorted(unused.items()):
        if any(part in name for part in _WITH_TAX) and not any(part in name for part in _OF_LINES):
            raise UnreadableFileError(
                f"{layout.named(Field.TOTAL)!r} may be without tax, since there is {header!r}: say which is the total "
                f"with the columns setting (--column total={header!r})"
            )


def _check_due(layout: Layout, unused: dict[str, str]) -> None:
    if Field.AMOUNT_DUE in layout.columns:
        return
    known = {plain(name) for name in layout.profile.columns.get(Field.AMOUNT_DUE, ())} - {"due"}
    doubtful = [header for header in unused.values() if header_of(header).bare in known]
    if Field.AMOUNT_PAID in layout.columns:
        doubtful += [unused[name] for name in sorted(_LESSENING & unused.keys())]
    for header in doubtful:
        raise UnreadableFileError(
            f"{header!r} has to do with what is left to pay, and no column says just that: export what is due in the "
            f"invoice's own currency, say which column has it with the columns setting (--column amount_due=...), or "
            f"take this one out"
        )


def _check_suppliers(layout: Layout, settings: UploadSettings, unused: dict[str, str]) -> None:
    who = [field for field in (Field.CUSTOMER_NAME, Field.CUSTOMER_ID) if field in layout.columns]
    if any(field in settings.columns for field in who):
        return
    if any(part in plain(layout.named(field)) for field in who for part in _WHO_OWES):
        return
    for name in sorted(_SUPPLIERS & unused.keys()):
        raise UnreadableFileError(
            f"these seem to be bills to pay, for a column is named {unused[name]!r} and none after customers: export "
            f"invoices to customers, or say which column has them with the columns setting (--column customer_name=...)"
        )
