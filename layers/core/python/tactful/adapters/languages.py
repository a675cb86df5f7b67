"""In which language a client is written to: its own, else the business's; and where that language's words are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError

from tactful.domain.book.customer import Customer

WORDS = "words"
"""The folder of templates/ that has one folder for each language, named by its BCP 47 tag."""
OVERLAY = "overlay"
"""The folder of templates/ whose files take the place of those of the same name."""
# English as most of the world writes it, for those of whom no country is known.
_WORLDWIDE = {"en": "001"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """A locale, and the folders with its words, the closest first: `en-US`, `en`."""

    locale: Locale
    folders: tuple[str, ...]


class Languages:
    """The languages that there are words in, by the folders of `templates`: read once.

    `home` is the business's own language (a BCP 47 tag), and `country` is where it is.
    """

    def __init__(self, templates: Path, home: str, country: str = "") -> None:
        self.templates = templates.resolve()
        self._home = home
        self._country = country
        roots = (self.templates / OVERLAY / WORDS, self.templates / WORDS)
        self.folders = frozenset(
            folder.name for root in roots if root.is_dir() for folder in root.iterdir() if folder.is_dir()
        )
        self._chosen: dict[tuple[str, str, str], Tongue | None] = {}

    def tongue_for(self, customer: Customer, name: str) -> Tongue | None:
        """What to write to a customer in, if the words are those of a file: the client's language, else the business's.

        A language that has no such file is none to write it in: one message is in one language. None if no one has it.
        The country decides how amounts and dates are written.
        """
        key = (customer.language, customer.country, name)
        if key not in self._chosen:
            tongues = (self._tongue(tag, customer.country) for tag in (customer.language, self._home) if tag)
            self._chosen[key] = next((one for one in tongues if one and self._has(one, name)), None)
        return self._chosen[key]

    def _has(self, tongue: Tongue, name: str) -> bool:
        """Whether the words are in the language itself: the layouts that all languages share are not words."""
        roots = (self.templates / OVERLAY, self.templates)
        return any((root / WORDS / own / name).is_file() for root in roots for own in tongue.folders)

    def _tongue(self, tag: str, country: str) -> Tongue | None:
        locale = self._locale(tag, country)
        if locale is None:
            return None
        parts = [part for part in (locale.language, locale.script, locale.territory) if part]
        wanted = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
        wanted.insert(-1, f"{locale.language}-{locale.territory}")
        return Tongue(locale, tuple(name for name in dict.fromkeys(wanted) if name in self.folders))

    def _locale(self, tag: str, country: str) -> Locale | None:
        """The locale of a language tag; a tag without a country takes the client's, else the business's."""
        said = _parsed(tag) or _parsed(tag.partition("-")[0])
        if said is None or said.territory:
            return said
        places = (country, self._country, _WORLDWIDE.get(said.language, ""))
        located = (_parsed(f"{tag}-{place}") for place in places if place)
        return next((locale for locale in located if locale is not None), said)


def known_languages(templates: Path) -> tuple[str, ...]:
    """The languages that there are words in, without the variants of countries: `de`, `en`."""
    return tuple(sorted(name for name in Languages(templates, "").folders if "-" not in name))


def search_path(templates: Path, folders: tuple[str, ...]) -> list[Path]:
    """Where a file is looked for: the business's own first, then what is shipped; close words before wider ones."""
    roots = (templates / OVERLAY, templates)
    return [place for root in roots for place in (*(root / WORDS / name for name in folders), root)]


def _parsed(tag: str) -> Locale | None:
    """The locale of a BCP 47 tag; what CLDR knows nothing of is tried without its country."""
    parse: Callable[..., Locale] = Locale.parse
    try:
        return parse(tag.replace("-", "_"), sep="_")
    except (UnknownLocaleError, ValueError):
        return None
