"""What a call came to is taken as if the client had written it; what cannot be meant is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tactful.domain.calls.outcome import MEANINGS, Called, CallOutcome
from tactful.domain.replies.message import Intent, Scope
from tests.support.builders import money

FRIDAY = date(2026, 3, 20)
OWED = [money(100_00)]


def called(outcome: CallOutcome, **more: object) -> Called:
    return Called(outcome, "Bea", **more)  # type: ignore[arg-type]


def test_every_outcome_has_a_meaning() -> None:
    assert set(MEANINGS) == set(CallOutcome)
    assert [one for one, meaning in MEANINGS.items() if meaning.intent is None] == [CallOutcome.NO_ANSWER]


def test_a_promise_of_a_part_has_its_day_and_its_amount_in_the_currency_that_is_due() -> None:
    said = called(CallOutcome.PROMISED, day=FRIDAY, amount="40.00", invoices=("INV-1",)).understood(OWED)
    assert said is not None
    assert (said.primary, said.facts.promise_date) == (Intent.PROMISE_TO_PAY, FRIDAY)
    assert (said.facts.amount_minor, said.facts.currency) == (40_00, "GBP")
    assert said.facts.invoices == ("INV-1",)
    assert said.because == {Intent.PROMISE_TO_PAY: "said in a call: promised"}


def test_a_day_is_that_of_the_payment_or_the_one_that_was_asked_for() -> None:
    paid = called(CallOutcome.PAID, day=FRIDAY, reference="ABC").understood(OWED)
    time = called(CallOutcome.WANTS_TIME, day=FRIDAY).understood(OWED)
    assert paid is not None
    assert time is not None
    assert (paid.facts.paid_date, paid.facts.payment_ref, paid.facts.promise_date) == (FRIDAY, "ABC", None)
    assert (time.facts.requested_date, time.facts.promise_date) == (FRIDAY, None)


@pytest.mark.parametrize(
    ("outcome", "scope"), [(CallOutcome.NO_CALLS, Scope.PHONE), (CallOutcome.NO_CONTACT, Scope.ALL)]
)
def test_whoever_wants_to_be_left_alone_says_of_what(outcome: CallOutcome, scope: Scope) -> None:
    said = called(outcome).understood(OWED)
    assert said is not None
    assert (said.primary, said.facts.opt_out_scope) == (Intent.OPT_OUT, scope)


def test_a_call_that_reached_nobody_means_nothing() -> None:
    assert called(CallOutcome.NO_ANSWER, note="engaged").understood(OWED) is None


@pytest.mark.parametrize(
    ("outcome", "told", "said"),
    [
        (CallOutcome.PROMISED, {}, r"promised \(will pay by a day\) needs --on"),
        (CallOutcome.DISPUTED, {}, r"disputed \(disputes it\) needs --note"),
        (CallOutcome.OTHER_CONTACT, {}, "needs --email, --phone or --note"),
        (CallOutcome.NO_ANSWER, {"day": FRIDAY}, "--on does not go with no_answer"),
        (CallOutcome.OTHER, {"note": "x" * 501}, "a note of 501 letters: at most 500 are kept"),
        (
            CallOutcome.LAWYER,
            {"amount": "4", "invoices": ("I",)},
            "--amount, --invoice does not go with lawyer",
        ),
    ],
)
def test_an_outcome_is_refused_that_lacks_something_or_is_told_too_much(
    outcome: CallOutcome, told: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        called(outcome, **told)


@pytest.mark.parametrize(
    ("amount", "owed", "said"),
    [
        ("40", [money(1), money(1, "EUR")], "something is due in several currencies: leave out --amount"),
        ("40", [], "nothing is due: leave out --amount"),
        ("0.00", OWED, "is no amount that can be paid"),
        ("a lot", OWED, "a lot"),
        ("40.005", OWED, "40.005"),
    ],
)
def test_an_amount_that_is_none_is_refused(amount: str, owed: list[object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        called(CallOutcome.PROMISED, day=FRIDAY, amount=amount).understood(owed)  # type: ignore[arg-type]
