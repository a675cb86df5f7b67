"""The e-mail about an import."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from tactful.adapters.memory import MemorySender
from tactful.adapters.report_wording import JinjaReportWording
from tactful.application.import_report import ImportReport, Outcome
from tactful.application.ports import OutcomeUnknown, Outgoing, Refusal, Refused
from tactful.application.tell_admin import TellAdmin
from tests.architecture.repository import ROOT
from tests.support.builders import NINE
from tests.unit.application.importing import INVOICE_HEADER, INVOICES, Desk, invoice_line, text

ADMIN = "office@acme.example"
HOUR = timedelta(hours=1)


def told(desk: Desk, report: ImportReport, address: str = ADMIN) -> list[Outgoing]:
    sender = MemorySender()
    wording = JinjaReportWording(ROOT / "templates", "Acme Tools")
    TellAdmin(sender, wording, desk.reports, desk.house.clock, address).tell(report)
    return sender.sent


def a_report(*lines: str) -> tuple[Desk, ImportReport]:
    desk = Desk()
    return desk, desk.invoices(*lines)


def a_held_one() -> tuple[Desk, ImportReport]:
    desk = Desk()
    desk.invoices(invoice_line())
    return desk, desk.run(desk.put("snapshots/open.csv", text(INVOICE_HEADER, []), NINE + HOUR))


def a_refused_one() -> tuple[Desk, ImportReport]:
    desk = Desk()
    return desk, desk.run(desk.put(INVOICES, b""))


def a_known_one() -> tuple[Desk, ImportReport]:
    desk, _ = a_report(invoice_line())
    return desk, desk.invoices(invoice_line(), at=NINE + HOUR)


REPORTS = {
    "imported": lambda: a_report(invoice_line(), invoice_line("INV-2", currency="EUR")),
    "rejected": lambda: a_report(invoice_line(), invoice_line("INV-2", status="<lost> & gone")),
    "held": a_held_one,
    "refused": a_refused_one,
    "known": a_known_one,
}


@pytest.mark.parametrize(
    ("name", "subject", "says"),
    [
        ("imported", "invoices/book.csv was imported", ["Due in EUR      EUR 100.00", "tactful import undo"]),
        (
            "rejected",
            "invoices/book.csv was imported, 1 row not",
            ["Rejected        1", "upload it as it is"],
        ),
        ("held", "snapshots/open.csv waits for your decision", ["tactful import release", "no invoice with"]),
        ("refused", "invoices/book.csv was not imported", ["the file is empty", "book.csv.settings.yaml"]),
        ("known", "invoices/book.csv says nothing new", ["Unchanged       1"]),
    ],
)
def test_the_admin_reads_what_became_of_a_file(name: str, subject: str, says: list[str]) -> None:
    desk, report = REPORTS[name]()
    (message,) = told(desk, report)
    assert (message.address, message.words.subject) == (ADMIN, subject)
    for words in says:
        assert words in message.words.text
    assert f"memory:reports/{report.upload.key}.json" in message.words.text
    assert ("rejected.csv" in message.words.text) is (name == "rejected")
    assert all(len(line) <= 72 for line in message.words.text.splitlines() if "memory:" not in line)


@pytest.mark.parametrize("name", REPORTS)
def test_text_and_html_say_the_same(name: str) -> None:
    desk, report = REPORTS[name]()
    (message,) = told(desk, report)
    body = re.sub(
        r"<style>.*?</style>|<title>.*?</title>|<!--.*?-->", "", message.words.html, flags=re.DOTALL
    )
    links = re.findall(r'href="([^"]*)"', body)
    shown = unescape(re.sub(r"<[^>]*>", " ", body)).replace(":", "").split()
    written = [word if word in links else word.replace(":", "") for word in message.words.text.split()]
    assert [word for word in written if word not in links] == shown


@pytest.mark.parametrize("name", REPORTS)
def test_no_customer_is_named_in_an_e_mail(name: str) -> None:
    desk, report = REPORTS[name]()
    (message,) = told(desk, report)
    assert "Client" not in message.words.text + message.words.html
    assert "INV-" not in message.words.text


def test_nobody_is_told_without_an_address_nor_twice_nor_of_half_a_file() -> None:
    desk, report = a_report(invoice_line())
    assert told(desk, report, "") == []
    assert told(desk, desk.run(report.upload)) == []
    for outcome in (Outcome.PAUSED, Outcome.SUPERSEDED):
        assert told(desk, replace(report, outcome=outcome)) == []


@pytest.mark.parametrize(
    "outcome", [Refused(Refusal.CONFIGURATION, "AccountSuspended"), OutcomeUnknown("Timeout")]
)
def test_an_e_mail_that_fails_is_no_more_than_told(outcome: Refused | OutcomeUnknown) -> None:
    desk, report = a_report(invoice_line())
    wording = JinjaReportWording(ROOT / "templates", "Acme Tools")
    teller = TellAdmin(MemorySender([outcome]), wording, desk.reports, desk.house.clock, ADMIN)
    assert teller.tell(report) == outcome


def test_a_broken_template_is_told_and_not_raised() -> None:
    desk, report = a_report(invoice_line())
    wording = JinjaReportWording(ROOT / "templates/nowhere", "Acme Tools")
    teller = TellAdmin(MemorySender(), wording, desk.reports, desk.house.clock, ADMIN)
    assert teller.tell(report) == Refused(Refusal.MESSAGE, "wording")
