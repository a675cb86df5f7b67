"""The engine beside which request units are counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.contract.store_support import dynamodb_local, local_folder
from tests.local import ministack


@contextmanager
def engine() -> Iterator[Any]:
    """A client of DynamoDB Local where the environment names it, otherwise of MiniStack."""
    folder = local_folder()
    if folder is not None:
        with dynamodb_local(folder) as client:
            yield client
        return
    aws = ministack.start(Path(mkdtemp(prefix="bench-")))
    try:
        yield aws.client("dynamodb")
    finally:
        ministack.stop(aws)
