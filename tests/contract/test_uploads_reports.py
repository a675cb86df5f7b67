from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from tactful.adapters.memory import MemoryReports, MemoryUploads
from tactful.adapters.s3 import S3Reports, S3Uploads
from tactful.application.ports import Reports, StoreUnavailableError, Uploads
from tests.local.ministack import LocalAws

BUCKET = "uploads"
KEY = "invoices/Q4 report+final (1) é.csv"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A versioned bucket: files are put into and deleted from it by others, and reports read from it."""

    uploads: Uploads
    reports: Reports
    put: Callable[[str, bytes], str]
    forget: Callable[[str, str], object]
    report: Callable[[str], Any]


def _memory() -> Bucket:
    files: dict[tuple[str, str, str], bytes] = {}
    versions = count(1)
    reports = MemoryReports()

    def put(key: str, content: bytes) -> str:
        version = str(next(versions))
        files[BUCKET, key, version] = content
        return version

    return Bucket(
        MemoryUploads(files),
        reports,
        put,
        lambda key, version: files.pop((BUCKET, key, version)),
        lambda name: json.loads(reports.written[name]),
    )


def _s3(aws: LocalAws) -> Bucket:
    client = aws.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})

    def put(key: str, content: bytes) -> str:
        version: str = client.put_object(Bucket=BUCKET, Key=key, Body=content)["VersionId"]
        return version

    def report(name: str) -> Any:
        stored = client.get_object(Bucket=BUCKET, Key=name)
        assert stored["ContentType"] == "application/json"
        return json.loads(stored["Body"].read())

    return Bucket(
        S3Uploads(client),
        S3Reports(client, BUCKET),
        put,
        lambda key, version: client.delete_object(Bucket=BUCKET, Key=key, VersionId=version),
        report,
    )


@pytest.fixture(params=["memory", "s3"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    return _memory() if request.param == "memory" else _s3(request.getfixturevalue("local_aws"))


def test_the_version_named_is_read_even_after_it_was_replaced(bucket: Bucket) -> None:
    first, second = bucket.put(KEY, b"first"), bucket.put(KEY, b"second")
    for version, content in ((first, b"first"), (second, b"second")):
        with bucket.uploads.open(BUCKET, KEY, version) as file:
            assert file.read() == content


def test_a_file_is_read_as_lines_of_text(bucket: Bucket) -> None:
    content = "number;name\r\n1;Zoë\r\n" * 20_000
    version = bucket.put(KEY, content.encode())
    with bucket.uploads.open(BUCKET, KEY, version) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        assert "".join(text) == content


def test_an_empty_file_is_read_as_nothing(bucket: Bucket) -> None:
    with bucket.uploads.open(BUCKET, KEY, bucket.put(KEY, b"")) as file:
        assert file.read() == b""


def test_a_version_that_was_deleted_is_not_found(bucket: Bucket) -> None:
    version = bucket.put(KEY, b"gone")
    bucket.forget(KEY, version)
    with pytest.raises(FileNotFoundError), bucket.uploads.open(BUCKET, KEY, version):
        pytest.fail("a deleted version was opened")


def test_a_file_that_never_was_is_not_found(bucket: Bucket) -> None:
    version = bucket.put(KEY, b"other")
    with pytest.raises(FileNotFoundError), bucket.uploads.open(BUCKET, "invoices/none.csv", version):
        pytest.fail("a missing file was opened")


def test_a_file_that_breaks_off_while_it_is_read_is_tried_again_later() -> None:
    class Breaking(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise ReadTimeoutError(endpoint_url="http://127.0.0.1:9")

    class Client:
        def get_object(self, **_: object) -> Any:
            return {"Body": Breaking()}

        put_object = get_object

    with pytest.raises(StoreUnavailableError), S3Uploads(Client()).open(BUCKET, KEY, "1") as file:
        file.read()


def test_a_report_is_json_beside_its_uploads_name(bucket: Bucket) -> None:
    report = {"rows": 2, "refused": None, "rejected_rows": [{"line": 3, "reason": "é is no amount"}]}
    name = bucket.reports.write(KEY, report)
    assert name == "reports/invoices/Q4 report+final (1) é.csv.json"
    assert bucket.report(name) == report
