"""A statement by e-mail: printed, kept, and sent once like any other message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.adapters.memory_documents import MemoryArchive, MemoryPress
from tactful.application.attached_words import AttachedWords
from tactful.application.documents import DocumentKind, DocumentOrder
from tactful.application.make_documents import MakeDocuments
from tactful.application.send_statement import SendStatement
from tactful.domain.book.answers import AnswerKind
from tactful.domain.book.customer import Channel
from tactful.domain.documents.handoff import Creditor
from tests.support.builders import EMAIL, a_contact, a_customer, an_account, an_invoice
from tests.unit.application.house import House, sent_by


class Desk:
    """A house whose statements can be sent."""

    def __init__(self) -> None:
        self.archive = MemoryArchive()
        self.house = House()
        self.house.wording = AttachedWords(self.house.wording, self.archive)
        creditor = Creditor("Acme", "billing@acme.example", "GB")
        documents = MakeDocuments(self.house.events(), MemoryPress(), creditor)
        self.sending = SendStatement(documents, self.archive, self.house.events())

    def send(self, key: str) -> str:
        return self.sending.send(DocumentOrder(key, DocumentKind.STATEMENT))


def test_a_statement_goes_with_an_email_once() -> None:
    desk = Desk()
    key = desk.house.add(an_account(an_invoice()))
    assert desk.send(key) == EMAIL
    assert desk.send(key) == EMAIL
    desk.house.run_for(timedelta(days=2))
    with_files = [message for message in sent_by(desk.house.email) if message.words.attachments]
    assert [(m.address, m.words.attachments[0].name) for m in with_files] == [(EMAIL, "statement.pdf")]
    assert with_files[0].words.attachments[0].content in desk.archive.kept.values()


def test_a_statement_is_not_sent_without_its_document() -> None:
    desk = Desk()
    key = desk.house.add(an_account(an_invoice()))
    desk.send(key)
    desk.archive.kept.clear()
    desk.house.run_for(timedelta(days=2))
    wordings = [step.wording for step in desk.house.account(key).reminders if step.channel is Channel.EMAIL]
    assert f"answer_{AnswerKind.STATEMENT}" not in wordings
    assert not any(message.words.attachments for message in sent_by(desk.house.email))


def test_a_statement_goes_to_nobody_who_may_not_be_written_to() -> None:
    desk = Desk()
    key = desk.house.add(replace(an_account(an_invoice()), customer=a_customer(a_contact(email=""))))
    with pytest.raises(ValueError, match="no e-mail address that may be used"):
        desk.send(key)


def test_only_a_statement_is_sent_so() -> None:
    desk = Desk()
    key = desk.house.add(an_account(an_invoice()))
    with pytest.raises(ValueError, match="is not sent by e-mail"):
        desk.sending.send(DocumentOrder(key, DocumentKind.HANDOFF))
