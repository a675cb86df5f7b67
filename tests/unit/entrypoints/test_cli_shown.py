from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from tactful.entrypoints.commands.shown import aligned, cut, painter, progress

ROOT = Path(__file__).parents[3]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_tone_in_its_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert painter(Terminal())("pay", "final") == "\033[31mpay\033[0m"
    assert painter(Terminal())("pay", "something else") == "pay"


def test_who_wants_no_colours_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert painter(Terminal())("pay", "final") == "pay"


def test_a_file_gets_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert painter(io.StringIO())("pay", "final") == "pay"


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    rows = [("a", "1", "x"), ("bbb", "1,000", "")]
    assert list(aligned(rows, right=frozenset({1}))) == ["  a        1  x", "  bbb  1,000"]


def test_no_rows_are_no_lines() -> None:
    assert list(aligned([])) == []


@pytest.mark.parametrize(
    ("room", "shown"), [(13, "minimum_gap: "), (12, "minimum_g..."), (11, ""), (0, ""), (99, "minimum_gap: ")]
)
def test_what_does_not_fit_is_cut_or_left_out(room: int, shown: str) -> None:
    assert cut("minimum_gap: ", room) == shown


def test_long_work_tells_a_terminal_how_far_it_is_and_wipes_it_out_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    tell = progress("forecast")
    assert tell is not None
    tell(1_000, 2_000)
    assert terminal.getvalue() == "\rforecast: 1,000 of 2,000 accounts"
    tell(2_000, 2_000)
    assert terminal.getvalue().endswith("\r\033[K")


def test_a_log_is_not_filled_with_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert progress("forecast") is None


@pytest.mark.parametrize(
    "arguments", [("policy", "schema"), ("policy", "check", "templates/policies/standard.yaml")]
)
def test_a_reader_who_has_seen_enough_causes_no_complaint(arguments: tuple[str, ...]) -> None:
    command = [str(Path(sys.executable).with_name("tactful")), *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == ""
