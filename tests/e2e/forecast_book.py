"""A small and nasty book: whatever makes two accounts differ in when, how and about what they are written to.

The months have it too: clocks go forward on 14 March in the United States and on 28 March in Europe, which is Easter
Sunday, and in Japan, India and Bavaria offices close on days of their own.
"""

from __future__ import annotations

from datetime import UTC, datetime

STARTS = datetime(2027, 2, 28, 12, tzinfo=UTC)
"""A Sunday: nobody is written to before the book is whole."""

# F-07 and F-08 have one mailbox, F-09 a number that cannot be used and F-10 no e-mail; where F-10 and F-14 are must be
# found out. Two who share a mailbox and could be written to at one instant would race: F-07 and F-08 never could.
CUSTOMERS = """\
customer_id,customer_name,contact_name,role,email,phone,country,timezone,region,purpose
F-01,Pacific Dental,Dana,billing,dana@pacific.example,(415) 555-2671,US,America/Los_Angeles,CA,business
F-02,Hudson Prints,Hugh,billing,hugh@hudson.example,+12125550142,US,America/New_York,NY,
F-03,Camden Studio,Cora,billing,cora@camden.example,,GB,Europe/London,,business
F-04,Isar Druck,Ines,billing,ines@isar.example,+493012345678,DE,Europe/Berlin,BY,business
F-04,Isar Druck,Emil,escalation,emil@isar.example,,DE,Europe/Berlin,BY,business
F-05,Kanda Tools,Ken,billing,ken@kanda.example,,JP,Asia/Tokyo,,business
F-06,Ueno Works,Umi,billing,umi@ueno.example,,JP,Asia/Tokyo,,
F-07,Tyne Supplies,Tom,billing,accounts@tyne.example,,GB,Europe/London,,business
F-08,Tyne Exports,Tess,billing,Accounts@TYNE.example,,US,America/New_York,NJ,business
F-09,Nobody Ltd,Ned,billing,,12,GB,Europe/London,,business
F-10,Oregon Bikes,Olga,billing,,(503) 555-0143,US,,,business
F-11,Yorkshire Yarn,Yves,billing,yves@yarn.example,,GB,Europe/London,,business
F-12,Claire Petit,Claire,billing,claire@petit.example,+33612345678,FR,Europe/Paris,,consumer
F-13,Bengal Traders,Bina,billing,bina@bengal.example,,IN,Asia/Kolkata,WB,business
F-13,Bengal Traders,Omar,owner,omar@bengal.example,,IN,Asia/Kolkata,WB,business
F-14,Everywhere Inc,Eve,billing,eve@everywhere.example,,US,,,business
F-15,Far Freight,Faye,billing,faye@far.example,,RU,,,business
"""

# In this order: a credit note, a discount, a deposit, five that follow each other, a currency nobody can pay in, one
# mailbox, nobody to write to, an old debt, a good payer with a sum too small to ask for, and two currencies at once.
INVOICES = """\
invoice_number,customer_id,customer_name,issue_date,due_date,total,amount_due,currency,status,kind,\
discount_amount,discount_until,settled_date
F-01-1,F-01,Pacific Dental,2027-02-03,2027-03-05,1840.00,1840.00,USD,open,,,,
F-01-2,F-01,Pacific Dental,2027-02-25,2027-02-25,-300.00,-300.00,USD,open,,,,
F-02-1,F-02,Hudson Prints,2027-02-20,2027-04-02,1000.00,1000.00,USD,open,standard,20.00,2027-03-12,
F-03-1,F-03,Camden Studio,2027-02-22,2027-03-08,600.00,600.00,GBP,open,deposit,,,
F-03-2,F-03,Camden Studio,2027-02-26,2027-03-29,1400.00,1400.00,GBP,open,standard,,,
F-04-1,F-04,Isar Druck,2027-01-30,2027-03-01,310.00,310.00,EUR,open,,,,
F-04-2,F-04,Isar Druck,2027-02-09,2027-03-11,320.00,320.00,EUR,open,,,,
F-04-3,F-04,Isar Druck,2027-02-23,2027-03-25,330.00,330.00,EUR,open,,,,
F-04-4,F-04,Isar Druck,2027-02-24,2027-04-05,340.00,340.00,EUR,open,,,,
F-04-5,F-04,Isar Druck,2027-02-25,2027-04-20,350.00,350.00,EUR,open,,,,
F-05-1,F-05,Kanda Tools,2027-02-10,2027-03-10,150000,150000,JPY,open,,,,
F-06-1,F-06,Ueno Works,2027-02-16,2027-03-18,77.70,77.70,USD,open,,,,
F-07-1,F-07,Tyne Supplies,2027-02-07,2027-03-09,420.00,420.00,GBP,open,,,,
F-08-1,F-08,Tyne Exports,2027-02-22,2027-03-24,880.00,880.00,USD,open,,,,
F-09-1,F-09,Nobody Ltd,2027-02-04,2027-03-04,95.00,95.00,GBP,open,,,,
F-10-1,F-10,Oregon Bikes,2027-02-12,2027-03-12,260.00,260.00,USD,open,,,,
F-11-1,F-11,Yorkshire Yarn,2026-10-03,2026-11-02,2500.00,2500.00,GBP,open,,,,
F-11-2,F-11,Yorkshire Yarn,2027-02-20,2027-04-01,45.00,45.00,GBP,open,,,,
F-12-1,F-12,Claire Petit,2026-05-01,2026-05-31,60.00,0.00,EUR,paid,,,,2026-05-20
F-12-2,F-12,Claire Petit,2026-06-01,2026-06-30,60.00,0.00,EUR,paid,,,,2026-06-20
F-12-3,F-12,Claire Petit,2026-07-01,2026-07-31,60.00,0.00,EUR,paid,,,,2026-07-20
F-12-4,F-12,Claire Petit,2026-08-01,2026-08-31,60.00,0.00,EUR,paid,,,,2026-08-20
F-12-5,F-12,Claire Petit,2026-09-01,2026-09-30,60.00,0.00,EUR,paid,,,,2026-09-20
F-12-6,F-12,Claire Petit,2027-02-14,2027-03-16,120.00,80.00,EUR,open,,,,
F-12-7,F-12,Claire Petit,2027-02-14,2027-03-16,4.50,4.50,EUR,open,,,,
F-13-1,F-13,Bengal Traders,2027-02-15,2027-03-17,640.00,640.00,EUR,open,,,,
F-13-2,F-13,Bengal Traders,2027-02-15,2027-03-22,510.00,510.00,USD,open,,,,
F-13-3,F-13,Bengal Traders,2027-01-15,2027-02-15,99.00,99.00,USD,disputed,,,,
F-14-1,F-14,Everywhere Inc,2027-02-22,2027-03-24,130.00,130.00,USD,open,upfront,,,
F-15-1,F-15,Far Freight,2027-02-09,2027-03-11,75.00,75.00,EUR,open,,,,
"""
