"""Which words there are, by the files in a folder of templates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel

_SUFFIXES = {Channel.EMAIL: ".j2", Channel.SMS: ".txt.j2"}


def words_beside(policy: Path) -> Callable[[Channel, str, Tone], bool] | None:
    """Tells whether there are words for a channel, a wording and a tone in the templates around a policy file.

    None if the file lies in no folder of templates: nothing is known then.
    """
    folder = policy.resolve().parent.parent
    if not (folder / Channel.EMAIL).is_dir():
        return None

    def has_words(channel: Channel, wording: str, tone: Tone) -> bool:
        return (folder / channel / wording / f"{tone}{_SUFFIXES[channel]}").is_file()

    return has_words
