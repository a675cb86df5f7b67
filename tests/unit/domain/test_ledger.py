"""The ledger: known answers, and that its sums are those of the account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Extension
from tactful.domain.book.invoice import Invoice, InvoiceState, credited_by
from tactful.domain.book.money import Money
from tactful.domain.documents.ledger import (
    Bucket,
    Charge,
    CurrencyLedger,
    EntryKind,
    balance_of,
    ledger_of,
    statement_of,
)
from tests.support.builders import an_account, an_invoice, money

TODAY = date(2026, 4, 20)


def movements(part: CurrencyLedger) -> list[tuple[str, str, int, int]]:
    return [(str(e.kind), e.reference, e.amount.minor, e.balance.minor) for e in part.entries]


def issued(invoice: Invoice, day: date, **changes: object) -> Invoice:
    return replace(invoice, issue_date=day, **changes)  # type: ignore[arg-type]


def test_invoices_payments_and_credit_notes_run_to_what_is_due() -> None:
    paid = issued(an_invoice("1", received=40_00), date(2026, 2, 1), paid_on=date(2026, 3, 10))
    note = issued(an_invoice("CN", minor=-25_00), date(2026, 3, 5))
    (part,) = ledger_of(an_account(note, paid), TODAY).currencies
    assert movements(part) == [
        ("invoice", "1", 100_00, 100_00),
        ("credit_note", "CN", -25_00, 75_00),
        ("payment", "1", -40_00, 35_00),
    ]
    assert [entry.on for entry in part.entries] == [date(2026, 2, 1), date(2026, 3, 5), date(2026, 3, 10)]
    assert part.closing == money(35_00)


def test_what_the_books_took_off_is_a_credit_without_a_day() -> None:
    (part,) = ledger_of(an_account(an_invoice("1", reported=70_00)), TODAY).currencies
    assert movements(part) == [("invoice", "1", 100_00, 100_00), ("credit", "1", -30_00, 70_00)]
    assert [(entry.kind, entry.on) for entry in part.entries][1] == (EntryKind.CREDIT, None)


def test_what_was_paid_by_the_books_alone_is_a_credit_on_the_day_it_was_settled() -> None:
    settled = issued(
        an_invoice("1", reported=0, state=InvoiceState.PAID), date(2026, 2, 1), settled_on=date(2026, 3, 1)
    )
    (part,) = ledger_of(an_account(settled), TODAY).currencies
    assert [(entry.kind, entry.on) for entry in part.entries] == [
        (EntryKind.INVOICE, date(2026, 2, 1)),
        (EntryKind.CREDIT, date(2026, 3, 1)),
    ]
    assert part.closing == money(0)


def test_what_was_paid_above_the_total_is_in_the_clients_favour() -> None:
    overpaid = an_invoice("1", received=130_00, state=InvoiceState.PAID)
    (part,) = ledger_of(an_account(overpaid), TODAY).currencies
    assert part.closing == money(-30_00)
    assert dict(part.ages)[Bucket.IN_FAVOUR] == money(-30_00)


def test_currencies_are_never_mixed() -> None:
    ledger = ledger_of(an_account(an_invoice("1"), an_invoice("2", currency="EUR", minor=7_00)), TODAY)
    assert [(part.currency, part.closing.minor) for part in ledger.currencies] == [
        ("EUR", 7_00),
        ("GBP", 100_00),
    ]


def test_what_is_neither_owed_nor_known_to_be_paid_is_left_out_and_named() -> None:
    states = (InvoiceState.VOID, InvoiceState.DRAFT, InvoiceState.WRITTEN_OFF, InvoiceState.PRESUMED_SETTLED)
    ledger = ledger_of(an_account(*(an_invoice(str(state), state=state) for state in states)), TODAY)
    assert ledger.currencies == ()
    assert ledger.left_out == tuple(sorted((str(state), state) for state in states))
    assert not ledger.has_open


def test_a_disputed_invoice_is_still_owed() -> None:
    (part,) = ledger_of(an_account(an_invoice("1", state=InvoiceState.DISPUTED)), TODAY).currencies
    assert part.closing == money(100_00)


def test_the_age_counts_from_the_due_date_and_a_later_one_that_was_granted() -> None:
    days = {
        0: Bucket.CURRENT,
        1: "1_30",
        30: "1_30",
        31: "31_60",
        60: "31_60",
        61: "61_90",
        90: "61_90",
        91: "over_90",
    }
    for late, bucket in days.items():
        (part,) = ledger_of(an_account(an_invoice("1", due=TODAY - timedelta(days=late))), TODAY).currencies
        assert {name: amount.minor for name, amount in part.ages if amount.minor} == {bucket: 100_00}
    granted = Extension("e", ("1",), TODAY, datetime(2026, 3, 1, tzinfo=UTC))
    old = replace(an_account(an_invoice("1", due=date(2025, 1, 1))), extensions=(granted,))
    (part,) = ledger_of(old, TODAY).currencies
    assert dict(part.ages)[Bucket.CURRENT] == money(100_00)
    assert part.entries[0].due == TODAY
    assert part.overdue == money(0)


def test_a_charge_is_owed_from_the_day_it_was_claimed() -> None:
    charge = Charge("1", date(2026, 4, 1), money(40_00), "Fixed sum")
    (part,) = ledger_of(an_account(an_invoice("1")), TODAY, charges=(charge,)).currencies
    assert movements(part)[-1] == ("charge", "1", 40_00, 140_00)
    assert dict(part.ages)[Bucket.UP_TO_30] == money(40_00)


def test_a_statement_begins_with_the_oldest_that_is_open_and_carries_what_was_before() -> None:
    old = an_invoice("old", received=100_00, state=InvoiceState.PAID)
    paid_late = issued(old, date(2024, 1, 1), paid_on=date(2025, 7, 1))
    ledger = statement_of(an_account(paid_late, issued(an_invoice("open"), date(2025, 6, 1))), TODAY)
    (part,) = ledger.currencies
    assert (ledger.since, part.opening) == (date(2025, 6, 1), money(100_00))
    assert movements(part) == [("invoice", "open", 100_00, 200_00), ("payment", "old", -100_00, 100_00)]


def test_a_statement_of_an_account_that_owes_nothing_shows_the_last_90_days() -> None:
    def settled(number: str, day: date) -> Invoice:
        return issued(an_invoice(number, received=100_00, state=InvoiceState.PAID), day, paid_on=day)

    ledger = statement_of(
        an_account(settled("old", date(2025, 1, 1)), settled("new", date(2026, 4, 1))), TODAY
    )
    (part,) = ledger.currencies
    assert [entry.reference for entry in part.entries] == ["new", "new"]
    assert not ledger.has_open


days = st.dates(date(2024, 1, 1), date(2027, 1, 1))
maybe_days = st.none() | days


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    minor = draw(st.integers(-1_000_00, 1_000_00).filter(bool))
    currency = draw(st.sampled_from(["GBP", "EUR", "JPY"]))
    low, high = min(0, minor), max(0, minor)
    stated = Invoice(
        number=str(draw(st.integers(0, 10**9))),
        due_date=draw(days),
        total=Money(minor, currency),
        reported=Money(draw(st.integers(low, high)), currency),
        received=Money(draw(st.just(0) | st.integers(-500_00, 1_500_00)) if minor > 0 else 0, currency),
        state=draw(st.sampled_from(InvoiceState)),
        issue_date=draw(maybe_days),
        paid_on=draw(maybe_days),
        settled_on=draw(maybe_days),
    )
    return replace(stated, credited=draw(st.sampled_from([None, credited_by(stated)])))


accounts = st.lists(invoices(), max_size=8, unique_by=lambda invoice: invoice.number).map(
    lambda many: an_account(*many)
)
charges = st.lists(
    st.builds(
        Charge,
        st.text(max_size=3),
        days,
        st.builds(Money, st.integers(1, 99_99), st.sampled_from(["GBP", "EUR"])),
    ),
    max_size=3,
).map(tuple)


@given(accounts, charges, maybe_days)
def test_sums_of_lines_are_balances_and_balances_are_those_of_the_account(
    account: Account, claimed: tuple[Charge, ...], since: date | None
) -> None:
    ledger = ledger_of(account, TODAY, since=since, charges=claimed)
    left_out = {number for number, _ in ledger.left_out}
    for part in ledger.currencies:
        assert part.opening.minor + sum(entry.amount.minor for entry in part.entries) == part.closing.minor
        assert sum(amount.minor for _, amount in part.ages) == part.closing.minor
        running = part.opening.minor
        for entry in part.entries:
            running += entry.amount.minor
            assert entry.balance == Money(running, part.currency)
            assert since is None or entry.on is None or entry.on >= since
        counted = [
            i for i in account.invoices if i.number not in left_out and i.total.currency == part.currency
        ]
        owed = sum(balance_of(invoice).minor for invoice in counted)
        assert part.closing.minor == owed + sum(
            c.amount.minor for c in claimed if c.amount.currency == part.currency
        )


@given(accounts, maybe_days)
def test_a_later_beginning_changes_no_closing_balance(account: Account, since: date | None) -> None:
    whole, part = ledger_of(account, TODAY), ledger_of(account, TODAY, since=since)
    assert [one.closing for one in whole.currencies] == [one.closing for one in part.currencies]
    assert [one.ages for one in whole.currencies] == [one.ages for one in part.currencies]


@given(accounts)
def test_without_overpayment_an_invoice_s_balance_is_what_is_due_on_it(account: Account) -> None:
    for invoice in account.invoices:
        if invoice.received.minor <= max(0, invoice.total.minor):
            assert balance_of(invoice) == invoice.amount_due
