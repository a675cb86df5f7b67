from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from tactful.adapters.memory_imports import MemoryReports, MemoryUploads
from tactful.adapters.s3 import S3Reports, S3Uploads
from tactful.application.import_ports import ImportParts, Reports, Uploads
from tactful.application.ports import StoreUnavailableError
from tactful.imports.statement import UnreadableFileError
from tests.local.ministack import LocalAws

BUCKET = "uploads"
KEY = "invoices/Q4 report+final (1) é.csv"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A versioned bucket: files are put into and deleted from it by others, and reports read from it."""

    uploads: Uploads
    reports: Reports
    parts: ImportParts
    put: Callable[..., str]
    forget: Callable[[str, str], object]
    written: Callable[[str], bytes]


def _memory() -> Bucket:
    files: dict[tuple[str, str, str], bytes] = {}
    said: dict[tuple[str, str, str], dict[str, str]] = {}
    versions = count(1)
    reports = MemoryReports()

    def put(key: str, content: bytes, **metadata: str) -> str:
        version = str(next(versions))
        files[BUCKET, key, version] = content
        said[BUCKET, key, version] = metadata
        return version

    return Bucket(
        MemoryUploads(files, said),
        reports,
        reports,
        put,
        lambda key, version: files.pop((BUCKET, key, version)),
        lambda name: reports.written[name].encode(),
    )


def _s3(aws: LocalAws) -> Bucket:
    client = aws.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})

    def put(key: str, content: bytes, **metadata: str) -> str:
        stored = client.put_object(Bucket=BUCKET, Key=key, Body=content, Metadata=metadata)
        version: str = stored["VersionId"]
        return version

    def written(name: str) -> bytes:
        stored = client.get_object(Bucket=BUCKET, Key=name)
        assert stored["ContentType"] == (
            "application/json" if name.endswith("json") else "text/csv; charset=utf-8"
        )
        content: bytes = stored["Body"].read()
        return content

    reports = S3Reports(client, BUCKET, "eu-west-1")
    return Bucket(
        S3Uploads(client),
        reports,
        reports,
        put,
        lambda key, version: client.delete_object(Bucket=BUCKET, Key=key, VersionId=version),
        written,
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


def test_a_file_can_be_read_from_any_place_and_again(bucket: Bucket) -> None:
    content = bytes(range(256)) * 10_000
    with bucket.uploads.open(BUCKET, KEY, bucket.put(KEY, content)) as file:
        assert file.read() == content
        file.seek(1_000_000)
        assert file.read(3) == content[1_000_000:1_000_003]
        file.seek(0)
        assert file.read(3) == content[:3]


def test_without_a_version_the_newest_is_read(bucket: Bucket) -> None:
    bucket.put(KEY, b"first")
    bucket.put(KEY, b"second", currency="EUR")
    with bucket.uploads.open(BUCKET, KEY, "") as file:
        assert file.read() == b"second"
    assert bucket.uploads.metadata(BUCKET, KEY, "") == {"currency": "EUR"}


def test_what_was_said_of_a_version_stays_with_it(bucket: Bucket) -> None:
    first = bucket.put(KEY, b"", **{"date-order": "dmy", "currency": "EUR"})
    second = bucket.put(KEY, b"")
    assert bucket.uploads.metadata(BUCKET, KEY, first) == {"date-order": "dmy", "currency": "EUR"}
    assert bucket.uploads.metadata(BUCKET, KEY, second) == {}


def test_nothing_is_said_of_a_version_that_was_deleted(bucket: Bucket) -> None:
    version = bucket.put(KEY, b"gone")
    bucket.forget(KEY, version)
    with pytest.raises(FileNotFoundError):
        bucket.uploads.metadata(BUCKET, KEY, version)


class _Client:
    """S3 that gives this for every object."""

    def __init__(self, body: io.RawIOBase | io.BytesIO) -> None:
        self._body = body

    def get_object(self, **_: object) -> Any:
        return {"Body": self._body}

    put_object = get_object


def test_a_file_that_breaks_off_while_it_is_copied_is_tried_again_later() -> None:
    class Breaking(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise ReadTimeoutError(endpoint_url="http://127.0.0.1:9")

    uploads = S3Uploads(_Client(Breaking()))
    with pytest.raises(StoreUnavailableError), uploads.open(BUCKET, KEY, "1"):
        pytest.fail("half a file was opened")


@pytest.mark.parametrize(("size", "is_read"), [(3_000_000, True), (3_000_001, False)])
def test_a_file_that_is_larger_than_the_disk_is_meant_for_is_refused(size: int, *, is_read: bool) -> None:
    uploads = S3Uploads(_Client(io.BytesIO(b"x" * size)), largest=3_000_000)
    if is_read:
        with uploads.open(BUCKET, KEY, "1") as file:
            assert len(file.read()) == size
        return
    with (
        pytest.raises(UnreadableFileError, match="larger than 3,000,000 bytes: upload it in parts"),
        uploads.open(BUCKET, KEY, "1"),
    ):
        pytest.fail("a file that is too large was opened")


def test_a_report_is_json_beside_its_uploads_name(bucket: Bucket) -> None:
    report = {"rows": 2, "refused": None, "rejected_rows": [{"records": [3], "reason": "é is no amount"}]}
    assert bucket.reports.read(KEY) is None
    name = bucket.reports.write(KEY, report)
    assert name == "reports/invoices/Q4 report+final (1) é.csv.json"
    assert json.loads(bucket.written(name)) == bucket.reports.read(KEY) == report


def test_rejected_rows_are_a_csv_beside_the_report(bucket: Bucket) -> None:
    content = "\ufeffnumber,name\r\n1,Zoë\r\n".encode()
    with bucket.reports.rejected(KEY) as file:
        file.write(content)
    assert bucket.written("reports/invoices/Q4 report+final (1) é.csv.rejected.csv") == content


def test_what_a_part_of_an_import_hands_on_is_there_for_the_next(bucket: Bucket) -> None:
    assert bucket.parts.last("abc234defg") is None
    bucket.parts.keep("abc234defg", {"after": 10})
    bucket.parts.keep("abc234defg", {"after": 20, "counts": {"new": 19}})
    assert bucket.parts.last("abc234defg") == {"after": 20, "counts": {"new": 19}}
    assert bucket.parts.last("zzz234defg") is None


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "console.aws.amazon.com"),
        ("us-gov-west-1", "console.amazonaws-us-gov.com"),
        ("cn-north-1", "console.amazonaws.cn"),
    ],
)
def test_a_report_is_found_in_the_console_which_asks_who_is_there(region: str, host: str) -> None:
    reports = S3Reports(_Client(io.BytesIO()), "acme-uploads", region)
    assert reports.link("reports/invoices/Q4 +1.csv.json") == (
        f"https://{host}/s3/object/acme-uploads?region={region}&prefix=reports%2Finvoices%2FQ4%20%2B1.csv.json"
    )
