"""What products write, and what it means: files of invoices with what they hold, and headers of customers."""

from __future__ import annotations

from tests.unit.adapters import profile_samples_lists, profile_samples_others, profile_samples_reports

INVOICES = (*profile_samples_lists.ALL, *profile_samples_reports.ALL, *profile_samples_others.ALL)

# The headers of products' files of customers, by the profile that must read them.
CUSTOMERS = (
    ("tactful", "customer_id,customer_name"),
    ("tactful", "customer_id,customer_name,email,phone,country,segment"),
    (
        "xero",
        (
            "*ContactName,AccountNumber,EmailAddress,FirstName,LastName,POAttentionTo,POAddressLine1,POCity,PORegion,"
            "POPostalCode,POCountry,PhoneNumber,FaxNumber,MobileNumber,TaxNumber,Website,LegalName"
        ),
    ),
    ("quickbooks", "Customer full name,Phone numbers,Email,Full name,Bill address,Ship address"),
    ("quickbooks", "Customer,Phone Numbers,Email,Full Name,Billing Address,Open Balance,Currency"),
    (
        "quickbooks_desktop",
        (
            ",Active Status,Customer,Balance,Balance Total,Company,Mr./Ms./...,First Name,M.I.,Last Name,"
            "Primary Contact,Main Phone,Fax,Alt. Phone,Secondary Contact,Job Title,Main Email,Bill to 1,Terms"
        ),
    ),
    (
        "zoho",
        (
            "Created Time,Last Modified Time,Display Name,Company Name,Salutation,First Name,Last Name,Phone,"
            "Currency Code,Notes,Website,Status,Billing Country,Payment Terms,EmailID,MobilePhone,Customer ID,"
            "Customer Name,Contact Type,Source"
        ),
    ),
    (
        "freshbooks",
        "Organization,First Name,Last Name,Email,Phone,Street,City,Province/State,Country,Postal Code,Notes",
    ),
    (
        "wave",
        (
            "customer_name,email,contact_first_name,contact_last_name,customer_currency,account_number,phone,fax,mobile,"
            "toll_free,website,country,province/state,address_line_1,city"
        ),
    ),
    ("stripe", "id,Description,Email,Name,Created (UTC),Delinquent,Plan,Status,Total Spend,Payment Count"),
    (
        "invoice_ninja",
        (
            "Name,Balance,Paid to Date,Billing Street,Billing City,Billing Country,ID Number,VAT Number,Website,Phone,"
            "Currency,Public Notes,Private Notes,First Name,Last Name,Email,Phone"
        ),
    ),
    (
        "shopify",
        (
            "First Name,Last Name,Email,Accepts Email Marketing,Company,Address1,Address2,City,Province,Province Code,"
            "Country,Country Code,Zip,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Tags,Note,Tax Exempt"
        ),
    ),
    (
        "shopify",
        (
            "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Address1,"
            "Default Address City,Default Address Country Code,Default Address Zip,Phone,Tags"
        ),
    ),
    ("generic", "Customer ID,Customer Name,Contact Person,Email Address,Telephone,Country"),
    ("generic", "Kundennummer,Firma,Vorname,Nachname,E-Mail,Telefon,Land"),
    ("generic", "Code client,Raison sociale,Adresse e-mail,Téléphone,Pays"),
    ("generic", "Código de cliente,Razón social,Correo electrónico,Teléfono,País"),
)
