"""Numbers as people say them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground_net.leads.extraction.spoken import spoken_at


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("三五十万", 300_000, 500_000), ("七八十", 70, 80), ("十一二", 11, 12), ("两三百", 200, 300), ("三四回", 3, 4), ("一百二三", 120, 130),
        ("八十多", 80, None), ("三百五", 350, None), ("一万八", 18_000, None), ("四个半小时", Fraction(9, 2), None), ("10的9次方", 10**9, None),
        ("三个9", Fraction(999, 10), None), ("千分之四", Fraction(2, 5), None), ("八成三", 83, None),
    ],
)  # fmt: skip
def test_a_number_is_what_was_said(text: str, low: int, high: int | None):
    found = spoken_at(text, 0)
    assert found is not None
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize("text", ["几十", "十几个", "几", "", "的"])
def test_what_says_no_number_is_none(text: str):
    assert spoken_at(text, 0) is None


@given(st.text("一二两三四五六七八九十百千万亿半点成分之个多来几0123456789的次方", max_size=14))
def test_any_heap_of_numerals_ends_behind_its_beginning(text: str):
    found = spoken_at(text, 0)
    assert found is None or (0 < found.end <= len(text) and (found.high is None or found.low < found.high))
