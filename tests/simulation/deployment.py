"""The functions as they are deployed, on clients that ask the world that is simulated just now.

Two deployments may be at work at once, as in the middle of an update: each has its own composition root.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import _lru_cache_wrapper, cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Protocol

import pytest

from tactful.adapters import clock, pace
from tactful.application.ports import Clock
from tactful.entrypoints import observability
from tests.handlers.world import AUTH_TOKEN, PAYMENTS_KEY, PUBLIC_URL
from tests.local.ministack import ROOT

REGION = "eu-west-1"
TABLE, BUCKET, REPORTS = "simulated", "uploads", "reports"
SEND_QUEUE, DELIVERY_QUEUE, IMPORT_QUEUE = "send", "delivery", "import"
ACCOUNT_SID = "AC" + "0" * 32
SECRETS = {
    "twilio": f'{{"account_sid": "{ACCOUNT_SID}", "auth_token": "{AUTH_TOKEN}"}}',
    "payments": PAYMENTS_KEY,
    "link": "simulated-link-key",
    "stripe": "simulated-stripe-key",
}
_ENVIRONMENT = {
    "TABLE_NAME": TABLE,
    "SEND_QUEUE_URL": SEND_QUEUE,
    "ACCOUNTS_PER_RUN": "500",
    "ASK_ABOVE": "1000",
    "SEND_CONCURRENCY": "5",
    "REPORT_BUCKET": REPORTS,
    "IMPORT_QUEUE_URL": IMPORT_QUEUE,
    "REPORT_ADDRESS": "",
    "FROM_ADDRESS": "billing@acme.example",
    "BUSINESS_NAME": "Acme Tools",
    "TIMEZONE": "Europe/London",
    "COUNTRY": "GB",
    "CONFIGURATION_SET": "reminders",
    "REPLY_DOMAIN": "reply.acme.example",
    "PUBLIC_URL": PUBLIC_URL,
    "TWILIO_MESSAGING_SERVICE_SID": "MG" + "0" * 32,
    "TWILIO_SECRET_ID": "twilio",
    "PAYMENTS_SECRET_ID": "payments",
    "LINK_SECRET_ID": "link",
    "STRIPE_SECRET_ID": "stripe",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "simulated",
    "AWS_SECRET_ACCESS_KEY": "simulated",
    "POWERTOOLS_SERVICE_NAME": "simulation",
    "POWERTOOLS_METRICS_NAMESPACE": "tactful",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    "POWERTOOLS_DEV": "false",
}
# What the business edits between the two deployments: neutral words come two days later.
_EDITS = {
    "first": (("pay_to_is_a_sample: true", ""), ("book_at_most_days_old: 14", "book_at_most_days_old: 60")),
    "second": (
        ("pay_to_is_a_sample: true", ""),
        ("book_at_most_days_old: 14", "book_at_most_days_old: 60"),
        ("  - name: overdue_3\n    days: 3", "  - name: overdue_3\n    days: 5"),
        ("version: 2", "version: 3"),
    ),
}


class Surroundings(Protocol):
    """What the functions meet: the world that is simulated."""

    def now(self) -> datetime: ...

    def call(self, service: str, operation: str, request: dict[str, Any]) -> Any: ...

    def count(self, name: str, value: int) -> None: ...


class _Nowhere:
    """While no world is simulated nothing can be asked."""

    def now(self) -> datetime:
        raise AssertionError("no world is simulated")

    def call(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        raise AssertionError(f"no world is simulated: {service} {operation} {request}")

    def count(self, name: str, value: int) -> None:
        raise AssertionError(f"no world is simulated: {name} {value}")


@dataclass
class _Present:
    world: Surroundings


_present = _Present(_Nowhere())


class _VirtualClock(Clock):
    def now(self) -> datetime:
        return _present.world.now()

    def reading_at(self, instant: datetime) -> datetime:
        return instant


def _no_time_passes(seconds: float) -> None:
    """Workers are spaced in real time, of which the simulation has none."""
    del seconds


class _Client:
    """A botocore client of which every operation is asked of the world."""

    def __init__(self, service: str) -> None:
        self._service = service
        self.meta = SimpleNamespace(region_name=REGION)

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation.startswith("_"):
            raise AttributeError(operation)
        service = self._service
        return lambda **request: _present.world.call(service, operation, request)


class _Tally:
    """Metrics, counted by the world."""

    def add_metric(self, name: str, unit: object, value: float, resolution: int = 60) -> None:
        del unit, resolution
        _present.world.count(name, int(value))

    def flush_metrics(self, *, raise_on_empty_metrics: bool = False) -> None:
        """They are counted already."""


class _Context:
    """What Lambda tells a run of a function."""

    function_name = memory_limit_in_mb = aws_request_id = invoked_function_arn = "simulated"

    def __init__(self, ends_by: float) -> None:
        self._ends_by = ends_by

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._ends_by - _present.world.now().timestamp()) * 1000))


@dataclass(frozen=True)
class Deployment:
    """One version of the program with one policy."""

    root: ModuleType
    console: ModuleType
    functions: Mapping[str, Callable[[dict[str, Any], Any], Any]]

    def run(self, function: str, event: dict[str, Any], ends_by: float = 0) -> Any:
        """Run a function as Lambda does."""
        return self.functions[function](event, _Context(ends_by))


def _create_client(session: object, service_name: str, *others: object, **more: object) -> _Client:
    del session, others, more
    return _Client(service_name)


def _twilio_request(
    client: object,
    method: str,
    url: str,
    params: Any = None,
    data: Any = None,
    headers: Any = None,
    **more: Any,
) -> Any:
    del client, headers, more
    from twilio.http.response import Response  # type: ignore[import-untyped]  # noqa: PLC0415

    status, text = _present.world.call(
        "twilio", method.lower(), {"url": url, "fields": dict(params or data or {})}
    )
    return Response(status, text)


@contextmanager
def simulated(world: Surroundings) -> Iterator[None]:
    """Let every client, clock and counter of the program speak to a world."""
    before, _present.world = _present.world, world
    tally = cache(_Tally)
    with pytest.MonkeyPatch.context() as replaced:
        replaced.setattr("botocore.session.Session.create_client", _create_client)
        replaced.setattr("twilio.http.http_client.TwilioHttpClient.request", _twilio_request)
        replaced.setattr(clock, "SystemClock", _VirtualClock)
        replaced.setattr(pace, "sleep", _no_time_passes)
        replaced.setattr(observability, "metrics", tally)
        for name, value in (_ENVIRONMENT | {"TEMPLATES_DIR": str(_templates("first"))}).items():
            replaced.setenv(name, value)
        try:
            yield
        finally:
            _present.world = before


@cache
def _templates(name: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="simulated-")) / "templates"
    shutil.copytree(ROOT / "templates", folder)
    file = folder / "policies" / "standard.yaml"
    text = file.read_text()
    for old, new in _EDITS[name]:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text)
    return folder


@cache
def deployment(name: str) -> Deployment:
    """The deployment "first" or "second". Call it while a world is simulated: it builds everything at once."""
    with pytest.MonkeyPatch.context() as replaced:
        replaced.setenv("TEMPLATES_DIR", str(_templates(name)))
        package = Path(str(sys.modules["tactful"].__path__[0]))
        root = _own_copy("tactful.bootstrap", package / "bootstrap.py")
        with _instead_of_bootstrap(root):
            console = _own_copy("tactful.console", package / "console.py")
            functions = {
                path.parent.name: _own_copy(f"{path.parent.name}_app", path).handler
                for path in sorted((ROOT / "functions").glob("*/app.py"))
            }
        for made in vars(root).values():
            if isinstance(made, _lru_cache_wrapper) and not re.search("_of$", made.__name__):
                made()
    return Deployment(root, console, functions)


@contextmanager
def _instead_of_bootstrap(root: ModuleType) -> Iterator[None]:
    before = importlib.import_module("tactful.bootstrap")
    sys.modules["tactful.bootstrap"] = root
    try:
        yield
    finally:
        sys.modules["tactful.bootstrap"] = before


def _own_copy(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
