"""What admins say of their files: the stack's defaults, the file's metadata, and a YAML file beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any

from tactful.adapters.yaml_tree import YamlError, YamlTree
from tactful.application.import_ports import SettingsOfUploads, Uploads
from tactful.application.upload import SETTINGS_SUFFIX, Upload
from tactful.domain.book.money import MINOR_DIGITS
from tactful.imports.profile import Field
from tactful.imports.statement import UnreadableFileError
from tactful.imports.upload_settings import DateOrder, DecimalMark, Mode, UploadSettings

# Nobody needs more to name a few settings and columns.
_LONGEST = 64 * 1024
_LONGEST_TERMS = 365
# So alike are a name and one with a letter missing or in the wrong place.
_CLOSE = 0.7
_NAMES = tuple(one.name for one in fields(UploadSettings))
# Programs that copy files into S3 note these of every one: rclone, s3cmd, s3fs, AWS DataSync.
_NOTED_BY_TOOLS = frozenset(
    (
        *("atime", "ctime", "mtime", "btime", "uid", "gid", "xattr", "sha256", "md5chksum", "s3cmd-attrs"),
        *("file-atime", "file-mtime", "file-owner", "file-group", "file-permissions", "cb-modifiedtime"),
    )
)
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class FileSettings(SettingsOfUploads):
    """The nearest to the file counts: the YAML file beside it, then its metadata, then the stack's defaults.

    The YAML file counts more than the metadata, so that a refused file can be helped without uploading it again.
    """

    uploads: Uploads
    defaults: UploadSettings

    def settings_for(self, upload: Upload) -> UploadSettings:
        said = self.uploads.metadata(upload.bucket, upload.key, upload.version)
        return overlaid(overlaid(self.defaults, from_metadata(said)), self._beside(upload))

    def _beside(self, upload: Upload) -> Mapping[str, Any]:
        name = upload.key + SETTINGS_SUFFIX
        try:
            with self.uploads.open(upload.bucket, name, "") as file:
                content = file.read(_LONGEST + 1)
        except FileNotFoundError:
            return {}
        if len(content) > _LONGEST:
            raise UnreadableFileError(
                f"{name}: it is longer than {_LONGEST:,} bytes: keep the settings alone"
            )
        return from_yaml(content, name)


def from_metadata(metadata: Mapping[str, str]) -> dict[str, Any]:
    """The settings in an object's metadata, `x-amz-meta-date-order` and the like.

    Raises UnreadableFileError for what is no setting, other than what programs for copying files write there.
    """
    values: dict[str, Any] = {
        name.replace("-", "_"): text
        for name, text in metadata.items()
        if name not in _NOTED_BY_TOOLS and not (name == "mode" and text.isdecimal())
    }
    return _checked(values, lambda name: f"metadata x-amz-meta-{name.replace('_', '-')}")


def from_yaml(content: bytes, file: str) -> dict[str, Any]:
    """The settings in a YAML file. Raises UnreadableFileError with all that is wrong, and where."""
    try:
        tree = YamlTree(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"{file}: it is not UTF-8 text: write the settings as UTF-8") from error
    except YamlError as error:
        raise UnreadableFileError(f"{file}: it is no YAML: {error}") from error
    if tree.faults:
        said = (
            f"{file}: line {fault.line}: {tree.named(fault.place)}: {fault.said}" for fault in tree.faults
        )
        raise UnreadableFileError("; ".join(said))
    if tree.values is None:
        return {}
    if not isinstance(tree.values, dict):
        raise UnreadableFileError(f"{file}: it names no settings: write lines such as currency: EUR")
    return _checked(tree.values, lambda name: f"{file}: line {tree.line((name,))}: {name}")


def overlaid(settings: UploadSettings, said: Mapping[str, Any]) -> UploadSettings:
    """The settings with what is said in their place; columns add up."""
    if "columns" in said:
        said = {**said, "columns": {**settings.columns, **said["columns"]}}
    return replace(settings, **said)


def stack_defaults(said: Mapping[str, str]) -> UploadSettings:
    """What the stack's parameters say of every file; empty ones say nothing. Raises UnreadableFileError."""
    given = {name: text for name, text in said.items() if text}
    return UploadSettings(**_checked(given, lambda name: f"the stack's default {name}"))


def _checked(said: Mapping[str, Any], where: Callable[[str], str]) -> dict[str, Any]:
    values, faults = {}, []
    for name, value in said.items():
        if name not in _NAMES:
            near = get_close_matches(name, _NAMES, 1, _CLOSE)
            meant = f"{near[0]} is meant?" if near else f"those there are: {', '.join(_NAMES)}"
            faults.append(f"{where(name)}: there is no such setting ({meant})")
            continue
        try:
            values[name] = _READERS[name](value)
        except ValueError as error:
            faults.append(f"{where(name)}: {error}")
    if faults:
        raise UnreadableFileError("; ".join(faults))
    return values


def _one_of(kind: type[DateOrder | DecimalMark | Mode]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        try:
            return kind(str(value).strip().casefold())
        except ValueError:
            raise ValueError(f"{_shown(value)} is none of {', '.join(kind)}") from None

    return read


def _currency(value: Any) -> str:
    code = str(value).strip().upper()
    if code not in MINOR_DIGITS:
        raise ValueError(f"{_shown(value)} is not an ISO 4217 code such as EUR")
    return code


def _country(value: Any) -> str:
    code = str(value).strip().upper()
    if not _COUNTRY.fullmatch(code):
        raise ValueError(f"{_shown(value)} is not an ISO 3166 code such as GB")
    return code


def _terms_days(value: Any) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdecimal() and int(text) <= _LONGEST_TERMS):
        raise ValueError(f"{_shown(value)} is no number of days from 0 to {_LONGEST_TERMS}")
    return int(text)


def _text(value: Any) -> str:
    if not isinstance(value, str | int) or not str(value).strip():
        raise ValueError(f"{_shown(value)} is no name")
    return str(value).strip()


def _columns(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("name the header of each field's column, a line each: invoice_number: Invoice No")  # noqa: TRY004
    known = [str(name) for name in Field]
    unknown = [str(name) for name in value if name not in known]
    if unknown:
        raise ValueError(f"there is no field {', '.join(unknown)}; those there are: {', '.join(known)}")
    return {str(name): _text(header) for name, header in value.items()}


def _shown(value: Any) -> str:
    return repr(value)[:60]


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "currency": _currency,
    "date_order": _one_of(DateOrder),
    "decimal_mark": _one_of(DecimalMark),
    "terms_days": _terms_days,
    "profile": _text,
    "mode": _one_of(Mode),
    "country": _country,
    "columns": _columns,
}
