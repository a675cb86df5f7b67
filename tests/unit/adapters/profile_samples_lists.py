"""Files that products export as lists, made up in each one's own form."""

from __future__ import annotations

from tactful.imports.upload_settings import UploadSettings
from tests.unit.adapters.profile_sample import Sample, filled, invoice

TACTFUL = Sample(
    "tactful",
    """\
invoice_number,customer_id,customer_name,issue_date,due_date,total,amount_due,currency,status
HL-2041,1001,Northwind Dental,2026-02-06,2026-03-08,1840.00,1840.00,USD,open
HL-2042,1001,Northwind Dental,2026-02-06,2026-03-08,500.00,120.50,USD,open
HL-2043,1002,Harper Logistics,2026-01-10,2026-02-09,75.00,0.00,USD,paid
HL-2044,1003,Alder Studio,2026-01-12,2026-02-11,90.00,0.00,USD,void
HL-2045,1003,Alder Studio,2026-01-13,2026-02-12,60.00,60.00,USD,disputed
HL-2046,1003,Alder Studio,2025-01-13,2025-02-12,60.00,0.00,USD,written_off
CN-0031,1002,Harper Logistics,2026-02-25,2026-02-25,-300.00,-300.00,USD,open
""",
    (
        invoice("HL-2041", "Northwind Dental", "2026-03-08", (184000, 184000), "USD"),
        invoice("HL-2042", "Northwind Dental", "2026-03-08", (50000, 12050), "USD"),
        invoice("HL-2043", "Harper Logistics", "2026-02-09", (7500, 0), "USD", "paid"),
        invoice("HL-2044", "Alder Studio", "2026-02-11", (9000, 0), "USD", "void"),
        invoice("HL-2045", "Alder Studio", "2026-02-12", (6000, 6000), "USD", "disputed"),
        invoice("HL-2046", "Alder Studio", "2025-02-12", (6000, 0), "USD", "written_off"),
        invoice("CN-0031", "Harper Logistics", "2026-02-25", (-30000, -30000), "USD"),
    ),
)

XERO = Sample(
    "xero",
    filled(
        "ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,"
        "POPostalCode,POCountry,SAAddressLine1,SAAddressLine2,SAAddressLine3,SAAddressLine4,SACity,SARegion,"
        "SAPostalCode,SACountry,InvoiceNumber,Reference,InvoiceDate,DueDate,PlannedDate,Total,TaxTotal,"
        "InvoiceAmountPaid,InvoiceAmountDue,InventoryItemCode,Description,Quantity,UnitAmount,Discount,LineAmount,"
        "AccountCode,TaxType,TaxAmount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2,Currency,Type,"
        "Sent,Status",
        "ContactName|EmailAddress|InvoiceNumber|InvoiceDate|DueDate|Total|InvoiceAmountPaid|InvoiceAmountDue|"
        "LineAmount|Currency|Type|Status",
        "Gull & Sons|ap@gull.example|INV-0101|13/03/2026|12/04/2026|900.0000|0.0000|900.0000|600.0000|GBP|"
        "Sales invoice|Awaiting Payment",
        "Gull & Sons|ap@gull.example|INV-0101|13/03/2026|12/04/2026|900.0000|0.0000|900.0000|300.0000|GBP|"
        "Sales invoice|Awaiting Payment",
        "Fern Bakery||INV-0102|01/04/2026|01/05/2026|396.0000|150.0000|246.0000|396.0000|GBP|"
        "Sales invoice|Awaiting Payment",
        "Fern Bakery||INV-0103|02/04/2026|02/05/2026|80.5000|80.5000|0.0000|80.5000|GBP|Sales invoice|Paid",
        "Moss Legal||INV-0104|03/04/2026|03/05/2026|10.0000|0.0000|10.0000|10.0000|EUR|"
        "Sales invoice|Awaiting Approval",
        "Moss Legal||INV-0105|03/04/2026|03/05/2026|12.0000|0.0000|12.0000|12.0000|GBP|Sales invoice|Voided",
        "Moss Legal|||08/04/2026||-120.0000|0.0000|-120.0000|-120.0000|GBP|Sales overpayment|Awaiting Payment",
        "Fern Bakery||CN-0007|05/04/2026|05/04/2026|-46.0000|0.0000|-46.0000|-46.0000|GBP|"
        "Sales credit note|Awaiting Payment",
    ),
    (
        invoice("INV-0101", "Gull & Sons", "2026-04-12", (90000, 90000), "GBP"),
        invoice("INV-0102", "Fern Bakery", "2026-05-01", (39600, 24600), "GBP"),
        invoice("INV-0103", "Fern Bakery", "2026-05-02", (8050, 0), "GBP", "paid"),
        invoice("INV-0104", "Moss Legal", "2026-05-03", (1000, 1000), "EUR", "draft"),
        invoice("INV-0105", "Moss Legal", "2026-05-03", (1200, 0), "GBP", "void"),
        invoice("CN-0007", "Fern Bakery", "2026-04-05", (-4600, -4600), "GBP"),
    ),
)

ZOHO = Sample(
    "zoho",
    filled(
        "Invoice Date,Invoice ID,Invoice Number,Estimate Number,Invoice Status,Customer Name,Company Name,"
        "Customer ID,Branch ID,Branch Name,Due Date,Expected Payment Date,PurchaseOrder,Template Name,Currency Code,"
        "Exchange Rate,Discount Type,Is Discount Before Tax,Entity Discount Percent,Entity Discount Amount,"
        "Item Name,Item Desc,Quantity,Usage unit,Item Price,Discount,Discount Amount,Expense Reference ID,"
        "Project ID,Project Name,Item Total,SubTotal,Total,Balance,Shipping Charge,Adjustment,"
        "Adjustment Description,Round Off,Sales person,Payment Terms,Payment Terms Label,Last Payment Date,Notes,"
        "Terms & Conditions,Subject,LateFee Name",
        "Invoice Date|Invoice ID|Invoice Number|Invoice Status|Customer Name|Customer ID|Due Date|Currency Code|"
        "Item Total|Total|Balance|Last Payment Date",
        "2026-01-28|90001|INV-000001|Draft|Pinewood|7001|2026-02-27|USD|20.00|20.00|20.00|",
        "2026-01-28|90002|INV-000002|Overdue|Pinewood|7001|2026-02-27|USD|300.00|489.75|489.75|",
        "2026-01-28|90002|INV-000002|Overdue|Pinewood|7001|2026-02-27|USD|189.75|489.75|489.75|",
        "2026-02-01|90003|INV-000003|PartiallyPaid|Jo Marsh|7002|2026-03-03|USD|460.00|460.00|60.00|2026-02-20",
        "2026-02-02|90004|INV-000004|Paid|Jo Marsh|7002|2026-03-04|USD|10.00|10.00|0.00|2026-02-20",
        "2026-02-03|90005|INV-000005|Void|Jo Marsh|7002|2026-03-05|USD|11.00|11.00|0.00|",
        "2026-02-04|90006|INV-000006|Sent|Jo Marsh|7002|2026-03-06|USD|12.50|12.50|12.50|",
    ),
    (
        invoice("INV-000001", "Pinewood", "2026-02-27", (2000, 2000), "USD", "draft"),
        invoice("INV-000002", "Pinewood", "2026-02-27", (48975, 48975), "USD"),
        invoice("INV-000003", "Jo Marsh", "2026-03-03", (46000, 6000), "USD"),
        invoice("INV-000004", "Jo Marsh", "2026-03-04", (1000, 0), "USD", "paid"),
        invoice("INV-000005", "Jo Marsh", "2026-03-05", (1100, 0), "USD", "void"),
        invoice("INV-000006", "Jo Marsh", "2026-03-06", (1250, 1250), "USD"),
    ),
)

FRESHBOOKS = Sample(
    "freshbooks",
    """\
Client Name,Invoice #,Date Issued,Date Due,Invoice Status,Date Paid,Item Name,Item Description,Rate,Quantity,\
Discount Percentage,Line Subtotal,Tax 1 Type,Tax 1 Amount,Tax 2 Type,Tax 2 Amount,Line Total,Currency
Otter Films,0000001,2026-01-28,2026-02-27,sent,,Editing,,65.00,10.00000000,0.0000,650.00,VAT,65.00,,0.00,715.00,USD
Otter Films,0000001,2026-01-28,2026-02-27,sent,,Colour,,98.00,5.00000000,0.0000,490.00,,0.00,,0.00,490.00,USD
Otter Films,0000002,2026-01-29,2026-02-28,paid,2026-02-20,Sound,,70.00,1.00000000,0.0000,70.00,,0.00,,0.00,70.00,USD
Lark & Co,0000003,2026-01-30,2026-03-01,draft,,Sound,,71.00,1.00000000,0.0000,71.00,,0.00,,0.00,71.00,USD
Lark & Co,0000004,2026-01-30,2026-03-01,partial,,Sound,,72.00,1.00000000,0.0000,72.00,,0.00,,0.00,72.00,USD
Lark & Co,0000005,2026-01-30,2026-03-01,disputed,,Sound,,73.00,1.00000000,0.0000,73.00,,0.00,,0.00,73.00,USD
""",
    (
        invoice("0000001", "Otter Films", "2026-02-27", (120500, 120500), "USD"),
        invoice("0000002", "Otter Films", "2026-02-28", (7000, 0), "USD", "paid"),
        invoice("0000003", "Lark & Co", "2026-03-01", (7100, 7100), "USD", "draft"),
        invoice("0000005", "Lark & Co", "2026-03-01", (7300, 7300), "USD", "disputed"),
    ),
    stopped=1,
)

STRIPE = Sample(
    "stripe",
    filled(
        "id,Amount Due,Billing,Charge,Closed,Currency,Customer,Customer Email,Customer Name,Date (UTC),"
        "Due Date (UTC),Finalized At (UTC),Number,Paid,Paid At (UTC),Subscription,Subtotal,Total Discount Amount,"
        "Applied Coupons,Tax,Total,Amount Paid,Status,Minimum Line Item Period Start (UTC),"
        "Maximum Line Item Period End (UTC)",
        "id|Amount Due|Currency|Customer|Customer Email|Customer Name|Date (UTC)|Due Date (UTC)|Number|Paid|"
        "Paid At (UTC)|Total|Amount Paid|Status",
        "in_1A|49.00|usd|cus_1|ana@elm.example|Elm Labs|2026-01-05 09:12|2026-02-04 09:12|E1-0001|false||"
        "59.00|0.00|open",
        "in_1B|120.00|usd|cus_1|ana@elm.example|Elm Labs|2026-01-06 10:00|2026-02-05 10:00|E1-0002|false||"
        "120.00|20.00|open",
        "in_1C|30.00|usd|cus_2|bo@ash.example|Ash Ltd|2026-01-07 11:30|2026-02-06 11:30|A1-0001|true|"
        "2026-01-20 08:00|30.00|30.00|paid",
        "in_1D|31.00|usd|cus_2|bo@ash.example|Ash Ltd|2026-01-08 11:30|2026-02-07 11:30|A1-0002|false||"
        "31.00|0.00|void",
        "in_1E|32.00|usd|cus_2|bo@ash.example|Ash Ltd|2026-01-09 11:30|2026-02-08 11:30|A1-0003|false||"
        "32.00|0.00|uncollectible",
    ),
    (
        invoice("E1-0001", "Elm Labs", "2026-02-04", (4900, 4900), "USD"),
        invoice("E1-0002", "Elm Labs", "2026-02-05", (12000, 10000), "USD"),
        invoice("A1-0001", "Ash Ltd", "2026-02-06", (3000, 0), "USD", "paid"),
        invoice("A1-0002", "Ash Ltd", "2026-02-07", (3100, 0), "USD", "void"),
        invoice("A1-0003", "Ash Ltd", "2026-02-08", (3200, 0), "USD", "written_off"),
    ),
)

STRIPE_API = Sample(
    "stripe_api",
    """\
invoice_id,customer_id,user_id,subscription_id,amount_due,amount_paid,currency,status,created,due_date,paid_at,\
period_start,period_end,attempt_count,next_payment_attempt
in_2A,cus_8,1,sub_1,29876,29876,USD,paid,2026-02-23 06:22:24.770962,2026-02-27 00:22:24.770962,\
2026-02-24 00:22:24.770962,2026-02-21 00:22:24.770962,2026-03-26 00:22:24.770962,1,
in_2B,cus_8,1,sub_1,9900,0,GBP,open,2026-03-23 13:54:57.448947,2026-03-30 13:54:57.448947,,\
2026-03-20 13:54:57.448947,2026-04-23 13:54:57.448947,3,
in_2C,cus_9,2,sub_2,5000,1500,eur,open,2026-03-24 13:54:57.448947,2026-03-31 13:54:57.448947,,\
2026-03-20 13:54:57.448947,2026-04-23 13:54:57.448947,3,
in_2D,cus_9,2,sub_2,4900,0,Eur,uncollectible,2026-03-03 01:52:16.686235,2026-03-08 07:52:16.686235,,\
2026-02-27 07:52:16.686235,2026-03-30 07:52:16.686235,2,
in_2E,cus_9,2,sub_2,800,0,usd,void,2026-03-03 01:52:16.686235,2026-03-08 07:52:16.686235,,\
2026-02-27 07:52:16.686235,2026-03-30 07:52:16.686235,2,
""",
    (
        invoice("in_2A", "cus_8", "2026-02-27", (29876, 0), "USD", "paid"),
        invoice("in_2B", "cus_8", "2026-03-30", (9900, 9900), "GBP"),
        invoice("in_2C", "cus_9", "2026-03-31", (5000, 3500), "EUR"),
        invoice("in_2D", "cus_9", "2026-03-08", (4900, 0), "EUR", "written_off"),
        invoice("in_2E", "cus_9", "2026-03-08", (800, 0), "USD", "void"),
    ),
)

INVOICE_NINJA_V4 = Sample(
    "invoice_ninja_v4",
    """\
"Invoice Ninja v4.5.50 - March 19, 2026 11:28 pm",,,,,,,,,,,,,,,,,
,,,,,,,,,,,,,,,,,
INVOICES,,,,,,,,,,,,,,,,,
Client,Email,Invoice Number,Amount,Paid,PO Number,Status,Invoice Date,Due Date,Discount,Partial/Deposit,\
Partial Due Date,Public Notes,Private Notes,Item Product,Item Notes,Item Cost,Item Quantity
Brook Farm,hi@brook.example,0001,$13.50,$5.01,,Partial,2026-01-25,2026-02-24,,$0.00,,,,eggs,Large,1.35,10
Brook Farm,hi@brook.example,0002,"$1,226.67",$0.00,,Sent,2026-01-26,2026-02-25,,$0.00,,,,milk,Fresh,8.89,3
Brook Farm,hi@brook.example,0002,"$1,226.67",$0.00,,Sent,2026-01-26,2026-02-25,,$0.00,,,,cow,Brown,1200.00,1
Hill Inn,,0003,$10.00,$10.00,,Paid,2026-01-27,2026-02-26,,$0.00,,,,eggs,Large,1.00,10
Hill Inn,,0004,$11.00,$0.00,,Draft,2026-01-28,2026-02-27,,$0.00,,,,eggs,Large,1.10,10
""",
    (
        invoice("0001", "Brook Farm", "2026-02-24", (1350, 849), "USD"),
        invoice("0002", "Brook Farm", "2026-02-25", (122667, 122667), "USD"),
        invoice("0003", "Hill Inn", "2026-02-26", (1000, 0), "USD", "paid"),
        invoice("0004", "Hill Inn", "2026-02-27", (1100, 1100), "USD", "draft"),
    ),
    UploadSettings(currency="USD"),
)

INVOICE_NINJA = Sample(
    "invoice_ninja",
    """\
"Amount","Balance","Client","Date","Discount","Due Date","Exchange Rate","Number","Paid to Date","PO Number","Status"
"13.50","8.49","Brook Farm","2026-01-25","0","2026-02-24","1","0001","5.01","","Partial"
"26.67","26.67","Brook Farm","2026-01-26","0","2026-02-25","1","0002","0.00","","Sent"
"10.00","0.00","Hill Inn","2026-01-27","0","2026-02-26","1","0003","10.00","","Paid"
"11.00","0.00","Hill Inn","2026-01-28","0","2026-02-27","1","0004","0.00","","Cancelled"
""",
    (
        invoice("0001", "Brook Farm", "2026-02-24", (1350, 849), "EUR"),
        invoice("0002", "Brook Farm", "2026-02-25", (2667, 2667), "EUR"),
        invoice("0003", "Hill Inn", "2026-02-26", (1000, 0), "EUR", "paid"),
        invoice("0004", "Hill Inn", "2026-02-27", (1100, 0), "EUR", "void"),
    ),
    UploadSettings(currency="EUR"),
)

ALL = (TACTFUL, XERO, ZOHO, FRESHBOOKS, STRIPE, STRIPE_API, INVOICE_NINJA_V4, INVOICE_NINJA)
