"""`tactful late-payment`: the calculator, in text and in JSON, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tactful.entrypoints.cli import main

A_THOUSAND = ("--amount", "1000", "--currency", "GBP", "--due", "2026-03-01", "--at", "2026-11-22")


def calculate(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["late-payment", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_calculator_answers_a_machine(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = calculate(capsys, *A_THOUSAND, "--rules", "uk", "--json")
    answer = json.loads(out)
    assert code == 0
    assert (
        answer.items()
        >= {
            "days": 266,
            "rate_percent": 11.75,
            "daily": 0.3219,
            "interest_minor": 8563,
            "fixed_sum_minor": 7000,
            "total_minor": 15563,
            "owed_minor": 115563,
        }.items()
    )
    assert [part["interest"] for part in answer["segments"]] == [85.6301]
    assert answer["working"][1] == (
        "2026-03-02 to 2026-11-22: 266 days x GBP 1,000.00 x 11.75 % / 365 = 85.6301 (Bank of England Bank Rate + 8)"
    )


def test_the_calculator_shows_a_person_the_working_and_its_sources(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = calculate(capsys, *A_THOUSAND, "--rules", "uk")
    assert code == 0
    assert "Charges         GBP 155.63\nOwed with them  GBP 1,155.63\n" in out
    assert "  Interest so far, rounded once: GBP 85.63\n  Fixed sum, once: GBP 70.00\n" in out
    assert "SI 2002/1675" in out


def test_payments_disputes_and_earlier_claims_are_taken_into_account(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = calculate(
        capsys,
        *A_THOUSAND,
        *("--rules", "uk", "--paid", "2026-05-01=400", "--disputed", "2026-06-01..2026-06-30"),
        *("--claimed", "10", "--claimed-until", "2026-04-01", "--fixed-sum-claimed"),
    )
    assert code == 0
    assert "GBP 400.00 was paid on 2026-05-01." in out
    assert "No interest from 2026-06-01 to 2026-06-30: disputed." in out
    assert "claimed before" in out


def test_a_claim_that_came_to_nothing_is_a_claim(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = calculate(
        capsys, *A_THOUSAND, "--rules", "uk", "--claimed", "0", "--claimed-until", "2026-04-01"
    )
    assert code == 0
    assert "Less GBP 0.00 claimed before: GBP 85.63" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rules", "xx"), "there are no rules 'xx': name a YAML file, or one of: contract_example, de, es"),
        (("--rules", "uk", "--consumer"), "a consumer cannot be charged by it"),
        (("--rules", "uk", "--paid", "2026-05-01=a lot"), "'a lot' is not a plain decimal amount"),
        (("--rules", "uk", "--claimed-until", "2026-05-01"), "--claimed-until needs --claimed"),
        (("--rules", "uk", "--amount", "0"), "0 is no amount above 0"),
        (("--rules", "uk", "--claimed", "-1"), "-1 is below 0"),
        (("--rules", "uk", "--amount", "1" + "0" * 60), "is more than an invoice can be"),
        (("--rules", "uk", "--currency", "EUR"), "its fixed sum is in GBP, not in EUR"),
        (("--rules", "eu", "--currency", "EUR"), "nobody entered the ECB main refinancing rate for 2026-H2"),
        (("--rules", "eu", "--currency", "EUR"), "add it to reference.percent in "),
        (("--rules", "eu", "--currency", "EUR"), "templates/charges/eu.yaml"),
    ],
)
def test_what_cannot_be_charged_is_refused_with_the_reason(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = calculate(capsys, *A_THOUSAND, *arguments, "--json")
    assert code == 1
    assert said in err
    assert said in json.loads(out)["error"]


@pytest.mark.parametrize(
    "wrong", [("--due", "1 March"), ("--paid", "400"), ("--disputed", "2026-06-30..2026-06-01")]
)
def test_a_command_that_cannot_be_read_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        calculate(capsys, *A_THOUSAND, "--rules", "uk", *wrong)
    assert stopped.value.code == 2


def test_a_contract_of_ones_own_is_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text("title: clause 9\nsources: [our terms]\nrate: 12\n", encoding="utf-8")
    code, out, _ = calculate(capsys, *A_THOUSAND, "--rules", str(own))
    assert code == 0
    assert "clause 9" in out


def test_every_fault_of_a_file_of_rules_is_told_with_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text("title: clause 9\nsources: [our terms]\nrate: much\nper: week\n", encoding="utf-8")
    code, _, err = calculate(capsys, *A_THOUSAND, "--rules", str(own))
    assert code == 1
    assert "mine.yaml is not usable rules of charges:" in err
    assert "line 3: rate: " in err
    assert "line 4: per: " in err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "margin: 8\nreference:\n  name: base\n  published: there\n  percent:\n    2026-H3: 1.5\n",
            "line 8: reference.percent.2026-H3: '2026-H3' is no half-year; write one such as 2026-H1 or 2026-H2",
        ),
        (
            "fixed_sums: {USD: 40}\n",
            "line 3: fixed_sums.USD: should be a list, not 40; write a list such as [{at_least: 0, sum: 40}]",
        ),
        ("rate: 1\ncaps: {EURO: 3}\n", "line 4: caps.EURO: 'EURO' is not an ISO 4217 currency code"),
        ("margin: 8\n", "line 3: margin: a margin needs a reference rate, and a reference rate a margin"),
        ("rate: 1\nper: [day\n", "it is not YAML"),
    ],
)
def test_what_is_wrong_with_a_file_of_rules_is_told_with_what_to_write(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, said: str
) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(f"title: clause 9\nsources: [our terms]\n{text}", encoding="utf-8")
    code, _, err = calculate(capsys, *A_THOUSAND, "--rules", str(own))
    assert code == 1
    assert said in err
