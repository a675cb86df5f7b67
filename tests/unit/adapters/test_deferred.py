from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tactful.adapters.deferred import DeferredSender, DeferredSentMessages
from tactful.adapters.memory import MemorySender, MemorySentMessages
from tactful.application.ports import Accepted, MessageSender, Outgoing, Refusal, Refused, Rendered
from tactful.application.sending_ports import SentMessages
from tactful.domain.sending.settle import NotFound
from tests.support.builders import NINE, a_reminder, an_account, an_invoice

MESSAGE = Outgoing("r-1", "+442079460102", Rendered("Hello"), NINE + timedelta(hours=1), NINE)


def failing() -> Callable[[], MessageSender]:
    def build() -> MessageSender:
        raise ImportError("a package is broken")

    return build


def test_a_sender_that_cannot_be_built_refuses_and_nothing_was_sent() -> None:
    assert DeferredSender(failing()).send(MESSAGE) == Refused(Refusal.CONFIGURATION, "not_built: ImportError")


def test_after_a_refusal_by_its_settings_the_sender_is_built_anew() -> None:
    built = iter([MemorySender([Refused(Refusal.CONFIGURATION, "20003")]), MemorySender()])
    sender = DeferredSender(lambda: next(built))
    assert isinstance(sender.send(MESSAGE), Refused)
    assert isinstance(sender.send(MESSAGE), Accepted)
    assert isinstance(sender.send(MESSAGE), Accepted)


def test_while_the_search_cannot_be_built_nothing_can_be_told() -> None:
    works: list[SentMessages] = []

    def build() -> SentMessages:
        if not works:
            raise ImportError("a package is broken")
        return works[0]

    account = an_account(an_invoice())
    lost = a_reminder(account, account.invoices)
    search = DeferredSentMessages(build)
    assert search.find(lost) is NotFound.CANNOT_TELL
    works.append(MemorySentMessages())
    assert search.find(lost) is NotFound.ABSENT
