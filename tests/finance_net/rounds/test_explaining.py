"""Why not funded, and what is selected beside what stands: against the selection itself, on rounds small enough to try them all."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance_net.rounds.explaining import beside, why_not
from finance_net.rounds.round_file import round_of
from finance_net.rounds.selecting import select
from finance_net.rounds.verifying import broken_by
from tests.factories.rounds import a_round, an_application, category

SCORES, AMOUNTS = st.integers(0, 9), st.integers(1, 4)


@st.composite
def rounds(draw):
    several = [
        an_application(
            f"P{at}", enterprise=draw(st.sampled_from("xy")), category=draw(st.sampled_from("AB")), score=draw(SCORES),
            min_fen=(least := draw(AMOUNTS)), max_fen=least + draw(st.integers(0, 2)),
        )
        for at in range(draw(st.integers(2, 5)))
    ]  # fmt: skip
    pairs = [["P0", "P1"]] if draw(st.booleans()) else []
    bounds = [category("A", 0, draw(st.integers(0, 8))), category("B", draw(st.integers(0, 2)), 8)]
    cap = draw(st.none() | st.integers(1, 8))
    return round_of(
        a_round(
            several,
            budget_fen=draw(st.integers(0, 12)),
            categories=bounds,
            enterprise_cap_fen=cap,
            requires=pairs,
        )
    )


def best_score_with(asked, wanted):
    """By trying every amount of every application; None where nothing funds `wanted`."""
    ranges = [[0, *range(each.min_fen, each.max_fen + 1)] for each in asked.applications]
    best = None
    for paid in product(*ranges):
        amounts = {each.id: fen for each, fen in zip(asked.applications, paid, strict=True) if fen}
        if wanted in amounts and not broken_by(asked, amounts):
            score = sum(each.score for each in asked.applications if each.id in amounts)
            best = score if best is None else max(best, score)
    return best


@settings(max_examples=40)
@given(rounds(), st.data())
def test_the_cost_of_one_more_is_what_trying_everything_says(asked, data):
    selection = select(asked)
    left = [each.id for each in asked.applications if each.id not in selection.amounts]
    if selection.conflict or not left:
        return
    wanted = data.draw(st.sampled_from(left))
    found, best = why_not(asked, selection, wanted), best_score_with(asked, wanted)
    if best is None:
        assert f"must:{wanted}" in found.conflict
    else:
        assert (found.conflict, found.score_lost) == ((), selection.score - best)
        assert found.score_lost >= 0
        assert not set(found.displaced) & set(found.joining)
        assert set(found.displaced) <= selection.amounts.keys()


@pytest.mark.parametrize("wanted", ["P1", "nobody"])
def test_why_not_is_asked_of_what_took_part_and_is_not_funded(wanted):
    asked = round_of(a_round([an_application("P1", min_fen=1)]))
    with pytest.raises(ValueError, match=wanted):
        why_not(asked, select(asked), wanted)


def test_who_goes_who_comes_and_who_gets_less_is_named():
    several = [
        an_application("big", score=10, min_fen=8, max_fen=8), an_application("small", score=3, min_fen=2, max_fen=4),
        an_application("other", score=4, min_fen=3, max_fen=3),
    ]  # fmt: skip
    asked = round_of(a_round(several, budget_fen=11))
    selection = select(asked)
    assert selection.amounts == {"big": 8, "other": 3}
    found = why_not(asked, selection, "small")
    assert (found.score_lost, found.displaced, found.joining, found.cut_fen) == (1, ("other",), (), {})


@settings(max_examples=40)
@given(rounds(), st.data())
def test_what_stands_keeps_its_amount_and_the_rest_is_the_best_beside_it(asked, data):
    selection = select(asked)
    if selection.conflict or not selection.amounts:
        return
    out = data.draw(st.sampled_from(sorted(selection.amounts)))
    standing = {name: fen for name, fen in selection.amounts.items() if name != out}
    again = beside(asked, standing, [out])
    found = select(again)
    if found.conflict:
        return  # a minimum that only the excluded one could fill
    assert out not in found.amounts
    assert {name: found.amounts[name] for name in standing} == standing
    assert not broken_by(again, found.amounts)


def test_who_needs_what_is_out_is_out_too_unless_it_stands():
    several = [an_application(name, min_fen=1, max_fen=1) for name in ("a", "b", "c")]
    asked = round_of(a_round(several, requires=[["b", "a"], ["c", "b"]]))
    assert [each.id for each in beside(asked, {}, ["a"]).applications] == []
    left = beside(asked, {"b": 1}, ["a"])
    assert ([each.id for each in left.applications], select(left).amounts) == (["b", "c"], {"b": 1, "c": 1})
