"""Numbers in Chinese and English text."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.numerals import chinese, number_at
from sky_net.matching.units import plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.80", "9/5"),
        ("1,200", "1200"),
        ("１２００", "1200"),
        ("1.2×10⁵", "120000"),
        ("1.2e5", "120000"),
        ("10⁻³", "1/1000"),
        ("30万", "300000"),
        ("3亿", "300000000"),
        ("五十万", "500000"),
        ("三万五千二百", "35200"),
        ("两千零五", "2005"),
        ("三点五", "7/2"),
        ("百分之五", "1/20"),
        ("百分之九十八点五", "197/200"),
        ("九成八", "49/50"),
        ("三成", "3/10"),
        ("二〇二四", "2024"),
        ("三百五", "350"),
        ("三百零五", "305"),
        ("一万八", "18000"),
        ("三万二一吨", "32000"),
        ("千分之四", "1/250"),
        ("十万分之一", "1/100000"),
    ],
)
def test_numbers_are_read_exactly(text: str, value: str):
    found = number_at(plain(text), 0)
    assert found is not None
    assert found.value == Fraction(value)


@pytest.mark.parametrize("text", ["1" * 40, "1e99", "abc", "", "。"])
def test_what_is_no_number_of_the_trade_is_none(text: str):
    assert number_at(text, 0) is None


def test_a_point_of_percentage_is_no_hundred():
    found = number_at("5百分点", 0)
    assert found is not None
    assert found.value == 5


DIGITS = "零一二三四五六七八九"


def spelled(number: int) -> str:
    """1 to 99999 as Chinese writes it, with a zero for every gap."""
    said, gap = "", False
    for power, name in ((4, "万"), (3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = number // 10**power % 10
        if digit:
            said += ("零" if gap and said else "") + DIGITS[digit] + name
        gap = not digit
    return said


@given(st.integers(1, 99_999))
def test_a_number_survives_being_spelled(number: int):
    assert chinese(spelled(number)) == number


@given(st.text(alphabet="零一二十百千万亿点五0123456789.,eE×^+-百分之成", max_size=30))
def test_any_heap_of_digits_may_be_read(text: str):
    found = number_at(text, 0)
    assert found is None or 0 < found.end <= len(text)
