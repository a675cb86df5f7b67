from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from tactful.adapters.dynamodb.imports import (
    DynamoBookContents,
    DynamoCustomerDirectory,
    DynamoImportRegister,
)
from tactful.adapters.dynamodb.table import Table
from tactful.adapters.memory_imports import MemoryImports
from tactful.application.import_ports import (
    BookContents,
    Compared,
    Contents,
    CustomerDirectory,
    ImportRegister,
    Named,
)
from tactful.application.upload import ImportRecord, ImportState, Upload
from tests.contract.conftest import TABLES

NINE = datetime(2026, 3, 2, 9, 0, 0, 250_000, tzinfo=UTC)
KEY = "invoices/März 2026 " + "x" * 980
FIRST = Upload("acme-uploads", KEY, "v1", NINE, "0055AED6DCD90281E5")
LATER = replace(FIRST, version="v2", at=NINE + timedelta(hours=1), sequencer="0055AED6DCD90281E6")


@dataclass(frozen=True, slots=True)
class Memories:
    register: ImportRegister
    contents: BookContents
    directory: CustomerDirectory


def _agreeing(digest: str) -> Contents:
    return Contents({digest: Compared(NINE, "abc234defg")})


@pytest.fixture(params=("memory", *TABLES))
def memories(request: pytest.FixtureRequest) -> Memories:
    if request.param == "memory":
        memory = MemoryImports()
        return Memories(memory, memory, memory)
    table: Table = request.getfixturevalue("new_table")(request.param)
    return Memories(DynamoImportRegister(table), DynamoBookContents(table), DynamoCustomerDirectory(table))


def test_an_import_is_found_by_its_id_as_it_was_noted(memories: Memories) -> None:
    record = ImportRecord(FIRST, ImportState.REFUSED, "no header row", {"rows": 3, "new": 2})
    memories.register.note(record)
    assert memories.register.find(FIRST.id) == record
    assert memories.register.newest(KEY) == record
    assert memories.register.find(LATER.id) is None
    assert memories.register.newest("invoices/other.csv") is None


def test_an_import_that_went_on_is_remembered_as_it_is_now(memories: Memories) -> None:
    memories.register.note(ImportRecord(FIRST, ImportState.IMPORTING))
    memories.register.note(ImportRecord(FIRST, ImportState.DONE))
    found = memories.register.find(FIRST.id)
    assert found is not None
    assert found.state is ImportState.DONE
    assert len(memories.register.all()) == 1


@pytest.mark.parametrize("order", [(FIRST, LATER), (LATER, FIRST)], ids=["in_order", "overtaken"])
def test_the_newest_of_a_key_is_the_one_uploaded_last(memories: Memories, order: tuple[Upload, ...]) -> None:
    for upload in order:
        memories.register.note(ImportRecord(upload, ImportState.DONE))
    newest = memories.register.newest(KEY)
    assert newest is not None
    assert newest.upload == LATER
    assert [record.upload for record in memories.register.all()] == [LATER, FIRST]


def test_a_short_sequencer_is_compared_as_if_zeros_followed_it(memories: Memories) -> None:
    short = replace(FIRST, version="v3", sequencer="0055AED6DCD90281E4F")
    memories.register.note(ImportRecord(FIRST, ImportState.DONE))
    memories.register.note(ImportRecord(short, ImportState.DONE))
    newest = memories.register.newest(KEY)
    assert newest is not None
    assert newest.upload == FIRST


def test_the_book_agrees_with_what_was_compared_last(memories: Memories) -> None:
    assert memories.contents.contents() == Contents()
    files = Contents(
        {"ab" * 16: Compared(NINE, "abc234defg"), "cd" * 16: Compared(NINE + timedelta(days=1), "xyz234defg")}
    )
    memories.contents.end(memories.contents.begin(), files)
    assert memories.contents.contents() == files


def test_the_book_agrees_with_nothing_while_it_is_being_changed(memories: Memories) -> None:
    memories.contents.end(memories.contents.begin(), _agreeing("ab"))
    memories.contents.begin()
    assert memories.contents.contents() == Contents()


def test_of_two_changes_at_once_neither_is_agreed_with(memories: Memories) -> None:
    first, second = memories.contents.begin(), memories.contents.begin()
    memories.contents.end(first, _agreeing("first"))
    memories.contents.end(second, _agreeing("second"))
    assert memories.contents.contents() == Contents()
    memories.contents.end(memories.contents.begin(), _agreeing("third"))
    assert memories.contents.contents() == _agreeing("third")


def test_customers_are_found_by_name_however_it_is_written(memories: Memories) -> None:
    directory = memories.directory
    directory.note_name("Müller  GmbH", "1001")
    directory.note_name("MÜLLER GMBH ", "1002")
    directory.note_name("Muller GmbH", "1003")
    wanted = [f"Customer {number}" for number in range(120)]
    found = directory.named(["müller gmbh", "Muller GmbH", *wanted])
    assert found["müller gmbh"] == Named(frozenset({"1001", "1002"}))
    assert found["Muller GmbH"] == Named(frozenset({"1003"}))
    assert {found[name] for name in wanted} == {Named()}


def test_a_customer_that_got_an_id_later_is_known_under_it(memories: Memories) -> None:
    directory = memories.directory
    directory.note_name("Acme Ltd", "Acme Ltd")
    assert directory.known_as("1001") == ""
    directory.claim("ACME Ltd", "Acme Ltd", "1001")
    assert directory.known_as("1001") == "Acme Ltd"
    assert directory.named(["acme ltd"]) == {
        "acme ltd": Named(frozenset({"Acme Ltd"}), frozenset({"Acme Ltd"}))
    }
