"""Files whose days, amounts and numbers are written in many ways, or were spoilt by a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from tests.unit.imports.shapes.shape import Shape, sheet

_DATED = "Invoice No,Customer,Invoice Date,Due Date,Balance,Currency,Status"
_PRICED = "Invoice No;Customer;Due Date;Balance;Currency;Status"


def _days(*days: tuple[str, str]) -> bytes:
    """Invoices of these issue and due dates."""
    return sheet(
        *(f'A-{n},Ashdown,"{issued}","{due}",10.00,EUR,open' for n, (issued, due) in enumerate(days, 1)),
        header=_DATED,
    )


def _dated(*days: str) -> tuple[str, ...]:
    """What is expected of them, with a blank between both dates."""
    return tuple(
        "|".join([f"A-{n}", "Ashdown", *pair.split(), "1000", "1000", "EUR", "open"])
        for n, pair in enumerate(days, 1)
    )


def _amounts(*amounts: str, currency: str = "EUR") -> bytes:
    return sheet(
        *(f'A-{n};Ashdown;2026-03-31;"{amount}";{currency};open' for n, amount in enumerate(amounts, 1)),
        header=_PRICED,
    )


def _priced(*minor: int | None, currency: str = "EUR") -> tuple[str, ...]:
    """What is expected of them; None for what is rejected."""
    return tuple(
        f"A-{n}|Ashdown|-|2026-03-31|{amount}|{amount}|{currency}|{'open' if amount else 'paid'}"
        for n, amount in enumerate(minor, 1)
        if amount is not None
    )


def _rejected(minor: Sequence[int | None], reason: str) -> dict[tuple[int, ...], str]:
    return {(n,): reason for n, amount in enumerate(minor, 2) if amount is None}


_IN_JANUARY = "2026-01-05 2026-02-04"
_NO_AMOUNTS = (
    "NaN",
    "INF",
    "-Infinity",
    "1e3",
    "1E+3",
    "#REF!",
    "ten",
    "0x10",
    "1.2.3",
    "12-13",
    "--5",
    "1,0,0",
)

ALL = (
    Shape(
        "Excel's day numbers",
        _days(("46027", "46057"), ("46028.0", "46058"), ("46029", "46059.75")),
        _dated(_IN_JANUARY, "2026-01-06 2026-02-05", "2026-01-07 2026-02-06"),
    ),
    Shape(
        "a day number among dates",
        _days(("05/01/2026", "46057"), ("13/01/2026", "14/02/2026")),
        ("A-2|Ashdown|2026-01-13|2026-02-14|1000|1000|EUR|open",),
        rejected={(2,): "'46057' is a number where others are dates"},
    ),
    Shape(
        "days that may be months",
        _days(("03/04/2026", "04/05/2026")),
        refused="date_order setting (--date-order dmy or mdy)",
    ),
    Shape(
        "days that may be months, with the order said",
        _days(("03/04/2026", "04/05/2026")),
        _dated("2026-04-03 2026-05-04"),
        arguments=("--date-order", "dmy"),
    ),
    Shape(
        "an order that most dates contradict",
        _days(("13/04/2026", "14/05/2026")),
        refused="correct the date_order setting",
        arguments=("--date-order", "mdy"),
    ),
    Shape(
        "days that one column proves for the other",
        _days(("03/04/2026", "04/05/2026"), ("04/04/2026", "28/05/2026")),
        _dated("2026-04-03 2026-05-04", "2026-04-04 2026-05-28"),
    ),
    Shape(
        "dates that are the same day either way",
        _days(("04/04/2026", "05/05/2026")),
        _dated("2026-04-04 2026-05-05"),
    ),
    Shape(
        "a column that a spreadsheet has turned in part",
        _days(("2026-01-01", "13/02/2026"), ("2026-01-01", "02/14/2026"), ("2026-01-01", "03/04/2026")),
        (
            "A-1|Ashdown|2026-01-01|2026-02-13|1000|1000|EUR|open",
            "A-2|Ashdown|2026-01-01|2026-02-14|1000|1000|EUR|open",
        ),
        rejected={(4,): "'03/04/2026' can be"},
        warnings=("days and months change places",),
    ),
    Shape(
        "points and short years",
        _days(("5.1.26", "4.2.26"), ("13.1.26", "14.2.26")),
        _dated(_IN_JANUARY, "2026-01-13 2026-02-14"),
    ),
    Shape(
        "American",
        _days(("1/5/2026", "2/4/2026"), ("1/13/2026", "2/28/2026")),
        _dated(_IN_JANUARY, "2026-01-13 2026-02-28"),
    ),
    Shape(
        "names of months",
        _days(
            ("5 Jan 2026", "Feb 4, 2026"), ("05-Jan-26", "04-Feb-26"), ("5. Januar 2026", "4 février 2026")
        ),
        _dated(_IN_JANUARY, _IN_JANUARY, _IN_JANUARY),
    ),
    Shape(
        "time of day and zone",
        _days(
            ("2026-01-05 23:59:59.123456", "2026-02-04T00:00:00Z"),
            ("2026-01-05T10:00:00+02:00", "2026-02-04 0:00"),
        ),
        _dated(_IN_JANUARY, _IN_JANUARY),
    ),
    Shape(
        "year first",
        _days(("2026/01/05", "20260204"), ("2026.01.05", "2026-2-4")),
        _dated(_IN_JANUARY, _IN_JANUARY),
    ),
    Shape(
        "days that are none",
        _days(
            ("2026-01-05", "2026-02-30"),
            ("#VALUE!", "2026-02-04"),
            ("0000-00-00", "2026-02-04"),
            ("2026-01-05", "soon"),
        ),
        rejected={(2,): "due_date", (3,): "issue_date", (4,): "issue_date", (5,): "due_date"},
    ),
    Shape(
        "due before it was issued",
        _days(("2026-02-05", "2026-01-05")),
        rejected={(2,): "is before the issue_date"},
    ),
    Shape(
        "decimal points",
        _amounts(
            "1,234.50", "1 234.50", "1\u00a0234.50", "€1,234.50", "1234.5", "1'234.50", "EUR 1,234.50", "0"
        ),
        _priced(*[123450] * 7, 0),
    ),
    Shape(
        "decimal commas",
        _amounts("1.234,50", "1 234,50", "1\u202f234,50", "1.234,50 €", "1234,5", "1.234.567,00", "0,05"),
        _priced(*[123450] * 5, 123456700, 5),
    ),
    Shape(
        "amounts below nothing",
        _amounts("(12.00)", "-12.00", "12.00-", "-€12.00", "€-12.00", "\u221212.00", "12.00 CR"),
        (*_priced(*[-1200] * 6), "A-7|Ashdown|-|2026-03-31|-1200|-1200|EUR|open"),
    ),
    Shape("amounts of thousands or of decimals", _amounts("1.234", "5.678"), refused="decimal_mark setting"),
    Shape(
        "the same with the mark said",
        _amounts("1.234", "5.678"),
        _priced(123400, 567800),
        arguments=("--decimal-mark", "comma"),
    ),
    Shape(
        "what is no amount",
        _amounts("10.00", *_NO_AMOUNTS),
        _priced(1000),
        rejected=_rejected((1000, *[None] * len(_NO_AMOUNTS)), ""),
    ),
    Shape(
        "more decimals than the currency has",
        _amounts("10.00", "10.005"),
        _priced(1000),
        rejected={(3,): "decimals"},
    ),
    Shape(
        "yen", _amounts("1,000", "¥2,500", "300.00", currency="JPY"), _priced(1000, 2500, 300, currency="JPY")
    ),
    Shape(
        "half a yen",
        _amounts("1,000", "300.50", currency="JPY"),
        _priced(1000, currency="JPY"),
        rejected={(3,): "decimals"},
    ),
    Shape(
        "Kuwaiti dinars",
        _amounts("1.234", "1,234.567", "12.5", currency="KWD"),
        _priced(1234, 1234567, 12500, currency="KWD"),
    ),
    Shape(
        "currencies by their signs",
        sheet(
            *(
                "A-1;Ashdown;2026-03-31;£5.00;;open",
                "A-2;Ashdown;2026-03-31;€6.00;;open",
                "A-3;Ashdown;2026-03-31;7.00;;open",
            ),
            header=_PRICED,
        ),
        ("A-1|Ashdown|-|2026-03-31|500|500|GBP|open", "A-2|Ashdown|-|2026-03-31|600|600|EUR|open"),
        rejected={(4,): "currency"},
    ),
    Shape("a sign of many currencies", _amounts("$5.00", currency=""), refused="--currency"),
    Shape(
        "a sign of many currencies, with the currency said",
        _amounts("$5.00", currency=""),
        _priced(500, currency="AUD"),
        arguments=("--currency", "aud"),
    ),
    Shape(
        "another currency's sign",
        _amounts("5.00", "$6.00"),
        _priced(500),
        rejected={(3,): "but the currency is EUR"},
    ),
    Shape("no such currency", _amounts("5.00", currency="XQZ"), rejected={(2,): "currency"}),
    Shape("no currency at all", _amounts("5.00", currency=""), refused="--currency"),
    Shape(
        "numbers as they stand",
        sheet(
            *("00123;Ashdown;2026-03-31;1;EUR;open", "1930571429.0;Ashdown;2026-03-31;1;EUR;open"),
            *("RE-2026/01;Ashdown;2026-03-31;1;EUR;open", "4.71565E+21;Ashdown;2026-03-31;1;EUR;open"),
            header=_PRICED,
        ),
        (
            "00123|Ashdown|-|2026-03-31|100|100|EUR|open",
            "1930571429|Ashdown|-|2026-03-31|100|100|EUR|open",
            "RE-2026/01|Ashdown|-|2026-03-31|100|100|EUR|open",
        ),
        rejected={(5,): "destroyed by a spreadsheet"},
    ),
    Shape(
        "a number that has lost its zeros",
        sheet("00123;Ashdown;2026-03-31;1;EUR;open", "123;Ashdown;2026-03-31;1;EUR;open", header=_PRICED),
        ("00123|Ashdown|-|2026-03-31|100|100|EUR|open", "123|Ashdown|-|2026-03-31|100|100|EUR|open"),
        warnings=("'00123' and '123'",),
    ),
    Shape(
        "formulas",
        sheet(
            *(
                'A-1;=HYPERLINK("http://evil.example");2026-03-31;1;EUR;open',
                "@A-2;+SUM(1);2026-03-31;1;EUR;open",
            ),
            "A-3;Ashdown;2026-03-31;=1+1;EUR;open",
            header=_PRICED,
        ),
        (
            'A-1|=HYPERLINK("http://evil.example")|-|2026-03-31|100|100|EUR|open',
            "@A-2|+SUM(1)|-|2026-03-31|100|100|EUR|open",
        ),
        rejected={(4,): "amount"},
    ),
)
