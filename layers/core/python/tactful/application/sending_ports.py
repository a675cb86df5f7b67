"""What sending as a whole needs of the outside: what is stopped, and what became of messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tactful.domain.book.contact_log import Reminder
from tactful.domain.book.customer import Channel
from tactful.domain.sending.health import Tally
from tactful.domain.sending.settle import Search
from tactful.domain.sending.state import SendingState


class SentMessages(Protocol):
    """What a provider knows of the messages it was given on one channel."""

    def find(self, reminder: Reminder) -> Search:
        """Look for a message by its address, its time and its reference. Never raises for what the provider does."""
        ...


class Unsettled(Protocol):
    """The messages whose outcome is not known."""

    def due(self, until: datetime) -> Iterator[str]:
        """Ids of those about which there is something to find out by `until` (UTC), the oldest first.

        Some may have been settled a moment ago.
        """
        ...


class SendingSwitch(Protocol):
    """Whether anything may be sent: every worker looks here immediately before every message."""

    def read(self) -> SendingState:
        """What is stopped at this moment. Raises StoreUnavailableError."""
        ...

    def change(self, change: Callable[[SendingState], SendingState]) -> SendingState:
        """Change what is stopped, on top of what others do at the same time; the state afterwards.

        Raises StoreUnavailableError.
        """
        ...


class SendingHealth(Protocol):
    """How many messages were accepted, bounced or complained of, by channel and quarter of an hour."""

    def count(self, tally: Tally) -> None:
        """Add to what was counted, in the quarter of an hour that `tally.since` lies in.

        A reminder that is told of again counts once. Raises StoreUnavailableError; whether it was added is then not
        known.
        """
        ...

    def tallies(self, begin: datetime) -> Sequence[Tally]:
        """What was counted from an instant (UTC) on, the oldest first. Raises StoreUnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class MailQuota:
    """What the e-mail provider allows: so many a minute, and so many more within the 24 hours that end now.

    `left` is None if there is no limit. An account that may not send at all has 0 left.
    """

    per_minute: int
    left: int | None


class MailAccount(Protocol):
    """The business's account at the e-mail provider."""

    def quota(self) -> MailQuota | None:
        """What it may send now; None if that cannot be told. Never raises for what the provider does."""
        ...


class Pace(Protocol):
    """Spaces what one worker hands over, so that all of them together keep to a rate."""

    def wait(self, channel: Channel, state: SendingState) -> None:
        """Return when the next message may be handed over on a channel."""
        ...
