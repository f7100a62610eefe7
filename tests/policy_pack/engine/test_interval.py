from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_pack.engine.interval import (
    EVERYTHING,
    FLIPPED,
    MIRRORED,
    NOTHING,
    Interval,
    beside,
    bounds_of,
    hull_of,
)
from policy_pack.engine.tree import Sign
from tests.factories.read_policies import defined

ends = st.none() | st.integers(-3, 3).map(Fraction)
intervals = st.builds(Interval, ends, ends, st.booleans(), st.booleans())
POINTS = [Fraction(each, 2) for each in range(-9, 10)]


def points(interval: Interval) -> set:
    return {each for each in POINTS if interval.holds(each)}


@given(intervals, intervals)
def test_what_both_hold_is_where_they_meet(one, other):
    assert points(one.meet(other)) == points(one) & points(other)


@given(intervals, intervals)
def test_the_hull_holds_both_and_what_lies_between_and_no_more(one, other):
    inside = points(one) | points(other)
    between = {each for each in POINTS if inside and min(inside) <= each <= max(inside)}
    assert points(one.hull(other)) == between


@given(intervals)
def test_empty_is_what_holds_no_point(interval):
    assert interval.is_empty == (not points(interval))


@given(st.lists(intervals, max_size=4))
def test_the_hull_of_many_is_that_of_their_points(many):
    inside = set().union(*(points(each) for each in many))
    assert points(hull_of(many)) == {each for each in POINTS if inside and min(inside) <= each <= max(inside)}


def test_the_hull_of_none_is_nothing_and_everything_meets_all():
    assert hull_of([]) == NOTHING
    assert NOTHING.is_empty
    assert points(EVERYTHING) == set(POINTS)


HOLDS = {
    Sign.AT_LEAST: lambda a, b: a >= b,
    Sign.ABOVE: lambda a, b: a > b,
    Sign.AT_MOST: lambda a, b: a <= b,
    Sign.BELOW: lambda a, b: a < b,
    Sign.EQUALS: lambda a, b: a == b,
    Sign.DIFFERS: lambda a, b: a != b,
}


@pytest.mark.parametrize("sign", [each for each in Sign if each is not Sign.DIFFERS])
def test_a_sign_says_which_numbers_stand_beside_another(sign):
    assert points(beside(sign, Fraction(1))) == {each for each in POINTS if HOLDS[sign](each, 1)}


def test_a_hole_is_no_stretch():
    assert beside(Sign.DIFFERS, Fraction(1)) == EVERYTHING


@pytest.mark.parametrize("sign", list(Sign))
def test_signs_are_flipped_and_mirrored(sign):
    for each in POINTS:
        assert HOLDS[FLIPPED[sign]](each, 1) is not HOLDS[sign](each, 1)
        assert HOLDS[MIRRORED[sign]](-each, -1) is HOLDS[sign](each, 1)


def test_the_dictionary_gives_the_range_of_a_number():
    assert bounds_of(defined("a", least=0, most=7)) == Interval(Fraction(0), Fraction(7))
    assert bounds_of(defined("a", least=None)) == bounds_of(None) == EVERYTHING
