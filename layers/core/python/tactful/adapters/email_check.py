"""What mail programs make of an e-mail's HTML: structure, contrast, and the same content as its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from bs4 import BeautifulSoup
from bs4.element import Tag

from tactful.domain.wording.message import Finding, Rule

_FORBIDDEN = frozenset(
    {"script", "link", "iframe", "form", "input", "object", "embed", "video", "audio", "svg", "base"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_REACHES_OUT = re.compile(r"url\(|@import|expression\(|position\s*:")
_PAPER = "ffffff"
_LEAST_CONTRAST = 4.5
_NEARLY_BLACK = 0.04045
_COLOUR = re.compile(r"(?<![\w-])(color|background-color)\s*:\s*#([0-9a-fA-F]{6})")
_DARK = re.compile(r"prefers-color-scheme:\s*dark\)\s*\{(.*)\}\s*(?:@media|$)", re.DOTALL)
_DARK_RULE = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")


def html_findings(html: str, page: BeautifulSoup, language_tag: str) -> Iterator[Finding]:
    """What is wrong with a page, as it is sent and as it is read."""
    root = page.find("html")
    if not isinstance(root, Tag) or root.get("lang") != language_tag:
        yield Finding(Rule.HTML, f"the language of the page is not {language_tag}")
    if not _DARK.search(html):
        yield Finding(Rule.CONTRAST, "there are no colours for dark mode")
    levels = []
    light, dark = _Surfaces({}), _Surfaces(_dark_rules(html))
    for tag in page.descendants:
        if not isinstance(tag, Tag):
            continue
        yield from _element(tag)
        yield from _attributes(tag)
        if tag.name in _HEADINGS:
            levels.append(int(tag.name[1]))
        for surfaces, mode in ((light, ""), (dark, " in dark mode")):
            pale = surfaces.pale(tag)
            if pale and tag.get_text(strip=True):
                yield Finding(Rule.CONTRAST, f"{pale}{mode}")
    if levels.count(1) != 1 or any(after - before > 1 for before, after in pairwise(levels)):
        yield Finding(Rule.HTML, f"headings {levels}: one h1, and none skipped")


class _Surfaces:
    """The colour behind each element of a page that is walked from its top: its own, else that of what is around it.

    `rules` are the colours by class that take the place of those that are written into elements.
    """

    def __init__(self, rules: Mapping[str, Mapping[str, str]]) -> None:
        self._rules = rules
        self._behind: dict[int, str] = {}

    def pale(self, tag: Tag) -> str:
        """The colours of an element's letters and of what is behind them, if those can hardly be read; else empty."""
        own = dict(_colours(str(tag.get("style", ""))))
        for name in tag.get("class") or ():
            own |= self._rules.get(name, {})
        behind = own.get("background-color") or self._behind.get(id(tag.parent), _PAPER)
        self._behind[id(tag)] = behind
        letters = own.get("color")
        too_pale = letters is not None and contrast(letters, behind) < _LEAST_CONTRAST
        return f"#{letters} on #{behind}" if too_pale else ""


def _element(tag: Tag) -> Iterator[Finding]:
    if tag.name in _FORBIDDEN:
        yield Finding(Rule.HTML, f"<{tag.name}>", f"<{tag.name}")
    if tag.name == "style" and _REACHES_OUT.search(tag.get_text()):
        yield Finding(Rule.HTML, "a style sheet that loads something")
    if tag.name == "table" and tag.get("role") != "presentation" and not tag.find("th", scope="col"):
        yield Finding(
            Rule.HTML, "a table of figures has headers with a scope, one for layout role=presentation"
        )
    if tag.name == "img" and not tag.get("alt"):
        yield Finding(Rule.HTML, "a picture without alt", "<img")


def _attributes(tag: Tag) -> Iterator[Finding]:
    for name, value in tag.attrs.items():
        said = str(value)
        if name.startswith("on"):
            yield Finding(Rule.HTML, f"{name} on <{tag.name}>")
        if name == "src" and not said.startswith("cid:"):
            yield Finding(Rule.HTML, f"{said[:60]}: pictures travel with the e-mail (cid:)", said)
        if name == "href" and not said.startswith(("https://", "mailto:")):
            yield Finding(Rule.HTML, f"a link to {said[:60]}", said)
        if name == "style" and _REACHES_OUT.search(said):
            yield Finding(Rule.HTML, f"style {said[:60]}")


def same_content(page: BeautifulSoup, text: str, labels: frozenset[str]) -> Iterator[Finding]:
    """Figures and words that only one of the two parts says.

    `labels`, in small letters, are said less often by one of them: a table has them as headers, once.
    """
    body = page.body or page
    shown = [_bare(word) for word in body.get_text(" ").split()]
    said = [_bare(word) for word in text.split()]
    figures = (Counter(word for word in words if any(map(str.isdigit, word))) for words in (shown, said))
    one, other = figures
    for figure in (one - other) + (other - one):
        yield Finding(Rule.SAME_CONTENT, figure)
    in_labels = {word for label in labels for word in label.split()}
    for word in sorted(word for word in {*shown} ^ {*said} if word and word.casefold() not in in_labels):
        yield Finding(Rule.SAME_CONTENT, word)


def _bare(word: str) -> str:
    return word.strip(".,:;()¿?¡!«»„“\u00a0")


@lru_cache(maxsize=512)
def _colours(style: str) -> dict[str, str]:
    return {name: value.lower() for name, value in _COLOUR.findall(style)}


def _dark_rules(html: str) -> dict[str, dict[str, str]]:
    """The colours of dark mode by class: the sheet for it stays a sheet."""
    dark = _DARK.search(html)
    return {name: dict(_colours(body)) for name, body in _DARK_RULE.findall(dark.group(1))} if dark else {}


@lru_cache(maxsize=512)
def contrast(letters: str, behind: str) -> float:
    """The contrast ratio of two colours (six hexadecimal digits), 1 to 21 (WCAG 2.2, "contrast ratio")."""
    bright, dim = sorted((_luminance(letters), _luminance(behind)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= _NEARLY_BLACK else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
