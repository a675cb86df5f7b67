"""How cues are written: regular expressions over plain text, one way of saying it a line."""

from __future__ import annotations

import re


def any_of(*ways: str) -> re.Pattern[str]:
    """A pattern for any of several ways of saying something."""
    return re.compile("|".join(f"(?:{way})" for way in ways))
