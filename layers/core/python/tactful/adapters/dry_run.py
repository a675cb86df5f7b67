"""A provider that takes every message and sends none."""

from __future__ import annotations

from tactful.application.ports import Accepted, MessageSender, Outgoing, SendOutcome


class DrySender(MessageSender):
    """For a stack that does everything but hand over. What it takes is noted as sent, under an id that says so."""

    def send(self, message: Outgoing) -> SendOutcome:
        return Accepted(f"dry-run-{message.reminder_id}")
