"""What several suites share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local import ministack


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ministack.LocalAws]:
    aws = ministack.start(tmp_path_factory.mktemp("ministack"))
    yield aws
    ministack.stop(aws)
