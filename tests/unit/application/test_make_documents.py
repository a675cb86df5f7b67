"""Making documents: which, under which key, and that the same facts are the same file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tactful.adapters.memory import MemoryClock, MemoryStore
from tactful.adapters.memory_documents import MemoryArchive, MemoryPress
from tactful.application.account_events import AccountEvents
from tactful.application.documents import DocumentKind, DocumentOrder
from tactful.application.make_documents import MakeDocuments
from tactful.domain.book.account import Account, Change
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import account_key
from tactful.domain.documents.handoff import Creditor
from tactful.domain.documents.letter import NothingToDemandError
from tests.support.builders import NINE, a_calendar, a_policy, an_account, an_invoice

KEY = account_key("C-1")
NOW = NINE + timedelta(days=40)
STATEMENT = DocumentOrder(KEY, DocumentKind.STATEMENT)


class Shop:
    """An account in a store, and what makes documents of it."""

    def __init__(self, account: Account) -> None:
        self.store, self.clock = MemoryStore(), MemoryClock(NOW)
        self.store.commit(None, Change(account))
        events = AccountEvents(self.store, a_policy(), a_calendar(), self.clock)
        self.documents = MakeDocuments(events, MemoryPress(), Creditor("Acme", "billing@acme.example", "GB"))

    def change(self, account: Account) -> None:
        before = self.store.load(KEY)
        assert before is not None
        self.store.commit(before, Change(replace(before, invoices=account.invoices)))

    def keys(self, order: DocumentOrder) -> list[str]:
        return [file.key for file in self.documents.make(order)]


@pytest.fixture
def shop() -> Shop:
    return Shop(an_account(an_invoice("1")))


def test_a_key_has_the_account_the_kind_and_the_day_and_nothing_personal(shop: Shop) -> None:
    (key,) = shop.keys(STATEMENT)
    folder, account, kind, name = key.split("/")
    assert (folder, account, kind) == ("documents", KEY, "statement")
    assert name.startswith("2026-04-11-")
    assert name.endswith(".pdf")
    assert "Client" not in key


def test_the_same_facts_are_the_same_file_later_the_same_day(shop: Shop) -> None:
    made = [shop.documents.make(STATEMENT)]
    shop.clock.advance(timedelta(hours=3))
    made.append(shop.documents.make(STATEMENT))
    assert made[0] == made[1]


def test_other_facts_or_another_day_are_another_file(shop: Shop) -> None:
    keys = shop.keys(STATEMENT)
    shop.change(an_account(an_invoice("1", received=10_00)))
    keys += shop.keys(STATEMENT)
    shop.clock.advance(timedelta(days=1))
    keys += shop.keys(STATEMENT)
    assert len(set(keys)) == 3


def test_the_pack_is_a_pdf_and_the_same_facts_as_json(shop: Shop) -> None:
    pdf, facts = shop.documents.make(DocumentOrder(KEY, DocumentKind.HANDOFF))
    assert pdf.key.removesuffix(".pdf") == facts.key.removesuffix(".json")
    told = json.loads(facts.content)
    assert (told["debtor"]["name"], told["creditor"]["name"]) == ("Client Ltd", "Acme")


def test_a_final_demand_has_its_own_words_and_a_letter_those_it_is_ordered_with(shop: Shop) -> None:
    (demand,) = shop.documents.make(
        DocumentOrder(KEY, DocumentKind.FINAL_DEMAND, pay_by=date(2026, 5, 1), address=("1 High Street",))
    )
    assert b"stage='overdue_21'" in demand.content
    assert b"datetime.date(2026, 5, 1)" in demand.content
    assert b"1 High Street" in demand.content
    (letter,) = shop.documents.make(
        DocumentOrder(KEY, DocumentKind.LETTER, wording="overdue_10", tone=Tone.FIRM)
    )
    assert b"stage='overdue_10'" in letter.content


def test_what_is_made_is_kept_under_its_keys_and_again_changes_nothing(shop: Shop) -> None:
    archive = MemoryArchive()
    made = shop.documents.make_into(archive, DocumentOrder(KEY, DocumentKind.HANDOFF))
    assert archive.kept == {file.key: file.content for file in made}
    shop.documents.make_into(archive, DocumentOrder(KEY, DocumentKind.HANDOFF))
    assert len(archive.kept) == 2


def test_nobody_s_account_and_nothing_to_demand_are_refused(shop: Shop) -> None:
    with pytest.raises(ValueError, match="there is no such customer"):
        shop.documents.make(DocumentOrder("nobody", DocumentKind.STATEMENT))
    with pytest.raises(NothingToDemandError):
        Shop(an_account()).documents.make(DocumentOrder(KEY, DocumentKind.FINAL_DEMAND))


def test_only_a_letter_has_words_to_choose() -> None:
    with pytest.raises(ValueError, match="a letter has a wording and a tone"):
        DocumentOrder(KEY, DocumentKind.LETTER, wording="overdue_10")
    with pytest.raises(ValueError, match="has words of its own"):
        DocumentOrder(KEY, DocumentKind.STATEMENT, tone=Tone.FIRM)


def test_a_letter_never_asks_for_a_day_that_is_past(shop: Shop) -> None:
    past = DocumentOrder(KEY, DocumentKind.FINAL_DEMAND, pay_by=NOW.date() - timedelta(days=1))
    with pytest.raises(ValueError, match="2026-04-10 is past: name a day from 2026-04-11 on"):
        shop.keys(past)
