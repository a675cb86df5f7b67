"""What the table remembers of imports: which files there were, what the book agrees with, and who has which name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from tactful.adapters.dynamodb.codec import instant
from tactful.adapters.dynamodb.table import Table
from tactful.application.import_ports import (
    BookContents,
    Compared,
    Contents,
    CustomerDirectory,
    ImportRegister,
    Named,
)
from tactful.application.ports import ConflictError
from tactful.application.upload import ImportRecord, ImportState, Upload
from tactful.imports.book import plain_name

IMPORTS = "IMPORTS"
CONTENTS = ("SETTINGS", "CONTENTS")
_KEPT = timedelta(days=400)
# S3 does not say how long a sequencer is; those seen have 16 to 18 digits.
_SEQUENCER_DIGITS = 64
_LONGEST_REASON = 2_000


class DynamoImportRegister(ImportRegister):
    """One item for each import, and one for each key that names its newest; both are forgotten after 400 days."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, record: ImportRecord) -> None:
        upload = record.upload
        own = upload.sequencer.upper().ljust(_SEQUENCER_DIGITS, "0") if upload.sequencer else ""
        expires_at = int((upload.at + _KEPT).timestamp())
        self._table.put(
            {
                "pk": IMPORTS,
                "sk": f"IMPORT#{record.id}",
                "bucket": upload.bucket,
                "key": upload.key,
                "object_version": upload.version,
                "sequencer": upload.sequencer,
                "at": instant(upload.at),
                "state": str(record.state),
                "said": record.said[:_LONGEST_REASON],
                "counts": dict(record.counts),
                "expires_at": expires_at,
            }
        )
        with suppress(ConflictError):
            self._table.update(
                IMPORTS,
                _key_sk(upload.key),
                "SET import_id = :id, sequencer = :own, expires_at = :end",
                {":id": record.id, ":own": own, ":end": expires_at},
                condition="attribute_not_exists(pk) OR sequencer <= :own" if own else "",
            )

    def find(self, import_id: str) -> ImportRecord | None:
        item = self._table.get(IMPORTS, f"IMPORT#{import_id}")
        return _record(item) if item else None

    def newest(self, key: str) -> ImportRecord | None:
        item = self._table.get(IMPORTS, _key_sk(key))
        return self.find(item["import_id"]) if item else None

    def all(self) -> Sequence[ImportRecord]:
        found = self._table.query(
            "pk = :pk AND begins_with(sk, :start)", {":pk": IMPORTS, ":start": "IMPORT#"}
        )
        return sorted(map(_record, found), key=lambda record: record.upload.at, reverse=True)


class DynamoBookContents(BookContents):
    """One item for the whole book. No load of an account reads it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def contents(self) -> Contents:
        item = self._table.get(*CONTENTS) or {}
        files: Mapping[str, Mapping[str, str]] = item.get("agrees_with", {})
        return Contents(
            {
                digest: Compared(datetime.fromisoformat(compared["at"]), compared["import_id"])
                for digest, compared in files.items()
            }
        )

    def begin(self) -> int:
        item = self._table.update(*CONTENTS, "ADD change_number :one REMOVE agrees_with", {":one": 1})
        return int(item["change_number"])

    def end(self, change: int, contents: Contents) -> None:
        files = {
            digest: {"at": instant(compared.at), "import_id": compared.import_id}
            for digest, compared in contents.files.items()
        }
        try:
            self._table.update(
                *CONTENTS,
                "SET agrees_with = :files",
                {":files": files, ":change": change},
                condition="change_number = :change",
            )
        except ConflictError:
            self.begin()


class DynamoCustomerDirectory(CustomerDirectory):
    """An item for each name, and one for each id that a customer got later. Names are hashed: they are personal."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def named(self, names: Iterable[str]) -> Mapping[str, Named]:
        keys = {name: _name_key(name) for name in names}
        found = self._table.get_many(keys.values())
        return {
            name: Named(frozenset(found[key].get("ids", ())), frozenset(found[key].get("claimed", ())))
            if key in found
            else Named()
            for name, key in keys.items()
        }

    def known_as(self, customer_id: str) -> str:
        item = self._table.get(*_id_key(customer_id))
        return str(item["opened_as"]) if item else ""

    def note_name(self, name: str, customer_id: str) -> None:
        self._table.update(*_name_key(name), "ADD ids :ids", {":ids": {customer_id}})

    def claim(self, name: str, opened_as: str, customer_id: str) -> None:
        self._table.update(*_name_key(name), "ADD claimed :claimed", {":claimed": {opened_as}})
        pk, sk = _id_key(customer_id)
        self._table.put({"pk": pk, "sk": sk, "opened_as": opened_as})


def _record(item: Mapping[str, Any]) -> ImportRecord:
    at = datetime.fromisoformat(item["at"])
    upload = Upload(item["bucket"], item["key"], item["object_version"], at, item["sequencer"])
    counts = {name: int(number) for name, number in item["counts"].items()}
    return ImportRecord(upload, ImportState(item["state"]), item["said"], counts)


def _key_sk(key: str) -> str:
    """A key of S3 may be as long as a sort key, so it is hashed."""
    return f"KEY#{_hashed(key)}"


def _name_key(name: str) -> tuple[str, str]:
    return f"CUSTOMER_NAME#{_hashed(plain_name(name))}", "NAME"


def _id_key(customer_id: str) -> tuple[str, str]:
    return f"CUSTOMER_ID#{_hashed(customer_id)}", "ID"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
