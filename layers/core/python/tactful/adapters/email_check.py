"""What mail programs make of an e-mail's HTML: structure, contrast, and the same content as its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from bs4 import BeautifulSoup
from bs4.element import Tag

from tactful.domain.wording.message import Finding, Rule

_FORBIDDEN = ("script", "link", "iframe", "form", "input", "object", "embed", "video", "audio", "svg", "base")
_LEAST_CONTRAST = 4.5
_NEARLY_BLACK = 0.04045
_COLOUR = re.compile(r"(?<![\w-])(color|background-color)\s*:\s*#([0-9a-fA-F]{6})")
_DARK = re.compile(r"prefers-color-scheme:\s*dark\)\s*\{(.*)\}\s*(?:@media|$)", re.DOTALL)
_DARK_RULE = re.compile(r"\.([\w-]+)[^{}]*\{([^{}]*)\}")
# On which surfaces letters of a class stand.
_SURFACES = ("page", "card", "box")


def html_findings(html: str, page: BeautifulSoup, language_tag: str) -> Iterator[Finding]:
    """What is wrong with a page, as it is sent and as it is read."""
    root = page.find("html")
    if not isinstance(root, Tag) or root.get("lang") != language_tag:
        yield Finding(Rule.HTML, f"the language of the page is not {language_tag}")
    for tag in page.find_all(_FORBIDDEN):
        yield Finding(Rule.HTML, f"<{tag.name}>")
    for tag in page.find_all(recursive=True):
        yield from _attributes(tag)
    levels = [int(tag.name[1]) for tag in page.find_all(re.compile(r"^h[1-6]$"))]
    if levels.count(1) != 1 or any(after - before > 1 for before, after in pairwise(levels)):
        yield Finding(Rule.HTML, f"headings {levels}: one h1, and none skipped")
    for table in page.find_all("table"):
        if table.get("role") != "presentation" and not table.find("th", scope="col"):
            yield Finding(
                Rule.HTML, "a table of figures has headers with a scope, one for layout role=presentation"
            )
    yield from _pale(page)
    yield from _pale_in_the_dark(html)


def _attributes(tag: Tag) -> Iterator[Finding]:
    for name, value in tag.attrs.items():
        said = str(value)
        if name.startswith("on"):
            yield Finding(Rule.HTML, f"{name} on <{tag.name}>")
        if name == "src" and not said.startswith("cid:"):
            yield Finding(Rule.HTML, f"{said[:60]}: pictures travel with the e-mail (cid:)")
        if name == "href" and not said.startswith(("https://", "mailto:")):
            yield Finding(Rule.HTML, f"a link to {said[:60]}")
        if name == "style" and re.search(r"url\(|@import|expression\(|position\s*:", said):
            yield Finding(Rule.HTML, f"style {said[:60]}")
    if tag.name == "img" and not tag.get("alt"):
        yield Finding(Rule.HTML, "a picture without alt")


def same_content(page: BeautifulSoup, text: str, own: frozenset[str]) -> Iterator[Finding]:
    """Figures and words that only one of the two parts says. `own` are words that only a table has as headers."""
    body = page.body or page
    shown = [_bare(word) for word in body.get_text(" ").split()]
    said = [_bare(word) for word in text.split()]
    figures = (Counter(word for word in words if any(map(str.isdigit, word))) for words in (shown, said))
    one, other = figures
    for figure in (one - other) + (other - one):
        yield Finding(Rule.SAME_CONTENT, figure)
    for word in sorted(({*shown} ^ {*said}) - own - {""}):
        yield Finding(Rule.SAME_CONTENT, word)


def _bare(word: str) -> str:
    return word.strip(".,:;()¿?¡!«»„“\u00a0")


def _pale(page: BeautifulSoup) -> Iterator[Finding]:
    for tag in page.find_all(style=True):
        own = _colours(tag)
        if "color" in own and tag.get_text(strip=True):
            behind = own.get("background-color") or _behind(tag)
            if contrast(own["color"], behind) < _LEAST_CONTRAST:
                yield Finding(Rule.CONTRAST, f"#{own['color']} on #{behind}")


def _behind(tag: Tag) -> str:
    """The colour of the closest surface that has one."""
    surfaces = (_colours(parent).get("background-color") for parent in tag.parents)
    return next((colour for colour in surfaces if colour), "ffffff")


def _colours(tag: Tag) -> dict[str, str]:
    return {name: value.lower() for name, value in _COLOUR.findall(str(tag.get("style", "")))}


def _pale_in_the_dark(html: str) -> Iterator[Finding]:
    """Letters on the surfaces of dark mode, which replace colours by class."""
    dark = _DARK.search(html)
    if dark is None:
        yield Finding(Rule.CONTRAST, "there are no colours for dark mode")
        return
    rules = {name: dict(_COLOUR.findall(body)) for name, body in _DARK_RULE.findall(dark.group(1))}
    behind = [
        rules[name]["background-color"] for name in _SURFACES if "background-color" in rules.get(name, {})
    ]
    for name, colours in rules.items():
        for surface in behind:
            if "color" in colours and contrast(colours["color"], surface) < _LEAST_CONTRAST:
                yield Finding(Rule.CONTRAST, f".{name} #{colours['color']} on #{surface} in dark mode")


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
