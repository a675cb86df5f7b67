"""Recognising that somebody wants no more messages, before anything else is read from a reply.

A carrier obeys only its keywords as the whole message. The law asks for more: any wording that a reasonable
person would understand (47 CFR 64.1200(a)(10)), so punctuation, case, look-alike characters and plain sentences
count too. A false alarm costs a message to a client who did not mind; a miss may cost a lawsuit.
"""

from __future__ import annotations

import re
import unicodedata

# Clear in any company: one clause of a longer message is enough.
_UNMISTAKABLE = frozenset(
    {
        *("stop", "stop all", "stopall", "stop it", "stop this", "unsubscribe", "opt out", "optout", "arret"),
        *("no texts", "no messages", "no sms"),
    }
)
# Whole messages. The first row completes the keywords of the FCC, of US carriers and of Twilio.
_KEYWORDS = _UNMISTAKABLE | {
    *("quit", "end", "revoke", "cancel"),
    *("remove", "remove me", "end all", "unsub", "unsuscribe", "unsubcribe", "sotp", "stpo"),
    *("desabonner", "stopp", "stoppen", "abmelden", "abbestellen"),
    *(
        "basta",
        "alto",
        "baja",
        "parar",
        "desuscribir",
        "no mas",
        "detener",
        "cancelar",
        "dar de baja",
        "para",
        "pare",
    ),
    *("arreter", "arretez", "stopper", "desinscrire", "desinscription", "resilier", "annuler"),
    *("ende", "aufhoren", "beenden", "abbruch", "kundigen", "schluss"),
    *("tsop", "stp", "stoop", "sstop", "stopo", "unsubscribed", "unsubcribed", "cancell", "quitt"),
}
_COURTESIES = re.compile(
    r"\b(?:please|pls|plz|kindly|thank\s+you|thanks?|thx|okay|ok|hi|hello|just|now|i\s+said)\b"
)

# Letters that people and filters put in the place of others.
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "5": "s", "$": "s", "@": "a"})

_STOP_SIGN = "🛑"
_SIGNS = (_STOP_SIGN, "⛔", "🚫")

# A phone that cannot show a reaction sends it as words, with the message that it is to.
_REACTION = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted)\b.{0,20}[\"“«]", re.IGNORECASE
)

_MESSAGES = r"(?:texts?|texting|messages?|msgs?|sms|reminders?|e-?mails?|spam|contact)\b"
_TO_WRITE = r"(?:text|message|msg|contact|sms|e-?mail|write\s+to)"
_PHRASES = re.compile(
    rf"""
    \b(?:
        (?:stop|quit|cease|end)\s+
          (?: (?:texting|messaging|msging|contacting|e-?mailing)\b
            | sending (?= \W*$ | \s+(?:to\s+)?(?:me|us|these|those|this|them|it|any|more|your|all|{_MESSAGES})\b)
            | writing\s+(?:to\s+)?(?:me|us)
            | (?:spamming|harassing|bothering|pestering|hassling|annoying)\b
            | (?:it\s+)?(?:(?:these|those|the|all|your|any|with)\s+(?:\w+\s+){{0,2}})?{_MESSAGES}
          )
      | cease\s+and\s+desist
      | you\s+(?:to\s+)?(?:please\s+)?stop(?:\s+(?:it|this|now|please))*\W*$
      | (?:do\s+not|don'?t|(?<!you\s)(?<!we\s)never)\s+(?:ever\s+)?(?:\w+\s+(?:or|and)\s+)?
          {_TO_WRITE} (?: \s+(?:me|us|this|any\s*more|again)\b (?!\s+(?:before|after|until|till)\b) | \W*$ )
      | (?:do\s+not|don'?t|no\s+longer)\s+(?:want|wish|consent)\s+(?:to\s+)?(?:receive\s+|get\s+)?
          (?:any\s+)?(?:more\s+)?(?:(?:of\s+)?(?:these|those|the|your|this)\s+)?(?:{_MESSAGES}|be\s+contacted)
      | no\s+(?:more|further)\s+{_MESSAGES}
      | unsubscribe
      | opt(?:ing)?[\s-]*(?:me\s+)?out\b (?: (?!\s+of\b) | \s+of\s+(?:\w+\s+){{0,3}}(?:{_MESSAGES}|this|these|all) )
      | (?:remove|take|delete)\s+(?:me|us|my\s+(?:number|phone|e-?mail)|this\s+number)\s*(?:from|off|$)
      | lose\s+(?:my|this|our)\s+number
      | leave\s+(?:me|us)\s+alone
      | (?:revoke|withdraw)\s+(?:my\s+)?consent
      | wrong\s+number
      | ne\s+plus\s+m'?\s*(?:envoye|ecri|contacte)\w* | envoye[rz]\s+plus\s+(?:de\s+)?(?:sms|messages?) | desabonne[rz]
      | no\s+(?:me\s+)?(?:envie[ns]?|mande[ns]?|escriba[ns]?)\s+mas | darme\s+de\s+baja
      | keine\s+(?:weiteren\s+)?(?:sms|nachrichten|e-?mails)\s*(?:mehr)?
    )
    """,
    re.VERBOSE,
)
_NEGATED = re.compile(
    r"\b(?:(?:do|can|will)\s+not|(?:don|can|won)'?t|cannot|never)\s+(?:stop\w*|opt|unsubscribe)"
)


def wants_no_messages(text: str) -> bool:
    """Whether a client's own words ask for no more messages on the channel they came by."""
    if _REACTION.match(text):
        return False
    if _STOP_SIGN in text or says_nothing_else(text):
        return True
    plain = _plain(text)
    if not any(sign.isalnum() for sign in plain):
        return any(sign in text for sign in _SIGNS)
    clauses = re.split(r"[.,;:!?\n]", plain)
    return any(_words(clause) in _UNMISTAKABLE for clause in clauses) or (
        _PHRASES.search(_NEGATED.sub(" ", plain)) is not None
    )


def says_nothing_else(text: str) -> bool:
    """Whether a message is an opt-out keyword and nothing more, so that nobody has to read it."""
    plain = _plain(text)
    return _is_keyword(plain) or _is_keyword(plain.translate(_LOOK_ALIKES))


def _plain(text: str) -> str:
    """Full-width and accented letters made plain, invisible characters dropped, case and spaces folded."""
    visible = "".join(
        sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf"
    )
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", visible.casefold()) if not unicodedata.combining(sign)
    )
    return " ".join(bare.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def _words(plain: str) -> str:
    """The words alone, without punctuation and courtesies."""
    return " ".join(_COURTESIES.sub(" ", re.sub(r"[^\w\s]|_", " ", plain)).split())


def _is_keyword(plain: str) -> bool:
    words = _words(plain)
    # "S T O P" is the word spelt out, "stop stop" the word twice.
    spelt = words.replace(" ", "")
    return (
        words in _KEYWORDS
        or _is_misspelt(words)
        or (len(words) == 2 * len(spelt) - 1 and spelt in _KEYWORDS)
        or set(words.split()) == {"stop"}
    )


_LONG = ("unsubscribe", "unsubscribe me", "stopall", "desabonner", "abbestellen")


def _is_misspelt(words: str) -> bool:
    """Whether it is a long keyword but for one letter more, less or other, or two that changed places."""
    return any(_is_near(words, keyword) for keyword in _LONG)


def _is_near(written: str, keyword: str) -> bool:
    start = next(
        (place for place, (a, b) in enumerate(zip(written, keyword, strict=False)) if a != b),
        min(len(written), len(keyword)),
    )
    a, b = written[start:], keyword[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
