"""The ports of imports in memory: for tests and for trying things out in one process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from typing import IO, Any

from tactful.application.import_ports import (
    Again,
    BookContents,
    Contents,
    CustomerDirectory,
    ImportParts,
    ImportQueue,
    ImportRegister,
    Named,
    Reports,
    Uploads,
)
from tactful.application.upload import ImportRecord
from tactful.imports.book import plain_name


class MemoryUploads(Uploads):
    """Files by bucket, key and version; the last put under a key is the newest. `said` has their metadata."""

    def __init__(
        self,
        files: Mapping[tuple[str, str, str], bytes],
        said: Mapping[tuple[str, str, str], Mapping[str, str]] | None = None,
    ) -> None:
        self._files = files
        self._said = {} if said is None else said

    @contextmanager
    def open(self, bucket: str, key: str, version: str) -> Iterator[IO[bytes]]:
        with BytesIO(self._files[self._found(bucket, key, version)]) as file:
            yield file

    def metadata(self, bucket: str, key: str, version: str) -> Mapping[str, str]:
        return self._said.get(self._found(bucket, key, version), {})

    def _found(self, bucket: str, key: str, version: str) -> tuple[str, str, str]:
        """The name of a file that is there. Raises FileNotFoundError."""
        of_key = [name for name in self._files if name[:2] == (bucket, key) and version in ("", name[2])]
        if not of_key:
            raise FileNotFoundError(f"no such version of {key}")
        return of_key[-1]


class MemoryReports(Reports, ImportParts):
    """What was written, by name, in `written`, and what imports handed on, in `parts`."""

    def __init__(self) -> None:
        self.written: dict[str, str] = {}
        self.parts: dict[str, str] = {}

    def write(self, key: str, report: Mapping[str, object]) -> str:
        name = f"reports/{key}.json"
        self.written[name] = json.dumps(report)
        return name

    def read(self, key: str) -> Mapping[str, Any] | None:
        found = self.written.get(f"reports/{key}.json")
        return json.loads(found) if found else None

    @contextmanager
    def rejected(self, key: str) -> Iterator[IO[bytes]]:
        with BytesIO() as file:
            yield file
            self.written[f"reports/{key}.rejected.csv"] = file.getvalue().decode()

    def link(self, name: str) -> str:
        return f"memory:{name}"

    def keep(self, import_id: str, part: Mapping[str, object]) -> None:
        self.parts[import_id] = json.dumps(part)

    def last(self, import_id: str) -> Mapping[str, Any] | None:
        found = self.parts.get(import_id)
        return json.loads(found) if found else None


class MemoryImportQueue(ImportQueue):
    """What is to be taken up again, in order, in `queued`."""

    def __init__(self) -> None:
        self.queued: list[Again] = []

    def put(self, again: Again) -> None:
        self.queued.append(again)


class MemoryImports(ImportRegister, BookContents, CustomerDirectory):
    """What the table holds beside accounts for imports."""

    def __init__(self) -> None:
        self._records: dict[str, ImportRecord] = {}
        self._newest: dict[str, str] = {}
        self._change = 0
        self._contents = Contents()
        self._named: dict[str, Named] = {}
        self._known_as: dict[str, str] = {}

    def note(self, record: ImportRecord) -> None:
        key = record.upload.key
        self._records[record.id] = record
        newest = self.newest(key)
        if newest is None or not record.upload.is_older_than(newest.upload):
            self._newest[key] = record.id

    def find(self, import_id: str) -> ImportRecord | None:
        return self._records.get(import_id)

    def newest(self, key: str) -> ImportRecord | None:
        return self._records.get(self._newest.get(key, ""))

    def all(self) -> Sequence[ImportRecord]:
        return sorted(self._records.values(), key=lambda record: record.upload.at, reverse=True)

    def contents(self) -> Contents:
        return self._contents

    def begin(self) -> int:
        self._change += 1
        self._contents = Contents()
        return self._change

    def end(self, change: int, contents: Contents) -> None:
        if change == self._change:
            self._contents = contents
        else:
            self.begin()

    def named(self, names: Iterable[str]) -> Mapping[str, Named]:
        return {name: self._named.get(plain_name(name), Named()) for name in names}

    def known_as(self, customer_id: str) -> str:
        return self._known_as.get(customer_id, "")

    def note_name(self, name: str, customer_id: str) -> None:
        known = self._named.get(plain_name(name), Named())
        self._named[plain_name(name)] = replace(known, ids=known.ids | {customer_id})

    def claim(self, name: str, opened_as: str, customer_id: str) -> None:
        known = self._named.get(plain_name(name), Named())
        self._named[plain_name(name)] = replace(known, claimed=known.claimed | {opened_as})
        self._known_as[customer_id] = opened_as
