"""Lives, scores and shares: the pure core of grants."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.errors import StateConflict
from backbone.money import BASIS_POINTS
from finance_net.grants.life import APPLICATION, OBJECTION, REVIEW, ROUND
from finance_net.grants.reviews.scoring import score_of
from finance_net.grants.sharing import shared

LIVES = {"round": ROUND, "application": APPLICATION, "review": REVIEW, "objection": OBJECTION}
POINTS = st.integers(0, 100)


@pytest.mark.parametrize("life", LIVES.values(), ids=list(LIVES))
def test_every_state_has_words_and_can_be_reached(life):
    reached, ahead = set(), [life.first]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += [life.after(action, state) for action in life.actions_from(state)]
    assert reached == set(life.states)


def test_what_cannot_be_done_says_what_can():
    with pytest.raises(StateConflict) as refused:
        ROUND.after("decide", "open")
    assert refused.value.data == {"state": "open", "action": "decide", "allowed": ["close", "cancel"]}


@given(st.dictionaries(st.sampled_from("abc"), st.integers(1, 9), min_size=1), st.data())
def test_a_score_is_the_weighted_mean_in_hundredths_whatever_the_order(weights, data):
    reviews = data.draw(
        st.lists(st.fixed_dictionaries(dict.fromkeys(weights, POINTS)), min_size=1, max_size=5)
    )
    score = score_of(weights, reviews)
    exact = sum(Fraction(weights[key] * each[key]) for each in reviews for key in weights)
    exact = exact * 100 / sum(weights.values()) / len(reviews)
    assert abs(score - exact) <= Fraction(1, 2)
    assert score == score_of(dict(reversed(weights.items())), reviews[::-1])
    assert min(map(min, (each.values() for each in reviews))) * 100 <= score <= 10_000


@given(st.dictionaries(st.sampled_from("abc"), st.integers(1, 9), min_size=1), st.integers(0, 99))
def test_one_more_point_never_lowers_a_score(weights, points):
    low, high = (score_of(weights, [dict.fromkeys(weights, each)]) for each in (points, points + 1))
    assert low < high


@pytest.mark.parametrize(("weights", "reviews"), [({"a": 1}, []), ({}, [{}])])
def test_a_score_of_nothing_is_refused(weights, reviews):
    with pytest.raises(ValueError, match="nothing"):
        score_of(weights, reviews)


@given(st.integers(1, 2**62), st.integers(0, BASIS_POINTS))
def test_two_shares_are_the_whole_and_each_is_right_to_the_nearest_fen(amount, share):
    maker, user = shared(amount, share)
    assert maker + user == amount
    assert abs(user - Fraction(amount * share, BASIS_POINTS)) <= Fraction(1, 2)
    assert min(maker, user) >= 0
