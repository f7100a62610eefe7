from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from policy_pack.engine.interval import Interval
from policy_pack.engine.linear import Line
from policy_pack.engine.moves import Mover, cheapest_moves, tightened
from policy_pack.engine.tree import Sign

FEN = Fraction(1, 1_000_000)


def mover(start=0, low=0, high=None, price=1, whole=False, grain=FEN, is_new=False) -> Mover:
    ends = (None if each is None else Fraction(each) for each in (low, high))
    return Mover(
        Fraction(start), Interval(*ends), Fraction(price), Fraction(1) if whole else grain, whole, is_new
    )


def line(sign, constant, **slopes) -> Line:
    return Line({key: Fraction(each) for key, each in slopes.items()}, Fraction(constant), sign)


def moved(movers, *lines):
    """What the numbers come to, of those that do not stay."""
    return [
        ({key: at for key, at in each.to.items() if at != movers[key].start}, each.cost)
        for each in cheapest_moves(movers, lines)
    ]


def test_what_holds_already_moves_nothing():
    assert moved({"a": mover(5)}, line(Sign.AT_LEAST, -3, a=1)) == [({}, 0)]


def test_one_number_moves_to_the_border():
    assert moved({"a": mover(1, price=2)}, line(Sign.AT_LEAST, -3, a=1)) == [({"a": 3}, 4)]


def test_above_a_border_is_a_grain_above_or_one_of_what_is_counted():
    above = line(Sign.ABOVE, -3, a=1)
    assert moved({"a": mover(1)}, above) == [({"a": 3 + FEN}, 2 + FEN)]
    assert moved({"a": mover(1, whole=True)}, above) == [({"a": 4}, 3)]


def test_a_number_that_cannot_be_written_down_is_rounded_to_the_safe_side():
    (found,) = moved({"a": mover(1)}, line(Sign.AT_LEAST, -1, a="0.7"))
    assert found[0] == {"a": Fraction(1428572, 1_000_000)}
    (found,) = moved({"a": mover(9)}, line(Sign.AT_MOST, -1, a="0.7"))
    assert found[0] == {"a": Fraction(1428571, 1_000_000)}


def test_a_range_that_ends_too_early_is_no_move():
    assert moved({"a": mover(1, high=2)}, line(Sign.AT_LEAST, -3, a=1)) == []
    assert moved({"a": mover(1)}, line(Sign.AT_LEAST, -3)) == []


def test_either_of_two_numbers_or_both_where_one_ends():
    sum_of_ten = line(Sign.AT_LEAST, -10, a=1, b=1)
    assert moved({"a": mover(3), "b": mover(2, price=3)}, sum_of_ten) == [({"a": 8}, 5), ({"b": 7}, 15)]
    assert moved({"a": mover(3, high=5), "b": mover(2, price=3)}, sum_of_ten) == [
        ({"b": 7}, 15),
        ({"a": 5, "b": 5}, 11),
    ]


def test_two_lines_meet_in_one_point():
    movers = {"a": mover(0), "b": mover(0)}
    found = moved(movers, line(Sign.AT_LEAST, -4, a=2, b=1), line(Sign.AT_LEAST, -5, a=1, b=2))
    assert ({"a": 1, "b": 2}, 3) in found


def test_counts_that_are_cheaper_mixed_are_mixed():
    movers = {
        "a": mover(0, high=9, whole=True),
        "b": mover(0, high=9, price="0.6", whole=True),
    }
    found = moved(movers, line(Sign.AT_LEAST, "-1.5", a=1, b="0.5"))
    assert ({"a": 1, "b": 1}, Fraction(8, 5)) in found


def test_groups_that_share_nothing_are_moved_apart():
    movers = {"a": mover(0), "b": mover(0)}
    assert moved(movers, line(Sign.AT_LEAST, -1, a=1), line(Sign.AT_LEAST, -2, b=1)) == [
        ({"a": 1, "b": 2}, 3)
    ]


def test_a_number_that_nobody_knows_is_stated_for_nothing():
    (found,) = cheapest_moves(
        {"a": mover(0, price=0, is_new=True), "b": mover(1)}, [line(Sign.AT_LEAST, 0, a=1, b=-2)]
    )
    assert (found.to["a"], found.cost) == (2, 0)


def test_an_equation_is_met_exactly():
    assert moved({"a": mover(1)}, line(Sign.EQUALS, -3, a=2)) == [({"a": Fraction(3, 2)}, Fraction(1, 2))]
    assert moved({"a": mover(1, whole=True)}, line(Sign.EQUALS, -3, a=2)) == []


def test_a_strict_line_of_counts_gives_way_by_the_least_they_can_differ_by():
    counts = {"a": mover(whole=True), "b": mover(whole=True)}
    assert tightened(line(Sign.ABOVE, 0, a="0.1", b=-1), counts) == line(Sign.AT_LEAST, "-0.1", a="0.1", b=-1)
    assert tightened(line(Sign.BELOW, 0, a=2), counts) == line(Sign.AT_MOST, 1, a=2)
    assert tightened(line(Sign.AT_MOST, 0, a=2), counts) == line(Sign.AT_MOST, 0, a=2)


signs = st.sampled_from([each for each in Sign if each is not Sign.DIFFERS])
slopes = st.sampled_from(["-2", "-1", "-0.5", "0.5", "1", "3"]).map(Fraction)
lines = st.builds(
    Line, st.dictionaries(st.sampled_from("abc"), slopes, min_size=1), st.integers(-8, 8).map(Fraction), signs
)
counted = st.builds(
    lambda start, price, ends: mover(start, min(start, ends[0]), max(start, ends[1]), price, whole=True),
    st.integers(0, 5),
    st.integers(1, 4),
    st.tuples(st.integers(0, 5), st.integers(0, 5)),
)


def by_brute_force(movers, asked):
    ranges = [range(int(each.range.low), int(each.range.high) + 1) for each in movers.values()]
    least: dict = {}
    for places in product(*ranges):
        point = dict(zip(movers, map(Fraction, places), strict=True))
        if all(each.holds(point) for each in asked):
            touched = frozenset(key for key, at in point.items() if at != movers[key].start)
            cost = sum(movers[key].cost(at) for key, at in point.items())
            least[touched] = min(cost, least.get(touched, cost))
    return {
        each: cost
        for each, cost in least.items()
        if not any(other < each and least[other] <= cost for other in least)
    }


@settings(max_examples=80, deadline=None)
@given(st.fixed_dictionaries({key: counted for key in "abc"}), st.lists(lines, min_size=1, max_size=2))
def test_counts_move_as_cheaply_as_brute_force_finds(movers, asked):
    found = {frozenset(to): cost for to, cost in moved(movers, *asked)}
    least = {
        each: cost
        for each, cost in found.items()
        if not any(other < each and found[other] <= cost for other in found)
    }
    assert least == by_brute_force(movers, asked)


@settings(max_examples=80, deadline=None)
@given(st.fixed_dictionaries({key: counted for key in "ab"}), st.lists(lines, min_size=1, max_size=2))
def test_measures_satisfy_every_line_and_are_no_dearer_than_counts(movers, asked):
    asked = [each for each in asked if "c" not in each.slopes]
    measures = {key: replace(each, whole=False, grain=FEN) for key, each in movers.items()}
    found = cheapest_moves(measures, asked)
    for each in found:
        point = {key: each.to.get(key, mover.start) for key, mover in measures.items()}
        assert all(one.holds(point) for one in asked)
        assert all(measures[key].range.holds(at) for key, at in point.items())
    for touched, cost in by_brute_force(movers, asked).items():
        cheaper = [
            each.cost
            for each in found
            if {key for key in each.to if each.to[key] != movers[key].start} <= touched
        ]
        assert cheaper
        assert min(cheaper) <= cost + 20 * FEN
