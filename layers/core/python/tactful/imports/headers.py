"""Headers without what stands at their end: a currency, or something in brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tactful.imports.currencies import currencies_of
from tactful.imports.profile import plain

_IN_BRACKETS = re.compile(r"[(\[](?:in\s+)?(?P<inside>[^)\]]*)[)\]]\s*$")
# "Total EUR", "Betrag in EUR" and "Total - £".
_AT_THE_END = re.compile(r"(?<=[a-z)])[\s,:/-]+(?:in\s+)?(?P<inside>[A-Z]{3}|[^\w\s#*.:%()\[\]-]{1,2})\s*$")
_WHOLE = re.compile(r"\b(?:inc|gross|brutto|ttc|con iva)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """A header as it is compared.

    `bare` is without what stands at its end. `of_amounts` is so, too, unless that makes an amount another one, as
    cents, thousands, the net or the books' currency do. `currency` (ISO 4217) is what stands there; empty if none does.
    """

    name: str
    bare: str
    of_amounts: str
    currency: str


def header_of(cell: str) -> Header:
    """What a header says."""
    name = plain(cell)
    end = _IN_BRACKETS.search(cell)
    if not end and (at_end := _AT_THE_END.search(cell)) and currencies_of(at_end["inside"]):
        end = at_end
    if not end:
        return Header(name, name, name, "")
    bare = plain(cell[: end.start()])
    possible = currencies_of(end["inside"].strip().upper())
    is_whole = not end["inside"].strip() or possible or _WHOLE.search(end["inside"])
    return Header(
        name,
        bare,
        bare if is_whole else name,
        next(iter(possible)) if possible and len(possible) == 1 else "",
    )
