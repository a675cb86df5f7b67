"""The words of a message that are the client's own: not what it quotes, signs with or reacts to."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What mail programs write above what they quote, in one line or two.
_WROTE = re.compile(
    r"""^\s*(?:
        on\b.{4,200}\b(?:wrote|writes)\s*: | am\b.{4,200}\bschrieb\b.{0,120}: | le\b.{4,200}\ba\s+[ée]crit\s*:
      | el\b.{4,200}\bescribi[óo]\s*:
    )\s*$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_WROTE_IN_ONE = re.compile(
    r"^.{4,160}<[^<>@\s]+@[^<>\s]+>\s*(?:wrote|schrieb|a [ée]crit|escribi[óo])\s*:\s*$", re.IGNORECASE
)
_ORIGINAL = re.compile(
    r"^\s*(?:-{2,}\s*(?:original|forwarded|urspr.ngliche|weitergeleitete|mensaje|message)\b.*|_{10,}"
    r"|begin forwarded message:?)\s*$",
    re.IGNORECASE,
)
_OUTLOOK = re.compile(r"^\s*\*?(?:from|von|de|desde)\s*:\*?\s*\S", re.IGNORECASE)
_OUTLOOK_NEXT = re.compile(
    r"^\s*\*?(?:sent|gesendet|envoy[ée]|enviado|date|datum|fecha|to|an|[àa]|para|subject|betreff|objet|asunto)\s*:\*?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^\s*(?:>|\|\s)")
_DEVICE = re.compile(
    r"^\s*(?:sent (?:from|via)|get outlook for|gesendet von|von meinem|envoy[ée] de(?:puis)?|enviado desde|typed on|"
    r"please excuse (?:any )?(?:typos|brevity))\b.*$",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"""^\s*(?:
        (?:(?:many|with|best|kind|kindest|warm|warmest|cheers|thanks|thank\ you|and|very)[\s,&]+){0,3}
          (?:thanks|thx|ta|thank\ you|cheers|regards|best|rgds|wishes|respectfully|sincerely|
        cordially)(?:\s+(?:in\ advance|so\ much|again|a\ lot|and\ regards|everyone|all|team))?
      | (?:yours|very)\s+(?:sincerely|faithfully|truly)(?:\s+yours)? | sincerely(?:\s+yours)? | xo+ |
        all\ the\ best | take\ care
      | mit\s+(?:freundlichen|besten|lieben)\s+gr..?.en | (?:viele|beste|liebe|freundliche)\s+gr..?.e | mfg | lg
      | cordialement | bien\s+.\s+vous | salutations | saludos(?:\s+cordiales)? | atentamente | un\s+saludo
    )\s*[,.!]*\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_DISCLAIMER = re.compile(
    r"^\s*(?:confidentiality|disclaimer|legal notice|this (?:e-?mail|message|communication) (?:and|is|may|contains)|"
    r"please consider the environment|if you are not the intended|virus-free|to (?:opt out|unsubscribe) (?:of|from)|"
    r"registered (?:office|in|address)|notice:)",
    re.IGNORECASE,
)
_MINE = re.compile(r"^\s*-- ?\s*$")
# A phone that cannot show a reaction sends it as words, with the message that it is to.
_REACTION = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted|removed an?)\b.{0,30}[\"“«].*",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_HEADING = 3


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the client wrote; what stands below the farewell; whether it only reacts to a message of ours."""

    text: str
    signature: str = ""
    is_reaction: bool = False


def own_words(text: str, *, is_email: bool) -> OwnWords:
    """The client's own part of a message."""
    if _REACTION.fullmatch(text):
        return OwnWords("", is_reaction=True)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not is_email:
        return OwnWords("\n".join(line for line in lines if not _QUOTED.match(line)).strip())
    written = _unquoted(lines)
    body, signature = _parted(written)
    return OwnWords("\n".join(body).strip(), "\n".join(signature).strip())


def _unquoted(lines: list[str]) -> list[str]:
    """The lines that are not quoted. Answers between and below what is quoted with signs stay."""
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if _ORIGINAL.match(line) or _is_outlook(lines, place):
            break
        heading = _heading_at(lines, place)
        if heading:
            rest = lines[place + heading :]
            following = next((one for one in rest if one.strip()), "")
            if following and not _QUOTED.match(following):
                break
            place += heading
            continue
        if not _QUOTED.match(line):
            kept.append(line)
        place += 1
    return kept


def _heading_at(lines: list[str], place: int) -> int:
    """How many lines the words above a quotation take, 0 if there are none."""
    if not lines[place].strip():
        return 0
    if _WROTE_IN_ONE.match(lines[place]):
        return 1
    for length in range(1, _LONGEST_HEADING + 1):
        if _WROTE.match(" ".join(lines[place : place + length])):
            return length
    return 0


def _is_outlook(lines: list[str], place: int) -> bool:
    following = lines[place + 1 : place + 4]
    return bool(_OUTLOOK.match(lines[place])) and any(_OUTLOOK_NEXT.match(line) for line in following)


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """What is said, and what it is signed with. A farewell above anything else that is said is none."""
    above = False
    for place, line in enumerate(lines):
        if _MINE.match(line) or _DISCLAIMER.match(line) or (above and _FAREWELL.match(line)):
            return _without_devices(lines[:place]), lines[place + 1 :]
        above = above or bool(line.strip())
    return _without_devices(lines), []


def _without_devices(lines: list[str]) -> list[str]:
    return [line for line in lines if not _DEVICE.match(line)]
