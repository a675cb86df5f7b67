"""A second reader for what the rules do not understand: it only proposes, and is checked against the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tactful.domain.replies.message import Facts, Incoming, Intent, Scope, Understood
from tactful.domain.replies.plain import plain

MAY_PROPOSE = frozenset(Intent) - {Intent.OPT_IN, Intent.AUTO_REPLY, Intent.PROMISE_TO_PAY, Intent.THANKS}
"""Nothing that would let chasing go on, or end it for good on a day that only a model read out of a text."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a second reader takes a message for, and the words of the message by which it does."""

    intent: str
    words: str


class SecondReader(Protocol):
    """Reads what the rules could not."""

    def read(self, message: Incoming) -> Proposal | None:
        """A proposal, or None if there is none, for any reason. Never raises."""
        ...


def proposed(reader: SecondReader, message: Incoming) -> Understood | None:
    """What a second reader makes of a message, if it may say so and the words that it names are there.

    It is asked only where the rules found nothing at all, so it can never clear what they found.
    """
    proposal = reader.read(message)
    if proposal is None:
        return None
    words = plain(proposal.words).strip()
    known = {str(intent): intent for intent in MAY_PROPOSE}
    intent = known.get(proposal.intent)
    if intent is None or intent is Intent.UNKNOWN or not words or words not in plain(message.text):
        return None
    # Whoever may want no more messages gets none.
    facts = Facts(opt_out_scope=Scope(message.channel)) if intent is Intent.OPT_OUT else Facts()
    return Understood(intent, (), facts, {intent: f"{proposal.words} (second reader)"})
