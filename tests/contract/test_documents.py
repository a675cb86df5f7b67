"""The press, the archive and the orders of documents: the real ones and those in memory alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from tactful.adapters.languages import Languages
from tactful.adapters.memory_documents import MemoryArchive, MemoryDocumentOrders, MemoryPress
from tactful.adapters.policy_file import load_policy
from tactful.adapters.s3 import S3Documents
from tactful.adapters.sqs import SqsDocumentOrders
from tactful.adapters.typst_documents import TypstPress
from tactful.application.documents import (
    DocumentKind,
    DocumentOrder,
    DocumentOrders,
    DocumentPress,
    Envelope,
    Pack,
    Statement,
)
from tactful.application.ports import StoreUnavailableError
from tactful.domain.book.contact_log import Tone
from tactful.domain.documents.handoff import Creditor, handoff_of
from tactful.domain.documents.ledger import statement_of
from tactful.entrypoints.document_orders import order_in
from tactful.entrypoints.queues import NotOursError
from tests.local.ministack import ROOT, LocalAws
from tests.support.builders import an_account, an_invoice

TODAY = date(2026, 4, 20)
TEMPLATES = ROOT / "templates"
ACCOUNT = an_account(an_invoice("1"), an_invoice("2", currency="EUR"))
STATEMENT = Statement(Envelope(ACCOUNT.customer, TODAY), statement_of(ACCOUNT, TODAY))
PACK = Pack(Envelope(ACCOUNT.customer, TODAY), handoff_of(ACCOUNT, Creditor("Acme", "a@acme.example"), TODAY))


@pytest.fixture(params=["memory", "typst"])
def press(request: pytest.FixtureRequest) -> DocumentPress:
    if request.param == "memory":
        return MemoryPress()
    return TypstPress(
        Languages(TEMPLATES, "en", "GB"),
        business_name="Acme Tools",
        contact_email="accounts@acme.example",
        policy=load_policy(TEMPLATES / "policies" / "standard.yaml"),
        country="GB",
    )


def test_the_same_facts_give_the_same_bytes(press: DocumentPress) -> None:
    for document in (STATEMENT, PACK):
        assert press.press(document) == press.press(document)


def test_a_document_is_a_pdf_that_could_be_shown_whole(press: DocumentPress) -> None:
    for document in (STATEMENT, PACK):
        pressed = press.press(document)
        assert pressed.pdf.startswith(b"%PDF")
        assert pressed.unshown == ""


def test_other_facts_give_other_bytes(press: DocumentPress) -> None:
    paid = an_account(an_invoice("1", received=1_00))
    other = replace(STATEMENT, ledger=statement_of(paid, TODAY))
    tomorrow = replace(STATEMENT, envelope=replace(STATEMENT.envelope, on=date(2026, 4, 21)))
    assert len({press.press(one).pdf for one in (STATEMENT, other, tomorrow, PACK)}) == 4


@dataclass(frozen=True, slots=True)
class Shelf:
    """An archive, and what lies there under a key."""

    archive: S3Documents | MemoryArchive
    kept: Callable[[str], bytes]


@pytest.fixture(params=["memory", "s3"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "memory":
        memory = MemoryArchive()
        return Shelf(memory, lambda key: memory.kept[key])
    aws: LocalAws = request.getfixturevalue("local_aws")
    client = aws.client("s3")
    client.create_bucket(Bucket="documents")

    def kept(key: str) -> bytes:
        stored = client.get_object(Bucket="documents", Key=key)
        assert stored["ContentType"] == f"application/{key.rpartition('.')[2]}"
        content: bytes = stored["Body"].read()
        return content

    return Shelf(S3Documents(client, "documents"), kept)


def test_what_is_kept_is_there_and_again_under_the_same_key_too(shelf: Shelf) -> None:
    for _ in range(2):
        shelf.archive.keep("documents/abc/handoff/1.pdf", b"%PDF")
        shelf.archive.keep("documents/abc/handoff/1.json", b"{}")
    assert shelf.kept("documents/abc/handoff/1.pdf") == b"%PDF"
    assert shelf.kept("documents/abc/handoff/1.json") == b"{}"


def test_what_was_kept_is_fetched_again(shelf: Shelf) -> None:
    shelf.archive.keep("documents/abc/statement/1.pdf", b"%PDF")
    assert shelf.archive.fetch("documents/abc/statement/1.pdf") == b"%PDF"


def test_what_is_not_there_cannot_be_fetched(shelf: Shelf) -> None:
    with pytest.raises(StoreUnavailableError):
        shelf.archive.fetch("documents/abc/statement/2.pdf")


ORDERS = [
    DocumentOrder("abc", DocumentKind.STATEMENT),
    DocumentOrder("abc", DocumentKind.HANDOFF, language="de"),
    DocumentOrder("abc", DocumentKind.LETTER, wording="overdue_10", tone=Tone.FIRM),
    DocumentOrder(
        "abc", DocumentKind.FINAL_DEMAND, address=("1 High Street", "Łódź"), pay_by=date(2026, 5, 4)
    ),
]


@dataclass(frozen=True, slots=True)
class Counter:
    """Where documents are ordered, and the orders as the function reads them."""

    orders: DocumentOrders
    taken: Callable[[], list[DocumentOrder]]


@pytest.fixture(params=["memory", "sqs"])
def counter(request: pytest.FixtureRequest) -> Counter:
    if request.param == "memory":
        memory = MemoryDocumentOrders()
        return Counter(memory, lambda: memory.ordered)
    client: Any = request.getfixturevalue("local_aws").client("sqs")
    url = client.create_queue(QueueName="document-orders")["QueueUrl"]

    def taken() -> list[DocumentOrder]:
        found = []
        while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found += [order_in(json.loads(message["Body"])) for message in messages]
        return found

    return Counter(SqsDocumentOrders(client, url), taken)


def test_an_order_arrives_as_it_was_given(counter: Counter) -> None:
    for order in ORDERS:
        counter.orders.put(order)
    assert sorted(counter.taken(), key=repr) == sorted(ORDERS, key=repr)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"account": "abc"},
        {"account": "abc", "kind": "poem"},
        {"account": "abc", "kind": "letter"},
        {"account": "abc", "kind": "letter", "wording": "due", "tone": "rude"},
        {"account": "abc", "kind": "statement", "address": "1 High Street"},
        {"account": "abc", "kind": "final-demand", "pay_by": "soon"},
        {"account": "abc", "kind": "final-demand", "pay_by": 3},
        {"kind": "statement"},
    ],
)
def test_a_message_that_orders_nothing_is_refused(message: dict[str, Any]) -> None:
    with pytest.raises(NotOursError):
        order_in(message)
