"""Invoices stated more than once."""

from __future__ import annotations

from tactful.imports.repeats import Repeats, Repetition


def _noted(*stated: tuple[str, str, str], lines_agree: bool = False) -> Repeats:
    """Each with what tells it, what counts and all that is said, in records from 2 on."""
    repeats = Repeats(lines_agree=lines_agree)
    for record, (key, facts, whole) in enumerate(stated, 2):
        repeats.note(key, facts, whole, record)
    return repeats


def test_what_is_said_again_word_by_word_names_the_first_record_that_said_it() -> None:
    repeats = _noted(("a", "100", "a 100"), ("b", "100", "b 100"), ("a", "100", "a 100"))
    assert repeats.of("a", 2) is None
    assert repeats.of("b", 3) is None
    assert repeats.of("a", 4) == (Repetition.AGAIN, 2)


def test_what_is_said_otherwise_contradicts_both_ways() -> None:
    repeats = _noted(("a", "100", "x"), ("a", "90", "y"), ("a", "100", "x"))
    assert [repeats.of("a", record) for record in (2, 3, 4)] == [
        (Repetition.OTHERWISE, 3),
        (Repetition.OTHERWISE, 2),
        (Repetition.OTHERWISE, 3),
    ]


def test_the_same_amount_beside_something_else_may_be_another_item() -> None:
    repeats = _noted(("a", "30", "nuts 30"), ("a", "30", "bolts 30"))
    assert [repeats.of("a", record) for record in (2, 3)] == [
        (Repetition.UNCLEAR, 3),
        (Repetition.UNCLEAR, 2),
    ]


def test_items_of_a_file_whose_lines_repeat_their_invoice_say_it_again() -> None:
    repeats = _noted(("a", "30", "nuts"), ("a", "30", "bolts"), lines_agree=True)
    assert [repeats.of("a", record) for record in (2, 3)] == [None, (Repetition.AGAIN, 2)]


def test_many_invoices_whose_lines_all_agree_prove_that_lines_repeat_their_invoice() -> None:
    lines = [(f"{number}", f"{number}0.00", item) for number in range(5) for item in ("nuts", "bolts")]
    assert _noted(*lines).of("0", 3) == (Repetition.AGAIN, 2)
    assert _noted(*lines[2:]).of("1", 3) == (Repetition.UNCLEAR, 2)
    assert _noted(*lines, ("9", "1", "nuts"), ("9", "2", "bolts")).of("0", 3) == (Repetition.UNCLEAR, 2)


def test_an_invoice_that_was_never_noted_is_no_repeat() -> None:
    assert _noted().of("a", 2) is None
    assert not _noted(("a", "1", "1")).any
