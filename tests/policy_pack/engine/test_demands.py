from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from policy_pack.engine import demands
from policy_pack.engine.demands import AS_IT_IS, Demand, joined, ways_to_hold
from policy_pack.engine.tree import All, AnyOf, Flag, Not

A, B, C, D = (Flag(each, True) for each in "abcd")


def nothing_settled(_leaf):
    return None


def way(*wanted, but=()):
    return frozenset([Demand(each, True) for each in wanted] + [Demand(each, False) for each in but])


def test_all_joins_and_any_collects():
    tree = All((A, AnyOf((B, C))))
    assert set(ways_to_hold(tree, nothing_settled)) == {way(A, B), way(A, C)}


def test_not_is_pushed_down_to_the_leaves():
    tree = Not(All((A, AnyOf((B, Not(C))))))
    assert set(ways_to_hold(tree, nothing_settled)) == {way(but=(A,)), way(C, but=(B,))}


def test_what_is_settled_asks_for_nothing_or_makes_it_impossible():
    settled = {A: True, B: False}.get
    assert ways_to_hold(A, settled) == [AS_IT_IS]
    assert ways_to_hold(B, settled) == []
    assert ways_to_hold(All((A, C)), settled) == [way(C)]
    assert ways_to_hold(All((B, C)), settled) == []
    assert ways_to_hold(AnyOf((A, C)), settled) == [AS_IT_IS]
    assert ways_to_hold(AnyOf((B, C)), settled) == [way(C)]
    assert ways_to_hold(Not(B), settled) == [AS_IT_IS]


def test_a_way_that_asks_for_more_than_another_is_left_out():
    assert ways_to_hold(AnyOf((A, All((A, B)))), nothing_settled) == [way(A)]


def test_a_way_that_contradicts_itself_is_none():
    assert ways_to_hold(All((A, Not(A))), nothing_settled) == []
    assert ways_to_hold(All((A, AnyOf((Not(A), B)))), nothing_settled) == [way(A, B)]


def test_all_of_nothing_holds_and_any_of_nothing_does_not():
    assert ways_to_hold(All(()), nothing_settled) == [AS_IT_IS]
    assert ways_to_hold(AnyOf(()), nothing_settled) == []
    assert joined([]) == [AS_IT_IS]


def test_of_too_many_ways_those_that_ask_for_least_are_kept(monkeypatch):
    monkeypatch.setattr(demands, "MOST_WAYS", 3)
    tree = AnyOf((All((A, B, C)), D, All((A, B)), All((B, C)), All((A, C))))
    ways = ways_to_hold(tree, nothing_settled)
    assert len(ways) == 3
    assert ways[0] == way(D)


trees = st.recursive(
    st.sampled_from([A, B, C, D]),
    lambda inner: (
        st.builds(Not, inner)
        | st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
    ),
    max_leaves=8,
)


def holds(tree, true) -> bool:
    match tree:
        case All(parts):
            return all(holds(part, true) for part in parts)
        case AnyOf(parts):
            return any(holds(part, true) for part in parts)
        case Not(part):
            return not holds(part, true)
    return tree in true


@given(trees)
def test_a_tree_holds_where_one_of_its_ways_does_and_nowhere_else(tree):
    ways = ways_to_hold(tree, nothing_settled)
    for values in product([False, True], repeat=4):
        true = {leaf for leaf, each in zip((A, B, C, D), values, strict=True) if each}
        met = any(all((each.leaf in true) is each.wanted for each in way) for way in ways)
        assert met is holds(tree, true)


@given(trees)
def test_no_way_asks_for_all_of_another(tree):
    ways = ways_to_hold(tree, nothing_settled)
    assert not any(one < other for one in ways for other in ways)
