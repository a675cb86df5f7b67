"""Printed documents, read back from their PDF: what they say, and that data is only ever text."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tactful.adapters.document_words import DocumentLanguages, bare_view
from tactful.adapters.languages import Languages, known_languages
from tactful.adapters.typst_documents import TypstPress
from tactful.application.documents import (
    Document,
    DocumentError,
    DocumentKind,
    Envelope,
    Letter,
    Pack,
    Pressed,
    Statement,
)
from tactful.domain.book.account import Account
from tactful.domain.book.agreements import Approval, Hold, HoldKind, Promise, Verdict
from tactful.domain.book.contact_log import ManualContact, Progress, ReminderStatus, Tone
from tactful.domain.book.customer import Contact, Customer
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.book.stated_charges import StatedCharge, StatedCharges
from tactful.domain.documents.handoff import Creditor, handoff_of
from tactful.domain.documents.ledger import Charge, statement_of
from tactful.domain.documents.letter import FINAL_DEMAND, letter_about
from tests.rendering.samples import LONDON, POLICY, TEMPLATES
from tests.support.builders import a_reminder

NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)
TODAY = NOW.date()
ADDRESS = ("12 High Street", "London SW1A 1AA")
# Everything that means something to typst, Jinja, HTML, or a line printer.
NASTY = '#let x = read("/etc/passwd") $x^2$ *bold* _it_ {{7*7}} [c] <b> \\ // `raw`\r\nsecond line'
SHOWN = '#let x = read("/etc/passwd") $x^2$ *bold* _it_ {{7*7}} [c] <b> \\ // `raw` second line'
A4, US_LETTER = (595, 842), (612, 792)


def an_invoice(number: str = "1042", minor: int = 120_00, currency: str = "GBP", **changes: Any) -> Invoice:
    """Issued on 3 February 2026 and due on 5 March."""
    amount = Money(minor, currency)
    plain = Invoice(
        number,
        date(2026, 3, 5),
        amount,
        amount,
        Money(0, currency),
        InvoiceState.OPEN,
        issue_date=date(2026, 2, 3),
    )
    return replace(plain, **changes)


def an_account(*invoices: Invoice, name: str = "Hollis & Daughters Ltd", language: str = "") -> Account:
    contacts = (Contact("Ann Hollis", email="ann@client.example"),)
    return Account(Customer("C-1", name, contacts, "GB", language=language), invoices or (an_invoice(),))


def a_press(
    country: str = "GB", *, templates: Path = TEMPLATES, business: str = "Acme Tools Ltd"
) -> TypstPress:
    return TypstPress(
        Languages(templates, "en", country),
        business_name=business,
        contact_email="accounts@acme.example",
        policy=POLICY,
        country=country,
    )


def a_letter(account: Account, *, kind: DocumentKind = DocumentKind.FINAL_DEMAND, **more: Any) -> Letter:
    wording, tone = FINAL_DEMAND if kind is DocumentKind.FINAL_DEMAND else ("overdue_10", Tone.FIRM)
    about = letter_about(account, POLICY, LONDON, NOW, wording, tone)
    return Letter(Envelope(account.customer, TODAY, ADDRESS), account, about, kind, **more)


def a_statement(account: Account, *, charges: tuple[Charge, ...] = ()) -> Statement:
    return Statement(
        Envelope(account.customer, TODAY, ADDRESS), statement_of(account, TODAY, charges=charges)
    )


def a_pack(account: Account) -> Pack:
    creditor = Creditor("Acme Tools Ltd", "accounts@acme.example", "GB")
    return Pack(Envelope(account.customer, TODAY), handoff_of(account, creditor, TODAY))


def pages_of(pressed: Pressed) -> list[str]:
    """The text of each page, in single spaces; what was put in to break a long word is left out."""
    assert pressed.unshown == ""
    texts = [page.extract_text() for page in PdfReader(BytesIO(pressed.pdf)).pages]
    assert not [page for page in texts if "None" in page]
    return [" ".join(page.replace("\u200b", "").split()) for page in texts]


def text_of(document: Document, press: TypstPress | None = None) -> str:
    return " ".join(pages_of((press or a_press()).press(document)))


def test_a_final_demand_says_what_is_owed_since_when_and_how_to_pay() -> None:
    partly = an_invoice("1057", 80_00, reported=Money(50_00, "GBP"), received=Money(30_00, "GBP"))
    account = an_account(an_invoice(), partly, an_invoice("1061", 750_00, "EUR"), an_invoice("CN-7", -20_00))
    text = text_of(a_letter(account, pay_by=date(2026, 5, 4)))
    for said in (
        *("Final demand", "Hollis & Daughters Ltd", *ADDRESS, "Dear Ann Hollis,", "20 April 2026"),
        *("1042 3 Feb 2026 5 Mar 2026 46 £120.00", "1057", "£80.00 £30.00", "£50.00", "€750.00"),
        *("Credit note CN-7", "-£20.00", "Total to pay €750.00", "Total to pay £150.00"),
        *("Please pay by 4 May 2026", "DE52 0000 0000 0012 3456 78", "00-00-00", "Scan to pay"),
        *("Kind regards, Acme Tools Ltd", "Page 1 of"),
    ):
        assert said in text, said


def test_a_code_to_scan_is_only_where_there_is_an_iban_for_euros() -> None:
    def pictures(account: Account) -> int:
        reader = PdfReader(BytesIO(a_press().press(a_letter(account)).pdf))
        return sum(len(page.images) for page in reader.pages)

    assert pictures(an_account(an_invoice("1", currency="EUR"))) == 1
    assert pictures(an_account(an_invoice("1"))) == 0


def test_charges_are_lines_of_a_letter_with_their_law_and_part_of_what_is_to_pay() -> None:
    letter = a_letter(an_account())
    line = StatedCharge("1042", 46, "11.75", Money(1_78, "GBP"), Money(40_00, "GBP"))
    charged = replace(letter.reminder, charges=StatedCharges("the Late Payment Act", (line,)))
    text = text_of(replace(letter, reminder=charged))
    for said in (
        *("1042: Interest, 46 days at 11.75% a year £1.78", "1042: Fixed compensation £40.00"),
        *("Total to pay £161.78", "How to pay £161.78", "added under the Late Payment Act"),
    ):
        assert said in text, said


def test_any_wording_is_a_letter_with_its_subject() -> None:
    text = text_of(a_letter(an_account(), kind=DocumentKind.LETTER))
    assert "Invoice 1042 from Acme Tools Ltd: please reply" in text
    assert "Final demand" not in text
    assert "Paid" not in text


def test_a_statement_has_every_movement_the_balance_and_the_ages() -> None:
    paid = an_invoice("9", 50_00, received=Money(20_00, "GBP"), paid_on=date(2026, 3, 9))
    text = text_of(
        a_statement(an_account(an_invoice(), paid), charges=(Charge("1042", TODAY, Money(40_00, "GBP")),))
    )
    for said in (
        *("Statement of account", "Invoice 1042", "Payment 9", "-£20.00", "Charge 1042", "£40.00"),
        *("Total open £190.00", "31 to 60 days", "£150.00", "Not due"),
    ):
        assert said in text, said


def test_an_account_in_the_client_s_favour_says_so() -> None:
    text = text_of(a_statement(an_account(an_invoice("CN-1", -50_00))))
    assert "In your favour £50.00" in text
    assert "Total open" not in text


def test_a_statement_of_nothing_says_that_nothing_is_open() -> None:
    account = an_account(an_invoice(state=InvoiceState.VOID))
    assert "Nothing is open. Thank you." in text_of(a_statement(account))


def test_the_pack_shows_every_contact_with_its_fingerprint_and_what_became_of_it() -> None:
    account = an_account(an_invoice())
    fingerprint = "0123456789abcdef" * 4
    reminder = replace(
        a_reminder(account, account.invoices, at=NOW - timedelta(days=20)),
        text_hash=fingerprint,
        provider_id="ses-4711",
        progress=(Progress(ReminderStatus.DELIVERED, NOW - timedelta(days=20), "250 ok"),),
    )
    text = text_of(
        a_pack(
            replace(
                account,
                reminders=(reminder,),
                manual_contacts=(ManualContact("m", NOW, "call", "no answer"),),
                promises=(Promise("p", ("1042",), date(2026, 3, 20), NOW, owed=Money(120_00, "GBP")),),
                holds=(Hold("h", HoldKind.LEGAL, NOW, None, (), "their solicitor wrote"),),
                approvals=(Approval("a", Verdict.GRANTED, NOW, "Bea"),),
            )
        )
    )
    for said in (
        *("Hand-off file: Hollis & Daughters Ltd", "Debtor", "Creditor", "Total open £120.00"),
        *("2026-03-31 09:00", "delivered", "ses-4711", fingerprint[:32], fingerprint[32:], "250 ok"),
        *("Call", "no answer", "broken", "Legal representation", "their solicitor wrote", "granted: Bea"),
    ):
        assert said in text, said


def test_two_hundred_invoices_repeat_the_head_of_the_table_and_keep_the_total_with_the_last() -> None:
    many = [
        an_invoice(f"N-{place:03}", 10_00 + place, due_date=date(2025, 9, 1) + timedelta(days=place))
        for place in range(200)
    ]
    for document, head in (
        (a_letter(an_account(*many)), "Days late"),
        (a_statement(an_account(*many)), "Balance"),
    ):
        pages = pages_of(a_press().press(document))
        with_lines = [page for page in pages if "N-" in page.partition(head)[2]]
        assert len(with_lines) > 3
        text = " ".join(pages)
        assert all(f"N-{place:03}" in text for place in range(200))
        (last,) = (page for page in pages if "N-199" in page and head in page)
        assert "£2,199.00" in last.partition("N-199")[2]


@pytest.mark.parametrize("rows", range(14, 22))
def test_a_total_never_stands_alone_on_a_page(rows: int) -> None:
    many = [an_invoice(f"N-{place:03}") for place in range(rows)]
    pages = pages_of(a_press().press(a_letter(an_account(*many))))
    (with_total,) = (page for page in pages if "Total to pay" in page)
    assert f"N-{rows - 1:03}" in with_total


def test_a_name_is_text_whatever_signs_it_has() -> None:
    account = an_account(an_invoice("#INV[1]"), an_invoice("*2*"), name=NASTY)
    for document in (a_letter(account), a_statement(account), a_pack(account)):
        text = text_of(document, a_press(business="$Acme$ #Tools"))
        assert SHOWN in text
        assert "root:" not in text
        assert "49" not in text.replace("2049", "")
        assert "#INV[1]" in text
        assert "$Acme$ #Tools" in text


def test_a_word_without_an_end_is_broken_and_not_cut() -> None:
    text = text_of(a_letter(an_account(an_invoice("X" * 200))))
    assert text.replace(" ", "").count("X" * 200) >= 1


def test_hebrew_and_arabic_are_shown_and_what_no_font_has_is_told() -> None:
    assert "Ltd" in text_of(a_statement(an_account(name="שלום Ltd شركة")))
    pressed = a_press().press(a_statement(an_account(name="株式会社")))
    assert "株" in pressed.unshown
    assert pressed.pdf.startswith(b"%PDF")


def test_the_paper_is_the_business_s() -> None:
    for country, size in (("GB", A4), ("DE", A4), ("US", US_LETTER), ("CA", US_LETTER)):
        (page,) = PdfReader(BytesIO(a_press(country).press(a_statement(an_account())).pdf)).pages
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_a_document_says_what_it_is_in_which_language_and_can_be_read_aloud() -> None:
    reader = PdfReader(BytesIO(a_press().press(a_letter(an_account())).pdf))
    catalog: Any = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Final demand", "Acme Tools Ltd")
    assert reader.metadata.creation_date == datetime(2026, 4, 20, tzinfo=UTC)
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/MarkInfo"]["/Marked"]
    metadata = catalog["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata


def test_a_client_is_written_to_in_its_own_language_and_the_pack_is_in_the_business_s() -> None:
    account = an_account(language="de")
    assert "Statement of account" not in text_of(a_statement(account))
    assert "Hand-off file" in text_of(a_pack(account))
    german = replace(a_pack(account), envelope=Envelope(account.customer, TODAY, language="de"))
    assert "Hand-off file" not in text_of(german)


@pytest.mark.parametrize("language", known_languages(TEMPLATES))
def test_every_language_has_the_words_of_every_document(language: str) -> None:
    """Those of English, name by name: `pack` shows a code that has no word as it is."""

    def names(tag: str) -> dict[str, list[str]]:
        reading = DocumentLanguages(Languages(TEMPLATES, "en", "GB"))
        own = reading.language_of(Envelope(an_account().customer, TODAY, language=tag))
        words = own.labels(bare_view(own.formats, business="Acme", contact_email="a@acme.example"))
        return {name: sorted(said) for name, said in words.items() if isinstance(said, dict)}

    assert names(language) == names("en")


def test_a_language_without_words_is_refused() -> None:
    unknown = replace(
        a_statement(an_account()), envelope=Envelope(an_account().customer, TODAY, language="fi")
    )
    with pytest.raises(DocumentError, match="there are no words for documents in 'fi'"):
        a_press().press(unknown)


def test_a_currency_that_nobody_says_how_to_pay_is_refused() -> None:
    with pytest.raises(DocumentError, match="does not say how SEK is paid"):
        a_press().press(a_letter(an_account(an_invoice("1", currency="SEK"))))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Templates of a business that has letters of its own."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    (templates / "overlay" / "letter").mkdir(parents=True)
    return templates


def test_a_business_puts_its_own_head_and_templates_over_those_that_are_shipped(own: Path) -> None:
    head = "address: [1 Mill Lane]\ncontact: [020 7946 0100]\nfooter: [Registered 123]\nsigned_by: Bea Bell\n"
    (own / "overlay/letter/business.yaml").write_text(head)
    text = text_of(a_letter(an_account()), a_press(templates=own))
    for said in ("Acme Tools Ltd · 1 Mill Lane", "020 7946 0100", "Registered 123", "Bea Bell"):
        assert said in text


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ('#read("/../outside.txt")', "escape the project root"),
        ('#read("outside.txt")', "file not found"),
        ('#import "@preview/cetz:0.3.0"', "packages are not loaded"),
        ("#nonsense", "unknown variable"),
    ],
)
def test_a_template_that_is_wrong_or_reaches_too_far_is_refused(own: Path, template: str, fault: str) -> None:
    (own.parent / "outside.txt").write_text("secret")
    (own / "overlay/letter/statement.typ").write_text(template)
    with pytest.raises(DocumentError, match=f"letter/statement.typ: .*{fault}"):
        a_press(templates=own).press(a_statement(an_account()))
