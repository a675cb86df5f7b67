"""Understanding a client's message: its intents in the order of severity, the facts it states, and by which words.

Deterministic and explainable: every intent comes from words that are named. Who reads for a business errs to the safe
side: an opt-out is never missed for something friendlier, and no date is made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from tactful.domain.replies.cues import CUES, money, people, trouble
from tactful.domain.replies.cues import requests as asked
from tactful.domain.replies.machine import is_machine, is_permanent_bounce, is_surely_a_machine
from tactful.domain.replies.message import Facts, Incoming, Intent, Scope, Understood
from tactful.domain.replies.own_words import own_words
from tactful.domain.replies.particulars import email_in, phone_in
from tactful.domain.replies.plain import plain
from tactful.domain.replies.reading import Reading, Sentence, read
from tactful.domain.replies.stated import REST, facts_of
from tactful.domain.replies.stopping import instructs, opt_out_subject, opt_out_words

_ORDER = {intent: place for place, intent in enumerate(Intent)}
_THUMBS = re.compile(
    "[\N{THUMBS UP SIGN}\N{OK HAND SIGN}\N{PERSON WITH FOLDED HANDS}\N{WHITE HEAVY CHECK MARK}]"
)
_CALL_ME = re.compile(
    r"(?<!stop )(?<!not )(?<!n't )(?<!dont )(?<!never )(?<!or )"
    r"\b(?:call|ring|phone)\s+(?:me|us)\b(?!\s*(?:again|any|or))"
)
_MACHINE_SAYS_SO_BY = 20_000
_MAYBE_A_REQUEST = re.compile(r"\W*(?:(?:can|could|may|do|would|is)\s+(?:i|we|you|u|it|this|there)|any)\b")
_SEND = re.compile(
    r"\bsend|\bre-?issue|\bforward|\be-?mail\s+(?:it|them|a|the)\b|\bmail\s+it\b|\bto\s+[\w.+-]+@"
)
_DECLINED = re.compile(r"\bdeclin|\breject|\brefus|\bbounced")
_GIVE_AND = re.compile(r"\bgive\s+(?:me|us)\s+.{1,25}\band\s+(?:it|you|i|we)\b")
_TWO_PARTS = re.compile(r"\bnow\b.{0,40}\b(?:rest|remainder|balance|other\s+half)\b")
_ARRIVES = re.compile(
    r"\b(?:should|will|to)\s+(?:hit|arrive|be\s+there|show|land|reach|clear)\b|\byou\s+should\s+(?:have|see)\b"
)
# Whoever wants one of these has more to say than thanks.
_NO_MACHINE_SAYS = frozenset(
    {Intent.OPT_OUT, Intent.LEGAL, Intent.HARDSHIP, Intent.DISPUTE, Intent.PAID_CLAIM}
)
_WEIGHTY = frozenset(Intent) - {Intent.THANKS, Intent.QUESTION, Intent.COMPLAINT, Intent.UNKNOWN}


def understand(message: Incoming) -> Understood:
    """What a message means."""
    reading, whole = read(message), plain(message.text[:_MACHINE_SAYS_SO_BY])
    if is_surely_a_machine(message):
        return _by_a_machine(reading, whole)
    seems_a_machine = is_machine(message, whole)
    if not re.search(r"\w", reading.plain):
        return _by_a_machine(reading, whole) if seems_a_machine else _wordless(reading)
    heard = _hear(reading)
    intents = _weighed(heard)
    if seems_a_machine and not _is_a_person_s(reading, intents):
        return _by_a_machine(reading, whole)
    primary = _primary(heard, intents)
    also = tuple(sorted(intents - {primary}, key=_ORDER.__getitem__))
    facts = facts_of(reading, intents, heard.paid_in, heard.promised_in)
    return Understood(primary, also, facts, {one: heard.words.get(one, "") for one in (primary, *also)})


def _is_a_person_s(reading: Reading, intents: set[Intent]) -> bool:
    """Whether what reads like a machine's says what only a person says; a help desk's mail may be one's."""
    if Intent.OPT_OUT in intents and instructs(reading):
        return False
    return not intents.isdisjoint(_NO_MACHINE_SAYS)


def _by_a_machine(reading: Reading, whole: str) -> Understood:
    """A notice about somebody who left, or who stands in, says so beside."""
    text = plain(own_words(reading.message.text[:_MACHINE_SAYS_SO_BY], is_email=True).text) or whole
    bounced = is_permanent_bounce(reading.message, whole)
    also = [Intent.WRONG_CONTACT] if bounced or people.WRONG_CONTACT.search(text) else []
    facts = Facts()
    if people.REDIRECT_CONTACT.search(text) and not bounced:
        also.append(Intent.REDIRECT_CONTACT)
        facts = Facts(contact_email=email_in(reading.own.text), contact_phone=phone_in(reading.own.text))
    ahead = [day.day for day in reading.days if day.day is not None and day.day > reading.message.today]
    facts = replace(facts, back_on=ahead[-1] if ahead else None)
    return Understood(Intent.AUTO_REPLY, tuple(also), facts, {Intent.AUTO_REPLY: "written by a machine"})


def _wordless(reading: Reading) -> Understood:
    """Nothing but signs, a reaction, a subject, or nothing at all."""
    if subject := opt_out_subject(reading):
        return Understood(Intent.OPT_OUT, (), Facts(opt_out_scope=Scope.EMAIL), {Intent.OPT_OUT: subject})
    text = reading.own.text
    if words := opt_out_words(reading) or ("\N{OCTAGONAL SIGN}" if "\N{OCTAGONAL SIGN}" in text else ""):
        facts = Facts(opt_out_scope=Scope(reading.message.channel))
        return Understood(Intent.OPT_OUT, (), facts, {Intent.OPT_OUT: words})
    if reading.own.is_reaction or _THUMBS.search(text):
        return Understood(Intent.THANKS, because={Intent.THANKS: text})
    return Understood(Intent.QUESTION if "?" in text else Intent.UNKNOWN)


@dataclass(slots=True)
class _Heard:
    """What the words of a message say one by one: for each intent those that do."""

    reading: Reading
    words: dict[Intent, str] = field(default_factory=dict)
    paid_in: list[Sentence] = field(default_factory=list)
    promised_in: list[Sentence] = field(default_factory=list)

    def note(self, intent: Intent, match: re.Match[str] | None) -> bool:
        if match is not None:
            self.words.setdefault(intent, match[0])
        return match is not None


def _hear(reading: Reading) -> _Heard:
    heard = _Heard(reading)
    for said in reading.sentences:
        for intent, pattern in CUES.items():
            heard.note(intent, pattern.search(said.text))
        if not money.NOT_PAID.search(said.text) and heard.note(
            Intent.PAID_CLAIM, money.PAID.search(said.text)
        ):
            heard.paid_in.append(said)
        if not (money.NO_PROMISE.search(said.text) or _is_request(said)) and heard.note(
            Intent.PROMISE_TO_PAY, money.PROMISE.search(said.text)
        ):
            heard.promised_in.append(said)
        heard.note(Intent.THANKS, asked.THANKS.search(said.text))
        heard.note(Intent.QUESTION, asked.QUESTION.search(said.text))
    if stop := opt_out_words(reading):
        heard.words[Intent.OPT_OUT] = stop
    return heard


def _is_request(said: Sentence) -> bool:
    asks = said.text.rstrip().endswith("?") or _MAYBE_A_REQUEST.match(said.text)
    patterns = (money.PLAN, money.EXTENSION, asked.DETAILS, asked.COPY, people.CALL)
    return bool(asks) and any(pattern.search(said.text) for pattern in patterns)


def _weighed(heard: _Heard) -> set[Intent]:
    """The intents that the words mean together."""
    found = set(heard.words)
    _settle_money(heard, found)
    _settle_requests(heard, found)
    if Intent.OPT_OUT in found:
        found -= {Intent.HELP, Intent.OPT_IN}
        if not _CALL_ME.search(heard.reading.plain):
            found.discard(Intent.CALL_REQUEST)
    if Intent.OPT_IN in found:
        found.discard(Intent.COMPLAINT)
    if found & _WEIGHTY:
        found.discard(Intent.THANKS)
        if not _asks_something_else(heard.reading):
            found.discard(Intent.QUESTION)
    if Intent.COMPLAINT in found and heard.words.get(Intent.QUESTION) == "?":
        found.discard(Intent.QUESTION)
    if found & {Intent.COMPLAINT, Intent.QUESTION}:
        found.discard(Intent.THANKS)
    names_a_day = any(day.day for day in heard.reading.days)
    if found <= {Intent.THANKS} and names_a_day and not money.NO_PROMISE.search(heard.reading.plain):
        return {Intent.PROMISE_TO_PAY}
    return found or {Intent.UNKNOWN}


def _settle_money(heard: _Heard, found: set[Intent]) -> None:
    """Of a payment that was made and one that will be: which of them is said, or both."""
    today, days = heard.reading.message.today, heard.reading.days
    if Intent.PAID_CLAIM in found and REST.search(heard.reading.plain):
        if any(day.day is not None and day.day > today for day in days):
            found.add(Intent.PROMISE_TO_PAY)
        return
    if not {Intent.PAID_CLAIM, Intent.PROMISE_TO_PAY} <= found:
        return
    apart = [one for one in heard.promised_in if one not in heard.paid_in]
    if not any(heard.reading.days_in(one) and not _ARRIVES.search(one.text) for one in apart):
        found.discard(Intent.PROMISE_TO_PAY)


def _settle_requests(heard: _Heard, found: set[Intent]) -> None:
    """What sounds like a request, a dispute or another contact, and is part of something else."""
    reading = heard.reading
    for request, pattern in (
        (Intent.INVOICE_COPY_REQUEST, asked.COPY),
        (Intent.PAYMENT_DETAILS_REQUEST, asked.DETAILS),
    ):
        if request in found and reading.is_only(trouble.DISPUTE, pattern):
            found.discard(Intent.DISPUTE)
        is_for_us = request in found and Intent.WRONG_CONTACT not in found
        if is_for_us and reading.is_only(people.REDIRECT_CONTACT, _SEND):
            found.discard(Intent.REDIRECT_CONTACT)
    promises = Intent.PROMISE_TO_PAY in found
    dated = any(reading.days_in(one) for one in heard.promised_in)
    if promises and dated and reading.is_only(asked.DETAILS, _DECLINED):
        found.discard(Intent.PAYMENT_DETAILS_REQUEST)
    if (promises and _GIVE_AND.search(reading.plain)) or found & {Intent.PAYMENT_PLAN_REQUEST, Intent.LEGAL}:
        found.discard(Intent.EXTENSION_REQUEST)


def _asks_something_else(reading: Reading) -> bool:
    requests = (
        *(money.PLAN, money.EXTENSION, asked.COPY, asked.DETAILS),
        *(people.CALL, people.HELP, trouble.DISPUTE),
    )
    return any(
        asked.QUESTION.search(said.text) and not any(pattern.search(said.text) for pattern in requests)
        for said in reading.sentences
    )


def _primary(heard: _Heard, intents: set[Intent]) -> Intent:
    """The first in the order of severity; with somebody to turn to instead, that is what matters."""
    if {Intent.REDIRECT_CONTACT, Intent.WRONG_CONTACT} <= intents and not intents & {
        Intent.OPT_OUT,
        Intent.LEGAL,
    }:
        return Intent.REDIRECT_CONTACT
    if (
        Intent.PROMISE_TO_PAY in intents
        and "?" not in heard.reading.plain
        and _TWO_PARTS.search(heard.reading.plain)
    ):
        intents = intents - {Intent.PAYMENT_PLAN_REQUEST}
    return min(intents, key=_ORDER.__getitem__)
