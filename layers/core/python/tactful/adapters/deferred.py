"""What is built when it is needed first: the provider's library and secret cost nothing before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tactful.adapters.secrets import SecretError
from tactful.application.ports import MessageSender, Outgoing, Refusal, Refused, SendOutcome
from tactful.application.sending_ports import SentMessages
from tactful.domain.book.contact_log import Reminder
from tactful.domain.sending.settle import NotFound, Search


class DeferredSender(MessageSender):
    """Builds the sender once. While it cannot be built, every message is refused as misconfigured: nothing is lost."""

    def __init__(self, build: Callable[[], MessageSender]) -> None:
        self._build = build
        self._sender: MessageSender | None = None

    def send(self, message: Outgoing) -> SendOutcome:
        try:
            sender = self._sender = self._sender or self._build()
        except SecretError:
            return Refused(Refusal.CONFIGURATION, "secret_unreadable")
        except Exception as error:  # noqa: BLE001 - whatever keeps it from being built, nothing was sent
            return Refused(Refusal.CONFIGURATION, f"not_built: {type(error).__name__}")
        outcome = sender.send(message)
        if isinstance(outcome, Refused) and outcome.refusal is Refusal.CONFIGURATION:
            # The secret may have been changed: it is read again.
            self._sender = None
        return outcome


class DeferredSentMessages(SentMessages):
    """Builds the search once. While it cannot be built, nothing can be told of any message."""

    def __init__(self, build: Callable[[], SentMessages]) -> None:
        self._build = build
        self._sent: SentMessages | None = None

    def find(self, reminder: Reminder) -> Search:
        try:
            self._sent = self._sent or self._build()
        except Exception:  # noqa: BLE001 - whatever keeps it from being built, nothing was found out
            return NotFound.CANNOT_TELL
        return self._sent.find(reminder)


class DeferredDocuments:
    """Documents in a bucket, whose client is made for the first message that one goes with."""

    def __init__(self, client_of: Callable[[str], Any], bucket: str) -> None:
        self._client_of = client_of
        self._bucket = bucket

    def fetch(self, key: str) -> bytes:
        from tactful.adapters.s3 import S3Documents  # noqa: PLC0415

        return S3Documents(self._client_of("s3"), self._bucket).fetch(key)
