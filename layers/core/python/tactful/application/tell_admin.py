"""Telling the admin what became of an upload."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tactful.application.import_ports import Reports, ReportWording
from tactful.application.import_report import ImportReport, Outcome
from tactful.application.ports import (
    Clock,
    MessageSender,
    Outgoing,
    Refusal,
    Refused,
    SendOutcome,
    WordingError,
)

# What is neither over nor news.
_NOT_TOLD = (Outcome.PAUSED, Outcome.SUPERSEDED)
_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TellAdmin:
    """Sends the admin an e-mail about a report. Without an `address` nobody is told."""

    sender: MessageSender
    wording: ReportWording
    reports: Reports
    clock: Clock
    address: str = ""

    def tell(self, report: ImportReport) -> SendOutcome | None:
        """What became of the e-mail; None if there is none to send. An import never fails for it."""
        if not self.address or not report.is_news or report.outcome in _NOT_TOLD:
            return None
        links = {"report": self.reports.link(f"reports/{report.upload.key}.json")}
        if report.rejected_file:
            links["rejected"] = self.reports.link(report.rejected_file)
        now = self.clock.now()
        try:
            words = self.wording.render(report.as_json(), links)
        except WordingError:
            return Refused(Refusal.MESSAGE, "wording")
        return self.sender.send(
            Outgoing(f"import-{report.upload.id}", self.address, words, latest=now + _WITHIN, now=now)
        )
