from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tactful.domain.book.money import MINOR_DIGITS, Money, digits_of
from tactful.imports.amounts import AmountEvidence, AmountFormat, currency_code, decide_mark
from tactful.imports.profile import Field
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import DecimalMark

POINT, COMMA = DecimalMark
WITH_POINT, WITH_COMMA = AmountFormat("point", ""), AmountFormat("comma", "")


def decided(
    *cells: str,
    declared: DecimalMark | None = None,
    usual: DecimalMark | None = None,
    digits: int = 2,
    paid: Sequence[str] = (),
) -> AmountFormat:
    evidence = {Field.TOTAL: AmountEvidence(), Field.AMOUNT_PAID: AmountEvidence()}
    for field, said in ((Field.TOTAL, cells), (Field.AMOUNT_PAID, paid)):
        for record, text in enumerate(said, 2):
            evidence[field].see(text, record)
    return decide_mark(evidence, declared, usual, digits)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1,234.56", 1234_56),
        ("1234.5", 1234_50),
        ("1,234", 1234_00),
        ("1'234.50", 1234_50),
        ("1\u2019234.50", 1234_50),
        ("1,18,000.00", 118000_00),
        ("20 160.0", 20160_00),
        ("1\u00a0234.56", 1234_56),
        ("1\u202f234.56", 1234_56),
        ("6187.5000", 6187_50),
        (".50", 50),
        ("0", 0),
        ("(12.00)", -12_00),
        ("($1,234.56)", -1234_56),
        ("$(12.00)", -12_00),
        ("12.00-", -12_00),
        ("-$5.00", -5_00),
        ("$-5.00", -5_00),
        ("$ 5.00 ", 5_00),
        ("\u22125.00", -5_00),
        ("+5", 5_00),
        ("12.00 CR", -12_00),
        ("12.00DR", 12_00),
        ("USD 1,234.50", 1234_50),
        ("1,234.50 usd", 1234_50),
        ("US$ 5", 5_00),
        ("$1,234.50 USD", 1234_50),
        ("USD $5", 5_00),
        ("-", 0),
        ("$ -", 0),
        ("\u2014", 0),
    ],
)
def test_an_amount_with_a_point_is_read_exactly(text: str, minor: int) -> None:
    assert WITH_POINT.read(text, "USD") == Money(minor, "USD")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1.234,56", 1234_56),
        ("1.234", 1234_00),
        ("1.234.567,8", 1234567_80),
        ("20 160,0", 20160_00),
        ("1'234,50", 1234_50),
        ("1.234,56 \u20ac", 1234_56),
        ("EUR 1.234,56", 1234_56),
        ("12 Euro", 12_00),
        ("-1.234,56", -1234_56),
        ("1.234,56-", -1234_56),
    ],
)
def test_an_amount_with_a_comma_is_read_exactly(text: str, minor: int) -> None:
    assert WITH_COMMA.read(text, "EUR") == Money(minor, "EUR")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("5000", "JPY", 5000),
        ("5,000", "JPY", 5000),
        ("5000.00", "JPY", 5000),
        ("1.234", "KWD", 1234),
        ("1.2", "KWD", 1200),
        ("kr 20 160.0", "SEK", 20160_00),
        ("Rp 5,000.00", "IDR", 5000_00),
    ],
)
def test_every_currency_has_its_own_minor_units(text: str, currency: str, minor: int) -> None:
    assert WITH_POINT.read(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1.234", "has more than 2 decimals, which USD does not have"),
        ("0.005", "has more than 2 decimals, which USD does not have"),
        ("1.234,56", "is no amount with a decimal point, as the file has them"),
        ("12,5", "is no amount with a decimal point, as the file has them"),
        ("NaN", "is not an amount such as 1050.00"),
        ("INF", "is not an amount such as 1050.00"),
        ("n/a", "is not an amount such as 1050.00"),
        ("1e3", "was rounded by a spreadsheet"),
        ("1.5E+03", "was rounded by a spreadsheet"),
        ("#REF!", "is an error of a spreadsheet: correct the cell"),
        ("12%", "is not an amount such as 1050.00"),
        ("12,-", "is not an amount such as 1050.00"),
        ("12.-", "is not an amount such as 1050.00"),
        ("12.", "is not an amount such as 1050.00"),
        ("1.2.3", "is not an amount such as 1050.00"),
        ("1,23", "is no amount with a decimal point"),
        ("1 2", "is not an amount such as 1050.00"),
        ("12/5", "is not an amount such as 1050.00"),
        ("1.5 Cr", "is not an amount such as 1050.00"),
        ("5k", "is not an amount such as 1050.00"),
        ("５０", "is not an amount such as 1050.00"),
        ("１２.5", "is not an amount such as 1050.00"),
        ("٣٤", "is not an amount such as 1050.00"),
        ("\ufffd12.00", "is not an amount such as 1050.00"),
        ("--5", "has more than one sign"),
        ("(5)-", "has more than one sign"),
        ("(5", "is not an amount such as 1050.00"),
        ("-5 CR", "has more than one sign"),
        ("5 all", "is not an amount such as 1050.00"),
        ("\u20ac5", "is in EUR, but the currency is USD: correct one of them"),
        ("\u20ac5 USD", "names two currencies"),
        ("9" * 101, "is too long for an amount"),
        ("", "is not an amount such as 1050.00"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused_with_words(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        WITH_POINT.read(text, "USD")


def test_a_symbol_of_several_currencies_fits_each_of_them_and_no_other() -> None:
    assert WITH_POINT.read("$5", "CAD") == Money(500, "CAD")
    with pytest.raises(ValueError, match="but the currency is EUR"):
        WITH_POINT.read("$5", "EUR")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\u20ac5", "EUR"),
        ("\u00a35", "GBP"),
        ("US$ 5", "USD"),
        ("5 CHF", "CHF"),
        ("CAD $5", "CAD"),
        ("\u00a3 -", "GBP"),
        ("$5", ""),
        ("5 kr", ""),
        ("\u00a55", ""),
        ("5", ""),
        ("five euro", ""),
    ],
)
def test_a_symbol_names_the_currency_only_if_it_is_the_sign_of_one(text: str, code: str) -> None:
    assert WITH_POINT.symbol_currency(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("USD", "USD"),
        ("usd", "USD"),
        ("Eur", "EUR"),
        ("Swedish Krona - SEK", "SEK"),
        ("EUR - Euro", "EUR"),
        ("EUR (\u20ac)", "EUR"),
        ("Euro (EUR)", "EUR"),
        ("US Dollar", "USD"),
        ("Pounds Sterling", "GBP"),
        ("Schweizer Franken", "CHF"),
        ("Livre sterling", "GBP"),
        ("\u20ac", "EUR"),
    ],
)
def test_a_currency_is_known_by_code_name_or_sign(text: str, code: str) -> None:
    assert currency_code(text) == code


@pytest.mark.parametrize("text", ["$", "kr", "Dollars", "GPB", "", "Total"])
def test_a_word_that_names_no_single_currency_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        currency_code(text)


def test_one_amount_that_can_be_read_in_no_other_way_decides_for_the_file() -> None:
    assert decided("1.234", "12,50").mark == "comma"
    assert decided("1,234", "12.50").mark == "point"
    assert decided("1.234", paid=["0,5"]).mark == "comma"
    assert decided("1.234", "12,50").why == "'12,50' in record 3 can be read in no other way"


@pytest.mark.parametrize("cells", [("1.234", "5.678"), ("1.234", "5,678"), ("1.000",)])
def test_amounts_that_nothing_decides_refuse_the_file_and_ask(cells: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableFileError, match="amounts can be meant in two ways") as error:
        decided(*cells)
    assert "--decimal-mark point or comma" in str(error.value)


def test_a_comma_before_three_digits_is_between_thousands_where_no_currency_has_three_decimals() -> None:
    assert decided("1,234", "5,678").read("1,234", "USD") == Money(1234_00, "USD")
    with pytest.raises(UnreadableFileError, match=r"1234 if the point is the decimal mark, and 1\.234 if"):
        decided("1,234", "5,678", digits=3)


def test_a_currency_without_minor_units_has_no_decimals() -> None:
    assert decided("1.234", "5.678", digits=0).read("1.234", "JPY") == Money(1234, "JPY")
    with pytest.raises(UnreadableFileError, match="amounts can be meant in two ways"):
        decided("1.000", digits=0)


def test_a_declared_mark_answers_the_question() -> None:
    assert decided("1.234", declared=COMMA).read("1.234", "EUR") == Money(1234_00, "EUR")
    assert decided("1.234", declared=POINT, digits=3).read("1.234", "KWD") == Money(1234, "KWD")


def test_amounts_that_contradict_the_declared_mark_are_faulty_or_refuse_the_file() -> None:
    written = decided("1.50", "2.50", "2,75", declared=POINT)
    assert "'2,75' in record 4" in written.warnings[0]
    with pytest.raises(ValueError, match="is no amount with a decimal point"):
        written.read("2,75", "EUR")
    with pytest.raises(UnreadableFileError, match="decimal_mark is point, but '2,75' in record 2"):
        decided("2,75", "1.234", declared=POINT)


def test_the_products_usual_mark_holds_unless_an_amount_contradicts_it() -> None:
    assert decided("1.234", usual=COMMA).mark == "comma"
    assert decided("1.234", "12.5", usual=COMMA).mark == "point"


def test_a_file_with_both_marks_is_read_where_an_amount_has_one_meaning_only() -> None:
    written = decided("12.50", "12,75", "1.234")
    assert (written.mark, len(written.warnings)) == ("mixed", 1)
    assert written.read("12,75", "EUR") == Money(12_75, "EUR")
    with pytest.raises(ValueError, match=r"'1\.234' is 1\.234 or 1234"):
        written.read("1.234", "EUR")


def test_a_file_of_whole_amounts_needs_no_mark() -> None:
    written = decided("12", "1 234", "-")
    assert (written.mark, written.read("1 234", "EUR")) == ("", Money(1234_00, "EUR"))


def test_whole_minor_units_are_taken_as_they_are_and_have_no_fraction() -> None:
    cents = decide_mark({Field.TOTAL: AmountEvidence()}, None, None, 2, minor_units=True)
    assert cents.read("29876", "USD") == Money(298_76, "USD")
    assert cents.read("-500", "JPY") == Money(-500, "JPY")
    for text in ("298.76", "298.00", "29,876", "29.876"):
        with pytest.raises(ValueError, match="is not a whole number of minor units"):
            cents.read(text, "USD")


STYLES = {
    "1,234.5": (",", "."),
    "1.234,5": (".", ","),
    "1 234,5": (" ", ","),
    "1'234.5": ("'", "."),
    "1\u202f234,5": ("\u202f", ","),
    "1234.5": ("", "."),
}
SIGNS = ["-{}", "({})", "{}-", "\u2212{}", "{} CR", "- {}"]


@given(
    minor=st.integers(-(10**14), 10**14),
    currency=st.sampled_from(sorted(MINOR_DIGITS)),
    style=st.sampled_from(sorted(STYLES)),
    sign=st.sampled_from(SIGNS),
    has_code=st.booleans(),
)
def test_an_amount_written_in_a_style_is_read_back_to_the_last_minor_unit(
    minor: int, currency: str, style: str, sign: str, *, has_code: bool
) -> None:
    group, mark = STYLES[style]
    digits = digits_of(currency)
    plain = f"{Decimal(abs(minor)).scaleb(-digits):,.{digits}f}"
    text = plain.translate({ord(","): group, ord("."): mark})
    text = f"{currency} {text}" if has_code else text
    text = sign.format(text) if minor < 0 else text
    written = AmountFormat("point" if mark == "." else "comma", "")
    assert written.read(text, currency) == Money(minor, currency)


def is_asked(*cells: str, digits: int = 2) -> bool:
    try:
        decided(*cells, digits=digits)
    except UnreadableFileError:
        return True
    return False


CELLS = st.one_of(st.text(max_size=20), st.text("0123456789.,' -()$\u20acEURCR", max_size=14))


@given(st.lists(CELLS, max_size=8), st.sampled_from(["USD", "EUR", "JPY", "KWD"]))
def test_any_text_is_read_as_the_number_its_digits_are_or_refused(cells: list[str], currency: str) -> None:
    digits = digits_of(currency)
    assume(not is_asked(*cells, digits=digits))
    written = decided(*cells, digits=digits)
    for text in cells:
        with suppress(ValueError):
            minor = str(abs(written.read(text, currency).minor))
            said = "".join(sign for sign in text if sign in "0123456789")
            assert minor.rstrip("0") == said.lstrip("0").rstrip("0")


@given(st.lists(CELLS, max_size=8).flatmap(lambda cells: st.tuples(st.just(cells), st.permutations(cells))))
def test_the_order_of_the_rows_never_changes_the_mark(both: tuple[list[str], list[str]]) -> None:
    here, there = both
    assert is_asked(*here) == is_asked(*there)
    assert is_asked(*here) or decided(*here).mark == decided(*there).mark
