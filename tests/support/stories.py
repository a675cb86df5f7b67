"""Hypothesis strategies for worlds, and for what happens in them."""

from __future__ import annotations

from hypothesis import strategies as st

from tactful.domain.book.account import SuppressionReason
from tactful.domain.book.agreements import (
    Verdict,
)
from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel, Purpose
from tactful.domain.book.payment import PaymentKind
from tests.support.happenings import (
    AddressIsSuppressed,
    ApprovalsAreAnswered,
    BooksArrive,
    BooksReport,
    ContactsChange,
    CustomerIsRestated,
    EverythingIsPaid,
    ExtensionIsGranted,
    Happening,
    HoldIsPut,
    HoldsAreLifted,
    InvoiceAppears,
    MoneyMoves,
    PlanIsAgreed,
    PromiseIsMade,
    ProviderReports,
    SenderActs,
    SnapshotLacksIt,
    SomebodyCalls,
    TimePasses,
    World,
)
from tests.support.pure_sender import Fate, PureSender
from tests.support.random_books import (
    CUSTOMER_IDS,
    EMAILS,
    PHONES,
    STATED,
    ZONES,
    accounts,
    calendars,
    contacts,
    invoices,
    policies,
    starts,
)

_WHICH = st.integers(0, 1)
_NTH = st.integers(0, 3)
_ADDRESSES = [(Channel.EMAIL, email) for email in EMAILS] + [(Channel.SMS, phone) for phone in PHONES]
_NEWS = (ReminderStatus.DELIVERED, ReminderStatus.DELIVERED, ReminderStatus.BOUNCED, ReminderStatus.FAILED)
_FATES = (Fate.DELIVERED, Fate.DELIVERED, Fate.DELIVERED, Fate.ACCEPTED, *Fate)

SUDDEN_EVENTS: st.SearchStrategy[Happening] = st.one_of(
    # The clock may also be set back.
    st.builds(TimePasses, st.sampled_from((1, 2, 40, 96, 96 * 3, 96 * 12, -4, -96))),
    st.builds(
        MoneyMoves, _WHICH, _NTH, st.sampled_from((30_00, 70_00, 100_00)), st.sampled_from(PaymentKind)
    ),
    st.builds(EverythingIsPaid, st.integers(0, 1)),
    st.builds(
        BooksReport,
        _WHICH,
        _NTH,
        st.sampled_from((100, 100, 50, 0)),
        st.sampled_from((0, 0, 1, -5, 10)),
        st.sampled_from(STATED),
        st.sampled_from((0, 0, 48)),
    ),
    st.builds(SnapshotLacksIt, _WHICH, _NTH),
    *[st.builds(InvoiceAppears, _WHICH, invoices("NEW"))] * 4,
    st.builds(ProviderReports, st.integers(0, 20), st.sampled_from(_NEWS)),
    st.builds(AddressIsSuppressed, st.sampled_from(_ADDRESSES), st.sampled_from(SuppressionReason)),
    st.builds(HoldIsPut, _WHICH, st.none() | _NTH, st.sampled_from((1, 30, 24 * 7, None))),
    st.builds(HoldsAreLifted, _WHICH),
    st.builds(PromiseIsMade, _WHICH, _NTH, st.integers(-3, 10), st.booleans()),
    st.builds(
        PlanIsAgreed,
        _WHICH,
        _NTH,
        st.lists(st.integers(-5, 20), min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
    st.builds(ExtensionIsGranted, _WHICH, _NTH, st.integers(-3, 12)),
    st.builds(ApprovalsAreAnswered, _WHICH, st.sampled_from((Verdict.GRANTED, *Verdict))),
    st.builds(SomebodyCalls, _WHICH, st.sampled_from(("call", "email", "sms"))),
    st.builds(BooksArrive, _WHICH),
    st.builds(
        CustomerIsRestated,
        _WHICH,
        st.sampled_from(("", "vip")),
        st.sampled_from(Purpose),
        st.sampled_from(("", "Nowhere/Atlantis", *ZONES)),
    ),
)
_CONTACTS_CHANGE = st.builds(ContactsChange, _WHICH, st.lists(contacts(), max_size=2).map(tuple))
# Not among these: a changed contact. Its old address keeps the contact of a claim that is given back, which
# only makes others who share the address wait.
_MEANWHILE = st.integers(0, 3).flatmap(lambda number: SUDDEN_EVENTS if number == 0 else st.none())
ACTS: st.SearchStrategy[Happening] = st.builds(
    SenderActs, _WHICH, st.sampled_from(_FATES), st.sampled_from((0, 1, 3, 5)), st.booleans(), _MEANWHILE
)


@st.composite
def stories(draw: st.DrawFn, *, most: int = 40) -> tuple[World, list[Happening]]:
    """A world, and what happens in it: most of it is the sender's doing."""
    start = draw(starts())
    sender = PureSender(draw(policies()), draw(calendars()), start)
    for customer_id in CUSTOMER_IDS:
        sender.add(draw(accounts(customer_id, start)))
    events = SUDDEN_EVENTS | _CONTACTS_CHANGE
    step = st.integers(0, 3).flatmap(lambda number: events if number == 0 else ACTS)
    return World(sender, set()), draw(st.lists(step, min_size=most // 2, max_size=most))
