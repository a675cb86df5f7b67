"""Civil time: what day it is for the business, and when a recipient may be contacted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tactful.domain.dunning.policy import Policy

PublicHolidays = Callable[[str, int], frozenset[date]]
"""The public holidays of a country (ISO 3166 code) in a year; empty for an unknown country."""

# Long enough for any closed season, short enough to find a policy that never opens.
_SEARCH_DAYS = 400


class NeverOpenError(ValueError):
    """The policy's window, closed days and holidays leave no moment to send in over a year."""


def no_holidays(country: str, year: int) -> frozenset[date]:
    """A calendar without public holidays."""
    del country, year
    return frozenset()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Knows the business's zone and the public holidays. Instants are UTC; days are civil dates."""

    business_zone: ZoneInfo
    business_country: str = ""
    public_holidays: PublicHolidays = no_holidays

    def today(self, now: datetime) -> date:
        """The civil date at the business: due dates are counted in it."""
        return now.astimezone(self.business_zone).date()

    def start_of(self, day: date) -> datetime:
        """The first instant of a civil date at the business."""
        return datetime(day.year, day.month, day.day, tzinfo=self.business_zone).astimezone(UTC)

    def zone_of(self, timezone: str) -> ZoneInfo:
        """The recipient's zone, or the business's where it is unknown."""
        if not timezone:
            return self.business_zone
        try:
            return ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return self.business_zone

    def is_closed(self, day: date, country: str, policy: Policy) -> bool:
        """Whether a civil date at the recipient has no contact window at all."""
        return (
            policy.windows[day.weekday()] is None
            or day in policy.closed_days
            or day in self.public_holidays(country or self.business_country, day.year)
        )

    def closes(self, at: datetime, zone: ZoneInfo, policy: Policy) -> datetime:
        """When the recipient's contact window of the day of `at` closes (UTC); `at` itself on a closed day."""
        day = at.astimezone(zone).date()
        hours = policy.windows[day.weekday()]
        return datetime.combine(day, hours.end, zone).astimezone(UTC) if hours else at

    def next_open(self, at: datetime, zone: ZoneInfo, country: str, policy: Policy) -> datetime:
        """The first instant from `at` on that lies in the recipient's contact window.

        Wall-clock arithmetic: a window of 09:00 opens at nine on the wall, also on the day the clocks change.
        Raises NeverOpenError if there is none within a year.
        """
        day = at.astimezone(zone).date()
        for _ in range(_SEARCH_DAYS):
            hours = policy.windows[day.weekday()]
            if hours is not None and not self.is_closed(day, country, policy):
                opens = datetime.combine(day, hours.start, zone).astimezone(UTC)
                closes = datetime.combine(day, hours.end, zone).astimezone(UTC)
                if at < closes and opens < closes:
                    return max(at, opens)
            day += timedelta(days=1)
        raise NeverOpenError(
            f"policy {policy.label} leaves no moment to contact anyone in {zone.key} within "
            f"{_SEARCH_DAYS} days of {at.date()}: widen contact_window or remove closed_days"
        )
