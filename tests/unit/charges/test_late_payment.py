"""Known answers of charges for late payment, worked out by hand or taken from official examples."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tactful.domain.book.customer import Purpose
from tactful.domain.book.money import Money, MoneyError
from tactful.domain.charges.late_payment import ChargeRefusedError, Debt, Pause, RefusalCode, charges_for
from tactful.domain.charges.rules import ChargeRules
from tactful.domain.charges.working import working_of
from tests.unit.charges.shipped import rules

POUNDS_1000 = Money(100_000, "GBP")
EUROS_1000 = Money(100_000, "EUR")
MARCH_1 = date(2026, 3, 1)


def contract(**values: object) -> ChargeRules:
    return ChargeRules.model_validate({"title": "clause 7", "sources": ["our terms"], "rate": "12", **values})


def test_a_thousand_pounds_from_march_to_november_2026() -> None:
    charges = charges_for(Debt(POUNDS_1000, MARCH_1), rules("uk"), date(2026, 11, 22))
    assert charges.days == 266
    assert charges.percent == Decimal("11.75")
    assert charges.daily.quantize(Decimal("0.0001")) == Decimal("0.3219")
    assert charges.interest == Money(8563, "GBP")
    assert charges.fixed_sum == Money(7000, "GBP")
    assert charges.total == Money(15563, "GBP")


def test_the_example_of_the_british_government_with_a_bank_rate_of_a_half() -> None:
    """gov.uk, "Late commercial payments: charging interest and debt recovery": GBP 85 a year, 23p a day.

    It goes on with the rounded day, 50 x 23p = GBP 11.50; here the sum is rounded, and not the day: GBP 11.64.
    """
    example = rules("uk").model_copy(update={"reference": None, "margin": None, "rate": Decimal("8.5")})
    debt = Debt(POUNDS_1000, date(2025, 1, 1))
    assert charges_for(debt, example, date(2026, 1, 1)).accrued == Money(8500, "GBP")
    fifty_days = charges_for(debt, example, date(2025, 2, 20))
    assert fifty_days.days == 50
    assert fifty_days.daily.quantize(Decimal("0.01")) == Decimal("0.23")
    assert fifty_days.accrued == Money(1164, "GBP")


@pytest.mark.parametrize(
    ("minor", "fixed"),
    [(1, 4000), (99_999, 4000), (100_000, 7000), (999_999, 7000), (1_000_000, 10_000), (10**12, 10_000)],
)
def test_the_british_fixed_sum_goes_by_the_size_of_the_debt(minor: int, fixed: int) -> None:
    """Late Payment of Commercial Debts (Interest) Act 1998, s. 5A(2)."""
    charges = charges_for(Debt(Money(minor, "GBP"), MARCH_1), rules("uk"), date(2026, 3, 2))
    assert charges.fixed_sum == Money(fixed, "GBP")


def test_a_part_that_was_paid_in_time_does_not_count_for_the_fixed_sum() -> None:
    debt = Debt(POUNDS_1000, MARCH_1, payments=((date(2026, 2, 20), Money(1, "GBP")),))
    assert charges_for(debt, rules("uk"), date(2026, 3, 2)).fixed_sum == Money(4000, "GBP")


def test_the_british_rate_stays_what_it_was_when_interest_began() -> None:
    """SI 2002/1675, art. 4: 4.75 % on 31 December 2024 counts although the Bank Rate fell in 2025."""
    charges = charges_for(Debt(POUNDS_1000, date(2025, 6, 29)), rules("uk"), date(2025, 12, 31))
    assert [part.percent for part in charges.segments] == [Decimal("12.75")]
    begun_in_july = charges_for(Debt(POUNDS_1000, date(2025, 6, 30)), rules("uk"), date(2025, 12, 31))
    assert begun_in_july.percent == Decimal("12.25")


def test_the_european_rate_changes_with_each_half_year() -> None:
    """Directive 2011/7/EU, art. 2(7): 3.15 + 8 in the first half of 2025, 2.15 + 8 in the second."""
    charges = charges_for(Debt(EUROS_1000, date(2025, 5, 31)), rules("eu"), date(2025, 7, 31))
    assert [(part.days, part.percent) for part in charges.segments] == [
        (30, Decimal("11.15")),
        (31, Decimal("10.15")),
    ]
    assert charges.accrued == Money(1778, "EUR")
    assert charges.fixed_sum == Money(4000, "EUR")


def test_a_leap_year_has_366_days_where_days_are_counted_as_they_are() -> None:
    charges = charges_for(Debt(EUROS_1000, date(2023, 12, 30)), rules("de"), date(2024, 1, 1))
    assert [(part.days, part.days_in_year) for part in charges.segments] == [(1, 365), (1, 366)]


@pytest.mark.parametrize(
    ("name", "percent"), [("eu", "10.15"), ("de", "10.27"), ("fr", "12.15"), ("es", "10.15"), ("uk", "11.75")]
)
def test_the_rate_of_the_first_half_of_2026(name: str, percent: str) -> None:
    debt = Debt(Money(100_000, "GBP" if name == "uk" else "EUR"), date(2026, 2, 1))
    assert charges_for(debt, rules(name), date(2026, 3, 1)).percent == Decimal(percent)


def test_a_rate_that_nobody_entered_is_refused_with_its_file_and_where_it_is_found() -> None:
    with pytest.raises(ChargeRefusedError) as caught:
        charges_for(Debt(EUROS_1000, MARCH_1), rules("eu"), date(2026, 7, 1))
    assert caught.value.code is RefusalCode.RATE_MISSING
    assert str(caught.value).startswith(
        "Directive 2011/7/EU on late payment: nobody entered the ECB main refinancing rate for 2026-H2, which "
        "counts from 2026-07-01; look it up (ecb.europa.eu"
    )
    assert str(caught.value).endswith("add it to reference.percent in " + rules("eu").file)
    assert rules("eu").file.endswith("templates/charges/eu.yaml")


def test_interest_before_the_rate_that_is_missing_is_not_refused() -> None:
    assert charges_for(Debt(EUROS_1000, MARCH_1), rules("eu"), date(2026, 6, 30)).days == 121


@pytest.mark.parametrize("purpose", [Purpose.CONSUMER, Purpose.UNKNOWN])
def test_nobody_is_charged_by_a_law_between_businesses_who_may_be_a_consumer(purpose: Purpose) -> None:
    with pytest.raises(ChargeRefusedError) as caught:
        charges_for(Debt(POUNDS_1000, MARCH_1, purpose=purpose), rules("uk"), date(2026, 4, 1))
    assert caught.value.code is RefusalCode.CONSUMER


def test_a_consumer_is_charged_where_the_contract_says_so() -> None:
    debt = Debt(POUNDS_1000, MARCH_1, purpose=Purpose.CONSUMER)
    assert charges_for(debt, contract(for_consumers=True), date(2026, 4, 1)).interest.minor == 1019


def test_a_fixed_sum_is_not_taken_for_one_of_another_currency() -> None:
    with pytest.raises(ChargeRefusedError, match="its fixed sum is in GBP, not in USD") as caught:
        charges_for(Debt(Money(100_000, "USD"), MARCH_1), rules("uk"), date(2026, 4, 1))
    assert caught.value.code is RefusalCode.CURRENCY


@pytest.mark.parametrize("until", [date(2026, 2, 28), MARCH_1])
def test_what_is_not_late_is_not_charged(until: date) -> None:
    charges = charges_for(Debt(POUNDS_1000, MARCH_1), rules("uk"), until)
    assert (charges.days, charges.total, charges.segments) == (0, Money(0, "GBP"), ())


def test_a_payment_lowers_what_interest_runs_on_from_the_day_after_it() -> None:
    debt = Debt(POUNDS_1000, MARCH_1, payments=((date(2026, 3, 11), Money(40_000, "GBP")),))
    charges = charges_for(debt, contract(), date(2026, 3, 21))
    assert [(part.days, part.principal.minor) for part in charges.segments] == [(10, 100_000), (10, 60_000)]
    assert charges.left == Money(60_000, "GBP")


def test_what_is_paid_in_full_carries_no_more_interest() -> None:
    debt = Debt(POUNDS_1000, MARCH_1, payments=((date(2026, 3, 11), POUNDS_1000),))
    charges = charges_for(debt, contract(), date(2026, 12, 31))
    assert (charges.days, charges.left.minor) == (10, 0)
    assert charges.daily == 0


def test_days_of_a_dispute_that_was_our_fault_carry_no_interest() -> None:
    debt = Debt(POUNDS_1000, MARCH_1, pauses=(Pause(date(2026, 3, 5), date(2026, 3, 14)),))
    charges = charges_for(debt, contract(), date(2026, 3, 21))
    assert charges.days == 10
    assert charges.accrued == Money(329, "GBP")


def test_an_invoice_that_was_disputed_all_the_time_through_our_fault_carries_no_charge_at_all() -> None:
    debt = Debt(POUNDS_1000, MARCH_1, pauses=(Pause(date(2026, 1, 1), date(2026, 12, 31)),))
    assert charges_for(debt, rules("uk"), date(2026, 6, 1)).total == Money(0, "GBP")


def test_what_was_claimed_before_is_not_claimed_again() -> None:
    until = date(2026, 11, 22)
    debt = Debt(
        POUNDS_1000,
        MARCH_1,
        claimed_until=date(2026, 6, 1),
        claimed=Money(2962, "GBP"),
        fixed_sum_claimed=True,
    )
    charges = charges_for(debt, rules("uk"), until)
    assert charges.interest == Money(8563 - 2962, "GBP")
    assert charges.fixed_sum == Money(0, "GBP")
    assert charges.accrued == Money(8563, "GBP")


def test_a_rate_for_a_month_is_a_twelfth_of_a_year_and_one_for_a_day_counts_each_day() -> None:
    monthly = charges_for(Debt(POUNDS_1000, MARCH_1), contract(rate="1.5", per="month"), date(2027, 3, 1))
    assert monthly.accrued == Money(18_000, "GBP")
    daily = contract(rate="0.03", per="day", day_count="actual/360")
    assert charges_for(Debt(POUNDS_1000, MARCH_1), daily, date(2026, 3, 11)).accrued == Money(300, "GBP")


def test_a_rate_above_what_the_law_allows_is_cut() -> None:
    capped = contract(rate="2", per="month", most_percent_a_year="18")
    assert charges_for(Debt(POUNDS_1000, MARCH_1), capped, date(2026, 4, 1)).percent == 18


def test_a_fee_without_interest_is_charged_once() -> None:
    fee = ChargeRules.model_validate(
        {"title": "clause 7", "sources": ["our terms"], "fixed_sums": {"GBP": [{"sum": "25"}]}}
    )
    charges = charges_for(Debt(POUNDS_1000, MARCH_1), fee, date(2026, 9, 1))
    assert (charges.interest.minor, charges.fixed_sum.minor) == (0, 2500)


def test_all_charges_together_stay_within_the_cap() -> None:
    capped = contract(cap_percent="10", caps={"GBP": "60"}, fixed_sums={"GBP": [{"sum": "25"}]})
    charges = charges_for(Debt(POUNDS_1000, MARCH_1), capped, date(2027, 3, 1))
    assert charges.is_capped
    assert (charges.fixed_sum.minor, charges.interest.minor, charges.total.minor) == (2500, 3500, 6000)


def test_once_the_cap_is_reached_a_further_day_costs_nothing() -> None:
    capped = contract(cap_percent="1")
    assert charges_for(Debt(POUNDS_1000, MARCH_1), capped, date(2026, 3, 2)).daily > 0
    assert charges_for(Debt(POUNDS_1000, MARCH_1), capped, date(2027, 3, 1)).daily == 0


def test_a_cap_in_another_currency_is_not_taken_for_none() -> None:
    with pytest.raises(ChargeRefusedError, match="its cap is in USD, not in GBP") as caught:
        charges_for(Debt(POUNDS_1000, MARCH_1), contract(caps={"USD": "500"}), date(2026, 4, 1))
    assert caught.value.code is RefusalCode.CURRENCY


def test_exactly_half_a_penny_is_a_penny_however_the_days_are_parted() -> None:
    """GBP 2.50 at 1 % for 365 days is 2.5p; the parts have no end as decimals."""
    gaps = (date(2021, 3, 7), date(2021, 6, 20), date(2021, 8, 3))
    debt = Debt(
        Money(250, "GBP"), date(2021, 1, 1), pauses=tuple(Pause(day, day) for day in gaps), claimed=None
    )
    charges = charges_for(debt, contract(rate="1"), date(2022, 1, 4))
    assert (charges.days, len(charges.segments), charges.accrued.minor) == (365, 4, 3)


def test_a_day_up_to_which_interest_was_claimed_needs_the_amount() -> None:
    with pytest.raises(ValueError, match="claimed until 2026-05-01: say how much"):
        Debt(POUNDS_1000, MARCH_1, claimed_until=date(2026, 5, 1))


def test_more_claimed_before_than_is_due_leaves_nothing_to_claim_and_is_said() -> None:
    debt = Debt(POUNDS_1000, MARCH_1, claimed=Money(5000, "GBP"))
    charges = charges_for(debt, rules("uk"), date(2026, 6, 22))
    assert (charges.interest.minor, charges.accrued.minor) == (0, 3638)
    assert working_of(debt, rules("uk"), charges)[-5:-2] == (
        "Interest so far, rounded once: GBP 36.38",
        "Less GBP 50.00 claimed before: GBP 0.00",
        "GBP 13.62 more was claimed before than is due: take it back.",
    )


def test_what_was_claimed_of_a_debt_that_bears_nothing_is_to_be_taken_back() -> None:
    paused = Pause(date(2026, 2, 1), date(2026, 12, 1))
    debt = Debt(POUNDS_1000, MARCH_1, pauses=(paused,), claimed=Money(1000, "GBP"), fixed_sum_claimed=True)
    charges = charges_for(debt, rules("uk"), date(2026, 6, 1))
    assert working_of(debt, rules("uk"), charges)[-2:] == (
        "GBP 10.00 was claimed before: take it back.",
        "The fixed sum was claimed before: take it back.",
    )


def test_a_further_day_costs_nothing_once_a_cap_is_reached_or_while_it_is_disputed() -> None:
    at_the_cap = contract(rate="36.5", caps={"GBP": "10"})
    reached = charges_for(Debt(POUNDS_1000, MARCH_1), at_the_cap, date(2026, 3, 11))
    assert (reached.accrued.minor, reached.is_capped) == (1000, False)
    assert reached.daily == 0
    paused = Debt(POUNDS_1000, MARCH_1, pauses=(Pause(date(2026, 5, 1), date(2026, 7, 1)),))
    assert charges_for(paused, rules("uk"), date(2026, 6, 1)).daily == 0


def test_a_cap_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="cap_percent"):
        contract(rate="1", cap_percent="-5")


def test_what_happened_after_the_last_day_is_no_part_of_the_working() -> None:
    debt = Debt(
        POUNDS_1000,
        MARCH_1,
        payments=((date(2026, 4, 2), POUNDS_1000),),
        pauses=(Pause(date(2026, 4, 2), date(2026, 4, 9)),),
    )
    lines = working_of(debt, rules("uk"), charges_for(debt, rules("uk"), date(2026, 4, 1)))
    assert not any("paid" in line or "disputed" in line for line in lines)


@pytest.mark.parametrize("name", ["es", "fr"])
def test_the_rates_of_the_european_central_bank_are_the_same_in_every_file(name: str) -> None:
    assert rules(name).reference == rules("eu").reference


@pytest.mark.parametrize("name", ["uk", "eu", "de", "fr", "es"])
def test_between_the_first_and_the_last_rate_of_a_file_no_half_year_is_left_out(name: str) -> None:
    reference = rules(name).reference
    assert reference is not None
    known = sorted(reference.percent)
    years = range(int(known[0][:4]), int(known[-1][:4]) + 1)
    assert known == [
        half for year in years for half in (f"{year}-H1", f"{year}-H2") if known[0] <= half <= known[-1]
    ]


def test_a_base_rate_below_zero_lowers_what_comes_on_top() -> None:
    """BGB § 247: -0.88 % until the end of 2022, so 8.12 % between businesses."""
    assert charges_for(Debt(EUROS_1000, date(2022, 5, 1)), rules("de"), date(2022, 6, 1)).percent == Decimal(
        "8.12"
    )


def test_a_rate_below_zero_is_none() -> None:
    debt = Debt(POUNDS_1000, MARCH_1)
    assert charges_for(debt, contract(rate="-1"), date(2027, 3, 1)).accrued == Money(0, "GBP")


def test_payments_in_another_currency_are_refused() -> None:
    debt = Debt(POUNDS_1000, MARCH_1, payments=((date(2026, 3, 2), EUROS_1000),))
    with pytest.raises(MoneyError):
        charges_for(debt, rules("uk"), date(2026, 4, 1))
