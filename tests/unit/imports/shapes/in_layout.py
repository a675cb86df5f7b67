"""Files with more, or less, around their records than a header and one record an invoice."""

from __future__ import annotations

from tests.unit.imports.shapes.shape import AS_READ, FIRST, HEADER, SECOND, Shape, both, sheet

_ITEMS = (
    "Client Name,Invoice #,Date Issued,Date Due,Invoice Status,Date Paid,Item Name,Line Subtotal,Line Total,"
    "Currency"
)
_XERO = (
    "ContactName,InvoiceNumber,InvoiceDate,DueDate,Total,InvoiceAmountPaid,InvoiceAmountDue,"
    "Description,LineAmount,Currency,Type,Status"
)
_TEMPLATE = "*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,ItemDescription,*ItemAmount"
_BY_CUSTOMER = "Date,Transaction type,Num,Due date,Amount,Open balance"
_AFTER = {
    "a title and a blank line": b"Open invoices,,,,,,,\r\n,,,,,,,\r\n",
    "a title that fills one cell": b"Open invoices\n\n",
    "what the report was made with": b"Company:,Example Ltd\nFrom:,01/01/2026\nTo:,31/01/2026\nCurrency:,EUR\n\n",
    "blank lines": b"\n\n,,,,,,,\n",
}

ALL = (
    *(
        Shape(f"{name} above the header", above + both(), AS_READ, read_as={"header_record": records})
        for (name, above), records in zip(_AFTER.items(), (3, 3, 6, 4), strict=True)
    ),
    Shape("blank lines between", sheet(FIRST, "", ",,,,,,,", SECOND), AS_READ),
    Shape(
        "the header again on each page",
        sheet(FIRST, HEADER, SECOND),
        AS_READ,
        ignored={(3,): "the header again"},
    ),
    Shape(
        "a header of two names that nothing is read from",
        sheet(f"{FIRST},x,y", f"{SECOND},x,z", header=f"{HEADER},Memo,Memo"),
        AS_READ,
    ),
    Shape(
        "two columns of one name that agree",
        sheet(f"{FIRST},100.00", f"{SECOND},250.50", header=f"{HEADER},Total"),
        AS_READ,
    ),
    Shape(
        "two columns of one name that differ",
        sheet(f"{FIRST},90.00", f"{SECOND},240.50", header=f"{HEADER},Total"),
        refused="more than once, and the columns differ",
    ),
    Shape(
        "header cells without a name",
        sheet(f",{FIRST},x", f",{SECOND},", header=f",{HEADER},"),
        AS_READ,
    ),
    Shape(
        "a header cell of several lines",
        sheet(
            FIRST,
            SECOND,
            header='"Invoice\nNo",Customer,"Invoice\r\nDate","Due \n Date",Total,Balance,Currency,Status',
        ),
        AS_READ,
    ),
    Shape("no header", f"{FIRST}\n{SECOND}\n".encode(), refused="no header row was found"),
    Shape(
        "no header, and a mapping by places",
        f"{FIRST}\n{SECOND}\n".encode(),
        AS_READ,
        arguments=(
            *("--column", "invoice_number=1", "customer_name=2", "issue_date=3", "due_date=4"),
            *("total=5", "amount_due=6", "currency=7", "status=8"),
        ),
    ),
    Shape(
        "headers that nobody knows, and a mapping by names",
        sheet(FIRST, SECOND, header="Beleg,Wer,Vom,Bis,Summe A,Summe B,Geld,Lage"),
        AS_READ,
        arguments=(
            *("--column", "invoice_number=Beleg", "customer_name=Wer", "issue_date=Vom", "due_date=Bis"),
            *("total=Summe A", "--column", "amount_due=summe b", "currency=Geld", "status=Lage"),
        ),
    ),
    Shape(
        "a mapping to a column that is not there",
        both(),
        refused="columns that the header does not have: gross",
        arguments=("--column", "total=Gross", "invoice_number=Invoice No"),
    ),
    Shape(
        "a record a line item, with the invoice's amounts on each",
        sheet(
            "Ashdown Ltd,X-1,13/01/2026,12/02/2026,100.00,60.00,40.00,Work,80.00,EUR,Sales invoice,Awaiting Payment",
            "Ashdown Ltd,X-1,13/01/2026,12/02/2026,100.00,60.00,40.00,Travel,20.00,EUR,Sales invoice,Awaiting Payment",
            "Birch & Co,X-2,14/01/2026,13/02/2026,250.50,0.00,250.50,Work,250.50,EUR,Sales invoice,Draft",
            header=_XERO,
        ),
        (
            "X-1|Ashdown Ltd|2026-01-13|2026-02-12|10000|4000|EUR|partially_paid",
            "X-2|Birch & Co|2026-01-14|2026-02-13|25050|25050|EUR|draft",
        ),
    ),
    Shape(
        "line items of one invoice that disagree about its total",
        sheet(
            "Ashdown Ltd,X-1,13/01/2026,12/02/2026,100.00,60.00,40.00,Work,80.00,EUR,Sales invoice,Awaiting Payment",
            "Ashdown Ltd,X-1,13/01/2026,12/02/2026,120.00,60.00,40.00,Travel,20.00,EUR,Sales invoice,Awaiting Payment",
            header=_XERO,
        ),
        rejected={(2, 3): "total: its records say '100.00' and '120.00'"},
    ),
    Shape(
        "a record a line item, whose amounts add up",
        sheet(
            "Ashdown Ltd,0007,2026-01-13,2026-02-12,sent,,Work,80.00,96.00,EUR",
            "Ashdown Ltd,0007,2026-01-13,2026-02-12,sent,,Travel,20.00,24.00,EUR",
            "Birch & Co,0008,2026-01-14,2026-02-13,paid,2026-02-01,Work,250.50,250.50,EUR",
            header=_ITEMS,
        ),
        (
            "0007|Ashdown Ltd|2026-01-13|2026-02-12|12000|12000|EUR|open",
            "0008|Birch & Co|2026-01-14|2026-02-13|25050|0|EUR|paid",
        ),
    ),
    Shape(
        "records that go on with blanks for what the first has said",
        sheet(
            'A-1,Ashdown Ltd,1/13/2026,2/12/2026,Net 30,Work,"$1,080.00"',
            "A-1,,,,,Travel,20.00",
            ",,,,,Postage,0.50",
            "A-2,Birch & Co,1/14/2026,2/13/2026,Net 30,Work,250.50",
            header=_TEMPLATE,
        ),
        (
            "A-1|Ashdown Ltd|2026-01-13|2026-02-12|110050|110050|USD|open",
            "A-2|Birch & Co|2026-01-14|2026-02-13|25050|25050|USD|open",
        ),
        arguments=("--currency", "USD"),
    ),
    Shape(
        "customers in headings above their records, and sums below",
        b"Example Ltd\nOpen Invoices\n\n"
        + sheet(
            "Ashdown Ltd,,,,,",
            "01/13/2026,Invoice,A-1,02/12/2026,100.00,40.00",
            "01/20/2026,Credit Memo,C-1,01/20/2026,-15.00,-15.00",
            'Total for Ashdown Ltd,,,,"85.00",25.00',
            "Birch & Co,,,,,",
            "01/14/2026,Invoice,A-2,02/13/2026,250.50,250.50",
            "Total for Birch & Co,,,,250.50,250.50",
            "TOTAL,,,,335.50,275.50",
            ",,,,,",
            '"Monday, 02 Feb 2026 10:00 AM",,,,,',
            header=_BY_CUSTOMER,
        ),
        (
            "A-1|Ashdown Ltd|2026-01-13|2026-02-12|10000|4000|USD|partially_paid",
            "C-1|Ashdown Ltd|2026-01-20|2026-01-20|-1500|-1500|USD|open",
            "A-2|Birch & Co|2026-01-14|2026-02-13|25050|25050|USD|open",
        ),
        ignored={(5,): "Ashdown Ltd", (8,): "sum", (9,): "Birch & Co", (11,): "sum", (12,): "sum", (14,): ""},
        arguments=("--currency", "USD"),
    ),
    Shape(
        "a sum without a word", sheet(FIRST, SECOND, ",,,,350.50,290.50,,"), AS_READ, ignored={(4,): "a sum"}
    ),
    *(
        Shape(
            f"a sum called {word}",
            sheet(FIRST, SECOND, f"{word},,,,350.50,290.50,,"),
            AS_READ,
            ignored={(4,): "a sum"},
        )
        for word in ("Total", "TOTAL EUR", "Grand total:", "Sum", "Subtotal", "Summe", "Gesamtsumme", "Somme")
    ),
    Shape(
        "a sum in the column of customers",
        sheet(FIRST, SECOND, ",Total,,,350.50,290.50,EUR,"),
        AS_READ,
        ignored={(4,): "a sum"},
    ),
    Shape(
        "a customer whose name begins like a sum",
        sheet("A-1,Total Energies,13/01/2026,12/02/2026,100.00,40.00,EUR,sent"),
        ("A-1|Total Energies|2026-01-13|2026-02-12|10000|4000|EUR|partially_paid",),
    ),
    Shape(
        "lines of text at the end",
        sheet(FIRST, SECOND, "", "* amounts include tax", "Printed on 02/02/2026,,,,,,,"),
        AS_READ,
        ignored={(5,): "a line of text", (6,): "a line of text"},
    ),
    Shape("ten thousand empty records at the end", both() + b",,,,,,,\r\n" * 10_000, AS_READ),
    Shape(
        "a separator at the end of each record",
        sheet(f"{FIRST},", f"{SECOND},", header=f"{HEADER},"),
        AS_READ,
    ),
    Shape("separators that the header lacks", sheet(f"{FIRST},,,", SECOND), AS_READ),
    Shape(
        "records with too many and too few cells",
        sheet(
            FIRST, "A-3,Cedar, Inc,13/01/2026,12/02/2026,1.00,1.00,EUR,sent", "A-4,Dune,13/01/2026", SECOND
        ),
        AS_READ,
        rejected={(3,): "9 cells where the header has 8", (4,): "ends after 3 cells"},
    ),
    Shape(
        "a quote that is not closed",
        sheet(FIRST, 'A-3,"Cedar,13/01/2026,12/02/2026,1.00,1.00,EUR,sent', SECOND),
        AS_READ,
        rejected={(3,): "close its quotes"},
    ),
    Shape(
        "cells with separators, quotes and line breaks",
        sheet('A-1,"Ash ""and"" Down,\nLtd",13/01/2026,12/02/2026,"100.00",40.00,EUR,sent', SECOND),
        ('A-1|Ash "and" Down, Ltd|2026-01-13|2026-02-12|10000|4000|EUR|partially_paid', AS_READ[1]),
    ),
    Shape(
        "a mark, semicolons, a line break in a cell and a formula at once",
        b"\xef\xbb\xbf"
        + sheet(
            'A-1;"Ashdown\r\nLtd";13/01/2026;12/02/2026;1.100,00;40,00;EUR;sent',
            'A-2;"=HYPERLINK(""http://evil.example"";""pay"")";14/01/2026;13/02/2026;250,50;250,50;EUR;overdue',
            header=HEADER.replace(",", ";"),
            line_end="\r\n",
        ),
        (
            "A-1|Ashdown Ltd|2026-01-13|2026-02-12|110000|4000|EUR|partially_paid",
            'A-2|=HYPERLINK("http://evil.example";"pay")|2026-01-14|2026-02-13|25050|25050|EUR|open',
        ),
    ),
    Shape("a column only", b"Invoice No\nA-1\nA-2\n", refused="lacks"),
    Shape(
        "a list of payments",
        b"Client,Invoice Number,Amount,Date\nAshdown,A-1,60.00,2026-01-20\n",
        refused="nothing shows that these are invoices",
        arguments=("--currency", "EUR"),
    ),
    Shape("a header and nothing under it", sheet(), warnings=("nothing under the header",)),
)
