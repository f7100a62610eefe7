"""What is left once the known is filled in."""

from decimal import Decimal
from fractions import Fraction

from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.reducing import (
    Beside,
    Every,
    Heap,
    Literal,
    Some,
    denied,
    literals,
    open_keys,
    reduced,
    renamed,
)
from policy_pack.engine.tree import All, AnyOf, Not, Sign
from tests.factories.policies import DAY, at, known, mean, no, one_of, share, total, yes


def left(condition, **stated):
    return reduced(condition, known(**stated), DAY)


def test_what_is_known_decides_or_leaves():
    both = All((yes("f"), yes("g")))
    assert left(both, f=True, g=True) is True
    assert left(both, f=False) is False
    assert left(both, f=True) == Literal(yes("g"))
    assert left(both) == Every((Literal(yes("f")), Literal(yes("g"))))
    assert left(AnyOf((yes("f"), yes("g"))), f=True) is True
    assert left(AnyOf(())) is False
    assert left(All(())) is True


def test_a_denial_is_pushed_down_to_the_leaves():
    condition = Not(All((yes("f"), Not(one_of("k", "x")))))
    assert left(condition) == Some((Literal(yes("f"), wanted=False), Literal(one_of("k", "x"))))
    assert left(condition, f=False) is True
    assert left(Not(Not(no("f")))) == Literal(no("f"))


def test_a_comparison_takes_the_known_numbers_with_it():
    assert left(at(total("a", "b", "c"), "at_least", 5), a=2, b=None) == Literal(
        Beside(Heap(("c",), Fraction(2), 1), None, False, Sign.AT_LEAST, Fraction(5))
    )
    assert left(at(mean("a", "b"), "above", 1), b=3).leaf.is_mean
    ratio = left(at(share("a", total("b", "c")), "at_least", "0.1"), a=7, c=1).leaf
    assert (ratio.over, ratio.under) == (Heap((), Fraction(7), 1), Heap(("b",), Fraction(1), 1))
    assert ratio.keys == ("b",)


def test_a_heap_is_absent_where_nothing_is_there():
    heap = Heap(("a", "b", "a"), Fraction(0), 0)
    assert heap.added(frozenset()) is None
    slopes, constant, count = heap.added(frozenset("a"))
    assert (dict(slopes), constant, count) == ({"a": 2}, 0, 2)
    assert Heap(("a",), Fraction(3), 1).added(frozenset()) == ({}, Fraction(3), 1)


def test_another_name_takes_the_place_of_one_fact_alone():
    rest = Every((Literal(yes("f")), left(at(share("a", total("a", "b")), "above", 1)), Literal(yes("g"))))
    other = renamed(rest, "a", "c")
    assert list(open_keys(other)) == ["f", "c", "b", "g"]
    assert renamed(renamed(rest, "f", "h"), "h", "f") == rest
    assert denied(denied(rest)) == rest
    assert len(list(literals(denied(rest)))) == 3


def test_what_is_disputed_is_open():
    facts = Facts({"a": Gap.DISPUTED, "b": Decimal(1)})
    assert list(open_keys(reduced(at(total("a", "b"), "above", 5), facts, DAY))) == ["a"]
