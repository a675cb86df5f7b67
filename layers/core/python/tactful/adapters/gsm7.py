"""The letters of an SMS: the GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1), spelling and segments.

One letter outside of it turns the whole message into UCS-2, which more than halves a segment. Prices are by segment.
"""

from __future__ import annotations

import unicodedata

# The alphabet without its two line breaks and the escape to the extension table.
_BASIC = frozenset(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€")

_SEGMENT = 160
# Each part of a long message gives up seven letters to the header that puts the parts in order.
_PART_OF_LONG = 153

# Spellings that Unicode's compatibility decomposition does not know. Letters of the extension table, which count
# twice, are spelled with those of the alphabet.
_SPELLINGS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼʻ", "'"),  # noqa: RUF001 - a sign to be spelled
        **dict.fromkeys("“”„‟″«»‹›", '"'),  # noqa: RUF001 - a sign to be spelled
        **dict.fromkeys("‐‑‒–—―−~", "-"),  # noqa: RUF001 - a sign to be spelled
        **dict.fromkeys("[{", "("),
        **dict.fromkeys("]}", ")"),
        **dict.fromkeys("|\\⁄", "/"),  # noqa: RUF001 - a sign to be spelled
        **dict.fromkeys("•·", "-"),
        "^": "",
        "€": "EUR",
        "₹": "INR",
        "Œ": "OE",
        "œ": "oe",
        "Ł": "L",
        "ł": "l",
        "Đ": "D",
        "đ": "d",
        "Ð": "D",
        "ð": "d",
        "Þ": "Th",
        "þ": "th",
        "ı": "i",  # noqa: RUF001 - a sign to be spelled
        "ẞ": "SS",
        "Ħ": "H",
        "ħ": "h",
        "Ŋ": "N",
        "ŋ": "n",
    }
)


def spelled(text: str) -> str:
    """The text in letters of the alphabet that count once; accents it lacks are dropped.

    A letter without any such spelling (of another script, an emoji) becomes `?`.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter if letter in _BASIC else _spelling(letter) for letter in composed)


def _spelling(letter: str) -> str:
    tabled = letter.translate(_SPELLINGS)
    plain = unicodedata.normalize("NFKD", tabled).translate(_SPELLINGS)
    known = "".join(part for part in plain if part in _BASIC)
    dropped = not tabled or bool(unicodedata.combining(letter))
    return known if known or dropped else "?"


def is_plain(text: str) -> bool:
    """Whether every letter is one of the alphabet that counts once."""
    return _BASIC.issuperset(text)


def unspellable(text: str) -> str:
    """The letters of a text without any spelling, each once."""
    return "".join(letter for letter in sorted(set(text)) if letter != "?" and "?" in spelled(letter))


def strangers(text: str) -> str:
    """The letters of a text that the alphabet and its extension lack, each once."""
    return "".join(sorted(set(text) - _BASIC - _EXTENSION - {"\n"}))


def segments(text: str) -> int:
    """How many segments a text of the alphabet is sent and paid as."""
    costs = [2 if letter in _EXTENSION else 1 for letter in text]
    if sum(costs) <= _SEGMENT:
        return 1
    count, room = 1, _PART_OF_LONG
    for cost in costs:
        # A letter of the extension table is a pair, which two parts cannot share.
        if cost > room:
            count, room = count + 1, _PART_OF_LONG
        room -= cost
    return count
