"""A message made ready to be read: the client's own words, plain, in sentences, with the days they name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tactful.domain.replies.dates import Mention, mentions, reads_day_first
from tactful.domain.replies.message import Incoming
from tactful.domain.replies.own_words import OwnWords, own_words
from tactful.domain.replies.plain import plain

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n\s*\n|\s+(?:but|so|however|aber|mais|pero)\s+(?=\w)|\n(?=\w)")
_CLAUSE = re.compile(r"[,;]\s+|\s+(?:and|as|because|cos|coz|since|und|et|y)\s+|\s-\s")


# Nobody answers a reminder at greater length, and what somebody sends to keep us busy must not.
_LONGEST_TEXT = 4_000
_LONGEST_MESSAGE = 100_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A part of the plain text, and where it starts."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Reading:
    """`own` as the client wrote it, `plain` the same made plain; `days` are what `plain` names."""

    message: Incoming
    own: OwnWords
    plain: str
    sentences: tuple[Sentence, ...]
    days: tuple[Mention, ...]

    def days_in(self, sentence: Sentence) -> list[Mention]:
        """The days that a sentence names."""
        end = sentence.start + len(sentence.text)
        return [day for day in self.days if sentence.start <= day.start < end]

    def is_only(self, one: re.Pattern[str], other: re.Pattern[str]) -> bool:
        """Whether a pattern is found in no sentence in which the other is not."""
        return all(other.search(said.text) for said in self.sentences if one.search(said.text))

    def clause_around(self, place: int) -> str:
        """The words around a place, up to the next comma or "and"."""
        breaks = list(_CLAUSE.finditer(self.plain))
        start = max((found.end() for found in breaks if found.end() <= place), default=0)
        end = min((found.start() for found in breaks if found.start() > place), default=len(self.plain))
        return self.plain[start:end]


def read(message: Incoming) -> Reading:
    """Make a message ready."""
    own = own_words(message.text[:_LONGEST_MESSAGE], is_email=message.channel == "email")
    own = replace(own, text=own.text[:_LONGEST_TEXT], signature=own.signature[:_LONGEST_TEXT])
    text = plain(own.text)
    days = mentions(text, message.today, day_first=reads_day_first(message.locale))
    return Reading(message, own, text, tuple(_sentences(text)), tuple(days))


def _sentences(text: str) -> Iterable[Sentence]:
    start = 0
    for match in _SENTENCE.finditer(text):
        if text[start : match.start()].strip():
            yield Sentence(text[start : match.start()], start)
        start = match.end()
    if text[start:].strip():
        yield Sentence(text[start:], start)
