"""Uploaded files and the reports on them: Amazon S3."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import IO, Any, Protocol

from tactful.adapters.aws_errors import S3, classified
from tactful.application.ports import Reports, Uploads


class S3Client(Protocol):
    """The part of boto3's `s3` client that is used here."""

    def get_object(self, **request: object) -> Any: ...

    def put_object(self, **request: object) -> Any: ...


class S3Uploads(Uploads):
    """Reads one version of an object as a stream, never the whole of it at once."""

    def __init__(self, client: S3Client) -> None:
        self._client = client

    @contextmanager
    def open(self, bucket: str, key: str, version: str) -> Iterator[IO[bytes]]:
        """An empty version means the newest. Raises FileNotFoundError, StoreUnavailableError (also while reading)."""
        which = {"VersionId": version} if version else {}
        with (
            classified(S3),
            closing(self._client.get_object(Bucket=bucket, Key=key, **which)["Body"]) as body,
        ):
            yield body


class S3Reports(Reports):
    """Writes reports as JSON objects into one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def write(self, key: str, report: Mapping[str, object]) -> str:
        name = f"reports/{key}.json"
        with classified(S3):
            self._client.put_object(
                Bucket=self._bucket,
                Key=name,
                Body=json.dumps(report, ensure_ascii=False, indent=2).encode(),
                ContentType="application/json",
            )
        return name
