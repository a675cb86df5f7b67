"""Checks the words of a message: what it must not say, and what it must."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tactful.domain.wording.message import Finding, Message, Rule
from tactful.domain.wording.vocabulary import BRITISH_AND_AMERICAN, LEFT_ALONE, MOST_LIX, VOCABULARY

_SUBJECT = 78
_GLIMPSE = 40
_LONG_WORD = 6
# Of fewer words a single long one decides.
_ENOUGH_TO_GRADE = 15
_SHOUTED = re.compile(r"\b[A-ZÄÖÜÀÉÈÊÇÑÁÍÓÚ]{5,}\b")
# Words that a client is asked to answer with.
_ANSWERS = frozenset({"CHANGE"})
_SENTENCE = re.compile(r"[.:!?]+(?:\s|$)")
_EVERYWHERE = (Rule.THREAT, Rule.SHAMING, Rule.URGENCY)


def check(message: Message) -> tuple[Finding, ...]:
    """Everything that is wrong with a message, in the order of the rules."""
    return (*_forbidden(message), *_required(message), *_manner(message))


def _forbidden(message: Message) -> Iterator[Finding]:
    words = VOCABULARY.get(message.language, {})
    said = _own_words(message, f"{message.subject}\n{message.text}")
    rules = list(_EVERYWHERE)
    if not (message.states_charges or message.is_plan):
        rules.append(Rule.LEGAL_CLAIM)
    if not message.is_discount:
        rules.append(Rule.PROMOTION)
    for rule in rules:
        yield from _found(rule, words.get(rule), said)
    glimpse = message.text[:_GLIMPSE] if message.channel == "sms" else message.subject
    yield from _found(Rule.GLIMPSE, words.get(Rule.GLIMPSE), _own_words(message, glimpse))


def _own_words(message: Message, said: str) -> str:
    """Without names that nobody here chose: a business, or a partner, may be called Collections."""
    for name in filter(None, (message.business, message.partner)):
        said = said.replace(name, " ")
    return said


def _found(rule: Rule, words: re.Pattern[str] | None, said: str) -> Iterator[Finding]:
    if words is not None:
        for word in dict.fromkeys(found.group().casefold() for found in words.finditer(said)):
            yield Finding(rule, word)


def _required(message: Message) -> Iterator[Finding]:
    if message.channel == "call":
        if message.business not in message.subject:
            yield Finding(Rule.SENDER, message.subject[:_GLIMPSE])
        return
    begins = message.text if message.channel == "email" else message.text[: len(message.business) + 1]
    if message.business not in begins:
        yield Finding(Rule.SENDER, message.text[:_GLIMPSE])
    if message.channel != "email" and "STOP" not in message.text:
        yield Finding(Rule.LEFT_ALONE, message.text[-_GLIMPSE:])
    how = LEFT_ALONE.get(message.language)
    if message.channel == "email" and how is not None and not how.search(message.text):
        yield Finding(Rule.LEFT_ALONE, message.text[-_GLIMPSE:].replace("\n", " "))
    if message.channel == "email" and not 0 < len(message.subject) <= _SUBJECT:
        yield Finding(Rule.SUBJECT, message.subject or "(empty)")


def _manner(message: Message) -> Iterator[Finding]:
    said = _own_words(message, f"{message.subject} {message.text}")
    if said.count("!") > (message.tone == "friendly"):
        yield Finding(Rule.EXCLAMATION, f"{said.count('!')} in a message in tone {message.tone}")
    for word in dict.fromkeys(_SHOUTED.findall(" ".join(message.prose) or said)):
        if word not in _ANSWERS:
            yield Finding(Rule.CAPITALS, word)
    yield from _spelling(message, said)
    most = MOST_LIX.get(message.language)
    grade = lix(message.prose)
    if most is not None and grade > most and len(" ".join(message.prose).split()) >= _ENOUGH_TO_GRADE:
        yield Finding(Rule.READABILITY, f"LIX {grade:.0f}, at most {most}")


def _spelling(message: Message, said: str) -> Iterator[Finding]:
    if message.language != "en":
        return
    for british, american in BRITISH_AND_AMERICAN.items():
        wrong = british if message.country == "US" else american
        # "check", "program" and "license" are words of both.
        if wrong in ("check", "program", "license", "inquiry"):
            continue
        if re.search(rf"\b{wrong}", said, re.IGNORECASE):
            yield Finding(Rule.SPELLING, wrong)


def lix(prose: tuple[str, ...]) -> float:
    """How hard paragraphs are to read: words a sentence, and words of more than six letters in a hundred.

    30 is a children's book, 40 fiction, 50 a newspaper, 60 an official text (C. H. Björnsson, "Läsbarhet", 1968).
    """
    words = [word for paragraph in prose for word in re.findall(r"[^\W\d_]+", paragraph)]
    if not words:
        return 0.0
    sentences = sum(max(1, len(_SENTENCE.findall(paragraph))) for paragraph in prose)
    long = sum(len(word) > _LONG_WORD for word in words)
    return len(words) / sentences + 100 * long / len(words)
