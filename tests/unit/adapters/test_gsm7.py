from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.adapters import gsm7


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("Zoë O’Brien", "Zoe O'Brien"),
        ("Søren Ångström", "Søren Ångström"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Đặng Văn", "Dang Van"),
        ("cafe\u0301", "café"),
        ("€1,234.50", "EUR1,234.50"),
        ("Müller — “Söhne”…", 'Müller - "Söhne"...'),
        ("№ 42 ½ ﬁ", "No 42 1/2 fi"),
        ("ＳＴＯＰ", "STOP"),
        ("{a}[b]~c|d\\e^", "(a)(b)-c/d/e"),
        ("山 🦊", "? ?"),
    ],
)
def test_a_text_is_spelled_in_letters_that_cost_little(text: str, spelled: str) -> None:
    assert gsm7.spelled(text) == spelled


@given(st.text())
def test_whatever_is_spelled_has_no_stranger_and_counts_each_letter_once(text: str) -> None:
    spelled = gsm7.spelled(text)
    assert not gsm7.strangers(spelled)
    assert gsm7.segments(spelled) == (1 if len(spelled) <= 160 else -(-len(spelled) // 153))
    assert gsm7.spelled(spelled) == spelled


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 158 + "€", 1),
        ("a" * 159 + "€", 2),
        # A pair does not fit the last place of the first part, so that both parts hold one letter less.
        ("a" * 152 + "€" + "a" * 152, 3),
    ],
)
def test_segments_are_counted_as_they_are_paid(text: str, count: int) -> None:
    assert gsm7.segments(text) == count


def test_letters_that_would_turn_an_sms_into_unicode_are_named_once() -> None:
    assert gsm7.strangers("Żółw € ’’ ok") == "ółŻ’"
