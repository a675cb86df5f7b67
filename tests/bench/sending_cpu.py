"""The CPU of a reminder by e-mail through the real handler, adapters and clients, over that of bare calls.

SES and DynamoDB answer from a process of their own. What is measured takes turns in another (`sending_worker`): compare
the ratios, milliseconds are those of the machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.result import Result
from tests.bench.sending_costs import BATCH, ROOT

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "us-east-1",
    "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/core/python'}",
    "TABLE_NAME": "reminders",
    "TIMEZONE": "Europe/London",
    "COUNTRY": "GB",
    "TEMPLATES_DIR": str(ROOT / "templates"),
    "FROM_ADDRESS": "billing@acme.example",
    "BUSINESS_NAME": "Acme Tools Ltd",
    "REPLY_DOMAIN": "reply.acme.example",
    "CONFIGURATION_SET": "reminders",
    "PUBLIC_URL": "https://reminders.acme.example",
    "TWILIO_SECRET_ID": "twilio",
    "LINK_SECRET_ID": "link",
    "SEND_CONCURRENCY": "2",
    "SANDBOX": "true",
    "POWERTOOLS_SERVICE_NAME": "send_reminders",
    "POWERTOOLS_METRICS_NAMESPACE": "tactful",
}


def measure() -> Iterator[tuple[str, Result]]:
    """Send 100 reminders, and make the bare calls 100 times, seven times in turns."""
    with stub_server() as url:
        environment = {**os.environ, **ENVIRONMENT, "AWS_ENDPOINT_URL": url}
        command = [sys.executable, "-m", "tests.bench.sending_worker", url]
        said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    took: dict[str, float] = json.loads(said.splitlines()[-1])
    ours, send, calls = took["ours"], took["send"], took["calls"]
    yield "cpu_ms_per_email", Result(round(ours, 2), "ms", f"handler to record, in batches of {BATCH}")
    note = f"over a bare send_email, {send:.2f} ms"
    yield "cpu_vs_bare_send", Result(round(ours / send, 2), "ratio", note)
    note = f"over a bare send_email, consistent batch_get_item and two conditional put_item, {calls:.2f} ms"
    yield "cpu_ratio_email", Result(round(ours / calls, 2), "ratio", note)


@contextmanager
def stub_server() -> Iterator[str]:
    """The address of a stand-in for SES, DynamoDB and Secrets Manager in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.stub_server", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()
