"""The address by which e-mails are unsubscribed (RFC 8058): a POST does it, opening it only asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs

from tactful.adapters.signatures import reminder_of_unsubscribe
from tactful.application.unsubscribe import Unsubscribe, UnsubscribePage
from tactful.domain.book.customer import Customer
from tactful.entrypoints.http import Request, Response
from tactful.entrypoints.observability import logger


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Answers whoever follows the link in an e-mail's header. `keys` are read when they are first needed."""

    use_case: Unsubscribe
    keys: Callable[[], Iterable[bytes]]
    page: Callable[[UnsubscribePage, Customer | None], str]

    def answer(self, request: Request) -> Response:
        """Whoever opens a link may be a program that looks for bad ones: only a POST changes anything."""
        token = parse_qs(request.raw_query).get("t", [""])[0]
        reminder_id = reminder_of_unsubscribe(token, self.keys())
        if not reminder_id:
            return self._page(404, UnsubscribePage.UNKNOWN, None)
        customer = self.use_case.whose(reminder_id)
        if request.method != "POST":
            return self._page(200, UnsubscribePage.ASKED, customer)
        found = self.use_case.unsubscribe(reminder_id)
        logger().info("unsubscribed", extra={"found": found})
        if not found:
            return self._page(404, UnsubscribePage.UNKNOWN, customer)
        return self._page(200, UnsubscribePage.DONE, customer)

    def _page(self, status: int, page: UnsubscribePage, customer: Customer | None) -> Response:
        return Response(status, self.page(page, customer), "text/html; charset=utf-8")
