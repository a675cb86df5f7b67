"""A local AWS: MiniStack, a process of its own on the loopback interface, with IAM enforced.

Credentials: with IAM enforced, MiniStack takes the access key `test`, and any account number, for the
account's root, who may do everything and whose signature is not checked. The administrator's clients here
use that key. A function gets session credentials of its own role instead, so what the template does not
grant is denied.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
ACCOUNT = "000000000000"
ADMINISTRATOR = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
_UP_WITHIN_SECONDS = 60
_DOWN_WITHIN_SECONDS = 10


# A process that nobody holds on to is complained about when it is collected.
_STARTED: dict[int, subprocess.Popen[bytes]] = {}


class LocalAwsError(RuntimeError):
    """The local AWS, or a step on the way to it, failed; the message says where to look."""


@dataclass(frozen=True, slots=True)
class LocalAws:
    """A running MiniStack: where it answers, which process group it is, and the folder with its log."""

    endpoint: str
    process_group: int
    folder: Path
    _session: boto3.Session = field(
        default_factory=lambda: boto3.Session(
            aws_access_key_id=ADMINISTRATOR["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=ADMINISTRATOR["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        ),
        repr=False,
        compare=False,
    )

    def client(self, service: str) -> Any:
        """The administrator's boto3 client for a service."""
        return self._session.client(service, endpoint_url=self.endpoint)  # type: ignore[call-overload]

    def resource(self, service: str) -> Any:
        """The administrator's boto3 resource for a service."""
        return self._session.resource(service, endpoint_url=self.endpoint)  # type: ignore[call-overload]

    def environment(self) -> dict[str, str]:
        """A command's environment in which it talks to this AWS as the administrator, and to no other."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return kept | ADMINISTRATOR | {"AWS_ENDPOINT_URL": self.endpoint}

    def emails(self) -> list[dict[str, Any]]:
        """Every e-mail SES accepted, in order, as MiniStack tells it: Source, To, Subject, BodyText, ..."""
        with urllib.request.urlopen(f"{self.endpoint}/_ministack/ses/messages") as response:  # noqa: S310 (loopback)
            messages: list[dict[str, Any]] = json.load(response)["messages"].get(ACCOUNT, [])
        return messages


def start(folder: Path) -> LocalAws:
    """Start MiniStack on a free port and wait until it answers. Its log is ministack.log in the folder.

    Raises LocalAwsError when it does not come up.
    """
    program = ROOT / ".tools/ministack/bin/ministack"
    if not program.exists():
        raise LocalAwsError(f"{program} is missing: run `make tools`")
    folder.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="tmp-", dir=folder))
    port = _free_port()
    log = folder / "ministack.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program],
            env={
                "PATH": os.environ["PATH"],
                "AUTH": "true",
                "BIND_HOST": "127.0.0.1",
                "MINISTACK_HOST": "127.0.0.1",
                "GATEWAY_PORT": str(port),
                "TMPDIR": str(scratch),
                "STATE_DIR": str(scratch / "state"),
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _STARTED[process.pid] = process
    aws = LocalAws(endpoint=f"http://127.0.0.1:{port}", process_group=process.pid, folder=folder)
    deadline = time.monotonic() + _UP_WITHIN_SECONDS
    while not is_up(aws):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(aws)
            raise LocalAwsError(f"MiniStack did not come up within {_UP_WITHIN_SECONDS} s: see {log}")
        time.sleep(0.05)
    return aws


def is_up(aws: LocalAws) -> bool:
    """Whether the local AWS answers."""
    try:
        with urllib.request.urlopen(f"{aws.endpoint}/_ministack/health", timeout=5) as response:  # noqa: S310 (loopback)
            return bool(response.status == 200)
    except OSError:
        return False


def stop(aws: LocalAws) -> None:
    """End MiniStack and the functions it runs, and delete their scratch files. Harmless when down."""
    for ending in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(aws.process_group, ending)
        deadline = time.monotonic() + _DOWN_WITHIN_SECONDS
        while _is_running(aws.process_group) and time.monotonic() < deadline:
            time.sleep(0.05)
    # Every function unpacked its layers there: thousands of files, which nobody has to wait for.
    scratch = [str(path) for path in aws.folder.glob("tmp-*")]
    subprocess.run(["/bin/sh", "-c", 'rm -rf "$@" &', "rm", *scratch], check=False, start_new_session=True)


def _is_running(process_group: int) -> bool:
    # A child of ours stays a zombie, and its group alive, until it is waited for.
    if process_group in _STARTED:
        _STARTED[process_group].poll()
    try:
        os.killpg(process_group, 0)
    except ProcessLookupError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
