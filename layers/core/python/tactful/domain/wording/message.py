"""A rendered message as the rules look at it, and what they find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What is checked of every message. Why, and what to do, is in REASONS."""

    THREAT = "threat"
    SHAMING = "shaming"
    URGENCY = "urgency"
    LEGAL_CLAIM = "legal_claim"
    GLIMPSE = "glimpse"
    PROMOTION = "promotion"
    SENDER = "sender"
    LEFT_ALONE = "left_alone"
    READABILITY = "readability"
    SPELLING = "spelling"
    EXCLAMATION = "exclamation"
    CAPITALS = "capitals"
    SUBJECT = "subject"
    LANGUAGES = "languages"
    SAME_CONTENT = "same_content"
    HTML = "html"
    CONTRAST = "contrast"
    ESCAPING = "escaping"
    FAULT = "fault"
    MISSING = "missing"
    OVERLAY = "overlay"
    FORMATS = "formats"
    SUMS = "sums"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule is there, where it comes from, and what to write instead."""

    why: str
    remedy: str
    source: str = ""


REASONS: dict[Rule, Reason] = {
    Rule.THREAT: Reason(
        "a threat ends the relationship, and may be unlawful",
        "say what you would like to happen, and that you would rather settle it together",
        "12 CFR 1006.22(e) for those whom it binds; Directive 2005/29/EC art. 8 and 9",
    ),
    Rule.SHAMING: Reason("blame makes nobody pay sooner", "say what is open, and ask what would help"),
    Rule.URGENCY: Reason(
        "false urgency is pressure, and no stage waits for such a deadline",
        "name the day on which it was due, or ask for a day",
        "Directive 2005/29/EC annex I, no. 7",
    ),
    Rule.LEGAL_CLAIM: Reason(
        "a claim in law needs the fact that it rests on",
        "leave it out, or have the policy state charges with their law (late_payment)",
        "12 CFR 1006.18; Directive 2011/7/EU art. 3 and 6",
    ),
    Rule.GLIMPSE: Reason(
        "other people see a subject and the first words of an SMS",
        "name the invoice and the business, and no lateness",
        "GDPR art. 5(1)(c); 12 CFR 1006.42",
    ),
    Rule.PROMOTION: Reason(
        "one line of promotion makes a reminder advertising",
        "leave it out: send it to those who asked for it, by other means",
        "15 U.S.C. 7702(17), 16 CFR 316.3; PECR reg. 22",
    ),
    Rule.SENDER: Reason(
        "a client must see who writes", "begin with {{ business }}", "47 CFR 64.1200; PECR reg. 23"
    ),
    Rule.LEFT_ALONE: Reason(
        "every message says how to be left alone",
        "SMS: mention STOP; e-mail: keep the footer that says that you will stop",
        "47 CFR 64.1200(a)(10); 12 CFR 1006.6(e)",
    ),
    Rule.READABILITY: Reason(
        "many read in a hurry, or in a language that is not their first",
        "shorter sentences and everyday words",
        "LIX, Björnsson 1968",
    ),
    Rule.SPELLING: Reason("one message has one spelling", "write it as the country does; see terms.j2"),
    Rule.EXCLAMATION: Reason(
        "an exclamation mark raises the voice", "use a full stop; one is fine in a friendly thank-you"
    ),
    Rule.CAPITALS: Reason("capitals shout", "write it in small letters"),
    Rule.SUBJECT: Reason(
        "a long subject is cut", "at most 78 letters, on one line, and never empty", "RFC 5322, 2.1.1"
    ),
    Rule.LANGUAGES: Reason("a message is in one language", "translate it in the phrases of the language"),
    Rule.SAME_CONTENT: Reason("the text part says what the HTML says", "change both layouts"),
    Rule.HTML: Reason("mail programs drop or mistrust it", "see docs/wording.md, what an e-mail may hold"),
    Rule.CONTRAST: Reason("pale letters cannot be read", "at least 4.5 to 1", "WCAG 2.2, 1.4.3"),
    Rule.ESCAPING: Reason(
        "a client's name is text, never markup or a template", "do not use `safe`, `autoescape` or `Markup`"
    ),
    Rule.FAULT: Reason("such a message is not sent", "mend the file"),
    Rule.MISSING: Reason(
        "every language has the same files, and its phrases the same names",
        "write what is missing, as the other languages have it",
    ),
    Rule.OVERLAY: Reason(
        "a file that takes no one's place is never read",
        "name it, and its folders, as the file it should replace",
    ),
    Rule.FORMATS: Reason(
        "a date or an amount that is written as elsewhere is misread: 5/3 is March or May",
        "use the values, such as {{ earliest.due }}: they are written as the client's country does",
        "Unicode CLDR",
    ),
    Rule.SUMS: Reason(
        "what is asked for must be what is listed", "leave amounts and totals to the layout and the phrases"
    ),
}


@dataclass(frozen=True, slots=True)
class Message:
    """What is looked at: the words of one message, and the facts that allow some of them.

    `language` is that of the words ("de"), `spelling` the country's ("US", or ""). `prose` are the paragraphs without
    tables and details. Of a call, `text` is the script, and `subject` its opening, which anybody may hear.
    `states_charges`, `is_plan` and `is_discount` say which facts it has, `partner` who takes over.
    """

    language: str
    country: str
    channel: str
    tone: str
    business: str
    text: str
    subject: str = ""
    prose: tuple[str, ...] = ()
    states_charges: bool = False
    is_plan: bool = False
    is_discount: bool = False
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: the rule, and what breaks it. `words` are those of the message, where `said` says more."""

    rule: Rule
    said: str
    words: str = ""
