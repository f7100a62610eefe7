"""One application of a maker and a user: one cap over both, and each one's part counts towards the cap of its own enterprise."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.money import BASIS_POINTS
from finance_net.rounds.explaining import why_not
from finance_net.rounds.round_file import round_of
from finance_net.rounds.selecting import select
from finance_net.rounds.verifying import broken_by
from tests.factories.rounds import a_round, an_application

SHARES = st.sampled_from([0, 1, 3_333, 5_000, BASIS_POINTS])


def of_two(asked, **users):
    """The round in which these applications have a user with a share."""
    several = tuple(
        replace(each, user=users[each.id][0], user_share=users[each.id][1]) if each.id in users else each
        for each in asked.applications
    )
    return replace(asked, applications=several)


@st.composite
def rounds(draw):
    """Up to four applications of three enterprises, every other one with a user; the cap bites."""
    ids = ["a", "b", "c", "d"][: draw(st.integers(1, 4))]
    several = [
        an_application(name, enterprise=draw(st.sampled_from("xyz")), score=draw(st.integers(0, 4)), min_fen=1, max_fen=draw(st.integers(1, 4)))
        for name in ids
    ]  # fmt: skip
    asked = round_of(
        a_round(several, budget_fen=draw(st.integers(0, 12)), enterprise_cap_fen=draw(st.integers(0, 6)))
    )
    makers = {each.id: each.enterprise for each in asked.applications}
    users = {
        name: (draw(st.sampled_from(sorted(set("xyz") - {makers[name]}))), draw(SHARES))
        for name in ids
        if draw(st.booleans())
    }
    return of_two(asked, **users)


def keeps_the_caps(asked, amounts):
    """In the words of the rule, with fractions."""
    got = dict.fromkeys("xyz", Fraction(0))
    for each in asked.applications:
        fen = amounts.get(each.id, 0)
        got[each.enterprise] += Fraction(fen * (BASIS_POINTS - each.user_share), BASIS_POINTS)
        if each.user:
            got[each.user] += Fraction(fen * each.user_share, BASIS_POINTS)
            if fen > asked.enterprise_cap_fen:
                return False
    return all(fen <= asked.enterprise_cap_fen for fen in got.values())


@settings(max_examples=40)
@given(rounds())
def test_the_best_keeps_every_cap_and_nothing_that_keeps_them_is_better(asked):
    found, scores = select(asked), {each.id: each.score for each in asked.applications}
    ranges = [[None, *range(each.min_fen, each.max_fen + 1)] for each in asked.applications]
    best = (0, 0, 0)
    for paid in product(*ranges):
        amounts = {
            each.id: fen for each, fen in zip(asked.applications, paid, strict=True) if fen is not None
        }
        if sum(amounts.values()) > asked.budget_fen:
            continue
        assert keeps_the_caps(asked, amounts) == (not broken_by(asked, amounts))
        if keeps_the_caps(asked, amounts):
            best = max(best, (sum(scores[name] for name in amounts), len(amounts), sum(amounts.values())))
    assert (found.score, len(found.amounts), sum(found.amounts.values())) == best
    assert keeps_the_caps(asked, found.amounts)


def test_an_enterprise_is_capped_over_what_it_makes_what_it_uses_and_what_it_applies_for_alone():
    several = [
        an_application("made", enterprise="x", score=9, min_fen=100, max_fen=100),
        an_application("used", enterprise="y", score=8, min_fen=100, max_fen=100),
        an_application("own", enterprise="x", score=7, min_fen=10, max_fen=100),
    ]
    asked = of_two(
        round_of(a_round(several, budget_fen=1_000, step_fen=10, enterprise_cap_fen=100)),
        made=("z", 4_000), used=("x", 2_500),
    )  # fmt: skip
    found = select(asked)
    assert found.amounts == {
        "made": 100,
        "own": 10,
        "used": 100,
    }  # 60 + 25 + 10 of a hundred; a step more would be 105
    assert broken_by(asked, found.amounts | {"own": 20}) == ("enterprise:x",)
    dear = replace(
        asked,
        applications=(
            *asked.applications[:1],
            replace(asked.applications[1], min_fen=20),
            asked.applications[2],
        ),
    )
    left = select(dear)
    assert (left.amounts, why_not(dear, left, "own").displaced) == ({"made": 100, "used": 100}, ("used",))


@pytest.mark.parametrize(("amount", "broken"), [(100, ()), (110, ("both:f",))])
def test_both_together_stand_under_one_cap_however_little_each_gets(amount, broken):
    f = an_application("f", enterprise="x", score=1, min_fen=10, max_fen=200)
    asked = of_two(round_of(a_round([f], step_fen=10, enterprise_cap_fen=100)), f=("y", 5_000))
    assert broken_by(asked, {"f": amount}) == broken
    assert select(asked).amounts == {"f": 100}


def test_a_cap_near_the_largest_number_stays_in_64_bits():
    several = [an_application("a", enterprise="x", min_fen=1, max_fen=100)]
    asked = of_two(round_of(a_round(several, enterprise_cap_fen=1 << 62)), a=("y", 3_333))
    assert select(asked).amounts == {"a": 100}
