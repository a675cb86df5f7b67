"""Hypothesis strategies for policies, calendars and books, small enough that unlikely things meet."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel, Contact, Customer, Purpose, Role
from tactful.domain.book.invoice import Discount, Invoice, InvoiceKind, InvoiceState
from tactful.domain.book.money import Money
from tactful.domain.dunning.calendar import Calendar, no_zones
from tactful.domain.dunning.limits import WEEKDAYS
from tactful.domain.dunning.policy import Policy
from tactful.domain.dunning.stage import StageKind
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
STATES = (*[InvoiceState.OPEN] * 20, *InvoiceState)
"""Most invoices are open."""
STATED = tuple(state for state in STATES if state is not InvoiceState.PRESUMED_SETTLED)
"""What a file can say that an invoice is."""
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


_KINDS = (*[StageKind.MESSAGE] * 20, StageKind.CALL, StageKind.LETTER, *StageKind)
"""Most stages are messages."""

# What a policy may have besides, by what it is about.
_FEATURES: dict[str, dict[str, object]] = {
    "large old debts are approved": {"approve_old_debt": {"older_than_days": 20, "over": {"GBP": 50_00}}},
    "approvals are short": {"approval_valid_days": 1},
    "discounts are mentioned": {"discount_notice_days": 3},
    "new clients are welcomed": {"welcome": {"clients_from": "2026-01-01", "within_days": 14}},
    "old books are not chased": {"book_at_most_days_old": 10},
    "an SMS needs consent": {"sms_needs_consent": True},
    "few SMS": {"channel_caps": [{"channel": "sms", "contacts": 1, "days": 10}]},
    "two caps": {"further_caps": [{"contacts": 3, "days": 20}]},
    "grace": {"grace_days": 4},
    "mild words are said again soon": {"catch_up_days": 2},
    "a segment of its own": {
        "segments": {"vip": {"minimum_gap_days": 6, "first_contact_tone": "friendly", "ladder": "other"}}
    },
    "a customer of its own": {"customers": {"C-2": {"cap": {"contacts": 1, "days": 9}, "grace_days": 2}}},
    "invoices of their own": {"invoices": {"C-1-0": {"chase": False}, "C-2-0": {"ladder": "other"}}},
    "deposits": {"ladder_by_kind": {"deposit": "other"}},
    "new clients are told more firmly": {"tone_rules": {"new": 1}},
    "records count soon": {"tone_rules": {"loyal_settled": 1, "slow_settled": 1, "broken_at_least": 1}},
    "consumers go to collections": {"collections_for_consumers": True},
    "a careful country": {
        "packs": [
            {
                "name": "careful",
                "title": "Whoever is careful",
                "countries": ["GB"],
                "rules": [
                    {"source": "what careful people do", "final_needs_approval": True},
                    {"source": "what careful people do", "sms_needs_consent": True, "consumers_only": True},
                    {"source": "what careful people do", "first_contact_tone": "friendly"},
                    {"source": "what careful people do", "minimum_gap_days": 4},
                    {
                        "source": "what careful people do",
                        "channel_cap": {"channel": "email", "contacts": 2, "days": 15},
                    },
                ],
            }
        ]
    },
}


@st.composite
def stages(draw: st.DrawFn) -> list[dict[str, object]]:
    days = sorted(draw(st.sets(st.integers(-8, 30), min_size=1, max_size=5)))
    kinds = draw(st.lists(st.sampled_from(_KINDS), min_size=len(days), max_size=len(days)))
    tones = sorted(
        draw(st.lists(st.sampled_from(Tone), min_size=len(days), max_size=len(days))),
        key=lambda tone: tone.strength,
    )
    ladder: list[dict[str, object]] = []
    for number, (day, kind, tone) in enumerate(zip(days, kinds, tones, strict=True)):
        stage: dict[str, object] = {"name": f"stage_{number}", "days": day, "kind": kind}
        if kind is StageKind.MESSAGE:
            stage |= {"tone": tone, "channels": draw(_CHANNELS), "role": draw(st.sampled_from(Role))}
            stage["approval"] = draw(st.integers(0, 5)) == 0
        ladder.append(stage)
    contacts_made = [stage for stage in ladder if StageKind(str(stage["kind"])).contacts_the_client]
    if contacts_made and draw(st.integers(0, 3)) == 0:
        contacts_made[-1]["repeat"] = {
            "every_days": draw(st.integers(1, 9)),
            "times": draw(st.integers(1, 2)),
        }
    return ladder


def windows() -> st.SearchStrategy[dict[str, str]]:
    """Windows by day: no clock changes between four in the morning and midnight."""
    hours = st.builds(
        lambda start, length: f"{start:02d}:00-{start + length - 1:02d}:59",
        st.integers(5, 12),
        st.integers(1, 10),
    )
    return st.dictionaries(st.sampled_from(WEEKDAYS), hours, min_size=1)


def policies() -> st.SearchStrategy[Policy]:
    def built(features: set[str], other: list[dict[str, object]], **values: object) -> Policy:
        for feature in sorted(features):
            values |= _FEATURES[feature]
        return Policy.model_validate(policy_values(ladders={"other": other}, **values))

    return st.builds(
        built,
        st.sets(st.sampled_from(sorted(_FEATURES)), min_size=2, max_size=9),
        stages(),
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


def _two_zones(code: str) -> tuple[str, ...]:
    """A country whose clients may live by one of two clocks."""
    return ("Europe/London", "America/New_York") if code == "GB" else ()


def calendars() -> st.SearchStrategy[Calendar]:
    return st.builds(
        lambda zone, holidays, zones: Calendar(
            ZoneInfo(zone), "GB", holidays_on(*holidays), country_zones=zones
        ),
        st.sampled_from(ZONES),
        st.sets(days_near(), max_size=3),
        st.sampled_from((no_zones, no_zones, no_zones, _two_zones)),
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
        sms_consent=st.sampled_from((None, None, True, False)),
    )


def invoices(number: str, start: date = DAYS[0]) -> st.SearchStrategy[Invoice]:
    def built(
        off: int, minor: int, currency: str, state: InvoiceState, kind: InvoiceKind, extra: int | None
    ) -> Invoice:
        amount, due = Money(minor, currency), start + timedelta(days=off)
        settled = due + timedelta(days=extra or 0) if state is InvoiceState.PAID else None
        return Invoice(
            number,
            due,
            amount,
            amount,
            Money(0, currency),
            state,
            issue_date=None if extra is None else due - timedelta(days=14 if off < 0 else off + 1),
            kind=kind,
            discount=Discount(Money(1_00, currency), due + timedelta(days=extra)) if extra else None,
            settled_on=settled,
            was_disputed=extra == 2,
        )

    return st.builds(
        built,
        st.sampled_from((-40, -21, -10, -3, -1, 0, 1, 5, 20)),
        st.sampled_from((100_00, 100_00, 70_00, 70_00, 4_00, -30_00)),
        st.sampled_from(("GBP", "GBP", "EUR")),
        st.sampled_from(STATES),
        st.sampled_from((InvoiceKind.STANDARD, InvoiceKind.STANDARD, InvoiceKind.DEPOSIT)),
        st.sampled_from((None, 0, 2, 9, -4)),
    )


@st.composite
def accounts(draw: st.DrawFn, customer_id: str, start: datetime) -> Account:
    customer = Customer(
        customer_id,
        "Client",
        tuple(draw(st.lists(contacts(), min_size=1, max_size=2))),
        "GB",
        draw(st.sampled_from(("", *ZONES))),
        segment=draw(st.sampled_from(("", "vip"))),
        purpose=draw(st.sampled_from(Purpose)),
    )
    count = draw(st.integers(1, 3))
    book = tuple(draw(invoices(f"{customer_id}-{number}", start.date())) for number in range(count))
    return Account(customer, book, addresses=address_records(customer), book_as_of=start - timedelta(days=1))
