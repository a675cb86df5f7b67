"""Which words there are, by the files in a folder of templates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tactful.adapters.languages import OVERLAY, WORDS
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel

SUFFIXES = {Channel.EMAIL: ".j2", Channel.SMS: ".txt.j2"}
"""How the file of a channel's words ends."""


def words_beside(policy: Path) -> Callable[[Channel, str, Tone], bool] | None:
    """Tells whether there are words for a channel, a wording and a tone in the templates around a policy file.

    One language is enough: a client whose language has none is written to in the business's. None if the file lies in
    no folder of templates: nothing is known then.
    """
    templates = policy.resolve().parent.parent
    roots = [root for root in (templates / OVERLAY / WORDS, templates / WORDS) if root.is_dir()]
    if not roots:
        return None

    def has_words(channel: Channel, wording: str, tone: Tone) -> bool:
        name = f"{channel}/{wording}/{tone}{SUFFIXES[channel]}"
        return any((language / name).is_file() for root in roots for language in root.iterdir())

    return has_words
