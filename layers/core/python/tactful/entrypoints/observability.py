"""Logs and metrics: ids and counts, never names, addresses or words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger, Metrics


@cache
def logger() -> Logger:
    """The function's structured logger; its service name and level come from the environment."""
    from aws_lambda_powertools import Logger

    return Logger()


@cache
def metrics() -> Metrics:
    """The function's metrics, written as CloudWatch embedded metric format when flushed."""
    from aws_lambda_powertools import Metrics

    return Metrics()


def gauge(name: str, seconds: int) -> None:
    """Write out a duration in seconds, also if it is none."""
    from aws_lambda_powertools.metrics import MetricUnit

    metrics().add_metric(name=name, unit=MetricUnit.Seconds, value=seconds)
    metrics().flush_metrics()


def count(**counts: int) -> None:
    """Add to counters, by metric name, and write them out at once."""
    from aws_lambda_powertools.metrics import MetricUnit

    counted = {name: value for name, value in counts.items() if value}
    for name, value in counted.items():
        metrics().add_metric(name=name, unit=MetricUnit.Count, value=value)
    if counted:
        metrics().flush_metrics()
