"""Civil time: what day it is for the business, and when a client may be contacted, wherever the client may be."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tactful.domain.book.customer import Customer
from tactful.domain.dunning.limits import Hours
from tactful.domain.dunning.policy import Policy

PublicHolidays = Callable[[str, str, int], frozenset[date]]
"""The public holidays of a country (ISO 3166 code) and its region (ISO 3166-2 without the country) in a year.

Empty for an unknown country; those of the whole country for an unknown region.
"""

ZonesOf = Callable[[str], tuple[str, ...]]
"""The IANA names of the zones a country (ISO 3166 code) or a phone number (E.164) may be in; empty if unknown."""

# Long enough for any closed season, short enough to find a policy that never opens.
_SEARCH_DAYS = 400
_SECOND, _DAY, _WEEK = timedelta(seconds=1), timedelta(days=1), timedelta(days=7)
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)
# Zones whose clocks agree in all these years are one: earlier years don't matter, later ones follow the same rules.
_COMPARED_YEARS = range(2025, 2031)
_CACHED_ANSWERS = 8192

_WORKING_WEEK = 5

_Zones = tuple[ZoneInfo, ...]
_Span = tuple[datetime, datetime]
"""A stretch of time: its first instant, and the first one after it."""
_Offsets = tuple[tuple[datetime, timedelta], ...]


class NeverOpenError(ValueError):
    """Windows, closed days, holidays and the clocks of the client leave no moment to send in over a year."""


def no_holidays(country: str, region: str, year: int) -> frozenset[date]:
    """A calendar without public holidays."""
    del country, region, year
    return frozenset()


def no_zones(code: str) -> tuple[str, ...]:
    """An atlas in which no country and no phone number has a place."""
    del code
    return ()


def working_days(
    public_holidays: PublicHolidays, country: str, region: str = "", closed: frozenset[date] = frozenset()
) -> Callable[[date], bool]:
    """Tells whether money can be paid on a civil date: Monday to Friday, no public holiday there, and not closed."""

    def is_working_day(day: date) -> bool:
        return (
            day.weekday() < _WORKING_WEEK
            and day not in closed
            and day not in public_holidays(country, region, day.year)
        )

    return is_working_day


@dataclass(frozen=True, slots=True)
class _Openings:
    """When a client may be contacted, from the start of a week until after its end (UTC), in order.

    Keeps the policy, by whose identity it is found, alive.
    """

    policy: Policy
    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Knows the business's zone, the public holidays, and where clients may be. Instants are UTC; days civil dates.

    `business_country` and `business_region` tell the holidays of a client whose country is unknown.
    """

    business_zone: ZoneInfo
    business_country: str = ""
    public_holidays: PublicHolidays = no_holidays
    business_region: str = ""
    country_zones: ZonesOf = no_zones
    phone_zones: ZonesOf = no_zones
    _starts: dict[date, datetime] = field(default_factory=dict, init=False, repr=False, compare=False)
    _places: dict[tuple[str, tuple[str, ...]], _Zones] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _weeks: dict[tuple[_Zones, str, str, int, int], _Openings] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def today(self, now: datetime) -> date:
        """The civil date at the business: due dates are counted in it."""
        return now.astimezone(self.business_zone).date()

    def start_of(self, day: date) -> datetime:
        """The first instant of a civil date at the business."""
        start = self._starts.get(day)
        if start is None:
            _make_room(self._starts)
            start = self._starts[day] = datetime.combine(day, time(), self.business_zone).astimezone(UTC)
        return start

    def zones_of(self, customer: Customer) -> tuple[ZoneInfo, ...]:
        """The zones the client may be in; two that always show the same time count as one.

        The client's own zone if it is known. Else those of its country, only those that its phone numbers point to
        where some do; without a country those of its phone numbers; without either the business's.
        """
        stated = _distinct((customer.timezone,)) if customer.timezone else ()
        return stated or self._zones_by_place(
            customer.country, tuple([contact.phone for contact in customer.contacts if contact.phone])
        )

    def is_open(self, at: datetime, customer: Customer, policy: Policy) -> bool:
        """Whether the client may be contacted at an instant: on every clock it may have, the window is open.

        A day that is a public holiday or closed by the policy on one of the clocks is closed. An hour that the
        clocks repeat belongs to the window both times, but what has closed in it stays closed.
        """
        return self.closes(at, customer, policy) > at

    def closes(self, at: datetime, customer: Customer, policy: Policy) -> datetime:
        """When the opening that holds `at` ends (UTC): the first instant outside. `at` itself if it is closed."""
        openings = self._openings(at, customer, policy)
        index = bisect_right(openings.closes, at)
        if index == len(openings.opens) or at < openings.opens[index]:
            return at
        return openings.closes[index]

    def next_open(self, at: datetime, customer: Customer, policy: Policy) -> datetime:
        """The first instant from `at` on that is open.

        Wall-clock arithmetic: a window of 09:00 opens at nine on the wall, also on the day the clocks change, and at
        the first instant after it where nine is skipped. Raises NeverOpenError if there is none within 400 days.
        """
        openings = self._openings(at, customer, policy)
        index = bisect_right(openings.closes, at)
        if index == len(openings.opens):
            names = ", ".join(zone.key for zone in self.zones_of(customer))
            raise NeverOpenError(
                f"policy {policy.label} leaves no moment to contact anyone in {names} within {_SEARCH_DAYS} days of "
                f"{at.date()}: say the client's time zone, widen contact_window or remove closed_days"
            )
        opens = openings.opens[index]
        return max(at, opens)

    def working_days_of(self, customer: Customer, policy: Policy) -> Callable[[date], bool]:
        """Tells whether a client can be expected to pay on a civil date.

        Not on a weekend, on a public holiday of the client's country, or on a day that the policy, the client's own,
        closes.
        """
        return working_days(self.public_holidays, *self._place_of(customer), policy.closed_days)

    def _place_of(self, customer: Customer) -> tuple[str, str]:
        """The country and region whose public holidays are the client's."""
        if customer.country:
            return customer.country, customer.region
        return self.business_country, self.business_region

    def _zones_by_place(self, country: str, phones: tuple[str, ...]) -> _Zones:
        key = (country, phones)
        known = self._places.get(key)
        if known is None:
            _make_room(self._places)
            known = self._places[key] = self._zones_by_country_and_phones(country, phones)
        return known

    def _zones_by_country_and_phones(self, country: str, phones: tuple[str, ...]) -> _Zones:
        possible = _distinct(self.country_zones(country)) if country else ()
        if len(possible) == 1:
            return possible
        called = _distinct(tuple(name for phone in phones for name in self.phone_zones(phone)))
        clocks = {_clock(zone) for zone in called}
        both = tuple(zone for zone in possible if _clock(zone) in clocks)
        return both or possible or called or (self.business_zone,)

    def _openings(self, at: datetime, customer: Customer, policy: Policy) -> _Openings:
        if at.tzinfo is not UTC:
            at = at.astimezone(UTC)
        week = at.toordinal() // 7
        zones = self.zones_of(customer)
        country, region = self._place_of(customer)
        key = (zones, country, region, id(policy), week)
        openings = self._weeks.get(key)
        if openings is None:

            def is_closed(day: date) -> bool:
                return day in policy.closed_days or day in self.public_holidays(country, region, day.year)

            spans = _Walls(zones, policy.windows, is_closed).openings_from(date.fromordinal(week * 7))
            openings = _Openings(policy, tuple(opens for opens, _ in spans), tuple(end for _, end in spans))
            _make_room(self._weeks)
            self._weeks[key] = openings
        return openings


def _make_room(cache: dict[Any, Any]) -> None:
    """Keep a process that lives long from growing without end."""
    if len(cache) >= _CACHED_ANSWERS:
        cache.clear()


@lru_cache(maxsize=4096)
def _distinct(names: tuple[str, ...]) -> _Zones:
    """The zones of these names whose clocks differ, in their order; names that are unknown are left out."""
    zones = [zone for zone in map(_zone, names) if zone is not None]
    if len(names) == 1:
        return tuple(zones)
    by_clock: dict[_Offsets, ZoneInfo] = {}
    for zone in zones:
        by_clock.setdefault(_clock(zone), zone)
    return tuple(by_clock.values())


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, such as "Europe"
        return None


@lru_cache(maxsize=1024)
def _clock(zone: ZoneInfo) -> _Offsets:
    """What tells a zone's clock from others: the instants it changes, and to what."""
    return tuple(change for year in _COMPARED_YEARS for change in _offsets(zone, year))


@lru_cache(maxsize=4096)
def _offsets(zone: ZoneInfo, year: int) -> _Offsets:
    """The offsets from UTC that hold on some day of a year, each with the instant (UTC) since when.

    No clock changes twice within a week.
    """
    instant = datetime(year, 1, 1, tzinfo=UTC) - _WEEK
    end = datetime(year + 1, 1, 1, tzinfo=UTC) + _WEEK
    offset = _offset(zone, instant)
    found = [(datetime.min.replace(tzinfo=UTC), offset)]
    while instant < end:
        later = instant + _WEEK
        ahead = _offset(zone, later)
        if ahead != offset:
            before, since = instant, later
            while since - before > _SECOND:
                middle = before + (since - before) // _SECOND // 2 * _SECOND
                if _offset(zone, middle) == offset:
                    before = middle
                else:
                    since = middle
            offset = ahead
            found.append((since, offset))
        instant = later
    return tuple(found)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _on_the_wall(zone: ZoneInfo, day: date, hours: Hours) -> list[_Span]:
    """When a clock shows the hours of a civil date: in parts where it is set back before they end."""
    start, end = datetime.combine(day, hours.start, UTC), datetime.combine(day, hours.end, UTC)
    offsets = _offsets(zone, day.year)
    spans: list[_Span] = []
    for (since, offset), until in zip(
        offsets, (*(change for change, _ in offsets[1:]), _END_OF_TIME), strict=True
    ):
        opens, closes = max(start - offset, since), min(end - offset, until)
        if opens < closes:
            if spans and spans[-1][1] == opens:
                opens = spans.pop()[0]
            spans.append((opens, closes))
        if end - offset <= until:
            break
    return spans


@dataclass(frozen=True, slots=True)
class _Walls:
    """The clocks a client may have, and what is open by each of them."""

    zones: _Zones
    windows: tuple[Hours | None, ...]
    is_closed: Callable[[date], bool]

    def openings_from(self, first: date) -> list[_Span]:
        """The common openings, in order, that end after the start of a date (UTC): a week's and the next after it.

        Stops after _SEARCH_DAYS. A week without a moment in common, closed days aside, tells of all the weeks in
        which the clocks stand the same to each other: those are passed over.
        """
        starts = datetime.combine(first, time(), UTC)
        found: list[_Span] = []
        barren: set[tuple[timedelta, ...]] = set()
        for days in range(-1, _SEARCH_DAYS + 7, 7):
            week = [first + timedelta(days=days + later) for later in range(7)]
            if barren and self._steady_offsets(week) in barren:
                continue
            spans = [span for day in week for span in self._common(day, self.is_closed)]
            found += [span for span in spans if span[1] > starts]
            if found and found[-1][1] >= starts + _WEEK:
                break
            if not spans and not any(self._common(day, _never) for day in week):
                barren |= {self._steady_offsets(week)} - {()}
        return found

    def _steady_offsets(self, week: list[date]) -> tuple[timedelta, ...]:
        """The offset of each clock if none changes in a week and the days around it; else nothing."""
        before = datetime.combine(week[0], time(), UTC) - 2 * _DAY
        after = datetime.combine(week[-1], time(), UTC) + 3 * _DAY
        offsets = tuple(_offset(zone, before) for zone in self.zones)
        return offsets if offsets == tuple(_offset(zone, after) for zone in self.zones) else ()

    def _common(self, day: date, is_closed: Callable[[date], bool]) -> list[_Span]:
        """What is open on every clock while the first one shows a civil date."""
        spans = self._open_on(self.zones[0], day, is_closed)
        for zone in self.zones[1:]:
            spans = [
                (max(opens, start), min(closes, end))
                for opens, closes in spans
                for day in _days_between(opens.astimezone(zone), closes.astimezone(zone))
                for start, end in self._open_on(zone, day, is_closed)
                if max(opens, start) < min(closes, end)
            ]
            if not spans:
                break
        return spans

    def _open_on(self, zone: ZoneInfo, day: date, is_closed: Callable[[date], bool]) -> list[_Span]:
        hours = self.windows[day.weekday()]
        return [] if hours is None or is_closed(day) else _on_the_wall(zone, day, hours)


def _never(day: date) -> bool:
    del day
    return False


def _days_between(first: datetime, last: datetime) -> list[date]:
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
