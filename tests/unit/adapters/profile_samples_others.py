"""Files of further products, made up in each one's own form, and of none: in four languages."""

from __future__ import annotations

from tactful.imports.upload_settings import UploadSettings
from tests.unit.adapters.profile_sample import Sample, filled, invoice

ODOO = Sample(
    "odoo",
    """\
"Number","Invoice Partner Display Name","Invoice/Bill Date","Due Date","Currency","Total in Currency Signed",\
"Amount Due","Payment Status","Status"
"INV/2026/00001","Deco Works","2026-01-12","2026-02-11","EUR","118.00","118.00","Not Paid","Posted"
"INV/2026/00002","Deco Works","2026-01-15","2026-02-14","USD","59.00","20.00","Partially Paid","Posted"
"INV/2026/00003","Azure Home","2026-01-20","2026-02-19","EUR","40.00","0.00","In Payment","Posted"
"INV/2026/00004","Azure Home","2026-01-21","2026-02-20","EUR","41.00","0.00","Reversed","Posted"
"INV/2026/00005","Azure Home","2026-01-22","2026-02-21","EUR","42.00","42.00","Not Paid","Draft"
"INV/2026/00006","Azure Home","2026-01-23","2026-02-22","EUR","43.00","0.00","Not Paid","Cancelled"
"INV/2026/00007","Azure Home","2026-01-24","2026-02-23","EUR","44.00","44.00","Blocked","Posted"
""",
    (
        invoice("INV/2026/00001", "Deco Works", "2026-02-11", (11800, 11800), "EUR"),
        invoice("INV/2026/00002", "Deco Works", "2026-02-14", (5900, 2000), "USD"),
        invoice("INV/2026/00003", "Azure Home", "2026-02-19", (4000, 0), "EUR", "paid"),
        invoice("INV/2026/00004", "Azure Home", "2026-02-20", (4100, 0), "EUR", "void"),
        invoice("INV/2026/00005", "Azure Home", "2026-02-21", (4200, 4200), "EUR", "draft"),
        invoice("INV/2026/00006", "Azure Home", "2026-02-22", (4300, 0), "EUR", "void"),
        invoice("INV/2026/00007", "Azure Home", "2026-02-23", (4400, 4400), "EUR", "disputed"),
    ),
)

ERPNEXT = Sample(
    "erpnext",
    """\
"ID","Customer","Customer Name","Date","Payment Due Date","Currency","Grand Total","Outstanding Amount","Status"
"ACC-SINV-2026-00011","C-1","West View","2026-01-12","2026-02-11","INR","118000.00","118000.00","Overdue"
"ACC-SINV-2026-00012","C-2","Grant Plastics","2026-01-15","2026-02-14","INR","59000.00","20000.00","Partly Paid"
"ACC-SINV-2026-00014","C-1","West View","2026-01-21","2026-02-20","INR","11800.00","0.00","Paid"
"ACC-SINV-2026-00015","C-2","Grant Plastics","2026-01-22","2026-02-21","INR","5900.00","5900.00","Draft"
"ACC-SINV-2026-00016","C-2","Grant Plastics","2026-01-25","2026-01-25","INR","-5900.00","-5900.00","Return"
"ACC-SINV-2026-00018","C-1","West View","2026-01-27","2026-02-26","INR","999.00","999.00","Cancelled"
"ACC-SINV-2026-00019","C-1","West View","2026-01-28","2026-02-27","INR","7080.00","7080.00","Unpaid and Discounted"
""",
    (
        invoice("ACC-SINV-2026-00011", "West View", "2026-02-11", (11800000, 11800000), "INR"),
        invoice("ACC-SINV-2026-00012", "Grant Plastics", "2026-02-14", (5900000, 2000000), "INR"),
        invoice("ACC-SINV-2026-00014", "West View", "2026-02-20", (1180000, 0), "INR", "paid"),
        invoice("ACC-SINV-2026-00015", "Grant Plastics", "2026-02-21", (590000, 590000), "INR", "draft"),
        invoice("ACC-SINV-2026-00016", "Grant Plastics", "2026-01-25", (-590000, -590000), "INR"),
        invoice("ACC-SINV-2026-00018", "West View", "2026-02-26", (99900, 0), "INR", "void"),
        invoice("ACC-SINV-2026-00019", "West View", "2026-02-27", (708000, 708000), "INR"),
    ),
)

HARVEST = Sample(
    "harvest",
    """\
Issue Date,Last Payment Date,ID,PO Number,Client,Subject,Invoice Amount,Paid Amount,Balance,Subtotal,Discount,Tax,\
Tax2,Currency,Currency Symbol,Document Type
2026-01-10,2026-02-01,101,"",Sjö AB,Paid,"20 160,0","20 160,0","0,0","16 128,0","0,0","4 032,0","0,0",\
Swedish Krona - SEK,kr,Standard Invoice
2026-01-11,"",102,"",Sjö AB,Given up,"1 000,0","0,0","0,0","1 000,0","0,0","0,0","0,0",\
Swedish Krona - SEK,kr,Standard Invoice
2026-01-12,2026-02-02,103,"",Berg AS,In part,"500,0","120,5","379,5","500,0","0,0","0,0","0,0",\
Euro - EUR,€,Standard Invoice
2026-01-13,"",104,"",Berg AS,Still owed,"50,0","0,0","50,0","50,0","0,0","0,0","0,0",Euro - EUR,€,Invoice
""",
    (
        invoice("101", "Sjö AB", "2026-02-09", (2016000, 0), "SEK", "paid"),
        invoice("102", "Sjö AB", "2026-02-10", (100000, 0), "SEK", "written_off"),
        invoice("103", "Berg AS", "2026-02-11", (50000, 37950), "EUR"),
        invoice("104", "Berg AS", "2026-02-12", (5000, 5000), "EUR"),
    ),
    UploadSettings(terms_days=30),
)

SHOPIFY = Sample(
    "shopify",
    filled(
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,"
        "Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,"
        "Lineitem name,Lineitem price,Billing Name,Billing Phone,Shipping Name,Cancelled at,Payment Method,"
        "Refunded Amount,Outstanding Balance,Id,Payment Terms Name,Next Payment Due At,Payment References",
        "Name|Email|Financial Status|Currency|Total|Created at|Lineitem name|Lineitem price|Billing Name|"
        "Outstanding Balance|Payment Terms Name|Next Payment Due At",
        "#1050|ida@kiosk.example|pending|EUR|100.90|2026-05-01 09:59:00 +0200|Tea|62.95|Ida Koch|100.90|Net 30|"
        "2026-05-31 09:59:00 +0200",
        "#1050|ida@kiosk.example|||||Cups|37.95||||",
        "#1051|ida@kiosk.example|paid|EUR|20.00|2026-05-02 10:00:00 +0200|Tea|20.00|Ida Koch|0.00||",
        "#1052|ole@bar.example|partially_paid|EUR|80.00|2026-05-03 10:00:00 +0200|Tea|80.00|Ole Bar|30.00|Net 30|"
        "2026-06-02 10:00:00 +0200",
        "#1053|ole@bar.example|refunded|EUR|81.00|2026-05-04 10:00:00 +0200|Tea|81.00|Ole Bar|0.00||",
        "#1054|ole@bar.example|voided|EUR|82.00|2026-05-05 10:00:00 +0200|Tea|82.00|Ole Bar|0.00||",
    ),
    (
        invoice("#1050", "Ida Koch", "2026-05-31", (10090, 10090), "EUR"),
        invoice("#1051", "Ida Koch", None, (2000, 0), "EUR", "paid"),
        invoice("#1052", "Ole Bar", "2026-06-02", (8000, 3000), "EUR"),
        invoice("#1053", "Ole Bar", None, (8100, 0), "EUR", "void"),
        invoice("#1054", "Ole Bar", None, (8200, 0), "EUR", "void"),
    ),
)

LAGO = Sample(
    "lago",
    filled(
        "lago_id,sequential_id,partner_billing,issuing_date,customer_lago_id,customer_external_id,customer_name,"
        "customer_email,customer_country,customer_tax_identification_number,invoice_number,invoice_type,"
        "payment_status,status,file_url,currency,fees_amount_cents,coupons_amount_cents,taxes_amount_cents,"
        "credit_notes_amount_cents,prepaid_credit_amount_cents,total_amount_cents,payment_due_date,"
        "payment_dispute_lost_at,payment_overdue",
        "lago_id|issuing_date|customer_external_id|customer_name|invoice_number|invoice_type|payment_status|status|"
        "currency|total_amount_cents|payment_due_date|payment_overdue",
        "l1|2026-03-01|c1|Hooli|HOO-1-001|subscription|pending|finalized|USD|12050|2026-03-31|false",
        "l2|2026-03-01|c1|Hooli|HOO-1-002|one_off|failed|finalized|USD|990|2026-03-31|true",
        "l3|2026-03-01|c2|Pied|PIE-1-001|subscription|succeeded|finalized|USD|500|2026-03-31|false",
        "l4|2026-03-01|c2|Pied|PIE-1-002|subscription|pending|draft|USD|501|2026-03-31|false",
        "l5|2026-03-01|c2|Pied|PIE-1-003|subscription|pending|voided|USD|502|2026-03-31|false",
    ),
    (
        invoice("HOO-1-001", "Hooli", "2026-03-31", (12050, 12050), "USD"),
        invoice("HOO-1-002", "Hooli", "2026-03-31", (990, 990), "USD"),
        invoice("PIE-1-001", "Pied", "2026-03-31", (500, 0), "USD", "paid"),
        invoice("PIE-1-002", "Pied", "2026-03-31", (501, 501), "USD", "draft"),
        invoice("PIE-1-003", "Pied", "2026-03-31", (502, 0), "USD", "void"),
    ),
)

INVOICE2GO = Sample(
    "invoice2go",
    filled(
        "Id,AccountId,State,LastUpdated,CreatedDate,DocumentDate,DocumentNumber,Comment,Name,EmailRecipient,"
        "DocumentStatus,OutputStatus,PartPayment,DocumentRecipientAddress,DatePaid,TermsOld,Payments,Items,"
        "CurrencyCode,TotalAmount,BalanceDueAmount,AmountPaidAmount,DiscountAmount,SubtotalAmount,TotalTaxAmount",
        "DocumentDate|DocumentNumber|Name|EmailRecipient|DocumentStatus|CurrencyCode|TotalAmount|BalanceDueAmount|"
        "AmountPaidAmount",
        "2026-01-28|1|Barry Glass|barry@glass.example|unsent|ILS|953.55|953.55|0",
        "2026-01-28|2|James Kiln|james@kiln.example|sent|USD|70.2|70.2|0",
        "2026-01-29|3|James Kiln|james@kiln.example|sent|USD|100|40|60",
        "2026-01-30|4|James Kiln|james@kiln.example|no longer known|USD|100|100|0",
    ),
    (
        invoice("1", "Barry Glass", "2026-02-27", (95355, 95355), "ILS", "draft"),
        invoice("2", "James Kiln", "2026-02-27", (7020, 7020), "USD"),
        invoice("3", "James Kiln", "2026-02-28", (10000, 4000), "USD"),
    ),
    UploadSettings(terms_days=30),
    stopped=1,
)

INVOICELY = Sample(
    "invoicely",
    """\
"Date","Due","Details","Client","Status","Total"
"Jan 28 2026","Feb 27 2026","INV-1","Wayne Mills","Due","1,020.00"
"Jan 29 2026","Feb 28 2026","INV-2","Wayne Mills","Paid","20.00"
""",
    (
        invoice("INV-1", "Wayne Mills", "2026-02-27", (102000, 102000), "USD"),
        invoice("INV-2", "Wayne Mills", "2026-02-28", (2000, 0), "USD", "paid"),
    ),
    UploadSettings(currency="USD"),
)

ENGLISH = Sample(
    "generic",
    """\
Invoice No.,Client,Invoice Date,Due Date,Total,Paid,Balance Due,Currency,Status
A-1,Rowan Ltd,31/01/2026,02/03/2026,"1,200.00",200.00,"1,000.00",GBP,Overdue
A-2,Rowan Ltd,01/02/2026,03/03/2026,50.00,50.00,0.00,GBP,Paid in full
A-3,Rowan Ltd,01/02/2026,03/03/2026,51.00,0.00,51.00,GBP,In dispute
A-4,Rowan Ltd,01/02/2026,03/03/2026,52.00,0.00,52.00,GBP,Not sent
A-5,Rowan Ltd,01/02/2026,03/03/2026,53.00,0.00,53.00,GBP,Pending
""",
    (
        invoice("A-1", "Rowan Ltd", "2026-03-02", (120000, 100000), "GBP"),
        invoice("A-2", "Rowan Ltd", "2026-03-03", (5000, 0), "GBP", "paid"),
        invoice("A-3", "Rowan Ltd", "2026-03-03", (5100, 5100), "GBP", "disputed"),
        invoice("A-4", "Rowan Ltd", "2026-03-03", (5200, 5200), "GBP", "draft"),
    ),
    stopped=1,
    variant="English",
)

GERMAN = Sample(
    "generic",
    """\
Rechnungsnummer;Kunde;Belegdatum;Fälligkeit;Rechnungsbetrag;Offener Betrag;Währung;Status
RE-2026-0001;Müller & Söhne GmbH;01.07.2026;15.07.2026;119.000,00;119.000,00;EUR;überfällig
RE-2026-0002;Schmidt KG;06.08.2026;20.08.2026;23.800,00;1.800,00;EUR;teilweise bezahlt
RE-2026-0003;Schmidt KG;07.08.2026;21.08.2026;100,00;0,00;EUR;storniert
RE-2026-0004;Schmidt KG;08.08.2026;22.08.2026;101,00;101,00;EUR;Inkasso
;Summe Debitor 10001;;;143.001,00;120.901,00;;
""",
    (
        invoice("RE-2026-0001", "Müller & Söhne GmbH", "2026-07-15", (11900000, 11900000), "EUR"),
        invoice("RE-2026-0002", "Schmidt KG", "2026-08-20", (2380000, 180000), "EUR"),
        invoice("RE-2026-0003", "Schmidt KG", "2026-08-21", (10000, 0), "EUR", "void"),
        invoice("RE-2026-0004", "Schmidt KG", "2026-08-22", (10100, 10100), "EUR", "disputed"),
    ),
    encoding="cp1252",
    variant="German",
)

FRENCH = Sample(
    "generic",
    """\
N° de facture;Client;Date d'émission;Date d'échéance;Total TTC;Reste à payer;Devise;Statut
F-0001;Café de la Gare;13/01/2026;12/02/2026;1 200,50;1 200,50;EUR;En retard
F-0002;Café de la Gare;14/01/2026;13/02/2026;80,00;0,00;EUR;Payée
F-0003;Café de la Gare;15/01/2026;14/02/2026;81,00;41,00;EUR;Partiellement réglée
F-0004;Café de la Gare;16/01/2026;15/02/2026;82,00;82,00;EUR;Brouillon
""",
    (
        invoice("F-0001", "Café de la Gare", "2026-02-12", (120050, 120050), "EUR"),
        invoice("F-0002", "Café de la Gare", "2026-02-13", (8000, 0), "EUR", "paid"),
        invoice("F-0003", "Café de la Gare", "2026-02-14", (8100, 4100), "EUR"),
        invoice("F-0004", "Café de la Gare", "2026-02-15", (8200, 8200), "EUR", "draft"),
    ),
    variant="French",
)

SPANISH = Sample(
    "generic",
    """\
Nº factura;Cliente;Fecha de emisión;Fecha de vencimiento;Total;Pendiente de cobro;Moneda;Estado
2026/001;Panadería Ruiz;15/01/2026;14/02/2026;1.200,50;1.200,50;EUR;Vencida
2026/002;Panadería Ruiz;16/01/2026;15/02/2026;80,00;0,00;EUR;Cobrada
2026/003;Panadería Ruiz;17/01/2026;16/02/2026;81,00;81,00;EUR;Borrador
2026/004;Panadería Ruiz;18/01/2026;17/02/2026;82,00;0,00;EUR;Incobrable
""",
    (
        invoice("2026/001", "Panadería Ruiz", "2026-02-14", (120050, 120050), "EUR"),
        invoice("2026/002", "Panadería Ruiz", "2026-02-15", (8000, 0), "EUR", "paid"),
        invoice("2026/003", "Panadería Ruiz", "2026-02-16", (8100, 8100), "EUR", "draft"),
        invoice("2026/004", "Panadería Ruiz", "2026-02-17", (8200, 0), "EUR", "written_off"),
    ),
    variant="Spanish",
)

ALL = (
    ODOO,
    ERPNEXT,
    HARVEST,
    SHOPIFY,
    LAGO,
    INVOICE2GO,
    INVOICELY,
    ENGLISH,
    GERMAN,
    FRENCH,
    SPANISH,
)
