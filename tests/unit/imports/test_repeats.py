"""Invoices stated more than once."""

from __future__ import annotations

from tactful.imports.repeats import Repeats


def test_what_is_said_again_names_the_first_record_that_said_it() -> None:
    repeats = Repeats()
    repeats.note("a", "100", 2)
    repeats.note("b", "100", 3)
    repeats.note("a", "100", 4)
    assert repeats.same_before("a", 4) == 2
    assert not repeats.same_before("a", 2)
    assert not repeats.same_before("b", 3)
    assert not repeats.contradicting("a", 4)


def test_what_is_said_otherwise_contradicts_both_ways() -> None:
    repeats = Repeats()
    repeats.note("a", "100", 2)
    repeats.note("a", "90", 3)
    repeats.note("a", "100", 4)
    assert [repeats.contradicting("a", record) for record in (2, 3, 4)] == [3, 2, 3]


def test_an_invoice_that_was_never_noted_is_no_repeat() -> None:
    repeats = Repeats()
    assert not repeats.contradicting("a", 2)
    assert not repeats.same_before("a", 2)
