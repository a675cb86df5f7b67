"""Hypothesis strategies for policies, calendars and books, small enough that unlikely things meet."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel, Contact, Customer, Role
from tactful.domain.book.invoice import Invoice, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.limits import WEEKDAYS
from tactful.domain.dunning.policy import Policy
from tests.support.builders import address_records, holidays_on, policy_values

# The clocks of most of these zones change within the weeks that start on one of the DAYS.
ZONES = (
    "Pacific/Niue",
    "America/New_York",
    "America/Santiago",
    "Europe/London",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
)
DAYS = (date(2026, 3, 2), date(2026, 3, 23), date(2026, 8, 31), date(2026, 10, 19), date(2026, 12, 21))
EMAILS = ("ann@one.example", "bob@two.example", "office@shared.example")
PHONES = ("+441632960001", "+441632960002")
STATES = (*[InvoiceState.OPEN] * 8, *InvoiceState)
"""Most invoices are open."""
CUSTOMER_IDS = ("C-1", "C-2")

_CHANNELS = st.sampled_from(
    [
        (Channel.EMAIL, Channel.SMS),
        (Channel.SMS, Channel.EMAIL),
        (Channel.EMAIL, Channel.SMS),
        (Channel.SMS, Channel.EMAIL),
        (Channel.EMAIL,),
        (Channel.SMS,),
        (Channel.PERSON,),
        (Channel.EMAIL, Channel.PERSON),
    ]
)


@st.composite
def stages(draw: st.DrawFn) -> list[dict[str, object]]:
    days = sorted(draw(st.sets(st.integers(-8, 30), min_size=1, max_size=5)))
    tones = sorted(
        draw(st.lists(st.sampled_from(Tone), min_size=len(days), max_size=len(days))),
        key=lambda tone: tone.strength,
    )
    return [
        {"name": f"stage_{number}", "days": day, "tone": tone, "channels": draw(_CHANNELS)}
        for number, (day, tone) in enumerate(zip(days, tones, strict=True))
    ]


def windows() -> st.SearchStrategy[dict[str, dict[str, time]]]:
    """Windows by day: no clock changes between four in the morning and midnight."""
    hours = st.builds(
        lambda start, length: {"start": time(start), "end": time(start + length - 1, 59)},
        st.integers(5, 12),
        st.integers(1, 10),
    )
    return st.dictionaries(st.sampled_from(WEEKDAYS), hours, min_size=1)


def policies() -> st.SearchStrategy[Policy]:
    return st.builds(
        lambda **values: Policy.model_validate(policy_values(**values)),
        stages=stages(),
        first_contact_tone=st.sampled_from(Tone),
        minimum_gap_days=st.integers(1, 5),
        cap=st.fixed_dictionaries({"contacts": st.integers(1, 3), "days": st.integers(1, 14)}),
        contact_window=windows(),
        closed_days=st.sets(days_near(), max_size=3),
        minimum_amounts=st.sampled_from([{}, {"GBP": 500}, {"GBP": 60_00, "EUR": 10_00}]),
        thanks_expire_after_days=st.integers(1, 10),
        pay_to=st.sampled_from([{"GBP": ("Bank",), "EUR": ("Bank",)}, {"GBP": ("Bank",)}]),
    )


def days_near() -> st.SearchStrategy[date]:
    return st.builds(lambda day, off: day + timedelta(days=off), st.sampled_from(DAYS), st.integers(0, 30))


def calendars() -> st.SearchStrategy[Calendar]:
    return st.builds(
        lambda zone, holidays: Calendar(ZoneInfo(zone), "GB", holidays_on(*holidays)),
        st.sampled_from(ZONES),
        st.sets(days_near(), max_size=3),
    )


@st.composite
def starts(draw: st.DrawFn) -> datetime:
    day = draw(st.sampled_from(DAYS))
    return datetime.combine(day, time(), UTC) + timedelta(minutes=15 * draw(st.integers(0, 96 * 7)))


def contacts() -> st.SearchStrategy[Contact]:
    return st.builds(
        Contact,
        name=st.just("Somebody"),
        role=st.sampled_from(Role),
        email=st.sampled_from((*EMAILS, "")),
        phone=st.sampled_from((*PHONES, "")),
    )


def invoices(number: str, start: date = DAYS[0]) -> st.SearchStrategy[Invoice]:
    def built(off: int, minor: int, currency: str, state: InvoiceState) -> Invoice:
        amount = Money(minor, currency)
        return Invoice(number, start + timedelta(days=off), amount, amount, Money(0, currency), state)

    return st.builds(
        built,
        st.sampled_from((-40, -21, -10, -3, -1, 0, 1, 5, 20)),
        st.sampled_from((100_00, 100_00, 70_00, 70_00, 4_00, -30_00)),
        st.sampled_from(("GBP", "GBP", "EUR")),
        st.sampled_from(STATES),
    )


@st.composite
def accounts(draw: st.DrawFn, customer_id: str, start: date) -> Account:
    customer = Customer(
        customer_id,
        "Client",
        tuple(draw(st.lists(contacts(), min_size=1, max_size=2))),
        "GB",
        draw(st.sampled_from(("", *ZONES))),
    )
    count = draw(st.integers(1, 3))
    book = tuple(draw(invoices(f"{customer_id}-{number}", start)) for number in range(count))
    return Account(customer, book, addresses=address_records(customer))
