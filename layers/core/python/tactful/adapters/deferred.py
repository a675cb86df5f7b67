"""A sender that is built when the first message needs it: its library and secret cost nothing before."""

from __future__ import annotations

from collections.abc import Callable

from tactful.adapters.secrets import SecretError
from tactful.application.ports import MessageSender, Outgoing, Refusal, Refused, SendOutcome


class DeferredSender(MessageSender):
    """Builds the sender once. While it cannot be built, every message is refused as misconfigured: nothing is lost."""

    def __init__(self, build: Callable[[], MessageSender]) -> None:
        self._build = build
        self._sender: MessageSender | None = None

    def send(self, message: Outgoing) -> SendOutcome:
        try:
            self._sender = self._sender or self._build()
        except SecretError:
            return Refused(Refusal.CONFIGURATION, "secret_unreadable")
        return self._sender.send(message)
