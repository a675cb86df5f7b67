"""Text without what does not matter for its meaning."""

from __future__ import annotations

import unicodedata

_QUOTES = str.maketrans(
    {
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{MODIFIER LETTER APOSTROPHE}": "'",
        "`": "'",
        "\N{ACUTE ACCENT}": "'",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
    }
)


def plain(text: str) -> str:
    """Full-width and accented letters made plain, invisible characters dropped, case folded, spaces single.

    Lines stay lines.
    """
    visible = "".join(
        sign
        for sign in unicodedata.normalize("NFKC", text.translate(_QUOTES))
        if unicodedata.category(sign) != "Cf"
    )
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", visible.casefold()) if not unicodedata.combining(sign)
    )
    return "\n".join(" ".join(line.split()) for line in bare.translate(_QUOTES).splitlines())
