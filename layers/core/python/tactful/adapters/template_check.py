"""Reads template files without rendering them: what no sample would bring up is found, too, with its line.

A sample takes one way through a file. A misspelled value in another would be met by a client's message first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tactful.adapters.call_scripts import CALL_VALUES
from tactful.adapters.call_scripts import WORDS as CALLS
from tactful.adapters.jinja import environment_of
from tactful.adapters.languages import OVERLAY, WORDS, search_path
from tactful.adapters.webhook_words import WORDS as UNSUBSCRIBE
from tactful.domain.book.contact_log import Tone
from tactful.domain.dunning.policy import Policy
from tactful.domain.wording.message import Finding, Rule

_MODEL = "en"
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
# What a wording file must have, or may have, by its folder.
_BLOCKS = {"email": ({"subject", "opening", "closing"}, set[str]()), "sms": ({"words"}, {"mentions"})}
_TONES = f"(?:{'|'.join(Tone)})"
_SHARED = ("phrases.j2", "documents.j2", UNSUBSCRIBE, CALLS)
_UNESCAPING = frozenset({"safe", "Markup", "xmlattr", "tojson"})
# Names that templates have without anybody giving them; `layout` is the one that an e-mail is poured into.
_ALWAYS = frozenset({"layout", "self", "super", "loop", "caller", "varargs", "kwargs"})


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A file below templates/ and a line of it, 0 where it is not known."""

    file: str
    line: int


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return environment_of([], autoescape=True)


def _parsed(path: Path) -> nodes.Template:
    return _environment().parse(path.read_text(encoding="utf-8"))


def template_findings(
    templates: Path, folders: tuple[str, ...], values: frozenset[str]
) -> Iterator[tuple[Where, Finding]]:
    """What is wrong with the files of a language: of those of one name, with the one that counts.

    `folders` are those with its words, the closest first, and `values` the names of what a message is made of.
    """
    found = dict(_files(templates, folders))
    parsed: dict[str, nodes.Template] = {}
    for name, path in found.items():
        try:
            parsed[name] = _parsed(path)
        except UnicodeDecodeError:
            yield _at(templates, path, 0), Finding(Rule.FAULT, "it is not in UTF-8")
        except TemplateSyntaxError as error:
            yield _at(templates, path, error.lineno), Finding(Rule.FAULT, error.message or "a syntax error")
    phrases = _exported(parsed["phrases.j2"]) if "phrases.j2" in parsed else {}
    known = values | frozenset(phrases) | _ALWAYS | frozenset(_environment().globals)
    for name, tree in parsed.items():
        there = known | _added(name, parsed)
        for line, finding in (*_unsafe(tree), *_unknown(tree, there), *_blocks(name, tree)):
            yield _at(templates, found[name], line), finding
    for name in _SHARED:
        if name in parsed:
            for said in _lacking(templates, name, _exported(parsed[name])):
                yield _at(templates, found[name], 0), Finding(Rule.MISSING, said)


def _added(name: str, parsed: Mapping[str, nodes.Template]) -> frozenset[str]:
    """The names of what a file is given that others are not."""
    if name == CALLS:
        return CALL_VALUES
    if name.startswith("page/") and UNSUBSCRIBE in parsed:
        return frozenset({"page", *_exported(parsed[UNSUBSCRIBE])})
    return frozenset()


def useless_overlays(templates: Path, policy: Policy) -> Iterator[tuple[Where, Finding]]:
    """Files of the business's own that take no other's place, for instance because a folder's name is misspelled."""
    ladders = (policy.stages, *policy.ladders.values())
    wordings = frozenset(stage.wording or stage.name for stages in ladders for stage in stages)
    root = templates / OVERLAY
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        is_note = path.name.startswith(".") or path.suffix == ".md"
        if path.is_file() and not is_note and not _takes_a_place(templates, path.relative_to(root), wordings):
            said = "no file of templates/ has this name, and the policy sends no such words"
            yield _at(templates, path, 0), Finding(Rule.OVERLAY, said)


def _takes_a_place(templates: Path, name: Path, wordings: frozenset[str]) -> bool:
    if (templates / name).is_file():
        return True
    if name.parts[0] != WORDS:
        return False
    inside = Path(*name.parts[2:])
    words = re.fullmatch(rf"(?:email/([^/]+)/{_TONES}\.j2|sms/([^/]+)/{_TONES}\.txt\.j2)", inside.as_posix())
    is_own = words is not None and bool(wordings.intersection(words.groups()))
    return is_own or (templates / WORDS / _MODEL / inside).is_file()


def line_of(templates: Path, names: Sequence[str], folders: tuple[str, ...], said: str) -> Where | None:
    """The first of some files that has the words, and their line; comments say nothing to a client."""
    words = r"\s+".join(map(re.escape, said.split()))
    wanted = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    for name in names:
        path = _first(templates, folders, name)
        text = path.read_text(encoding="utf-8") if path else ""
        text = _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)
        found = wanted.search(text) if said else None
        if path and found:
            return _at(templates, path, text.count("\n", 0, found.start()) + 1)
    return None


def label_words(templates: Path, folders: tuple[str, ...]) -> frozenset[str]:
    """What stands beside a value in a language: its labels, in small letters."""
    path = _first(templates, folders, "phrases.j2")
    try:
        tree = _parsed(path) if path else nodes.Template([])
    except (TemplateSyntaxError, UnicodeDecodeError):
        return frozenset()
    tables = (
        node.node for node in tree.find_all(nodes.Assign) if getattr(node.target, "name", "") == "labels"
    )
    pairs = [pair for table in tables if isinstance(table, nodes.Dict) for pair in table.items]
    values = (str(pair.value.value) for pair in pairs if isinstance(pair.value, nodes.Const))
    return frozenset(" ".join(value.casefold().split()) for value in values)


def _first(templates: Path, folders: tuple[str, ...], name: str) -> Path | None:
    there = (place / name for place in search_path(templates, folders))
    return next((path for path in there if path.is_file()), None)


def _files(templates: Path, folders: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """The files of a language by name, the ones that count last: layouts, words, and the business's own."""
    for root in (templates, templates / OVERLAY):
        for layouts in ("email", "sms", "page"):
            yield from ((str(path.relative_to(root)), path) for path in sorted((root / layouts).glob("*.j2")))
    for above in (templates, templates / OVERLAY):
        for folder in reversed(folders):
            root = above / WORDS / folder
            yield from ((str(path.relative_to(root)), path) for path in sorted(root.rglob("*.j2")))


def _at(templates: Path, path: Path, line: int) -> Where:
    return Where(str(Path(templates.name) / path.relative_to(templates)), line)


def _unsafe(tree: nodes.Template) -> Iterator[tuple[int, Finding]]:
    """Ways out of escaping and out of the sandbox, even where a sample's values would do no harm."""
    for node in tree.find_all(
        (nodes.Filter, nodes.Name, nodes.EvalContextModifier, nodes.Getattr, nodes.Getitem)
    ):
        if isinstance(node, nodes.EvalContextModifier):
            yield node.lineno, Finding(Rule.ESCAPING, "autoescape")
        elif isinstance(node, nodes.Filter | nodes.Name) and node.name in _UNESCAPING:
            yield node.lineno, Finding(Rule.ESCAPING, node.name)
        elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            yield node.lineno, Finding(Rule.FAULT, f"access to {node.attr}")
        elif isinstance(node, nodes.Getitem) and _says_private(node.arg):
            yield node.lineno, Finding(Rule.FAULT, "access to what begins with _")


def _says_private(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str) and node.value.startswith("_")


def _unknown(tree: nodes.Template, known: frozenset[str]) -> Iterator[tuple[int, Finding]]:
    # Inside of a condition, Jinja itself notices one that is not there no sooner than the condition is met.
    for kind, there in ((nodes.Filter, _environment().filters), (nodes.Test, _environment().tests)):
        absent = [node for node in tree.find_all(kind) if node.name not in there]
        yield from ((node.lineno, Finding(Rule.FAULT, f"there is no {node.name}")) for node in absent)
        if absent:
            return
    for name in sorted(meta.find_undeclared_variables(tree) - known):
        lines = [node.lineno for node in tree.find_all(nodes.Name) if node.name == name]
        yield min(lines, default=0), Finding(Rule.FAULT, f"'{name}' is undefined")


def _blocks(name: str, tree: nodes.Template) -> Iterator[tuple[int, Finding]]:
    """The blocks of `email/<wording>/<tone>.j2`: one that is missing, and one that no layout shows."""
    channel, *rest = Path(name).parts
    if channel not in _BLOCKS or len(rest) != 2:  # noqa: PLR2004 - a wording and a tone
        return
    needed, further = _BLOCKS[channel]
    blocks = {block.name: block for block in tree.find_all(nodes.Block)}
    for missing in sorted(needed - blocks.keys()):
        yield 1, Finding(Rule.FAULT, f"there is no block {missing}")
    for unknown in sorted(blocks.keys() - needed - further):
        yield blocks[unknown].lineno, Finding(Rule.FAULT, f"no layout shows a block {unknown}")
    subject = blocks.get("subject")
    text = "".join(data.data for data in subject.find_all(nodes.TemplateData)) if subject else ""
    constants = subject.find_all(nodes.Const) if subject else ()
    if re.search(r"[\r\n]", text.strip()) or any(re.search(r"[\r\n]", str(one.value)) for one in constants):
        yield (subject.lineno if subject else 0), Finding(Rule.SUBJECT, "a line break in the subject")


def _exported(tree: nodes.Template) -> Mapping[str, frozenset[str]]:
    """What a file of phrases defines: each name, and the keys where it is a table of labels."""
    names: dict[str, frozenset[str]] = {}
    for node in tree.body:
        if isinstance(node, nodes.Macro):
            names[node.name] = frozenset()
        elif isinstance(node, nodes.Assign | nodes.AssignBlock) and isinstance(node.target, nodes.Name):
            table = node.node if isinstance(node, nodes.Assign) else None
            names[node.target.name] = _keys(table)
        elif isinstance(node, nodes.Import):
            names[node.target] = frozenset()
    return names


def _keys(table: nodes.Node | None) -> frozenset[str]:
    pairs = table.items if isinstance(table, nodes.Dict) else []
    keys = (pair.key.value for pair in pairs if isinstance(pair.key, nodes.Const))
    nested = (
        f"{pair.key.value}.{key}"
        for pair in pairs
        if isinstance(pair.key, nodes.Const)
        for key in _keys(pair.value)
    )
    return frozenset([*(str(key) for key in keys), *nested])


def _lacking(templates: Path, name: str, own: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """What English defines in a file, and this one does not."""
    model = templates / WORDS / _MODEL / name
    if not model.is_file():
        return
    for phrase, keys in _exported(_parsed(model)).items():
        if phrase not in own:
            yield phrase
        else:
            yield from (f"{phrase}.{key}" for key in sorted(keys - own[phrase]))
