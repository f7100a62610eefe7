from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.interval import Interval
from policy_pack.engine.linear import Line, lines_of
from policy_pack.engine.tree import Sign
from policy_pack.engine.truth import truth_of
from tests.factories.read_policies import A_DAY, added, at_least, at_most, compare, mean, ratio

KEYS = ("a", "b", "c")
terms = st.sampled_from(
    [
        "a",
        added("a", "b"),
        added("a", "b", "c"),
        mean("a", "b", "c"),
        ratio("a", "b"),
        ratio(added("a", "c"), added("b", "c")),
    ]
)
comparisons = st.builds(compare, terms, st.sampled_from(list(Sign)), st.sampled_from(["-1", "0", "0.5", "2"]))
numbers = st.fixed_dictionaries({key: st.none() | st.integers(-3, 3) for key in KEYS})


@given(comparisons, numbers, st.sets(st.sampled_from(KEYS)))
def test_the_lines_hold_where_the_comparison_does(comparison, stated, free):
    free = {key for key in free if stated[key] is not None}
    known = {key: None if each is None else Fraction(each) for key, each in stated.items()}
    lines = lines_of(comparison, known, free)
    facts = Facts({key: Gap.ABSENT if each is None else Decimal(each) for key, each in stated.items()})
    holds = lines is not None and all(line.holds({key: known[key] for key in free}) for line in lines)
    assert holds is (truth_of(comparison, facts, A_DAY) is Truth.TRUE)


@given(comparisons, numbers, st.sampled_from(KEYS))
def test_what_a_line_leaves_to_one_fact_is_where_it_holds(comparison, stated, key):
    known = {each: Fraction(value or 0) for each, value in stated.items()}
    for line in lines_of(comparison, known, set(KEYS)):
        if key in line.slopes and line.sign is not Sign.DIFFERS:
            left = line.leaves_to(key, known)
            for at in map(Fraction, range(-5, 6)):
                assert left.holds(at) is line.holds({**known, key: at})


def test_a_ratio_is_two_lines():
    over, under = lines_of(at_least(ratio("a", "b"), "0.1"), {}, {"a", "b"})
    assert over == Line({"a": Fraction(1), "b": Fraction(-1, 10)}, Fraction(0), Sign.AT_LEAST)
    assert under == Line({"b": Fraction(1)}, Fraction(0), Sign.ABOVE)


def test_known_numbers_go_into_the_constant():
    (line,) = lines_of(at_most(added("a", "b"), 10), {"b": Fraction(4)}, {"a"})
    assert line.leaves_to("a", {}) == Interval(high=Fraction(6))


def test_a_term_without_a_value_has_no_lines():
    nothing = dict.fromkeys(KEYS)
    for term in ("a", added("a", "b"), mean("a", "b"), ratio("a", "b")):
        assert lines_of(at_least(term, 1), nothing, set()) is None


def test_a_fact_that_cancels_out_is_not_in_the_line():
    (over, under) = lines_of(at_least(ratio(added("a", "b"), added("b", "c")), 1), {}, set(KEYS))
    assert set(over.slopes) == {"a", "c"}
    assert set(under.slopes) == {"b", "c"}


def test_a_ratio_inside_another_term_is_refused():
    with pytest.raises(TypeError, match="a ratio is no line"):
        lines_of(compare(ratio(ratio("a", "b"), "c"), Sign.ABOVE, 1), {}, set(KEYS))
