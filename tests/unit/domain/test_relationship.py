from __future__ import annotations

import pytest

from tactful.domain.book.record import PaymentRecord
from tactful.domain.dunning.relationship import Relationship, ToneRules, relationship_of

RULES = ToneRules()


def a_record(**facts: float) -> PaymentRecord:
    return PaymentRecord(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("record", "days_late", "expected"),
    [
        (a_record(), 5, Relationship.NEW),
        (a_record(promises_broken=2, promises_kept=1), 5, Relationship.BROKEN_PROMISES),
        (a_record(promises_broken=2, promises_kept=2), 5, Relationship.NEW),
        (a_record(promises_broken=1), 5, Relationship.NEW),
        (a_record(promises_broken=2, disputes=1), 5, Relationship.BROKEN_PROMISES),
        (a_record(disputes=1), 5, Relationship.DISPUTED_BEFORE),
        (a_record(disputes=1, settled=9, on_time=9), 5, Relationship.DISPUTED_BEFORE),
        (a_record(settled=5, on_time=4, mean_days_late=1.0), 99, Relationship.LOYAL),
        (a_record(settled=5, on_time=3, mean_days_late=40.0), 5, Relationship.ORDINARY),
        (a_record(settled=4, on_time=4), 5, Relationship.ORDINARY),
        (a_record(settled=4, on_time=4), 0, Relationship.SLOW_BUT_PAYS),
        (a_record(settled=3, mean_days_late=30.0, spread_days_late=4.0), 34, Relationship.SLOW_BUT_PAYS),
        (a_record(settled=3, mean_days_late=30.0, spread_days_late=4.0), 35, Relationship.ORDINARY),
        (a_record(settled=3, mean_days_late=30.5), 5, Relationship.ORDINARY),
        (a_record(settled=2, mean_days_late=10.0), 5, Relationship.ORDINARY),
    ],
)
def test_a_payment_record_makes_a_client_one_kind_of_payer(
    record: PaymentRecord, days_late: int, expected: Relationship
) -> None:
    assert relationship_of(record, RULES, days_late) is expected


def test_the_limits_of_the_kinds_are_the_policys() -> None:
    rules = ToneRules(
        loyal_settled=2,
        loyal_on_time_percent=50,
        slow_settled=1,
        slow_at_most_days=5,
        broken_at_least=1,
    )
    assert relationship_of(a_record(promises_broken=1), rules, 0) is Relationship.BROKEN_PROMISES
    assert relationship_of(a_record(settled=2, on_time=1, mean_days_late=9.0), rules, 0) is Relationship.LOYAL
    assert relationship_of(a_record(settled=1, mean_days_late=5.0), rules, 5) is Relationship.SLOW_BUT_PAYS
    assert relationship_of(a_record(settled=1, mean_days_late=5.5), rules, 5) is Relationship.ORDINARY


def test_each_kind_of_payer_moves_the_tone_by_its_own_step() -> None:
    rules = ToneRules(new=1, loyal=-1, slow_but_pays=0, broken_promises=1, disputed_before=-1)
    assert {kind: rules.step(kind) for kind in Relationship} == {
        Relationship.NEW: 1,
        Relationship.LOYAL: -1,
        Relationship.SLOW_BUT_PAYS: 0,
        Relationship.BROKEN_PROMISES: 1,
        Relationship.DISPUTED_BEFORE: -1,
        Relationship.ORDINARY: 0,
    }


def test_by_default_only_broken_promises_make_a_message_stronger() -> None:
    assert [kind for kind in Relationship if RULES.step(kind) > 0] == [Relationship.BROKEN_PROMISES]
    assert RULES.step(Relationship.NEW) == 0
    assert RULES.step(Relationship.LOYAL) == RULES.step(Relationship.SLOW_BUT_PAYS) == -1
