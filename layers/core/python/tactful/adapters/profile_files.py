"""Reading the profiles of accounting products from YAML, and saying everything that is wrong with them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field as Value
from pydantic import StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from tactful.adapters.policy_file import Fault
from tactful.adapters.yaml_tree import Place, YamlError, YamlTree
from tactful.domain.dunning.strict import Strict
from tactful.imports.profile import Field, FileKind, Meaning, Profile, Rows, plain
from tactful.imports.upload_settings import DateOrder, DecimalMark

PROFILES = "profiles"
"""The folder of templates whose *.yaml files are the profiles."""

# What to do about a fault whose own message does not say it, by pydantic's word for the fault.
_REMEDIES = {
    "missing": "add it",
    "extra_forbidden": "remove it, or correct its spelling",
    "string_pattern_mismatch": "use two or more lower-case letters, digits and _, the first a letter",
    "string_too_short": "write something, or remove it",
    "string_type": "put it in quotes",
    "list_type": "write a list such as [Paid, Settled]",
    "dict_type": "write it as `field: value`, line by line, as in the profiles that are shipped",
    "model_type": "write it as `field: value`, line by line, as in the profiles that are shipped",
    "too_short": "name at least one",
}
# Vocabularies, and what their words may mean.
_STATES = frozenset(Meaning) - {Meaning.INVOICE, Meaning.IGNORED}
_ALLOWED = {
    "statuses": _STATES,
    "document_statuses": _STATES - {Meaning.CREDIT},
    "types": frozenset({Meaning.INVOICE, Meaning.CREDIT, Meaning.IGNORED}),
}
# One column may serve as either: the first that is not taken by the other.
_MAY_SHARE = frozenset({Field.STATUS, Field.DOCUMENT_STATUS})

_Text = Annotated[str, StringConstraints(min_length=1)]
_Words = Annotated[list[_Text], Value(min_length=1)]


class ProfileError(ValueError):
    """The folder's profiles cannot be used. `faults` are all of them, each with its file and line."""

    def __init__(self, folder: Path, faults: Sequence[Fault]) -> None:
        self.faults = tuple(f"{fault.path.name}: {fault}" for fault in faults)
        super().__init__(
            "\n".join([f"{folder} has unusable profiles:", *(f"- {said}" for said in self.faults)])
        )


class _ProfileText(Strict):
    """A profile as it stands in its file: each meaning with its words."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]+$")]
    title: _Text
    kind: FileKind
    columns: Annotated[dict[Field, _Words], Value(min_length=1)]
    requires: list[_Text] = Value(default_factory=list)
    rows: Rows = Rows.ONE
    statuses: dict[Meaning, _Words] = Value(default_factory=dict)
    document_statuses: dict[Meaning, _Words] = Value(default_factory=dict)
    types: dict[Meaning, _Words] = Value(default_factory=dict)
    keep: dict[_Text, Annotated[list[str], Value(min_length=1)]] = Value(default_factory=dict)
    minor_units: bool = False
    headings: bool = False
    verbatim: bool = False
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None

    def profile(self) -> Profile:
        return Profile(
            name=self.name,
            title=self.title,
            kind=self.kind,
            columns={field: tuple(headers) for field, headers in self.columns.items()},
            requires=tuple(self.requires),
            rows=self.rows,
            statuses=_by_word(self.statuses),
            document_statuses=_by_word(self.document_statuses),
            types=_by_word(self.types),
            keep={column: tuple(words) for column, words in self.keep.items()},
            minor_units=self.minor_units,
            headings=self.headings,
            verbatim=self.verbatim,
            date_order=self.date_order,
            decimal_mark=self.decimal_mark,
        )


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """The profiles in a folder's *.yaml files: those of products before generic ones, then by their files' names.

    The words of their vocabularies are already `plain`. Raises ProfileError, which lists every fault of every file.
    """
    faults: list[Fault] = []
    found: dict[tuple[FileKind, str], Profile] = {}
    for path in sorted(folder.glob("*.yaml")):
        tree = _tree(path, faults)
        profile = _validated(path, tree, faults) if tree is not None else None
        if tree is None or profile is None:
            continue
        if (profile.kind, profile.name) in found:
            said = f"another file has a profile of {profile.kind} named {profile.name} already; rename one"
            faults.append(Fault(path, tree.line(("name",)), "name", said))
        found[profile.kind, profile.name] = profile
    if faults:
        raise ProfileError(folder, sorted(faults))
    return tuple(sorted(found.values(), key=lambda profile: not profile.requires))


def _by_word(vocabulary: Mapping[Meaning, Sequence[str]]) -> dict[str, Meaning]:
    return {plain(word): meaning for meaning, words in vocabulary.items() for word in words}


def _tree(path: Path, faults: list[Fault]) -> YamlTree | None:
    try:
        tree = YamlTree(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(path, 0, "", f"it cannot be read as UTF-8 text: {error}"))
    except YamlError as error:
        faults.append(Fault(path, 0, "", f"it is not YAML: {error}"))
    else:
        faults.extend(Fault(path, fault.line, tree.named(fault.place), fault.said) for fault in tree.faults)
        return tree
    return None


def _validated(path: Path, tree: YamlTree, faults: list[Fault]) -> Profile | None:
    """The profile in a file, or None with every fault added."""
    before = len(tree.faults)
    said = list(_contradictions(tree.values))
    text = None
    try:
        text = _ProfileText.model_validate(tree.values)
    except ValidationError as error:
        said += [_told(detail) for detail in error.errors(include_url=False)]
    faults.extend(Fault(path, tree.line(place), tree.named(place), fault) for place, fault in said)
    return text.profile() if text is not None and not said and not before else None


def _told(detail: ErrorDetails) -> tuple[Place, str]:
    """A fault that pydantic found: its place, what is wrong and what to do."""
    place: Place = tuple(part for part in detail["loc"] if part != "[key]")
    said = detail["msg"].replace("Input should", "should", 1)
    given = detail["input"]
    if said.startswith("should") and isinstance(given, str | int | float) and not isinstance(given, bool):
        said = f"{said}, not {given!r}"
    return place, "; ".join(filter(None, (said, _REMEDIES.get(detail["type"], ""))))


def _contradictions(values: Any) -> Iterator[tuple[Place, str]]:
    """What is wrong with a profile as a whole, as far as its parts have the right shape."""
    if not isinstance(values, dict):
        return
    yield from _columns(_lists(values, "columns"))
    required = _texts(values.get("requires"))
    for index, header in _repeated(required):
        yield ("requires", index), f"{header!r} is required twice; keep one"
    for name, allowed in _ALLOWED.items():
        yield from _words(name, _lists(values, name), allowed)


def _columns(columns: Mapping[str, list[str]]) -> Iterator[tuple[Place, str]]:
    """Headers that mean nothing when compared, or two things."""
    known: dict[str, str] = {}
    for field, headers in columns.items():
        for index, header in enumerate(headers):
            if not header:
                continue
            place, compared = ("columns", field, index), plain(header)
            other = known.setdefault(compared, field)
            if not compared:
                yield place, f"{header!r} has neither letters nor digits; headers are compared by those"
            elif other != field and not {other, field} <= _MAY_SHARE:
                yield place, f"{header!r} stands under {other} already; a column holds one thing"
        for index, header in _repeated(headers):
            yield ("columns", field, index), f"{header!r} stands there already; keep one"


def _words(
    name: str, vocabulary: Mapping[str, list[str]], allowed: frozenset[Meaning]
) -> Iterator[tuple[Place, str]]:
    """Words that mean two things, and meanings that do not belong into a vocabulary."""
    known: dict[str, str] = {}
    for meaning, words in vocabulary.items():
        if meaning in set(Meaning) - allowed:
            choices = ", ".join(sorted(allowed))
            yield (name, meaning), f"{meaning} is nothing that {name} can mean; choose one of {choices}"
        for index, word in enumerate(words):
            other = known.setdefault(plain(word), meaning) if word else meaning
            if other != meaning:
                yield (name, meaning, index), f"{word!r} means {other} already; keep one meaning"
        for index, word in _repeated(words):
            yield (name, meaning, index), f"{word!r} stands there already; keep one"


def _repeated(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Texts that are compared as one before them, and their places."""
    seen: Counter[str] = Counter()
    for index, text in enumerate(texts):
        seen[plain(text)] += 1
        if text and seen[plain(text)] > 1:
            yield index, text


def _lists(values: Mapping[str, Any], name: str) -> dict[str, list[str]]:
    section = values.get(name)
    return {key: _texts(listed) for key, listed in section.items()} if isinstance(section, dict) else {}


def _texts(listed: Any) -> list[str]:
    """A list as texts that keep their places; those that are none are empty, and pydantic tells of them."""
    return [item if isinstance(item, str) else "" for item in listed] if isinstance(listed, list) else []
