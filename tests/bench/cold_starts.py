"""What a function takes to import itself and to make its first clients, over `import boto3` and one client.

Each is a process of its own, and takes turns with the others; CPU, medians of the rounds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from tests.bench.result import Result
from tests.bench.sending_cpu import ENVIRONMENT, stub_server

_ROUNDS = 9
_BARE = 'import boto3; boto3.client("dynamodb")'
# What a handler builds of the composition root before it does anything.
_BUILDS = {
    "import_invoices": ("import_upload",),
    "plan_reminders": ("plan_reminders", "reschedule"),
    "send_reminders": ("send_reminders",),
    "sweep_outcomes": ("sweep_outcomes",),
    "receive_webhooks": ("webhooks",),
    "receive_email": ("mail_replies",),
    "track_delivery": ("track_delivery",),
}
_MORE = {
    "SEND_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/1/send",
    "IMPORT_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/1/import",
    "REPORT_BUCKET": "reports",
    "ACCOUNTS_PER_RUN": "500",
    "ASK_ABOVE": "1000",
    "PAYMENTS_SECRET_ID": "payments",
    "STRIPE_SECRET_ID": "stripe",
    "SANDBOX": "false",
}


def measure() -> Iterator[tuple[str, Result]]:
    """Start every function nine times."""
    programs = {
        function: f"import functions.{function}.app as app; "
        + "; ".join(f"app.{build}()" for build in builds)
        for function, builds in _BUILDS.items()
    }
    took: dict[str, list[float]] = {name: [] for name in ("bare", *programs)}
    with stub_server() as url:
        environment = {**os.environ, **ENVIRONMENT, **_MORE, "AWS_ENDPOINT_URL": url}
        for _ in range(_ROUNDS):
            took["bare"].append(_seconds(_BARE, environment))
            for function, program in programs.items():
                took[function].append(_seconds(program, environment))
    bare = median(took["bare"])
    for function in programs:
        seconds = median(took[function])
        note = f"{seconds * 1_000:.0f} ms over {bare * 1_000:.0f} ms for import boto3 and one client"
        yield f"cold_start_ratio_{function}", Result(round(seconds / bare, 2), "ratio", note)


def _seconds(program: str, environment: dict[str, str]) -> float:
    """The CPU a process takes for a program, without what the interpreter takes to start."""
    timed = f"import time; before = time.process_time(); {program}; print(time.process_time() - before)"
    run = subprocess.run(
        [sys.executable, "-c", timed], env=environment, capture_output=True, text=True, check=True
    )
    return float(run.stdout.splitlines()[-1])
