"""The digest of yesterday, by e-mail, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tactful.application.digest import DigestDesk, MakeDigest
from tactful.application.import_ports import ReportWording
from tactful.application.ports import MessageSender, Outgoing, SendOutcome

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SendDigest:
    """Sends the digest to an `address`; without one nobody is told."""

    making: MakeDigest
    desk: DigestDesk
    sender: MessageSender
    wording: ReportWording
    address: str = ""

    def send(self) -> SendOutcome | None:
        """What became of the e-mail; None if there was none to send: nothing happened, or it was told already.

        It is noted as told before it is sent: a digest that is lost is made again by `tactful digest`, and two would
        be a nuisance. Raises StoreUnavailableError, WordingError.
        """
        events = self.making.events
        now = events.clock.now()
        day = events.calendar.today(now) - _A_DAY
        if not self.address:
            return None
        digest = self.making.of(day)
        if digest.is_empty or not self.desk.is_first(day):
            return None
        words = self.wording.render(digest.as_json(), {})
        return self.sender.send(Outgoing(f"digest-{day}", self.address, words, latest=now + _A_DAY, now=now))
