"""Recognising that somebody wants no more messages, before anything else is read from a reply.

A carrier obeys only its keywords as the whole message. The law asks for more: any wording that a reasonable
person would understand (47 CFR 64.1200(a)(10)), so punctuation, case, look-alike characters and plain sentences
count too. A false alarm costs a message to a client who did not mind; a miss may cost a lawsuit.
"""

from __future__ import annotations

import re
import unicodedata

# Whole messages. The first rows are the keywords of the FCC, of US carriers and of Twilio.
_KEYWORDS = frozenset(
    {
        *(
            "stop",
            "quit",
            "end",
            "revoke",
            "opt out",
            "cancel",
            "unsubscribe",
            "stopall",
            "stop all",
            "optout",
        ),
        *("remove", "remove me", "end all", "stop it", "stop now", "stop please", "please stop"),
        *("arret", "desabonner", "stopp", "stoppen", "abmelden", "abbestellen"),
        *("basta", "alto", "baja", "parar", "desuscribir", "no mas"),
    }
)

# Letters that people and filters put in the place of others.
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "5": "s", "$": "s", "@": "a"})

_SIGNS = ("🛑", "⛔", "🚫")

_NO_SIGNS = {ord(sign): None for sign in _SIGNS}

_PHRASES = re.compile(
    r"""
    \b(?:
        (?:stop|quit|cease|end)\s+
          (?: (?:sending|texting|messaging|contacting|e-?mailing)\b
            | writing\s+(?:to\s+)?(?:me|us)
            | (?:these|the|all|your|any)\s+(?:\w+\s+){0,2}(?:texts?|messages?|sms|reminders?|e-?mails?|spam)\b
          )
      | (?:do\s+not|don'?t|dont|never)\s+(?:ever\s+)?(?:text|message|contact|sms|e-?mail|write\s+to)\s+(?:me|us|this)
      | no\s+(?:more|further)\s+(?:texts?|messages?|sms|reminders?|e-?mails?|contact)
      | unsubscribe | opt(?:ing)?[\s-]*(?:me\s+)?out
      | (?:remove|take|delete)\s+(?:me|us|my\s+(?:number|phone|e-?mail)|this\s+number)\s*(?:from|off|$)
      | leave\s+(?:me|us)\s+alone
      | (?:revoke|withdraw)\s+(?:my\s+)?consent
      | wrong\s+number
      | (?:ne\s+m'?\s*)?envoye[rz]\s+plus\s+(?:de\s+)?(?:sms|messages?) | d[eé]sabonne[rz]
      | no\s+(?:me\s+)?(?:env[ií]e[ns]?|mande[ns]?|escriba[ns]?)\s+m[aá]s | darme\s+de\s+baja
      | keine\s+(?:weiteren\s+)?(?:sms|nachrichten|e-?mails)\s*(?:mehr)?
    )
    """,
    re.VERBOSE,
)
_NEGATED = re.compile(r"\b(?:do\s+not|don'?t|please\s+don'?t|can'?t|cannot|never)\s+(?:stop|opt|unsubscribe)")


def wants_no_messages(text: str) -> bool:
    """Whether a client's own words ask for no more messages on the channel they came by."""
    if any(sign in text for sign in _SIGNS):
        return True
    if says_nothing_else(text):
        return True
    plain = _plain(text)
    return not _NEGATED.search(plain) and _PHRASES.search(plain) is not None


def says_nothing_else(text: str) -> bool:
    """Whether a message is an opt-out keyword and nothing more, so that nobody has to read it."""
    plain = _plain(text)
    signs_only = bool(plain) and not plain.translate(_NO_SIGNS).strip()
    return signs_only or _is_keyword(plain) or _is_keyword(plain.translate(_LOOK_ALIKES))


def _plain(text: str) -> str:
    """Full-width and accented letters made plain, invisible characters dropped, case and spaces folded."""
    visible = "".join(
        sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf"
    )
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", visible.casefold()) if not unicodedata.combining(sign)
    )
    return " ".join(bare.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def _is_keyword(plain: str) -> bool:
    words = " ".join(re.sub(r"[^\w\s]", " ", plain).split())
    # "S T O P" is the word spelt out, "stop stop" the word twice.
    spelt = words.replace(" ", "")
    return (
        words in _KEYWORDS
        or (len(words) == 2 * len(spelt) - 1 and spelt in _KEYWORDS)
        or (bool(words) and set(words.split()) <= {"stop", "please"} and "stop" in words)
    )
