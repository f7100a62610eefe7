"""Small systems of inequalities against a search through a grid, and those in which whole numbers make the difference."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from policy_pack.engine.inequalities import Line, can_all_hold, line

KEYS = ("x", "y", "z")
SMALL = some.integers(-3, 3)
LINES = some.lists(
    some.builds(
        lambda slopes, constant, strict: Line(
            {key: slope for key, slope in zip(KEYS, slopes, strict=True) if slope}, constant, strict
        ),
        some.tuples(SMALL, SMALL, SMALL),
        some.integers(-6, 6),
        some.booleans(),
    ),
    max_size=4,
)
BOX = [Line({key: slope}, 3, False) for key in KEYS for slope in (1, -1)]
"""Every unknown lies between -3 and 3."""


def satisfied(lines, numbers):
    sums = [
        (sum(s * numbers[key] for key, s in each.slopes.items()) + each.constant, each.strict)
        for each in lines
    ]
    return all(left > 0 if strict else left >= 0 for left, strict in sums)


@given(LINES)
@settings(deadline=None, max_examples=60)
def test_whole_numbers_are_found_where_there_are_any(lines):
    grid = (dict(zip(KEYS, numbers, strict=True)) for numbers in product(range(-3, 4), repeat=3))
    assert can_all_hold([*lines, *BOX], KEYS) == any(satisfied([*lines, *BOX], numbers) for numbers in grid)


@given(LINES)
@settings(deadline=None, max_examples=80)
def test_what_halves_satisfy_is_never_refused(lines):
    halves = [Fraction(number, 2) for number in range(-6, 7)]
    grid = (dict(zip(KEYS, numbers, strict=True)) for numbers in product(halves, repeat=3))
    if any(satisfied([*lines, *BOX], numbers) for numbers in grid):
        assert can_all_hold([*lines, *BOX], ())


@given(LINES, some.permutations(KEYS))
@settings(deadline=None)
def test_neither_names_nor_order_matter(lines, names):
    renamed = dict(zip(KEYS, names, strict=True))
    other = [
        each._replace(slopes={renamed[key]: s for key, s in each.slopes.items()}) for each in reversed(lines)
    ]
    assert can_all_hold(lines, ()) == can_all_hold(other, ())


@pytest.mark.parametrize(
    ("lines", "fractions", "whole"),
    [
        ([Line({"x": 2}, -1, False), Line({"x": -2}, 1, False)], True, False),  # 2x = 1
        ([Line({"x": 3, "y": -3}, -1, False), Line({"x": -3, "y": 3}, 2, False)], True, False),  # 1 <= 3(x - y) <= 2
        ([Line({"x": 2, "y": 4}, -5, False), Line({"x": -2, "y": -4}, 5, False)], True, False),  # 2x + 4y = 5
        ([Line({"x": 2, "y": 3}, -5, False), Line({"x": -2, "y": -3}, 5, False)], True, True),  # 2x + 3y = 5
        ([Line({"x": 1}, 0, True), Line({"x": -1}, 1, True)], True, False),  # 0 < x < 1
        ([Line({"x": 1}, 0, True), Line({"x": -1}, 0, False)], False, False),  # 0 < x <= 0
        ([Line({"x": 1, "y": 1}, -7, False), Line({"x": -1}, 3, False), Line({"y": -1}, 3, False)], False, False),
        ([], True, True),
        ([Line({}, -1, False)], False, False),
        ([Line({}, 0, True)], False, False),
    ],
)  # fmt: skip
def test_whole_numbers_make_the_difference_where_they_do(lines, fractions, whole):
    assert can_all_hold(lines, ()) is fractions
    assert can_all_hold(lines, KEYS) is whole


def test_narrow_gaps_without_bounds_come_to_an_end():
    """7x = 5y + 3z + 1/2 with all of them whole has no answer, and every unknown is without bounds."""
    half = [Line({"x": 14, "y": -10, "z": -6}, -1, False), Line({"x": -14, "y": 10, "z": 6}, 1, False)]
    assert can_all_hold(half, KEYS) is False
    narrow = [Line({"x": 5, "y": -7}, 0, True), Line({"x": -50, "y": 70}, 1, True)]  # 0 < 50x - 70y < 1
    assert can_all_hold(narrow, KEYS) is False
    assert can_all_hold(narrow, ()) is True


def test_a_line_is_written_in_whole_numbers():
    assert line({"x": Fraction(1, 2), "y": Fraction(0)}, Fraction(-1, 3), strict=True) == Line(
        {"x": 3}, -2, True
    )
