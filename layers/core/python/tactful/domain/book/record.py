"""How a customer has paid so far: what the tone is chosen by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt

from tactful.domain.book.account import Account
from tactful.domain.book.settlement import is_in_doubt


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """Sums over the invoices a customer has settled, as far as their dates are known, and its promises.

    `settled` counts invoices, `on_time` those paid by their due date; `mean_days_late` and `spread_days_late` (a
    standard deviation) are days, early payment counting as 0. `disputes` counts invoices ever disputed. What is
    presumed settled counts nowhere, nor does a promise that hangs on it.
    """

    settled: int = 0
    on_time: int = 0
    mean_days_late: float = 0.0
    spread_days_late: float = 0.0
    promises_kept: int = 0
    promises_broken: int = 0
    disputes: int = 0

    @property
    def share_on_time(self) -> float:
        """Between 0 and 1; 1 where nothing was settled yet: the benefit of the doubt."""
        return self.on_time / self.settled if self.settled else 1.0


_NO_RECORD = PaymentRecord()


def record_of(account: Account, today: date) -> PaymentRecord:
    """The payment record of an account as of a civil date at the business."""
    late = []
    disputes = 0
    for invoice in account.invoices:
        disputes += invoice.was_disputed
        if invoice.settled_on is not None:
            late.append(max(0, (invoice.settled_on - invoice.due_date).days))
    if not late and not disputes and not account.promises:
        return _NO_RECORD
    kept = sum(p.kept_on is not None and p.kept_on <= p.promised_date for p in account.promises)
    broken = sum(
        promise.is_broken(today) and not is_in_doubt(promise, account) for promise in account.promises
    )
    if not late:
        return PaymentRecord(promises_kept=kept, promises_broken=broken, disputes=disputes)
    mean = sum(late) / len(late)
    return PaymentRecord(
        settled=len(late),
        on_time=late.count(0),
        mean_days_late=mean,
        spread_days_late=sqrt(sum((days - mean) ** 2 for days in late) / len(late)),
        promises_kept=kept,
        promises_broken=broken,
        disputes=disputes,
    )
