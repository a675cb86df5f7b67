"""Files that products write as reports, with titles, headings and sums, made up in each one's own form."""

from __future__ import annotations

from tactful.imports.upload_settings import UploadSettings
from tests.unit.adapters.profile_sample import Sample, filled, invoice

_DOLLARS = UploadSettings(currency="USD")

XERO_AGED_RECEIVABLES = Sample(
    "xero_aged_receivables",
    "Aged Receivables Detail,,,,,,,,,,,,,,,,,,\r\nQuay Consulting,,,,,,,,,,,,,,,,,,\r\n"
    "As at 31 March 2026,,,,,,,,,,,,,,,,,,\r\nAgeing by due date,,,,,,,,,,,,,,,,,,\r\n"
    + filled(
        "Contact Account Number,Primary Person,Phone,Email,Mobile,Contact Group,Invoice Date,Due Date,Expected Date,"
        "Invoice Number,Invoice Reference,< 1 Month,1 Month,2 Months,3 Months,Older,,Total,Outstanding Tax",
        "Contact Account Number|Invoice Date|Due Date|Invoice Number|< 1 Month|2 Months|Total|Outstanding Tax",
        "Gull & Sons|||||||",
        "|13 Jan 2026|12 Feb 2026|INV-0201||900.00|900.00|150.00",
        "|02 Mar 2026|01 Apr 2026|INV-0202|1,046.50||1,046.50|0.00",
        "Total Gull & Sons||||1,046.50|900.00|1,946.50|150.00",
        "Fern Bakery|||||||",
        "|05 Mar 2026|05 Mar 2026|CN-0008|-46.00||-46.00|0.00",
        "Total Fern Bakery||||-46.00||-46.00|0.00",
        "Total||||1,000.50|900.00|1,900.50|150.00",
    ),
    (
        invoice("INV-0201", "Gull & Sons", "2026-02-12", (90000, 90000), "GBP"),
        invoice("INV-0202", "Gull & Sons", "2026-04-01", (104650, 104650), "GBP"),
        invoice("CN-0008", "Fern Bakery", "2026-03-05", (-4600, -4600), "GBP"),
    ),
    UploadSettings(currency="GBP"),
)

QUICKBOOKS_AGING = Sample(
    "quickbooks_report",
    """\
"Juniper Distribution, Inc",,,,,,,
A/R Aging Detail Report,,,,,,,
"As of Jul 25, 2026",,,,,,,

,Date,Transaction type,Num,Customer full name,Due date,Amount,Open balance
91 or more days past due,,,,,,,
,01/21/2026,Invoice,SI-1,Tern Outdoors,02/20/2026,"1,000.00",800.00
,01/23/2026,Credit Memo,SC-1,Wren Sports,01/23/2026,-100.00,-100.00
Total for 91 or more days past due,,,,,,,$700.00
CURRENT,,,,,,,
,07/01/2026,Invoice,SI-2,Wren Sports,07/31/2026,500.00,500.00
,07/02/2026,Payment,,Wren Sports,07/02/2026,-20.00,-20.00
Total for CURRENT,,,,,,,$480.00
TOTAL,,,,,,,"$1,180.00"

" Saturday, July 25, 2026 04:19 PM GMT-06:00",,,,,,,
""",
    (
        invoice("SI-1", "Tern Outdoors", "2026-02-20", (100000, 80000), "USD"),
        invoice("SC-1", "Wren Sports", "2026-01-23", (-10000, -10000), "USD"),
        invoice("SI-2", "Wren Sports", "2026-07-31", (50000, 50000), "USD"),
    ),
    _DOLLARS,
    stopped=1,
)

QUICKBOOKS_INVOICE_LIST = Sample(
    "quickbooks_report",
    """\
Juniper Distribution,,,,,,,
Invoice List,,,,,,,
"January 1 - July 25, 2026",,,,,,,

Date,Transaction type,Num,Name,Memo,Due date,Amount,Open balance
01/21/2026,Invoice,1041,"Alvarez, Dana",,02/20/2026,"1,284.50","1,284.50"
02/22/2026,Invoice,1042,Tern Outdoors,,03/24/2026,642.00,0.00
TOTAL,,,,,,"$1,926.50","$1,284.50"
""",
    (
        invoice("1041", "Alvarez, Dana", "2026-02-20", (128450, 128450), "USD"),
        invoice("1042", "Tern Outdoors", "2026-03-24", (64200, 0), "USD", "paid"),
    ),
    _DOLLARS,
    variant="invoice list",
)

QUICKBOOKS_OPEN_INVOICES = Sample(
    "quickbooks_by_customer",
    """\
Juniper Distribution,,,,,,
Open Invoices,,,,,,
"As of July 25, 2026",,,,,,

,Date,Transaction type,Num,Term,Due date,Open balance
Acme Corp,,,,,,
,04/01/2026,Invoice,5004,Net 30,05/01/2026,"1,000.00"
,04/13/2026,Invoice,5007,Net 30,05/13/2026,20.00
Total for Acme Corp,,,,,,"$1,020.00"
Wren Sports,,,,,,
,05/20/2026,Credit Memo,5009,,05/20/2026,-75.00
Total for Wren Sports,,,,,,-$75.00
TOTAL,,,,,,$945.00
""",
    (
        invoice("5004", "Acme Corp", "2026-05-01", (100000, 100000), "USD"),
        invoice("5007", "Acme Corp", "2026-05-13", (2000, 2000), "USD"),
        invoice("5009", "Wren Sports", "2026-05-20", (-7500, -7500), "USD"),
    ),
    _DOLLARS,
)

QUICKBOOKS_DESKTOP_OPEN_INVOICES = Sample(
    "quickbooks_desktop_by_customer",
    """\
,Type,Date,Num,P. O. #,Terms,Due Date,Aging,Open Balance
Acme Corp,,,,,,,,
,Invoice,03/10/2026,INV-B,,Net 30,04/09/2026,60,200.00
,Payment,03/15/2026,,,,,,-50.00
Total Acme Corp,,,,,,,,150.00
Birch Hotel,,,,,,,,
,Invoice,01/20/2026,INV-A,PO-7,Net 30,02/19/2026,110,100.00
Total Birch Hotel,,,,,,,,100.00
TOTAL,,,,,,,,250.00
""",
    (
        invoice("INV-B", "Acme Corp", "2026-04-09", (20000, 20000), "USD"),
        invoice("INV-A", "Birch Hotel", "2026-02-19", (10000, 10000), "USD"),
    ),
    _DOLLARS,
    stopped=1,
)

QUICKBOOKS_DESKTOP_AGING = Sample(
    "quickbooks_desktop_report",
    """\
,Type,Date,Num,P. O. #,Name,Terms,Due Date,Aging,Open Balance
Current,,,,,,,,,
,Invoice,06/25/2026,INV-D,,Acme Corp,Net 30,07/25/2026,,200.00
Total Current,,,,,,,,,200.00
1 - 30,,,,,,,,,
,Credit Memo,05/31/2026,CM-2,,Birch Hotel,,05/31/2026,25,-40.00
Total 1 - 30,,,,,,,,,-40.00
TOTAL,,,,,,,,,160.00
""",
    (
        invoice("INV-D", "Acme Corp", "2026-07-25", (20000, 20000), "USD"),
        invoice("CM-2", "Birch Hotel", "2026-05-31", (-4000, -4000), "USD"),
    ),
    _DOLLARS,
)

QUICKBOOKS_LIST = Sample(
    "quickbooks_list",
    """\
Heron Handyman Services
A/R Aging Detail
As of 31 December 2025

Num,Customer,Date,Due Date,Amount,Open Balance,P.O. #
1041,"Alvarez, Dana",11/18/2025,12/18/2025,"1,284.50","1,284.50",
1063,Saguaro Group,12/14/2025,01/13/2026,"4,180.75","2,180.75",PO-8841
1070,"Okafor, Chidi",12/28/2025,12/28/2025,310.00,310.00,
""",
    (
        invoice("1041", "Alvarez, Dana", "2025-12-18", (128450, 128450), "USD"),
        invoice("1063", "Saguaro Group", "2026-01-13", (418075, 218075), "USD"),
        invoice("1070", "Okafor, Chidi", "2025-12-28", (31000, 31000), "USD"),
    ),
    _DOLLARS,
)

QUICKBOOKS_IMPORT = Sample(
    "quickbooks_online_import",
    """\
*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Location,Memo,Item(Product/Service),ItemDescription,ItemQuantity,\
ItemRate,*ItemAmount,Service Date
1001,Heron Design,08/09/2026,09/08/2026,Net 30,,Retainer,Advice,Retainer,1,"$1,150.50","$1,150.50",08/01/2026
1001,,,,,,,Expenses,"Travel, mileage",1,$120.00,$120.00,08/05/2026
1002,Beacon Media,08/13/2026,08/13/2026,Due on receipt,,,Advice,Workshop,2,400.00,800.00,
1002,,,,,,,Advice,Preparation,3.5,80,280.00,
1003,"Nakamura, Yui",08/31/2026,09/30/2026,Net 30,,,Hours,,10,64.20,642.00,
""",
    (
        invoice("1001", "Heron Design", "2026-09-08", (127050, 127050), "USD"),
        invoice("1002", "Beacon Media", "2026-08-13", (108000, 108000), "USD"),
        invoice("1003", "Nakamura, Yui", "2026-09-30", (64200, 64200), "USD"),
    ),
    _DOLLARS,
)

WAVE_LEDGER = Sample(
    "wave_ledger",
    filled(
        "Transaction ID,Transaction Date,Account Name,Transaction Description,Transaction Line Description,"
        "Amount (One column), ,Debit Amount (Two Column Approach),Credit Amount (Two Column Approach),"
        "Other Accounts for this Transaction,Customer,Vendor,Invoice Number,Bill Number,Notes / Memo,"
        "Amount Before Sales Tax,Sales Tax Amount,Sales Tax Name,Transaction Date Added,"
        "Transaction Date Last Modified,Account Group,Account Type,Account ID",
        "Transaction ID|Transaction Date|Account Name|Amount (One column)|Customer|Invoice Number|Account Group",
        "71|2026-01-28|Sales|294.00|Mark Reed|2|Income",
        "71|2026-01-28|Services|160.00|Mark Reed|2|Income",
        "71|2026-01-28|Accounts Receivable|454.00|Mark Reed|2|Asset",
        "72|2026-01-28|Accounts Receivable|590.50|Lia Cage|3|Asset",
        "73|2026-02-03|Accounts Receivable|-590.50|Lia Cage|3|Asset",
        "73|2026-02-03|Cash on Hand|590.50|||Asset",
        "74|2026-01-30|Accounts Receivable|100.00|Mark Reed|4|Asset",
        "75|2026-02-08|Accounts Receivable|-40.00|Mark Reed|4|Asset",
    ),
    (
        invoice("2", "Mark Reed", "2026-02-27", (45400, 45400), "USD"),
        invoice("3", "Lia Cage", "2026-02-27", (59050, 0), "USD", "paid"),
        invoice("4", "Mark Reed", "2026-03-01", (10000, 6000), "USD"),
    ),
    UploadSettings(currency="USD", terms_days=30),
)

ALL = (
    XERO_AGED_RECEIVABLES,
    QUICKBOOKS_AGING,
    QUICKBOOKS_INVOICE_LIST,
    QUICKBOOKS_OPEN_INVOICES,
    QUICKBOOKS_DESKTOP_OPEN_INVOICES,
    QUICKBOOKS_DESKTOP_AGING,
    QUICKBOOKS_LIST,
    QUICKBOOKS_IMPORT,
    WAVE_LEDGER,
)
