"""A real HTTP server on the loopback interface whose answers a test decides, and which keeps what it was asked."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import ClassVar, Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came. Header names are lower-case; `query` is undecoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def nothing() -> None:
    """Nothing more is to be done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer. `then` is done after the answer has left, or could not be handed over."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    then: Callable[[], None] = nothing


class Silence(Enum):
    """Ways of not answering a request that was read."""

    HANG = auto()
    DROP = auto()


class HttpStub:
    """Serves on 127.0.0.1 between `with` and its end; port 0 takes any free port."""

    def __init__(self, answer: Callable[[Request], Answer | Silence], *, port: int = 0) -> None:
        self.requests: list[Request] = []
        self._closing = Event()
        self._server = _Server(("127.0.0.1", port), self._handler(answer))
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self, answer: Callable[[Request], Answer | Silence]) -> type[BaseHTTPRequestHandler]:
        requests, closing = self.requests, self._closing

        class Handler(_Handler):
            def serve(self) -> None:
                request = self.read()
                requests.append(request)
                match answer(request):
                    case Answer() as given:
                        try:
                            self.reply(given)
                        finally:
                            given.then()
                    case Silence.HANG:
                        closing.wait()
                        self.hang_up()
                    case Silence.DROP:
                        self.hang_up()

            do_GET = do_POST = serve  # noqa: N815 - the names http.server looks for

        return Handler


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up waiting is part of the game."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes: without this the second would wait for the first to be acknowledged.
    disable_nagle_algorithm: ClassVar[bool] = True

    def read(self) -> Request:
        target = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        return Request(self.command, target.path, target.query, headers, body)

    def reply(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server uses
        """Say nothing: the requests are kept, and addresses belong in no log."""
