from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.application.import_ports import Again
from tactful.application.upload import Folder, Upload
from tactful.entrypoints.queues import NotOursError
from tactful.entrypoints.uploads import again_in, uploads_in


def notification(*keys: str, version: str | None = "v1") -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventTime": "2026-03-02T09:00:00.000Z",
                "s3": {
                    "bucket": {"name": "uploads"},
                    "object": {"key": key, "sequencer": "0055AED6DCD90281E5"}
                    | ({"versionId": version} if version else {}),
                },
            }
            for key in keys
        ]
    }


def test_a_notification_names_the_version_that_was_uploaded() -> None:
    assert uploads_in(notification("invoices/book.csv")) == [
        Upload(
            "uploads", "invoices/book.csv", "v1", datetime(2026, 3, 2, 9, tzinfo=UTC), "0055AED6DCD90281E5"
        )
    ]


def test_every_record_of_a_notification_is_an_upload() -> None:
    assert [upload.key for upload in uploads_in(notification("invoices/a.csv", "customers/b.csv"))] == [
        "invoices/a.csv",
        "customers/b.csv",
    ]


@pytest.mark.parametrize(
    ("encoded", "key"),
    [
        ("invoices/Q4+report%2Bfinal+%281%29.csv", "invoices/Q4 report+final (1).csv"),
        ("invoices/100%2525.csv", "invoices/100%25.csv"),
        ("invoices/Z%C3%BCrich.csv", "invoices/Zürich.csv"),
    ],
)
def test_a_key_is_decoded_exactly_once(encoded: str, key: str) -> None:
    assert uploads_in(notification(encoded))[0].key == key


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_key_is_read_as_it_was_before_it_was_encoded(key: str) -> None:
    assert uploads_in(notification(quote_plus(key)))[0].key == key


def test_a_bucket_without_versions_has_an_empty_one() -> None:
    assert uploads_in(notification("invoices/book.csv", version=None))[0].version == ""


def test_the_message_that_s3_sends_when_it_is_set_up_names_nothing() -> None:
    assert uploads_in({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "uploads"}) == []


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"Records": None},
        {"Records": [{}]},
        {"Records": ["x"]},
        {
            "Records": [
                {"s3": {"bucket": {"name": "b"}, "object": {"key": 7}}, "eventTime": "2026-03-02T09:00:00Z"}
            ]
        },
        {"Records": [{"s3": {"bucket": {"name": "b"}, "object": {"key": "k"}}, "eventTime": "noon"}]},
        {"Records": [{"s3": {"bucket": {"name": "b"}, "object": {"key": "k"}}, "eventTime": 9}]},
        {"account": "abc"},
    ],
)
def test_a_message_that_is_no_notification_is_left_for_a_person(message: dict[str, Any]) -> None:
    with pytest.raises(NotOursError):
        uploads_in(message)


@pytest.mark.parametrize(
    ("key", "folder"),
    [
        ("invoices/book.csv", Folder.INVOICES),
        ("snapshots/book.csv", Folder.SNAPSHOTS),
        ("customers/2026/march.csv", Folder.CUSTOMERS),
        ("Invoices/book.csv", None),
        ("reports/invoices/book.csv.json", None),
        ("book.csv", None),
    ],
)
def test_the_folder_tells_what_a_file_holds(key: str, folder: Folder | None) -> None:
    assert uploads_in(notification(key))[0].folder is folder


def test_a_message_names_an_import_to_be_taken_up_again() -> None:
    assert again_in({"import": "abc234defg", "part": 3, "release": False}) == Again("abc234defg", 3)
    assert again_in({"import": "abc234defg", "part": 0, "release": True}) == Again(
        "abc234defg", 0, is_released=True
    )
    assert again_in(notification("invoices/book.csv")) is None


@pytest.mark.parametrize(
    "message",
    [
        {"import": 7, "part": 0, "release": False},
        {"import": "abc"},
        {"import": "abc", "part": "3", "release": False},
        {"import": "abc", "part": 3, "release": "yes"},
        {"import": "abc", "part": True, "release": False},
    ],
)
def test_a_message_about_an_import_that_is_not_ours_is_left_for_a_person(message: dict[str, Any]) -> None:
    with pytest.raises(NotOursError):
        again_in(message)
