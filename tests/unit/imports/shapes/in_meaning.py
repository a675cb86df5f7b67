"""Files that say what an invoice is worth chasing, contradict themselves, or say things twice."""

from __future__ import annotations

from tests.unit.imports.shapes.shape import Shape, sheet

_PLAIN = "Invoice No,Customer,Due Date,Total,Balance,Currency,Status"
_PAYING = "Invoice No,Customer,Due Date,Total,Paid,Currency,Status"
_TYPED = "Invoice No,Customer,Due Date,Total,Balance,Currency,Type"
_TERMS = "Invoice No,Customer,Invoice Date,Terms,Total,Currency,Status"


def _one(total: str, due: str, status: str, number: str = "A-1", customer: str = "Ashdown") -> str:
    return f"{number},{customer},2026-03-31,{total},{due},EUR,{status}"


def _read(total: int, due: int, status: str, number: str = "A-1", customer: str = "Ashdown") -> str:
    return f"{number}|{customer}|-|2026-03-31|{total}|{due}|EUR|{status}"


ALL = (
    *(
        Shape(
            f"an invoice that is {word}",
            sheet(_one("100", due, word), header=_PLAIN),
            (_read(10000, left, status),),
        )
        for word, due, left, status in (
            ("Draft", "100", 10000, "draft"),
            ("Awaiting approval", "100", 10000, "draft"),
            ("OPEN", "100", 10000, "open"),
            ("Overdue 12 days", "40", 4000, "partially_paid"),
            ("Paid", "0", 0, "paid"),
            ("Void", "100", 0, "void"),
            ("Cancelled", "100", 0, "void"),
            ("Written off", "100", 0, "void"),
            ("Bezahlt", "0", 0, "paid"),
            ("Storniert", "100", 0, "void"),
            ("Payée", "0", 0, "paid"),
            ("Vencida", "100", 10000, "open"),
        )
    ),
    Shape(
        "a word that nobody knows",
        sheet(_one("100", "100", "frobbed"), header=_PLAIN),
        rejected={
            (2,): "'frobbed' is no word that profile generic knows, such as draft, open, overdue, paid"
        },
    ),
    Shape(
        "paid, with something due",
        sheet(_one("100", "40", "Paid"), header=_PLAIN),
        rejected={(2,): "one of them is wrong"},
    ),
    Shape(
        "open, with nothing due", sheet(_one("100", "0", "Open"), header=_PLAIN), (_read(10000, 0, "paid"),)
    ),
    Shape(
        "more due than the total",
        sheet(_one("100", "140", "Open"), header=_PLAIN),
        rejected={(2,): "amount_due"},
    ),
    Shape(
        "paid more than asked", sheet(_one("100", "-40", "Open"), header=_PLAIN), (_read(10000, 0, "paid"),)
    ),
    Shape(
        "paid in part",
        sheet(_one("100", "60", "sent"), header=_PAYING),
        (_read(10000, 4000, "partially_paid"),),
    ),
    Shape(
        "paid in part, and nothing says how much",
        sheet(
            "A-1,Ashdown,2026-03-31,100,EUR,Partially paid",
            header="Invoice No,Customer,Due Date,Total,Currency,Status",
        ),
        rejected={(2,): "nothing says how much"},
    ),
    Shape(
        "credit notes, written either way",
        sheet(_one("-50", "-50", "Credit note"), _one("50", "50", "Credit note", "A-2"), header=_TYPED),
        (_read(-5000, -5000, "open"), _read(-5000, -5000, "open", "A-2")),
    ),
    Shape(
        "a quote among invoices",
        sheet(_one("50", "50", "Invoice"), _one("70", "70", "Estimate", "Q-1"), header=_TYPED),
        (_read(5000, 5000, "open"),),
        ignored={(3,): "Estimate"},
    ),
    Shape(
        "the same invoice twice",
        sheet(
            _one("100", "40", "sent"), _one("1", "1", "sent", "A-2"), _one("100", "40", "sent"), header=_PLAIN
        ),
        (_read(10000, 4000, "partially_paid"), _read(100, 100, "open", "A-2")),
        ignored={(4,): "says again what record 2 says"},
    ),
    Shape(
        "one number with different contents",
        sheet(
            _one("100", "40", "sent"), _one("1", "1", "sent", "A-2"), _one("100", "30", "sent"), header=_PLAIN
        ),
        (_read(100, 100, "open", "A-2"),),
        rejected={(2,): "record 4 says something else", (4,): "record 2 says something else"},
    ),
    Shape(
        "one number at two customers",
        sheet(_one("100", "40", "sent"), _one("7", "7", "sent", customer="Birch"), header=_PLAIN),
        (_read(10000, 4000, "partially_paid"), _read(700, 700, "open", customer="Birch")),
    ),
    Shape(
        "an invoice without a number, customer, day or amount",
        sheet(
            *(",Ashdown,2026-03-31,1,1,EUR,sent", "A-2,,2026-03-31,1,1,EUR,sent"),
            *("A-3,Ashdown,,1,1,EUR,sent", "A-4,Ashdown,2026-03-31,,,EUR,sent"),
            header=_PLAIN,
        ),
        rejected={(2,): "invoice_number", (3,): "customer_name", (4,): "due_date", (5,): "total"},
    ),
    Shape(
        "a draft without a number",
        sheet(",Ashdown,2026-03-31,1,1,EUR,Draft", header=_PLAIN),
        ignored={(2,): "a draft without a number"},
    ),
    Shape(
        "what is paid, without a due date",
        sheet("A-1,Ashdown,,100,0,EUR,Paid", header=_PLAIN),
        ("A-1|Ashdown|-|-|10000|0|EUR|paid",),
    ),
    Shape(
        "due dates by the terms of each record",
        sheet(
            *("A-1,Ashdown,2026-01-05,Net 30,1,EUR,sent", "A-2,Ashdown,2026-01-05,14 days,1,EUR,sent"),
            *(
                "A-3,Ashdown,2026-01-05,Due on receipt,1,EUR,sent",
                "A-4,Ashdown,2026-01-05,as agreed,1,EUR,sent",
            ),
            header=_TERMS,
        ),
        (
            "A-1|Ashdown|2026-01-05|2026-02-04|100|100|EUR|open",
            "A-2|Ashdown|2026-01-05|2026-01-19|100|100|EUR|open",
            "A-3|Ashdown|2026-01-05|2026-01-05|100|100|EUR|open",
        ),
        rejected={(5,): "due_date"},
    ),
    Shape(
        "no due dates at all",
        sheet(
            "A-1,Ashdown,2026-01-05,1,EUR,sent",
            header="Invoice No,Customer,Invoice Date,Total,Currency,Status",
        ),
        refused="--terms-days",
    ),
    Shape(
        "no due dates at all, with terms",
        sheet(
            "A-1,Ashdown,2026-01-05,1,EUR,sent",
            header="Invoice No,Customer,Invoice Date,Total,Currency,Status",
        ),
        ("A-1|Ashdown|2026-01-05|2026-01-19|100|100|EUR|open",),
        arguments=("--terms-days", "14"),
    ),
    Shape(
        "one bad record of ten thousand",
        sheet(
            *(_one("1", "1", "sent", f"A-{number}") for number in range(1, 5_000)),
            _one("1", "1", "frobbed", "B-1"),
            *(_one("1", "1", "sent", f"A-{number}") for number in range(5_000, 10_000)),
            header=_PLAIN,
        ),
        tuple(_read(100, 100, "open", f"A-{number}") for number in range(1, 10_000)),
        rejected={(5_001,): "'frobbed'"},
    ),
)
