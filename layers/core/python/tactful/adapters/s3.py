"""Uploaded files, the reports on them, and what is printed: Amazon S3."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO, Any, Protocol
from urllib.parse import quote

from tactful.adapters.aws_errors import S3, classified
from tactful.application.documents import DocumentArchive, DocumentShelf
from tactful.application.import_ports import ImportParts, Reports, Uploads
from tactful.application.ports import StoreUnavailableError
from tactful.imports.statement import UnreadableFileError

# The function's disk holds it twice, and a million invoices are a seventh of it.
LARGEST_FILE = 1_000_000_000
_BLOCK = 1 << 20
_LARGEST_MAIL = 40 * (1 << 20)
_CONSOLES = {"us-gov-": "console.amazonaws-us-gov.com", "cn-": "console.amazonaws.cn"}


class S3Client(Protocol):
    """The part of boto3's `s3` client that is used here."""

    def get_object(self, **request: object) -> Any: ...

    def put_object(self, **request: object) -> Any: ...


class S3Uploads(Uploads):
    """Copies one version of an object to a file on disk that goes away when it is closed. `largest` is in bytes."""

    def __init__(self, client: S3Client, largest: int = LARGEST_FILE) -> None:
        self._client = client
        self._largest = largest

    @contextmanager
    def open(self, bucket: str, key: str, version: str) -> Iterator[IO[bytes]]:
        """As the port says. Raises StoreUnavailableError also when the connection breaks while it is copied."""
        with TemporaryFile() as file:
            with (
                classified(S3),
                closing(self._client.get_object(**_named(bucket, key, version))["Body"]) as body,
            ):
                self._copy(body, file)
            file.seek(0)
            yield file

    def metadata(self, bucket: str, key: str, version: str) -> Mapping[str, str]:
        with classified(S3):
            found = self._client.get_object(**_named(bucket, key, version))
            found["Body"].close()
        return {name.lower(): str(text) for name, text in found["Metadata"].items()}

    def _copy(self, body: Any, file: IO[bytes]) -> None:
        size = 0
        while block := body.read(_BLOCK):
            size += len(block)
            if size > self._largest:
                raise UnreadableFileError(
                    f"the file is larger than {self._largest:,} bytes: upload it in parts, each with the header"
                )
            file.write(block)


class S3Reports(Reports, ImportParts):
    """Writes reports into one bucket under reports/, and what an import hands on to its next part under imports/."""

    def __init__(self, client: S3Client, bucket: str, region: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._region = region

    def write(self, key: str, report: Mapping[str, object]) -> str:
        name = f"reports/{key}.json"
        self._put(name, report)
        return name

    def read(self, key: str) -> Mapping[str, Any] | None:
        return self._get(f"reports/{key}.json")

    @contextmanager
    def rejected(self, key: str) -> Iterator[IO[bytes]]:
        with TemporaryFile() as file:
            yield file
            file.seek(0)
            with classified(S3):
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=f"reports/{key}.rejected.csv",
                    Body=file,
                    ContentType="text/csv; charset=utf-8",
                )

    def link(self, name: str) -> str:
        """The object's page in the AWS console, which asks who is there: reports hold personal data."""
        host = next((host for start, host in _CONSOLES.items() if self._region.startswith(start)), "")
        host = host or "console.aws.amazon.com"
        return f"https://{host}/s3/object/{self._bucket}?region={self._region}&prefix={quote(name, safe='')}"

    def keep(self, import_id: str, part: Mapping[str, object]) -> None:
        self._put(f"imports/{import_id}.json", part)

    def last(self, import_id: str) -> Mapping[str, Any] | None:
        return self._get(f"imports/{import_id}.json")

    def _put(self, name: str, values: Mapping[str, object]) -> None:
        with classified(S3):
            self._client.put_object(
                Bucket=self._bucket,
                Key=name,
                Body=json.dumps(values, ensure_ascii=False, indent=2).encode(),
                ContentType="application/json",
            )

    def _get(self, name: str) -> Mapping[str, Any] | None:
        with suppress(FileNotFoundError), classified(S3):
            with closing(self._client.get_object(Bucket=self._bucket, Key=name)["Body"]) as body:
                found: Mapping[str, Any] = json.loads(body.read())
            return found
        return None


class S3Mail:
    """E-mails as SES has put them into a bucket."""

    def __init__(self, client: S3Client) -> None:
        self._client = client

    def read(self, bucket: str, key: str) -> bytes | None:
        """A whole e-mail, or None if it is not there any more. SES takes none above 40 MB."""
        with (
            suppress(FileNotFoundError),
            classified(S3),
            closing(self._client.get_object(Bucket=bucket, Key=key)["Body"]) as body,
        ):
            return bytes(body.read(_LARGEST_MAIL))
        return None


class S3Documents(DocumentArchive, DocumentShelf):
    """Keeps what is printed in one bucket, and fetches it again."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, key: str, content: bytes) -> None:
        kind = "application/pdf" if key.endswith(".pdf") else "application/json"
        with classified(S3):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=kind)

    def fetch(self, key: str) -> bytes:
        try:
            with classified(S3):
                content: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except FileNotFoundError as error:
            raise StoreUnavailableError(f"there is no document {key}") from error
        return content


def _named(bucket: str, key: str, version: str) -> dict[str, object]:
    return {"Bucket": bucket, "Key": key, **({"VersionId": version} if version else {})}
