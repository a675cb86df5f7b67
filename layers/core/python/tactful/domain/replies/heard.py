"""A client's message as it concerns an account: who wrote, what it means, and which invoices it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tactful.domain.book.account import Account
from tactful.domain.book.customer import Channel
from tactful.domain.replies.message import Understood
from tactful.domain.replies.own_words import own_words

# A message is kept whole elsewhere: what stands on a timeline or in a task is read by people.
_SHOWN = 2_000
_READ = 20_000
_NAMED_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a client, understood. `address` is where it came from, at an instant (UTC).

    `answer_to` is where an answer goes, empty for nowhere. `more` is what a person has to know beside.
    It `is_meant` for the account unless several share the address and nobody can say which of them is. What was said
    `in_a_call` is no text of the client's: it is a note about it, and `channel` is where the answer goes.
    """

    id: str
    channel: Channel
    address: str
    text: str
    at: datetime
    meaning: Understood
    answer_to: str = ""
    is_meant: bool = True
    in_a_call: bool = False
    more: tuple[tuple[str, str], ...] = ()

    @property
    def own(self) -> str:
        """The client's own words."""
        if self.in_a_call:
            return ""
        return own_words(self.text[:_READ], is_email=self.channel is Channel.EMAIL).text

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What it says, for the timeline: its words, its intents and by which of its words."""
        meaning = self.meaning
        intents = ", ".join([str(meaning.primary), *map(str, meaning.also)])
        because = "; ".join(
            f"{intent}: {' '.join(words.split())}" for intent, words in meaning.because.items() if words
        )
        return (
            ("channel", "call" if self.in_a_call else str(self.channel)),
            ("text", self.text[:_SHOWN]),
            ("understood", intents),
            *((("because", because[:_SHOWN]),) if because else ()),
            *self.more,
        )


def invoices_meant(account: Account, named: Iterable[str]) -> tuple[str, ...]:
    """The account's owed invoices that a message names; all that are owed if it names none at all.

    Nothing if it names others: what is meant by a number that is not owed, a person finds out. People leave out
    prefixes and zeros: the last digits are enough if only one invoice ends with them.
    """
    owed, names = account.owed_numbers(), tuple(named)
    if not names:
        return owed
    known = known_of(account, names)
    return tuple(number for number in owed if number in known)


def known_of(account: Account, named: Iterable[str]) -> frozenset[str]:
    """The invoices of an account, owed or not, that are named."""
    names = tuple(named)[:_NAMED_AT_MOST]
    if not names:
        return frozenset()
    by_name: dict[str, list[str]] = {}
    for invoice in account.invoices:
        by_name.setdefault(_plain(invoice.number), []).append(invoice.number)
    digits = {invoice.number: _digits(invoice.number) for invoice in account.invoices}
    found: set[str] = set()
    for name in names:
        same, last = by_name.get(_plain(name), []), _digits(name)
        alike = same or [number for number, all_of in digits.items() if last and all_of.endswith(last)]
        found.update(alike if len(alike) == 1 else same)
    return frozenset(found)


def _plain(number: str) -> str:
    return re.sub(r"[^a-z0-9]", "", number.casefold())


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number).lstrip("0")
