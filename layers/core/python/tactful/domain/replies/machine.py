"""Whether a machine wrote a message: headers decide (RFC 3834), else words that only machines write."""

from __future__ import annotations

import re

from tactful.domain.replies.message import Incoming

_SENDER = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)@", re.IGNORECASE)
_SUBJECT = re.compile(
    r"""^\s*(?:
        (?:re:\s*)?(?:automatic\ reply|auto(?:matic)?[-\s]?(?:reply|response|responder)|autoreply|
        out\ of\ (?:the\ )?office|
          ooo\b|away\ from\ (?:the|my)\ (?:office|desk)|on\ (?:annual\ |maternity\ |parental\ |sick\ )?leave\b|
        vacation\b.*\breply)
      | (?:read|not\ read|delivered|gelesen|lu|leido)\s*: | read\ receipt
      | undeliverable | undelivered | returned\ mail | delivery\ (?:status\ notification|failure|has\ failed) |
        mail\ delivery\ (?:failed|failure|subsystem)
      | failure\ notice | message\ (?:blocked|rejected|delayed)
      | we(?:'|\ ha)ve\ received\ your | thank\ you\ for\ (?:contacting|your\ (?:e-?mail|message|enquiry|inquiry))
      | abwesen | automatische\ antwort | r.ponse\ automatique | absence | respuesta\ autom.tica |
        fuera\ de\ la\ oficina
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# A help desk puts its number before what a person wrote, too.
_DESK = re.compile(
    r"^\s*(?:\[?(?:request|ticket|case)\s+(?:received|#|id|created|opened)|\[#?\d{3,}\]|ticket\s+#?\d)",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"""
      \bthis\ is\ an?\ (?:auto(?:mated|matic)|system|automatically)\b | \bauto(?:mated|matic|
        matically)[-\s](?:generated\ )?(?:message|reply|response|e-?mail|text|sms|generated)\b
    | \bsent\ automatically\b | \bdo\ not\ disturb\b | \bdriving\ mode\b | \bdo\ not\ reply\ to\ this\b |
        \bauto-?reply\b
    | \bi'?m\ driving\b.*\b(?:back|later|parked|stop)\b | \bi(?:'m|\ am)\ driving\ right\ now\b
    | \bi\ can'?t\ (?:talk|answer)(?:\ (?:right\ )?now)?\b.{0,20}\b(?:call|text)\ you\ (?:back|later)\b
    | \bcan'?t\ talk\ (?:right\ )?now\b | \bi'?ll\ (?:call|text|message)\ you\ (?:right\ )?back\ (?:later|when|
        soon)\b.{0,40}\b(?:driving|meeting|parked)\b
    | \byour\ (?:request|ticket|message|e-?mail|enquiry|inquiry|case)\b.{0,40}\bhas\ been\ (?:received|logged|
        assigned|created)\b
    | \bthis\ (?:mailbox|inbox|e-?mail\ address|number|line)\ is\ (?:not|no\ longer|un)\s?(?:monitored|attended|
        in\ use|manned)?
    | \bdelivery\ to\ the\ following\ recipients?\ failed | \byour\ message\ (?:was\ (?:read|not\ delivered)|
        could\ not\ be\ delivered|to\ .{3,60}couldn'?t\ be\ delivered)
    | \bthank\ you\ for\ (?:contacting|your\ (?:e-?mail|message))\b.{0,120}\b(?:respond|reply|get\ back|
        be\ in\ touch|answered|within|shortly)\b
    | \bwe\ (?:have\ )?received\ your\ (?:message|e-?mail|text|request)\b.{0,80}\b(?:respond|reply|get\ back|
        shortly|within)\b
    | \b(?:office|business|opening)\ hours\ are\b | \bout\ of\ hours\b | \bwe(?:'re|
        \ are)\ (?:currently\ )?closed\b.{0,60}\b(?:reopen|open|back)\b
    | \bthe\ (?:subscriber|person|number)\ (?:you|is)\b.{0,40}\b(?:not\ available|unavailable|not\ in\ service)\b
    | \b(?:reply|text)\ (?:1|y)\ (?:to|for)\b
    """,
    re.VERBOSE | re.DOTALL,
)
_AWAY = re.compile(
    r"""
      \bi(?:'m|\ am|\ will\ be|'ll\ be)\ (?:currently\ |now\ )?(?:out\ of\ (?:the\ )?office|away\ from\ (?:the|
        my)\ (?:office|desk)|on\ (?:annual\ |maternity\ |parental\ |paternity\ )?(?:leave|vacation|holiday)|
        out\ of\ office)\b
    | ^\s*out\ of\ (?:the\ )?office\b | \bich\ bin\ (?:derzeit|bis)\b.{0,40}\bnicht\ im\ buro\b |
        \bje\ suis\ absente?\b | \bestoy\ fuera\ de\ la\ oficina\b
    """,
    re.VERBOSE,
)
_A_PERSON = re.compile(
    r"\b(?:i'?ll|i will|will|we'?ll|gonna|going to)\s+(?:\w+\s+){0,2}"
    r"(?:pay|sort|settle|send|transfer|get it|do it|deal)\b"
)
_BOUNCE = re.compile(
    r"delivery|undeliver|returned mail|mailer-daemon|failure notice|recipient", re.IGNORECASE
)
_FOR_GOOD = re.compile(
    r"\b5\.\d\.\d\b|\b55\d\b|failed permanently|permanent(?:ly)? (?:fail|error)|user unknown|"
    r"no such (?:user|mailbox|address)|does not exist|address (?:not found|rejected)|unknown user|"
    r"mailbox (?:unavailable|not found)"
)
_PASSES = re.compile(
    r"mailbox (?:is )?full|over quota|quota exceeded|temporar|\b4\.\d\.\d\b|try again later|delayed"
)


def is_surely_a_machine(message: Incoming) -> bool:
    """Whether headers say so that no person's mail has."""
    return message.channel == "email" and _headers_say_so(message)


def is_machine(message: Incoming, text: str) -> bool:
    """Whether a machine wrote it, as far as its words tell. `text` is the plain text of all of it."""
    if message.channel == "email" and _DESK.match(message.header("Subject")):
        return True
    if _TEXT.search(text):
        return True
    return bool(_AWAY.search(text)) and not _A_PERSON.search(text) and message.channel == "email"


def _headers_say_so(message: Incoming) -> bool:
    submitted = message.header("Auto-Submitted").casefold()
    return bool(
        (submitted and not submitted.startswith("no"))
        or message.header("Precedence").casefold() in ("bulk", "auto_reply", "junk")
        or any(map(message.header, ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Failed-Recipients")))
        or message.header("X-Autoreply-From")
        or message.header("Content-Type").casefold().startswith("multipart/report")
        or _SENDER.search(message.header("From"))
        or _SUBJECT.match(message.header("Subject"))
    )


def is_permanent_bounce(message: Incoming, text: str) -> bool:
    """Whether the mail system says that there is no such address."""
    about = f"{message.header('From')} {message.header('Subject')} {text}"
    return bool(_BOUNCE.search(about) and _FOR_GOOD.search(text) and not _PASSES.search(text))
