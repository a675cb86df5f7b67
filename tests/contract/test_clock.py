from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tactful.adapters.clock import SandboxClock, SystemClock
from tactful.adapters.dynamodb.table import Table
from tactful.adapters.memory import MemoryClock
from tests.contract.store_support import NOW


def test_the_system_clock_tells_the_machines_time_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_a_sandbox_clock_that_nobody_moved_tells_the_real_time(table: Table) -> None:
    assert SandboxClock(table, MemoryClock(NOW)).now() == NOW


def test_a_sandbox_clock_that_was_moved_runs_on_from_there_for_everybody(table: Table) -> None:
    real = MemoryClock(NOW)
    SandboxClock(table, real).move_to(NOW + timedelta(days=60))
    real.advance(timedelta(seconds=5))
    assert SandboxClock(table, real).now() == NOW + timedelta(days=60, seconds=5)
    SandboxClock(table, real).move_to(NOW - timedelta(days=1))
    assert SandboxClock(table, real).now() == NOW - timedelta(days=1)


def test_a_moved_clock_moves_the_instants_of_real_events_with_it(table: Table) -> None:
    clock = SandboxClock(table, MemoryClock(NOW))
    clock.move_to(NOW - timedelta(days=30))
    assert clock.reading_at(NOW - timedelta(hours=1)) == NOW - timedelta(days=30, hours=1)
    assert SystemClock().reading_at(NOW) == NOW
