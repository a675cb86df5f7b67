from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tactful import bootstrap, console
from tests.support.builders import a_customer

ROOT = Path(__file__).parents[2]
Stack = Callable[..., None]

# Epiphany, a Tuesday: a holiday in Bavaria, and in most of Germany an ordinary day.
EPIPHANY = date(2026, 1, 6)


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """Sets what the functions of a stack are told."""

    def told(**variables: str) -> None:
        given = {
            "TABLE_NAME": "tactful",
            "TIMEZONE": "Europe/Berlin",
            "COUNTRY": "DE",
            "TEMPLATES_DIR": str(ROOT / "templates"),
            "SEND_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/000000000000/send",
            "ACCOUNTS_PER_RUN": "500",
            "ASK_ABOVE": "1000",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_REGION": "eu-central-1",
        }
        for name, value in (given | variables).items():
            monkeypatch.setenv(name, value)
        _forget()

    yield told
    _forget()


def _forget() -> None:
    for built_once in (console.account_events, bootstrap.reschedule):
        built_once.cache_clear()


def test_holidays_of_the_business_s_region_are_kept_where_a_client_s_country_is_not_known(
    stack: Stack,
) -> None:
    client = a_customer(country="", timezone="")
    noon = datetime(2026, 1, 6, 11, tzinfo=UTC)
    stack()
    anywhere = console.account_events()
    assert anywhere.calendar.is_open(noon, client, anywhere.policy)
    stack(REGION_CODE="BY")
    bavarian = console.account_events()
    assert not bavarian.calendar.is_open(noon, client, bavarian.policy)
    assert bavarian.calendar.today(noon) == EPIPHANY


def test_accounts_are_looked_at_again_once_the_business_has_another_region(stack: Stack) -> None:
    stack()
    before = bootstrap.reschedule().rules
    stack(REGION_CODE="BY")
    assert bootstrap.reschedule().rules != before
