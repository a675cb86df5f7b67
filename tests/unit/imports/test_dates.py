from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tactful.imports.dates import DateEvidence, DateFormat, decide
from tactful.imports.profile import Field
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import DateOrder

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = DateOrder
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "short": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}


def shown(cells: Sequence[str]) -> DateEvidence:
    evidence = DateEvidence()
    for record, text in enumerate(cells, 2):
        evidence.see(text, record)
    return evidence


def column(
    *cells: str, declared: DateOrder | None = None, usual: DateOrder | None = None, due: Sequence[str] = ()
) -> DateFormat:
    evidence = {Field.ISSUE_DATE: shown(cells)}
    if due:
        evidence[Field.DUE_DATE] = shown(due)
    return decide(evidence, declared, usual)[Field.ISSUE_DATE]


def read(*cells: str, declared: DateOrder | None = None, usual: DateOrder | None = None) -> list[str]:
    written = column(*cells, declared=declared, usual=usual)
    return [written.read(text).isoformat() for text in cells]


def refused(*cells: str, declared: DateOrder | None = None, usual: DateOrder | None = None) -> str:
    with pytest.raises(UnreadableFileError) as error:
        column(*cells, declared=declared, usual=usual)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-31", "2026-03-31"),
        ("2026/3/1", "2026-03-01"),
        ("2026.03.01", "2026-03-01"),
        ("2026. 03. 01.", "2026-03-01"),
        ("20260301", "2026-03-01"),
        ("31/3/2026", "2026-03-31"),
        ("31. 3. 2026", "2026-03-31"),
        ("3-31-2026", "2026-03-31"),
        ("3 31 2026", "2026-03-31"),
        ("3/31/26", "2026-03-31"),
        ("\u200e3/31/2026", "2026-03-31"),
        ("Tue 31/03/2026", "2026-03-31"),
        ("1 Apr 2026", "2026-04-01"),
        ("Apr 1, 2026", "2026-04-01"),
        ("01-Sep-10", "2010-09-01"),
        ("2010-Sep-01", "2010-09-01"),
        ("31-Dec-99", "1999-12-31"),
        ("1. April 2026", "2026-04-01"),
        ("Mi, 4. März 2026", "2026-03-04"),
        ("1er avril 2026", "2026-04-01"),
        ("22 déc. 2025", "2025-12-22"),
        ("mar. 3 mars 2026", "2026-03-03"),
        ("1 de abril de 2026", "2026-04-01"),
        ("Thursday, April 2nd, 2026", "2026-04-02"),
        ("Thu Apr 02 2026 00:00:00 GMT+0200 (CEST)", "2026-04-02"),
        ("2025-02-23 06:22:24.770962", "2025-02-23"),
        ("2025-02-23T23:59:59Z", "2025-02-23"),
        ("2025-02-23T23:59:59.5+02:00", "2025-02-23"),
        ("20250223T235959Z", "2025-02-23"),
        ("3/31/2026 0:00", "2026-03-31"),
        ("3/31/2026 12:00 AM", "2026-03-31"),
        ("3/31/2026, 12:00:00 a. m.", "2026-03-31"),
        ("40519", "2010-12-07"),
        ("40519.0", "2010-12-07"),
        ("40519.75", "2010-12-07"),
    ],
)
def test_a_date_is_the_civil_day_as_it_is_written(text: str, day: str) -> None:
    assert read(text) == [day]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("31/02/2026", "there is no such day in the calendar"),
        ("13/13/2026", "there is no such day in the calendar"),
        ("29 février 2023", "there is no such day in the calendar"),
        ("0000-00-00", "is no day: fill in the date, or leave the cell empty"),
        ("0000-00-00 00:00:00", "is no day: fill in the date, or leave the cell empty"),
        ("#VALUE!", "is an error of a spreadsheet, not a date: correct the cell"),
        ("31/12/1989", "is not in the years 1990 to 2099"),
        ("2100-01-01", "is not in the years 1990 to 2099"),
        ("1/1/1970", "is not in the years 1990 to 2099"),
        ("today", "is not a date such as 2026-03-31"),
        ("Sep 2026", "is not a date such as 2026-03-31"),
        ("Sep-10", "is not a date such as 2026-03-31"),
        ("31/03", "is not a date such as 2026-03-31"),
        ("2026", "is not a date such as 2026-03-31"),
        ("Jan 5 10:30", "is not a date such as 2026-03-31"),
        ("2026-03-31 25:00", "is not a date such as 2026-03-31"),
        ("2026-W10-1", "is not a date such as 2026-03-31"),
        ("２０２６-03-31", "is not a date such as 2026-03-31"),
        ("٢٠٢٦-٠٣-٠٢", "is not a date such as 2026-03-31"),
        ("99999", "is not a date such as 2026-03-31"),
        ("1.234", "is not a date such as 2026-03-31"),
        ("", "is not a date such as 2026-03-31"),
    ],
)
def test_what_is_no_full_date_is_refused_with_what_to_do(text: str, says: str) -> None:
    written = column("2026-03-31", text)
    assert written.read("2026-03-31") == date(2026, 3, 31)
    with pytest.raises(ValueError, match=says):
        written.read(text)


def test_a_day_month_order_is_proven_by_one_cell_that_can_be_read_in_no_other_way() -> None:
    day_first = column("03/04/2026", "13/04/2026")
    assert (day_first.format, day_first.read("03/04/2026")) == ("DD/MM/YYYY", date(2026, 4, 3))
    assert day_first.why == "'13/04/2026' in record 3 can be read in no other way"
    month_first = column("03/04/2026", "04/13/2026")
    assert (month_first.format, month_first.read("03/04/2026")) == ("MM/DD/YYYY", date(2026, 3, 4))


def test_another_column_written_in_the_same_way_proves_the_order() -> None:
    written = column("03/04/2026", due=["13/04/2026"])
    assert (written.read("03/04/2026"), written.why) == (
        date(2026, 4, 3),
        "as in due_date: '13/04/2026' in record 2",
    )


def test_a_column_written_in_another_way_proves_nothing() -> None:
    with pytest.raises(UnreadableFileError, match="'03/04/2026' in record 2 is 2026-04-03 as DD/MM/YYYY"):
        column("03/04/2026", due=["13.04.2026"])


def test_columns_that_differ_prove_their_own_order_alone() -> None:
    decided = decide(
        {
            Field.ISSUE_DATE: shown(["03/04/2026", "13/04/2026"]),
            Field.DUE_DATE: shown(["05/06/2026", "06/13/2026"]),
        },
        None,
        None,
    )
    assert decided[Field.ISSUE_DATE].read("03/04/2026") == date(2026, 4, 3)
    assert decided[Field.DUE_DATE].read("05/06/2026") == date(2026, 5, 6)


def test_dates_that_nothing_decides_refuse_the_file_and_ask() -> None:
    question = refused("03/04/2026", "05/06/2026")
    assert "issue_date: the dates can be meant in more than one way" in question
    assert "'03/04/2026' in record 2 is 2026-04-03 as DD/MM/YYYY, 2026-03-04 as MM/DD/YYYY" in question
    assert "'05/06/2026' in record 3" in question
    assert "date_order setting (--date-order dmy or mdy)" in question


def test_a_declared_order_answers_the_question() -> None:
    assert read("03/04/2026", declared=MONTH_FIRST) == ["2026-03-04"]
    assert read("03/04/2026", declared=DAY_FIRST) == ["2026-04-03"]
    assert column("03/04/2026", declared=DAY_FIRST).why == "declared"


@pytest.mark.parametrize("declared", list(DateOrder))
def test_a_declared_order_changes_nothing_where_the_year_or_a_name_tells_it(declared: DateOrder) -> None:
    assert read("2026-03-04", "4 Mar 2026", declared=declared) == ["2026-03-04", "2026-03-04"]


def test_cells_that_contradict_what_is_declared_are_faulty_and_counted() -> None:
    written = column("13/04/2026", "14/04/2026", "04/15/2026", "03/04/2026", declared=DAY_FIRST)
    assert written.read("03/04/2026") == date(2026, 4, 3)
    assert written.warnings == (
        "rejected, because they are not written dmy as declared: 1, such as '04/15/2026' in record 4",
    )
    with pytest.raises(ValueError, match="is no date written as DD/MM/YYYY, as in the rest of the column"):
        written.read("04/15/2026")


def test_a_declared_order_that_more_cells_contradict_than_confirm_refuses_the_file() -> None:
    question = refused("04/13/2026", "03/04/2026", "05/06/2026", declared=DAY_FIRST)
    assert "date_order is dmy, but '04/13/2026' in record 2 cannot be read so" in question
    assert "date_order is ymd" in refused("31/03/2026", declared=YEAR_FIRST)


def test_the_products_usual_order_holds_unless_a_cell_contradicts_it() -> None:
    assert read("03/04/2026", usual=MONTH_FIRST) == ["2026-03-04"]
    assert "the product writes it so" in column("03/04/2026", usual=MONTH_FIRST).why
    assert read("03/04/2026", "13/04/2026", usual=MONTH_FIRST) == ["2026-04-03", "2026-04-13"]
    assert "more than one way" in refused("03/04/2026", usual=YEAR_FIRST)


def test_days_that_are_the_same_either_way_need_no_order() -> None:
    assert read("04/04/2026", "05/05/2026") == ["2026-04-04", "2026-05-05"]
    assert column("04/04/2026").why == "every date is the same day either way"


def test_a_column_that_a_spreadsheet_has_mixed_up_is_read_where_it_has_one_meaning_only() -> None:
    cells = ["13/04/2026", "04/14/2026", "03/04/2026", "05/05/2026"]
    written = column(*cells)
    assert "'13/04/2026' in record 2 and '04/14/2026' in record 3" in written.warnings[0]
    assert [written.read(text) for text in (cells[0], cells[1], cells[3])] == [
        date(2026, 4, 13),
        date(2026, 4, 14),
        date(2026, 5, 5),
    ]
    with pytest.raises(ValueError, match="can be 2026-04-03 or 2026-03-04: write it as YYYY-MM-DD"):
        written.read("03/04/2026")


def test_a_mixed_column_does_not_decide_for_another() -> None:
    with pytest.raises(UnreadableFileError, match="issue_date: the dates can be meant"):
        column("03/04/2026", due=["13/04/2026", "04/14/2026"])


def test_several_ways_of_writing_are_told_and_read_each_by_its_own() -> None:
    written = column("2026-04-03", "13/04/2026", "03/04/2026")
    assert written.format == "DD/MM/YYYY, YYYY-MM-DD"
    assert written.warnings == ("dates are written in several ways: DD/MM/YYYY (2), YYYY-MM-DD (1)",)
    assert [written.read(text) for text in ("2026-04-03", "03/04/2026")] == [date(2026, 4, 3)] * 2


def test_a_few_doubtful_dates_among_clear_ones_are_rejected_alone() -> None:
    written = column("2026-04-03", "2026-04-04", "03/04/2026")
    assert "1, such as '03/04/2026' in record 4" in written.warnings[0]
    with pytest.raises(ValueError, match="can be 2026-04-03 or 2026-03-04"):
        written.read("03/04/2026")


def test_one_doubtful_date_among_those_that_are_the_same_either_way_is_asked_for() -> None:
    assert "'02/01/2026' in record 4" in refused("01/01/2026", "01/01/2026", "02/01/2026")


def test_serial_numbers_are_days_only_where_the_whole_column_has_them() -> None:
    written = column("40519", "2010-12-08", "2010-12-09")
    assert any("serial number (1)" in said for said in written.warnings)
    with pytest.raises(ValueError, match="is a number where others are dates"):
        written.read("40519")


def test_two_digit_years_are_those_from_1990_to_2089() -> None:
    cells = ["12/31/90", "12/31/89", "12/31/00"]
    assert read(*cells) == ["1990-12-31", "2089-12-31", "2000-12-31"]


def test_two_digits_that_could_be_a_year_in_front_are_asked_for() -> None:
    assert "2031-03-26 as DD-MM-YY, 2026-03-31 as YY-MM-DD" in refused("26-03-31", "26-04-30")
    assert read("26-03-31", "26-04-30", declared=YEAR_FIRST) == ["2026-03-31", "2026-04-30"]
    assert read("26-03-31", "99-12-31") == ["2026-03-31", "1999-12-31"]


def test_two_digits_in_front_are_days_where_they_are_spread_over_the_month() -> None:
    assert read("25/03/26", "05/04/26", "14/04/26")[1] == "2026-04-05"


def test_years_followed_by_days_are_refused_rather_than_swapped() -> None:
    assert "dates are written year, day, month" in refused("2026-31-03", "2026-04-03")


def test_blank_and_broken_columns_have_a_format_all_the_same() -> None:
    assert (column().format, column().why) == ("", "the column is blank")
    assert column("#REF!", "n/a").why == "no cell is a date"


PATTERNS = {
    "%d/%m/%Y": DAY_FIRST,
    "%d.%m.%Y": DAY_FIRST,
    "%m/%d/%Y": MONTH_FIRST,
    "%m-%d-%Y %H:%M": MONTH_FIRST,
    "%Y-%m-%d": None,
    "%Y%m%d": None,
    "%Y/%m/%d %H:%M:%S": None,
}


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from(sorted(PATTERNS)))
def test_dates_written_in_a_format_are_read_back_or_asked_for(days: list[date], pattern: str) -> None:
    cells = [day.strftime(pattern) for day in days]
    assert read(*cells, declared=PATTERNS[pattern]) == [day.isoformat() for day in days]
    try:
        undeclared = read(*cells)
    except UnreadableFileError:
        assert all(day.day <= 12 for day in days)
    else:
        assert undeclared == [day.isoformat() for day in days]


@given(DAYS, st.sampled_from(sorted(MONTHS)), st.sampled_from(["{d} {m} {y}", "{m} {d}, {y}", "{d}-{m}-{y}"]))
def test_a_month_in_letters_is_read_in_four_languages(day: date, language: str, pattern: str) -> None:
    text = pattern.format(d=day.day, m=MONTHS[language].split()[day.month - 1], y=day.year)
    assert read(text) == [day.isoformat()]


def is_refused(*cells: str, declared: DateOrder | None = None, usual: DateOrder | None = None) -> bool:
    try:
        column(*cells, declared=declared, usual=usual)
    except UnreadableFileError:
        return True
    return False


def meaning(written: DateFormat, text: str) -> date | None:
    try:
        return written.read(text)
    except ValueError:
        return None


CELLS = st.one_of(
    st.text(max_size=30),
    st.text("0123456789/-. :TZ", max_size=20),
    DAYS.map(lambda day: day.strftime("%d/%m/%Y")),
    DAYS.map(lambda day: day.strftime("%m/%d/%Y")),
    DAYS.map(lambda day: day.strftime("%d.%m.%y")),
    DAYS.map(lambda day: day.isoformat()),
)


@given(st.lists(CELLS, max_size=12), st.sampled_from([None, *DateOrder]), st.sampled_from([None, *DateOrder]))
def test_any_text_is_read_as_a_day_of_the_known_years_or_refused(
    cells: list[str], declared: DateOrder | None, usual: DateOrder | None
) -> None:
    assume(not is_refused(*cells, declared=declared, usual=usual))
    written = column(*cells, declared=declared, usual=usual)
    for text in cells:
        with suppress(ValueError):
            day = written.read(text)
            assert 1990 <= day.year <= 2099
            assert str(day.day) in text or text.strip()[:5].isdecimal()


@given(st.lists(CELLS, max_size=10).flatmap(lambda cells: st.tuples(st.just(cells), st.permutations(cells))))
def test_the_order_of_the_rows_never_changes_what_a_cell_means(both: tuple[list[str], list[str]]) -> None:
    here, there = both
    assert is_refused(*here) == is_refused(*there)
    assume(not is_refused(*here))
    one, other = column(*here), column(*there)
    for text in here:
        assert meaning(one, text) == meaning(other, text)
