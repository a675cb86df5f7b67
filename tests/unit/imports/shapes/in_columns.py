"""Files whose columns say of their records what their amounts alone do not."""

from __future__ import annotations

from tests.unit.imports.shapes.shape import Shape, sheet

_FLAGGED = "Invoice No,Customer,Due Date,Total,Balance,Currency,Status,{}"
_PLAIN = "Invoice No,Customer,Due Date,Total,Balance,Currency"
_OPOS = "Konto;Name;Belegnummer;Fälligkeit;Betrag;{}Offener Betrag;WKZ"

ALL = (
    *(
        Shape(
            f"a column {header!r} of yes and no",
            sheet(
                f"A-1,Ashdown,2026-03-31,100,100,EUR,Sent,{yes}",
                f"A-2,Ashdown,2026-03-31,100,100,EUR,Sent,{no}",
                header=_FLAGGED.format(header),
            ),
            (
                f"A-1|Ashdown|-|2026-03-31|10000|{left}|EUR|{status}",
                "A-2|Ashdown|-|2026-03-31|10000|10000|EUR|open",
            ),
        )
        for header, yes, no, left, status in (
            ("Void", "Yes", "No", 0, "void"),
            ("Is Cancelled", "TRUE", "FALSE", 0, "void"),
            ("Storniert", "Ja", "", 0, "void"),
            ("Is Draft", "1", "0", 10000, "draft"),
            ("Brouillon", "oui", "non", 10000, "draft"),
            ("Disputed", "Yes", "No", 10000, "open"),
        )
    ),
    Shape(
        "a column of yes and no that says neither",
        sheet("A-1,Ashdown,2026-03-31,100,100,EUR,Sent,perhaps", header=_FLAGGED.format("Void")),
        rejected={(2,): "voided: 'perhaps' is neither yes nor no"},
    ),
    Shape(
        "debits and credits told apart by a letter",
        sheet(
            *("10001;Ost KG;RE-1;31.03.2026;1.190,00;S;1.190,00;EUR",),
            *("10001;Ost KG;RE-2;31.03.2026;100,00;H;100,00;EUR",),
            header=_OPOS.format("S/H;"),
        ),
        (
            "RE-1|Ost KG|-|2026-03-31|119000|119000|EUR|open",
            "RE-2|Ost KG|-|2026-03-31|-10000|-10000|EUR|open",
        ),
    ),
    Shape(
        "a ledger with a running balance",
        sheet(
            *("2026-01-01,A-1,Ashdown,100,,100,EUR", "2026-01-05,P-1,Ashdown,,40,60,EUR"),
            header="Date,Number,Customer,Debit,Credit,Balance,Currency",
        ),
        refused="Debit and Credit",
        arguments=("--terms-days", "30"),
    ),
    Shape(
        "a ledger whose balance is said to be of each invoice",
        sheet(
            "2026-01-01,A-1,Ashdown,100,,100,EUR", header="Date,Number,Customer,Debit,Credit,Balance,Currency"
        ),
        ("A-1|Ashdown|2026-01-01|2026-01-31|10000|10000|EUR|open",),
        arguments=("--terms-days", "30", "--column", "amount_due=Balance"),
    ),
    Shape(
        "bills of suppliers beside the business's own name",
        sheet(
            "Northwind,Us Ltd,B-1,2026-03-31,100,100,EUR",
            header="Vendor Name,Company,Invoice No,Due Date,Total,Balance,Currency",
        ),
        refused="'Vendor Name'",
    ),
    Shape(
        "a supplier beside a customer",
        sheet(
            "Us Ltd,Ashdown,A-1,2026-03-31,100,100,EUR",
            header="Supplier,Customer,Invoice No,Due Date,Total,Balance,Currency",
        ),
        ("A-1|Ashdown|-|2026-03-31|10000|10000|EUR|open",),
    ),
    Shape(
        "days of payment that may say what is paid",
        sheet(
            *("A-1,Ashdown,2026-03-31,100,EUR,2026-03-01", "A-2,Ashdown,2026-03-31,100,EUR,"),
            header="Invoice No,Customer,Due Date,Total,Currency,Payment Date",
        ),
        refused="settled_date='Payment Date'",
    ),
    Shape(
        "days of payment that do say what is paid",
        sheet(
            *("A-1,Ashdown,2026-03-31,100,EUR,2026-03-01", "A-2,Ashdown,2026-03-31,100,EUR,"),
            header="Invoice No,Customer,Due Date,Total,Currency,Payment Date",
        ),
        (
            "A-1|Ashdown|-|2026-03-31|10000|0|EUR|paid",
            "A-2|Ashdown|-|2026-03-31|10000|10000|EUR|open",
        ),
        arguments=("--column", "settled_date=Payment Date"),
    ),
    Shape(
        "what is due and what is paid, without the total",
        sheet(
            *("A-1,Ashdown,2026-03-31,40,60,EUR,Partially paid", "A-2,Ashdown,2026-03-31,0,100,EUR,Paid"),
            header="Invoice No,Customer,Due Date,Balance,Paid Amount,Currency,Status",
        ),
        (
            "A-1|Ashdown|-|2026-03-31|10000|4000|EUR|partially_paid",
            "A-2|Ashdown|-|2026-03-31|10000|0|EUR|paid",
        ),
    ),
    Shape(
        "a net amount beside the gross one",
        sheet(
            "A-1,Ashdown,2026-03-31,100,20,120,EUR,sent",
            header="Invoice No,Customer,Due Date,Amount,VAT,Gross,Currency,Status",
        ),
        ("A-1|Ashdown|-|2026-03-31|12000|12000|EUR|open",),
    ),
    Shape(
        "a balance in the books' currency beside a total in another",
        sheet(
            *("A-1,Ashdown,2026-03-31,100,92,EUR", "A-2,Ashdown,2026-03-31,100,100,USD"),
            header="Invoice No,Customer,Due Date,Total,Balance (USD),Currency",
        ),
        ("A-2|Ashdown|-|2026-03-31|10000|10000|USD|open",),
        rejected={(2,): "currency: it is EUR, but the header says USD"},
    ),
    Shape(
        "headers with several currencies",
        sheet(
            "A-1,Ashdown,2026-03-31,100,92", header="Invoice No,Customer,Due Date,Total (EUR),Balance (USD)"
        ),
        refused="EUR and USD",
    ),
    *(
        Shape(
            f"a currency in a header as in {total!r}",
            sheet(
                f"A-1,Ashdown,2026-03-31,100,40,{code}",
                header=f"Invoice No,Customer,Due Date,{total},{due},x",
            ),
            (f"A-1|Ashdown|-|2026-03-31|10000|4000|{code}|partially_paid",),
        )
        for total, due, code in (
            ("Total EUR", "Balance EUR", "EUR"),
            ("Betrag in EUR", "Offener Betrag in EUR", "EUR"),
            ("Total £", "Balance £", "GBP"),
            ("Total - CHF", "Balance [CHF]", "CHF"),
        )
    ),
    Shape(
        "numbers that are none",
        sheet(
            *("-,Ashdown,2026-03-31,1,1,EUR", "N/A,Ashdown,2026-03-31,2,2,EUR"),
            *("N/A,Birch,2026-03-31,3,3,EUR", "n/a,Birch,2026-03-31,4,4,EUR"),
            header=_PLAIN,
        ),
        rejected={(at,): "invoice_number: it is empty" for at in (2, 3, 4, 5)},
    ),
    Shape(
        "drafts that will get their numbers later",
        sheet(
            *("/,Ashdown,2026-03-31,1,1,EUR,Draft", "/,Ashdown,2026-03-31,2,2,EUR,Draft"),
            header=f"{_PLAIN},Status",
        ),
        ignored={(2,): "a draft without a number", (3,): "a draft without a number"},
    ),
    Shape(
        "numbers written as formulas to keep their zeros",
        sheet('"=""00045""",Ashdown,2026-03-31,1,1,EUR', header=_PLAIN),
        ("00045|Ashdown|-|2026-03-31|100|100|EUR|open",),
    ),
    Shape(
        "a few NUL bytes in a short file",
        sheet("A-1,Ash\0down,2026-03-31,1,1,EUR\0", header=_PLAIN),
        ("A-1|Ashdown|-|2026-03-31|100|100|EUR|open",),
        warnings=("2 NUL bytes were left out",),
    ),
    *(
        Shape(
            f"an amount that is {said}",
            sheet(
                "A-1,Ashdown,2026-03-31,10000,EUR,sent",
                header=f"Invoice No,Customer,Due Date,{header},Currency,Status",
            ),
            refused="lacks total or amount_due",
        )
        for header, said in (
            ("Total (cents)", "in cents"),
            ("Amount (in thousands)", "in thousands"),
            ("Total (excl. VAT)", "without tax"),
            ("Betrag (netto)", "without tax, in German"),
        )
    ),
    *(
        Shape(
            f"an amount under {header!r}",
            sheet(
                "A-1,Ashdown,2026-03-31,100,EUR,sent",
                header=f"Invoice No,Customer,Due Date,{header},Currency,Status",
            ),
            ("A-1|Ashdown|-|2026-03-31|10000|10000|EUR|open",),
        )
        for header in (
            "Total (incl. VAT)",
            "Amount (inc GST)",
            "Betrag (brutto)",
            "Montant (TTC)",
            "Total (in EUR)",
            "Total (€)",
        )
    ),
    Shape(
        "what is due in another currency than the total",
        sheet(
            "A-1,Ashdown,2026-03-31,100,46,EUR",
            header="Invoice No,Customer,Due Date,Total,Amount Due (Company Currency),Currency",
        ),
        refused="'Amount Due (Company Currency)'",
    ),
    Shape(
        "payments beside what else lessens the debt",
        sheet(
            "A-1,Ashdown,2026-03-31,100,40,60,EUR",
            header="Invoice No,Customer,Due Date,Total,Paid,Credits,Currency",
        ),
        refused="'Credits'",
    ),
    Shape(
        "what is due beside what lessened it",
        sheet(
            "A-1,Ashdown,2026-03-31,100,40,10,50,EUR",
            header="Invoice No,Customer,Due Date,Total,Paid,Credits,Balance,Currency",
        ),
        ("A-1|Ashdown|-|2026-03-31|10000|5000|EUR|partially_paid",),
    ),
    Shape(
        "an invoice that was reminded",
        sheet(
            "A-1;Ashdown;31.03.2026;100,00;EUR;2. Mahnung",
            header="Rechnungsnummer;Kunde;Fällig am;Betrag;Währung;Status",
        ),
        ("A-1|Ashdown|-|2026-03-31|10000|10000|EUR|open",),
    ),
    Shape(
        "two columns of what may be left to pay, which differ",
        sheet(
            "A-1,Ashdown,2026-03-31,100,100,60,EUR",
            header="Invoice No,Customer,Due Date,Total,Amount Due,Balance,Currency",
        ),
        refused="'Amount Due' and 'Balance'",
    ),
    Shape(
        "two columns of what may be left to pay, and the settings say which",
        sheet(
            "A-1,Ashdown,2026-03-31,100,100,60,EUR",
            header="Invoice No,Customer,Due Date,Total,Amount Due,Balance,Currency",
        ),
        ("A-1|Ashdown|-|2026-03-31|10000|6000|EUR|partially_paid",),
        arguments=("--column", "amount_due=Balance"),
    ),
    Shape(
        "two columns of what is left to pay, which agree",
        sheet(
            "A-1,Ashdown,2026-03-31,100,60,60,EUR",
            header="Invoice No,Customer,Due Date,Total,Amount Due,Balance,Currency",
        ),
        ("A-1|Ashdown|-|2026-03-31|10000|6000|EUR|partially_paid",),
    ),
    Shape(
        "the names of an interface that counts in cents",
        sheet(
            "in_1,A-1,Ashdown,2026-03-31,120000,120000,0,120000,eur,open",
            header="id,number,customer_name,due_date,total,amount_due,amount_paid,amount_remaining,currency,status",
        ),
        refused="profile stripe_api",
    ),
    Shape(
        "payments with the invoices they pay",
        sheet(
            "P-1,2026-03-01,Ashdown,A-1,100,EUR,Posted",
            header="Payment Number,Date,Customer,Invoice Number,Amount,Currency,Status",
        ),
        refused="'Payment Number'",
        arguments=("--terms-days", "30"),
    ),
    Shape(
        "an invoice that nobody has approved yet",
        sheet(
            "A-1,Ashdown,2026-03-31,100,EUR,Open,Unapproved",
            header="Invoice No,Customer,Due Date,Total,Currency,Status,Approval Status",
        ),
        ("A-1|Ashdown|-|2026-03-31|10000|10000|EUR|draft",),
    ),
    Shape(
        "the reason of a dispute",
        sheet(
            *("A-1,Ashdown,2026-03-31,100,EUR,Open,wrong goods", "A-2,Ashdown,2026-03-31,100,EUR,Open,"),
            header="Invoice No,Customer,Due Date,Total,Currency,Status,Dispute Reason",
        ),
        ("A-2|Ashdown|-|2026-03-31|10000|10000|EUR|open",),
        rejected={(2,): "disputed: 'wrong goods' is neither yes nor no"},
    ),
    Shape(
        "amounts in the invoices' currency beside those of the books",
        sheet(
            "A-1,Ashdown,2026-03-31,100.00,60.00,EUR,108.00,Invoice : Open",
            header="Document Number,Name,Due Date,Amount (Foreign Currency),"
            "Amount Remaining (Foreign Currency),Currency,Amount,Status",
        ),
        ("A-1|Ashdown|-|2026-03-31|10000|6000|EUR|partially_paid",),
    ),
    *(
        Shape(
            f"terms such as {terms!r}",
            sheet(
                f"A-1,Ashdown,2026-01-05,{terms},1,EUR",
                header="Invoice No,Customer,Invoice Date,Terms,Balance,Currency",
            ),
            (f"A-1|Ashdown|2026-01-05|{due}|100|100|EUR|open",),
            arguments=("--terms-days", "7"),
        )
        for terms, due in (
            ("Net 30", "2026-02-04"),
            ("NET30", "2026-02-04"),
            ("n/30", "2026-02-04"),
            ("Payment within 30 days", "2026-02-04"),
            ("14 Tage netto", "2026-01-19"),
            ("à 30 jours", "2026-02-04"),
            ("as agreed", "2026-01-12"),
            ("", "2026-01-12"),
        )
    ),
    *(
        Shape(
            f"terms such as {terms!r}, which are no number of days",
            sheet(
                f"A-1,Ashdown,2026-01-05,{terms},1,EUR",
                header="Invoice No,Customer,Invoice Date,Terms,Balance,Currency",
            ),
            rejected={(2,): f"terms: '{terms}'"},
            arguments=("--terms-days", "7"),
        )
        for terms in (
            "30 days EOM",
            "EOM 30",
            "MFI 15",
            "fin de mois 30",
            "-30",
            "2/10 net 30",
            "End of month",
            "3 months",
        )
    ),
    Shape(
        "an amount beside the same with tax",
        sheet(
            "A-1,Ashdown,2026-03-31,100,125,EUR,sent",
            header="Invoice No,Customer,Due Date,Amount,Amount Including VAT,Currency,Status",
        ),
        ("A-1|Ashdown|-|2026-03-31|12500|12500|EUR|open",),
    ),
    Shape(
        "an amount beside one that seems to be with tax",
        sheet(
            "A-1,Ashdown,2026-03-31,100,125,EUR,sent",
            header="Invoice No,Customer,Due Date,Amount,Value incl. GST,Currency,Status",
        ),
        refused="total='Value incl. GST'",
    ),
)
