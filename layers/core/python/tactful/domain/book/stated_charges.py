"""Charges for late payment as a message stated them: since the invoice was due, and not since the last message."""

from __future__ import annotations

from dataclasses import dataclass

from tactful.domain.book.money import Money


@dataclass(frozen=True, slots=True)
class StatedCharge:
    """The charges of one invoice up to the day of the message.

    `days` carry interest, at `percent` a year at the end. `interest` and `fixed_sum` are all there is of them, so a
    later message that states more takes the place of this one, and does not come on top.
    """

    number: str
    days: int
    percent: str
    interest: Money
    fixed_sum: Money

    @property
    def total(self) -> Money:
        return self.interest + self.fixed_sum


@dataclass(frozen=True, slots=True)
class StatedCharges:
    """What a message says of charges, and the `law` they rest on. No lines: only that they may be added."""

    law: str
    lines: tuple[StatedCharge, ...] = ()
