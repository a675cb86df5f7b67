"""The days that a text speaks of, as people mean them.

Of two readings the later one counts, so that nobody is chased too early: "next Friday" is the one of next week, "Monday
or Tuesday" is Tuesday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tactful.domain.replies.calendar_words import MONTHS, NUMBERS, ORDINALS, WEEKDAYS

_FRIDAY, _SUNDAY = 4, 6
_MID_MONTH = 15
_SHORT_YEAR = 100
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Mention:
    """A day that a text names at a place: `day` if it is to come, `past` if it is over; None where it can be neither.

    `before` says that the text sets it as an end that is not reached.
    """

    start: int
    end: int
    day: date | None
    past: date | None = None


def mentions(text: str, today: date, *, day_first: bool) -> list[Mention]:
    """The days in a plain text, in its order. `day_first` says how numbers such as 3/4 are meant."""
    found = [
        Mention(match.start(), match.end(), *resolved)
        for match in _MENTION.finditer(text)
        if (resolved := _resolved(match, today, day_first=day_first)) is not None
    ]
    return _joined(text, found, today)


def reads_day_first(locale: str) -> bool:
    """Whether people of a locale write the day before the month: everybody but Americans."""
    return not locale.replace("_", "-").casefold().endswith(("-us", "-ph", "-fm"))


_Resolve = Callable[[re.Match[str], date], tuple[date | None, date | None] | None]


def _words(known: Mapping[str, int]) -> str:
    return "|".join(sorted(map(re.escape, known), key=len, reverse=True))


_DAY, _MONTH = _words(WEEKDAYS), _words(MONTHS)
_NUMBER = rf"\d{{1,3}}|{_words(NUMBERS)}"
_ORDINAL = r"(?:[12]?\d|3[01])(?:st|nd|rd|th)"
_MENTION = re.compile(
    rf"""
      (?<![\w/.-])(?P<iso>20\d\d-\d\d?-\d\d?)(?![\w-])
    | (?<![\w/.,£$€-])(?P<numeric>\d{{1,2}}[/.]\d{{1,2}}(?:[/.](?:20)?\d\d)?)(?![\d/%])
    | \b(?P<day_month>(?:(?:{_DAY})\W{{1,2}}(?:the\s+)?)?\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|
        de\s+)?(?:{_MONTH})\b\.?(?:\W{{1,2}}20\d\d)?)
    | \b(?P<month_day>(?:(?:{_DAY})\W{{1,2}})?(?:{_MONTH})\.?\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?(?!\d|
        :)(?:,?\s+20\d\d)?)
    | \b(?P<end_of>(?:(?:the\s+)?end\s+of|by\s+the\s+end\s+of|ende|fin|fin\s+de|finales\s+de)\s+
        (?P<end_what>(?:the\s+|this\s+)?(?:week|month|year|day|business|play)|next\s+(?:week|month)|
        (?:der\s+)?woche|des\s+monats|mes|(?:du\s+)?mois|{_MONTH}))\b
    | \b(?P<eom>eom|month[\s-]end|end\s+(?:the\s+)?month)\b | \b(?P<eow>eow)\b
    | \b(?P<mid>(?:mid(?:dle)?(?:\s+of)?|mitte)[\s-](?:the\s+|this\s+)?(?P<mid_what>next\s+month|month|{_MONTH}))\b
    | \b(?P<start_of>(?:start|beginning|first|1st|early)(?:\s+(?:day|
        week))?(?:\s+of)?\s+(?P<start_what>next\s+month|the\s+(?:new\s+)?month|{_MONTH}))\b
    | \b(?P<next_week>(?:early\s+|late\s+|sometime\s+|some\s+time\s+|during\s+|mid\s+|
        the\s+following\s+)?next\s+we?e?k|following\s+week|nachste\s+woche|semaine\s+prochaine|
        (?:proxima\s+semana|semana\s+que\s+viene))\b(?!\s*end)
    | \b(?P<this_week>(?:later\s+)?this\s+week|diese\s+woche|cette\s+semaine|esta\s+semana)\b(?!\s*end)
    | \b(?P<next_month>next\s+month|nachsten\s+monat|mois\s+prochain|proximo\s+mes)\b
    | \b(?P<weekend>(?P<which_weekend>next\s+|this\s+)?(?:the\s+)?(?:weekend|wknd|wochenende|week-end|
        fin\s+de\s+semana))\b
    | \b(?P<week_after>(?:a\s+)?(?:(?P<how_many>two|2|three|3)\s+)?(?P<weeks>weeks?|fortnight)\s+(?:on|
        from)\s+(?P<week_after_day>{_DAY}|today|tomorrow)|(?P<day_week>{_DAY}|today|
        tomorrow)\s+(?P<weeks_after>week|wk|fortnight))\b
    | \b(?P<last_day>(?:last|letzten?|pasado)\s+(?P<last_which>{_DAY}|week|month|night)|
        (?P<last_after>{_DAY})\s+(?:dernier|pasado))\b
    | \b(?P<next_day>(?:next|nachsten?|kommenden?|proximo)\s+(?P<next_which>{_DAY})|
        (?P<next_after>{_DAY})\s+(?:prochain|proximo))\b
    | \b(?P<day_ordinal>(?:{_DAY})\s+(?:the\s+)?(?P<of_month>{_ORDINAL}))\b
    | \b(?P<weekday>{_DAY})\b
    | \b(?P<ordinal>(?:the\s+)?{_ORDINAL}|(?:(?:on|by|until|till|til|before|from|around)\s+the|le|el|am)\s+
        (?:[12]?\d|3[01])\b(?!\s*(?:%|[£$€(]|percent|of\s+(?:us|them)))
        |the\s+(?:{_words(ORDINALS)})(?=\s+of\b|\W*$))(?![\w:])
    | \b(?P<after_tomorrow>(?:the\s+)?day\s+after\s+tomorrow|ubermorgen|apres-demain|pasado\s+manana)\b
    | \b(?P<tomorrow>tomorrow|tmrw|tmr|tmw|tomoz|tomoro|tomorow|tommorow|tommorrow|2moro|2morrow|2mrw|demain|manana)\b
    | \b(?P<today>today|2day|tonight|tonite|this\s+(?:morning|afternoon|evening|arvo)|c\.?o\.?b|e\.?o\.?d|
        close\s+of\s+(?:play|business)|right\s+(?:now|away)|straight\s+away|immediately|now|heute|aujourd'?hui|
        hoy)\b
    | \b(?P<yesterday>yesterday|gestern|hier|ayer)\b
    | \b(?P<ago>(?P<ago_number>{_NUMBER})\s+(?P<ago_unit>days?|weeks?|wks?|months?)\s+ago)\b
    | \b(?P<span>(?:(?:in|within|after|for|another|give\s+(?:me|us)|for\s+another)\s+)?(?:(?:about|around|
        the\s+next|next|max|maximum)\s+)?(?P<number>{_NUMBER})[\s-]*(?:more\s+)?(?P<working>working|business|
        bus|clear)?\s*(?P<unit>days?|weeks?|wks?|months?|hours?|hrs?|fortnights?|tagen?|wochen?|jours?|
        semaines?|dias|semanas)(?:'?\s+time)?)\b
    | \b(?P<fortnight>(?:in\s+)?(?:a\s+)?fortnight)\b
    """,
    re.VERBOSE,
)
_JOIN = re.compile(r"\s*(?:or|and|to|-|/|through|until|till|oder|ou|o)\s*(?:the\s+|by\s+|on\s+)?")
_CLOSE = re.compile(r"[\s,]*(?:on\s+|the\s+|of\s+|by\s+)?")


def _resolved(
    match: re.Match[str], today: date, *, day_first: bool
) -> tuple[date | None, date | None] | None:
    kind = next(name for name in _RESOLVERS if match[name])
    try:
        if kind == "numeric":
            return _numeric(match[kind], today, day_first=day_first)
        return _RESOLVERS[kind](match, today)
    except (ValueError, OverflowError):
        return None


def _numeric(text: str, today: date, *, day_first: bool) -> tuple[date | None, date | None] | None:
    parts = [int(part) for part in re.split(r"[/.]", text)]
    first, second = parts[0], parts[1]
    swapped = (first, second) if day_first or "." in text else (second, first)
    day, month = swapped if swapped[1] in range(1, 13) else swapped[::-1]
    if len(parts) > 2:  # noqa: PLR2004 - day, month and year
        year = parts[2] + (2000 if parts[2] < _SHORT_YEAR else 0)
        only = date(year, month, day)
        return only, only
    return _of_year(month, day, today)


def _of_year(month: int, day: int, today: date) -> tuple[date, date]:
    """The next such day, and the last one."""
    years = [
        date(year, month, day) for year in range(today.year - 4, today.year + 5) if _is_day(year, month, day)
    ]
    return min(one for one in years if one >= today), max(one for one in years if one <= today)


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= day <= calendar.monthrange(year, month)[1]


def _of_month(day: int, today: date) -> tuple[date, date]:
    """The next day of a month with that number, and the last one; a month that lacks it is passed over."""
    if not 1 <= day <= 31:  # noqa: PLR2004 - no month has more
        raise ValueError(day)
    months = [_month_after(today, step) for step in range(-3, 4)]
    days = [first.replace(day=day) for first in months if _is_day(first.year, first.month, day)]
    return min(one for one in days if one >= today), max(one for one in days if one <= today)


def _month_after(today: date, months: int) -> date:
    """The first day of the month so many months later."""
    number = today.year * 12 + today.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _month_end(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _weekday_after(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _weekday_before(weekday: int, today: date) -> date:
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def _this_week(weekday: int, today: date, weeks: int = 0) -> date:
    """A weekday of the week, from Monday to Sunday, that today lies in, or of one later."""
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def _in_month(name: str, today: date) -> date:
    """The first day of the next month of a name, this one included."""
    month = MONTHS[name]
    return date(today.year + (month < today.month), month, 1)


def _whole_number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS[" ".join(text.split())]


def _after(number: int, unit: str, today: date, *, working: bool = False) -> date:
    if unit.startswith(("hour", "hr")):
        return today + timedelta(days=max(1, number // _HOURS_A_DAY)) if number >= _HOURS_A_DAY else today
    if unit.startswith("month"):
        first = _month_after(today, number)
        return first.replace(day=min(today.day, _month_end(first).day))
    if unit.startswith("fortnight"):
        return today + timedelta(days=14 * number)
    if unit.startswith(("week", "wk", "woch", "semain", "semana")):
        return today + timedelta(days=7 * number)
    if not working:
        return today + timedelta(days=number)
    day = today
    while number:
        day += timedelta(days=1)
        number -= day.weekday() <= _FRIDAY
    return day


def _named(match: re.Match[str], today: date, name: str) -> tuple[date, date]:
    text = match[name]
    month = next(
        MONTHS[word] for word in re.findall(r"[a-z]+", text) if word in MONTHS and word not in WEEKDAYS
    )
    year = re.search(r"\b20\d\d\b", text)
    day = int(re.findall(r"\d{1,2}(?!\d)", text.replace(year[0], "") if year else text)[0])
    if year:
        only = date(int(year[0]), month, day)
        return only, only
    return _of_year(month, day, today)


def _end_of(match: re.Match[str], today: date) -> tuple[date, date]:
    what = re.sub(r"^(?:the|this|der|des|du)\s+", "", match["end_what"])
    if what in ("day", "business", "play"):
        return today, today
    if what in ("week", "woche"):
        return _end_of_week(today), today
    if what == "next week":
        return _this_week(_FRIDAY, today, 1), today
    if what == "year":
        return date(today.year, 12, 31), today
    if what == "next month":
        return _month_end(_month_after(today, 1)), today
    first = _in_month(what, today) if what in MONTHS else today.replace(day=1)
    return _month_end(first), today


def _end_of_week(today: date) -> date:
    """Friday; on a Saturday or Sunday the week that comes is meant."""
    friday = _this_week(_FRIDAY, today)
    return friday if friday >= today else friday + timedelta(days=7)


def _mid(match: re.Match[str], today: date) -> tuple[date, None]:
    what = match["mid_what"]
    if what in MONTHS:
        return _in_month(what, today).replace(day=_MID_MONTH), None
    if what == "month" and today.day <= _MID_MONTH:
        return today.replace(day=_MID_MONTH), None
    return _month_after(today, 1).replace(day=_MID_MONTH), None


def _start_of(match: re.Match[str], today: date) -> tuple[date, None]:
    what = match["start_what"]
    return (_in_month(what, today) if what in MONTHS else _month_after(today, 1)), None


def _weekend(match: re.Match[str], today: date) -> tuple[date, date]:
    sunday = _this_week(_SUNDAY, today)
    later = (match["which_weekend"] or "").startswith("next")
    return sunday + timedelta(days=7 * later), sunday - timedelta(days=7)


def _week_after(match: re.Match[str], today: date) -> tuple[date, None]:
    name = match["week_after_day"] or match["day_week"]
    weeks = {"two": 2, "2": 2, "three": 3, "3": 3}.get(match["how_many"] or "", 1)
    weeks *= 2 if "fortnight" in (match["weeks"], match["weeks_after"]) else 1
    near = {"today": today, "tomorrow": today + timedelta(days=1)}
    begin = near[name] if name in near else _weekday_after(WEEKDAYS[name], today)
    return begin + timedelta(days=7 * weeks), None


def _last(match: re.Match[str], today: date) -> tuple[None, date]:
    name = match["last_which"] or match["last_after"]
    if name == "night":
        return None, today - timedelta(days=1)
    if name == "week":
        return None, _this_week(_FRIDAY, today, -1)
    if name == "month":
        return None, today.replace(day=1) - timedelta(days=1)
    return None, _weekday_before(WEEKDAYS[name], today)


def _next_day(match: re.Match[str], today: date) -> tuple[date, None]:
    return _this_week(WEEKDAYS[match["next_which"] or match["next_after"]], today, 1), None


def _weekday(match: re.Match[str], today: date) -> tuple[date, date]:
    weekday = WEEKDAYS[match["weekday"]]
    return _weekday_after(weekday, today), _weekday_before(weekday, today)


def _ordinal(match: re.Match[str], today: date, name: str) -> tuple[date, date]:
    number = re.search(r"\d+", match[name])
    return _of_month(int(number[0]) if number else ORDINALS[match[name].split()[-1]], today)


def _span(match: re.Match[str], today: date) -> tuple[date, None]:
    return _after(_whole_number(match["number"]), match["unit"], today, working=bool(match["working"])), None


def _ago(match: re.Match[str], today: date) -> tuple[None, date]:
    days = _after(_whole_number(match["ago_number"]), match["ago_unit"], today) - today
    return None, today - days


def _iso(match: re.Match[str], today: date) -> tuple[date, date]:
    del today
    only = date(*map(int, match["iso"].split("-")))
    return only, only


_RESOLVERS: Mapping[str, _Resolve] = {
    "iso": _iso,
    "numeric": _iso,
    "day_month": lambda match, today: _named(match, today, "day_month"),
    "month_day": lambda match, today: _named(match, today, "month_day"),
    "end_of": _end_of,
    "eom": lambda _, today: (_month_end(today), today),
    "eow": lambda _, today: (_end_of_week(today), today),
    "mid": _mid,
    "start_of": _start_of,
    "next_week": lambda _, today: (_this_week(_FRIDAY, today, 1), None),
    "this_week": lambda _, today: (_end_of_week(today), today),
    "next_month": lambda _, today: (_month_end(_month_after(today, 1)), None),
    "weekend": _weekend,
    "week_after": _week_after,
    "last_day": _last,
    "next_day": _next_day,
    "day_ordinal": lambda match, today: _ordinal(match, today, "of_month"),
    "weekday": _weekday,
    "ordinal": lambda match, today: _ordinal(match, today, "ordinal"),
    "after_tomorrow": lambda _, today: (today + timedelta(days=2), None),
    "tomorrow": lambda _, today: (today + timedelta(days=1), None),
    "today": lambda _, today: (today, today),
    "yesterday": lambda _, today: (None, today - timedelta(days=1)),
    "ago": _ago,
    "span": _span,
    "fortnight": lambda _, today: (today + timedelta(days=14), None),
}


def _joined(text: str, found: list[Mention], today: date) -> list[Mention]:
    """Days that are given as a range are one, its last; so are a time of the day and its day."""
    joined: list[Mention] = []
    for mention in found:
        before = joined[-1] if joined else None
        if before is not None:
            between = text[before.end : mention.start]
            if _JOIN.fullmatch(between) and before.day and mention.day:
                later = max(before.day, mention.day)
                joined[-1] = Mention(before.start, mention.end, later, mention.past)
                continue
            if _CLOSE.fullmatch(between) and today in (before.day, mention.day):
                joined[-1] = _both(before, mention, today)
                continue
        joined.append(mention)
    return joined


def _both(one: Mention, other: Mention, today: date) -> Mention:
    """As in "COB tomorrow": the one that is not today says which day."""
    telling = other if one.day == today else one
    return Mention(one.start, other.end, telling.day, telling.past)


def ends_before(text: str, mention: Mention) -> bool:
    """Whether the text says "before" a day: it is then meant to be done the day before."""
    return (
        re.search(r"\b(?:before|vor|avant|antes\s+del?)\s+(?:the\s+|dem\s+|le\s+)?$", text[: mention.start])
        is not None
    )


def iterate_days(found: list[Mention]) -> Iterator[date]:
    """The days to come among mentions."""
    return (mention.day for mention in found if mention.day is not None)
