"""When sending has to stop by itself: too many bounces or complaints, or far more to say than usual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tactful.domain.book.customer import Channel
from tactful.domain.sending.state import UNUSUAL, SendingState, Stop

KEPT = timedelta(days=35)
"""How long back it is looked for what is usual: some write to everybody once a month."""

_SLOT = timedelta(minutes=15)
_WINDOW = timedelta(hours=24)
_REPUTATION = "reputation guard"
# Amazon SES reviews an account at 5 % bounces and 0.1 % complaints (SES, "Sending review process FAQs"). A share of a
# few messages says nothing: so many there must be, and so many of a thousand.
_BOUNCED = (5, 50)
_COMPLAINED = (2, 1)
_TIMES_THE_USUAL = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened on a channel in a quarter of an hour from `since` on (UTC).

    How many messages were accepted, and which reminders bounced for good or were complained of, by their ids: news may
    come twice. A bounce happens later than its message was sent.
    """

    channel: Channel
    since: datetime
    accepted: int = 0
    bounced: frozenset[str] = frozenset()
    complained: frozenset[str] = frozenset()


def slot_of(at: datetime) -> datetime:
    """The start of the quarter of an hour that an instant lies in."""
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def reputation_stop(tallies: Iterable[Tally], state: SendingState, now: datetime) -> Stop | None:
    """The stop of e-mail that bounces or complaints of the last 24 hours call for, if they do.

    Bounces and complaints of the time before a person last resumed e-mail do not count again.
    """
    recent = [one for one in tallies if one.channel is Channel.EMAIL and one.since + _SLOT > now - _WINDOW]
    accepted = sum(tally.accepted for tally in recent)
    judged = [one for one in recent if state.judged_from is None or one.since >= state.judged_from]
    for name, number, (least, of_thousand) in (
        ("bounced", len({one for tally in judged for one in tally.bounced}), _BOUNCED),
        ("were complained of", len({one for tally in judged for one in tally.complained}), _COMPLAINED),
    ):
        if number >= least and 1_000 * number >= of_thousand * accepted:
            why = f"{number} of {accepted} e-mails {name}: mend the addresses, then resume"
            return Stop(Channel.EMAIL, now, _REPUTATION, why)
    return None


@dataclass(frozen=True, slots=True)
class Usual:
    """How many messages left today, and on the busiest of the days before. Days are those of UTC."""

    today: int
    busiest: int

    def room(self, at_least: int) -> int:
        """How many more clients may be acted on today before a person has to be asked, who never is for `at_least`."""
        return max(0, max(at_least, _TIMES_THE_USUAL * self.busiest) - self.today)

    def unusual_stop(self, room: int, now: datetime) -> Stop:
        """The stop of everything, when more clients are due than there is room for."""
        why = (
            f"more than {room} clients are due, after {self.today} messages today and "
            f"{self.busiest} on the busiest day of five weeks: see that it is right, then resume"
        )
        return Stop(None, now, UNUSUAL, why)


def usual(tallies: Iterable[Tally], now: datetime) -> Usual:
    """What is usual, by the tallies of the time in KEPT."""
    days: Counter[date] = Counter()
    for tally in tallies:
        days[tally.since.date()] += tally.accepted
    today = days.pop(now.astimezone(UTC).date(), 0)
    return Usual(today, max(days.values(), default=0))
