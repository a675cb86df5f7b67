"""`tactful plan`: a calculator, without a stack."""

from __future__ import annotations

import json

import pytest

from tactful.entrypoints.cli import FAULT, OK, USAGE, main

PLAN = ("plan", "--amount", "1000", "--currency", "EUR", "--agreed", "2026-11-02")
THREE = (*PLAN, "--instalments", "3", "--first", "2026-12-01")


def run(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert main(command) == OK, capsys.readouterr().err
    return capsys.readouterr().out


def test_a_plan_is_an_aligned_table_with_what_holds_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *THREE, "--every", "30") == (
        "EUR 1,000.00 in 3 instalments\n"
        "     due           amount    left\n"
        "  1  2026-12-01    333.33  666.67\n"
        "  2  2026-12-31    333.33  333.34\n"
        "  3  2027-02-01    333.34    0.00\n"
        "     sum         1,000.00\n"
        "interest: none\n"
        "if an instalment is missed: only what is behind is asked for\n"
    )


def test_interest_is_stated_line_by_line_and_in_all(capsys: pytest.CaptureFixture[str]) -> None:
    """1,000.00, 666.67 and 333.34 for 29, 34 and 28 days at 5 %: 3.97, 3.11 and 1.28."""
    assert run(capsys, *THREE, "--monthly", "--rate", "5%", "--country", "DE", "--rest-due-after", "14") == (
        "EUR 1,000.00 in 3 instalments\n"
        "     due         principal  interest     total    left\n"
        "  1  2026-12-01     333.33      3.97    337.30  666.67\n"
        "  2  2027-01-04     333.33      3.11    336.44  333.34\n"
        "  3  2027-02-01     333.34      1.28    334.62    0.00\n"
        "     sum          1,000.00      8.36  1,008.36\n"
        "interest: 5 % a year on what is left, EUR 8.36 in all\n"
        "if an instalment is more than 14 days late: all the rest falls due\n"
    )


def test_json_has_all_of_it_in_minor_units(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(run(capsys, *THREE, "--down-payment", "500.00", "--monthly", "--json"))
    assert {name: told[name] for name in ("currency", "debt_minor", "interest_minor", "total_minor")} == {
        "currency": "EUR",
        "debt_minor": 1_000_00,
        "interest_minor": 0,
        "total_minor": 1_000_00,
    }
    assert (told["yearly_rate_percent"], told["rest_due_after_days"]) == ("0", None)
    assert [line["principal_minor"] for line in told["instalments"]] == [500_00, 250_00, 250_00]
    assert told["instalments"][1] == {
        "number": 2,
        "date": "2027-01-01",
        "principal_minor": 250_00,
        "interest_minor": 0,
        "total_minor": 250_00,
        "balance_minor": 250_00,
    }


def test_amounts_of_ones_own_are_taken_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, *PLAN, "--amounts", "100, 900.00", "--first", "2026-12-01", "--every", "7", "--json")
    lines = json.loads(told)["instalments"]
    assert [(line["date"], line["total_minor"]) for line in lines] == [
        ("2026-12-01", 100_00),
        ("2026-12-08", 900_00),
    ]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (
            ("--amounts", "100,200"),
            "EUR 700.00 less than the EUR 1,000.00 that is due: add that to one of them",
        ),
        (("--amounts", "100,9 00"), "'9 00' is not a plain decimal amount"),
        (("--instalments", "3", "--down-payment", "1000"), "name a part of that"),
        (("--instalments", "3", "--rate", "NaN"), "a yearly rate of NaN: name percent, from 0 to 100"),
        (("--instalments", "3", "--agreed", "2026-12-02"), "2026-12-01, which is past"),
        (("--instalments", "3", "--region", "BY"), "add --country"),
    ],
)
def test_a_plan_that_cannot_be_is_a_fault_that_says_what_to_do(
    more: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*PLAN, "--first", "2026-12-01", *more]) == FAULT
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (PLAN, "one of the arguments --instalments --amounts is required"),
        ((*PLAN, "--instalments", "3"), "--instalments and --first go together"),
        ((*THREE, "--amounts", "1"), "not allowed with argument"),
        ((*THREE, "--monthly", "--every", "7"), "not allowed with argument"),
        ((*THREE, "--every", "0"), "'0': give 1 to 366 days"),
        ((*THREE, "--every", "1" * 5000), "give 1 to 366 days"),
        ((*THREE, "--instalments", "²"), "'²': give 1 to 60 instalments"),
        ((*THREE, "--rest-due-after", "-1"), "'-1': give 0 to 366 days"),
        ((*THREE, "--rate", "five"), "'five' is no percentage: write 5 or 8.75"),
        ((*THREE, "--currency", "EUX"), "'EUX' is not an ISO 4217 currency code: write one such as EUR"),
        ((*PLAN, "--amounts", "1,,2", "--first", "2026-12-01"), "amounts with commas between them"),
        (
            (*PLAN, "--amounts", "1,999", "--first", "2026-12-01", "--down-payment", "1"),
            "put it first among the --amounts",
        ),
        (("resolve", "T-1", "--first", "2026-12-01"), "go with --instalments or --amounts"),
        (("resolve", "T-1", "--monthly"), "go with --instalments or --amounts"),
        (("resolve", "T-1", "--instalments", "3"), "--instalments and --first go together"),
        (("resolve", "T-1", "--lift", "--amounts", "1"), "not allowed with argument"),
    ],
)
def test_a_wrong_use_is_told(
    command: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    with pytest.raises(SystemExit) as left:
        main(command)
    assert left.value.code == USAGE
    assert says in capsys.readouterr().err
