"""Whether a client wants no more messages, and of which kind: read before everything else that is said."""

from __future__ import annotations

import re

from tactful.domain.replies.cues import stopping
from tactful.domain.replies.message import Scope
from tactful.domain.replies.opt_out import wants_no_messages
from tactful.domain.replies.reading import Reading

# By itself it says that the person is the wrong one, not what that person wants.
_WRONG_NUMBER = re.compile(r"wrong\s+number", re.IGNORECASE)
_SUBJECT = re.compile(r"^\s*(?:re:\s*)?(?:unsubscribe|stop|opt[\s-]?out|remove(?:\s+me)?)\b", re.IGNORECASE)
_CHANNELS = {
    Scope.PHONE: re.compile(r"call|ring|phon"),
    Scope.EMAIL: re.compile(r"e-?mail|mail"),
    Scope.SMS: re.compile(r"text|sms|messag"),
}
_SHOWN = 60


def opt_out_words(reading: Reading) -> str:
    """The words that ask for no more messages; empty if none do."""
    kept = "\n".join(one.text for one in reading.sentences if not stopping.BY_ACCIDENT.search(one.text))
    cleared = stopping.NO_STOP.sub(" ", stopping.NEGATED.sub(" ", kept))
    if said := stopping.STOP.search(cleared):
        return said[0]
    # Signs are only in the text as it was written; what was cleared of something is read without it.
    is_whole = not stopping.BY_ACCIDENT.search(reading.plain) and not stopping.NO_STOP.search(reading.plain)
    left = _WRONG_NUMBER.sub(" ", reading.own.text if is_whole else cleared)
    return kept[:_SHOWN] if wants_no_messages(left) else ""


def instructs(reading: Reading) -> bool:
    """Whether a message says how its own kind is stopped, as machines do."""
    return stopping.INSTRUCTION.search(reading.plain) is not None


def opt_out_subject(reading: Reading) -> str:
    """A subject that asks for no more messages, above an e-mail that says nothing; else empty."""
    subject = reading.message.header("Subject")
    return subject if not reading.own.text.strip() and _SUBJECT.match(subject) else ""


def scope_of(reading: Reading, *, names_invoices: bool) -> Scope:
    """What an opt-out is about: what it names, else the channel it came on."""
    came_on, text = Scope(reading.message.channel), reading.plain
    if instead := stopping.INSTEAD.search(text):
        return next((scope for scope, named in _CHANNELS.items() if named.search(instead["what"])), came_on)
    texts, mails = stopping.NAMED_TEXTS.search(text), stopping.NAMED_MAILS.search(text)
    if texts and mails and not stopping.OTHER_CHANNEL.search(text):
        return Scope.ALL
    if stopping.CALLS.search(text) and not texts and not mails:
        return Scope.PHONE
    if names_invoices and stopping.REMINDERS.search(text):
        return Scope.INVOICE
    if stopping.EVERYTHING.search(text) and not stopping.OTHER_CHANNEL.search(text):
        return Scope.ALL
    return Scope.SMS if texts and not mails else Scope.EMAIL if mails and not texts else came_on
