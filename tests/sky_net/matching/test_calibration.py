"""A probability that is one: on the demo catalogue, and each need told by a curve that never saw it."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import calibration as bench
from sky_net.matching.calibration import (
    CURVE,
    Curve,
    expected_error,
    fit,
    likelihood,
    probabilities,
    reliability,
    terms_of,
)
from sky_net.matching.documents import Query
from sky_net.matching.ranking import SUITABLE

NEED = Query("铜排激光焊接飞溅大、熔深忽深忽浅急需治理")


@pytest.fixture(scope="module")
def hits():
    return bench.hits()


def test_the_stored_curve_is_what_the_catalogue_gives(hits):
    found = fit(hits.scores, hits.terms, hits.useful)
    for name in ("intercept", "score", "terms"):
        assert getattr(found, name) == pytest.approx(getattr(CURVE, name), rel=0.02)


def test_what_is_told_is_what_comes_of_it_in_all_and_at_every_level_of_description(hits):
    told = hits.told()
    assert expected_error(reliability(told, hits.useful)) <= 0.02
    for level in range(len(bench.LEVELS)):
        chosen = hits.level == level
        assert expected_error(reliability(told[chosen], hits.useful[chosen])) <= 0.05
    hopeful = told >= 0.1  # most hits are hopeless, and known for it
    assert expected_error(reliability(told[hopeful], hits.useful[hopeful])) <= 0.05


def test_the_set_probability_parts_the_needs_with_an_answer_from_those_without(hits):
    told = hits.told()
    for level, most_wrong in ((0, 3), (2, 0)):
        wrong = 0
        for need in np.unique(hits.need):
            own = (hits.need == need) & (hits.level == level)
            has_answer = bool(hits.useful[(hits.need == need)].any())
            wrong += (told[own].max() >= SUITABLE) != has_answer
        assert wrong <= most_wrong


@given(st.lists(st.floats(0, 3), min_size=2, max_size=20), st.text(max_size=200))
def test_it_is_a_probability_that_never_falls_with_the_score(scores, text):
    told = [likelihood(Query(text))(score) for score in sorted(scores)]
    assert all(0 <= each <= 1 for each in told)
    assert told == sorted(told)


def test_the_same_score_says_more_of_a_bare_title_than_of_a_page():
    page = Query(
        NEED.title, "目前人工返修率高，希望在不更换设备的前提下稳定熔深，减少飞溅和气孔，提高一次合格率。" * 3
    )
    assert terms_of(page) > terms_of(NEED)
    assert likelihood(NEED)(0.3) > likelihood(page)(0.3)
    assert likelihood(NEED)(0.3) == pytest.approx(
        float(probabilities(CURVE, np.array([0.3]), np.array([terms_of(NEED)], np.float64))[0]), abs=1e-4
    )


def test_a_known_curve_is_found_again():
    random, curve = np.random.default_rng(7), Curve(-2.0, 20.0, -0.5)
    scores, terms = random.uniform(0, 0.6, 4000), random.uniform(30, 600, 4000)
    useful = (random.random(4000) < probabilities(curve, scores, terms)).astype(np.float64)
    found = fit(scores, terms, useful)
    assert found.score == pytest.approx(curve.score, rel=0.1)
    assert found.intercept + found.terms * log(200) == pytest.approx(
        curve.intercept + curve.terms * log(200), abs=0.3
    )


def test_bins_add_up_and_a_perfect_teller_has_no_error():
    told, useful = np.array([0.0, 0.05, 1.0, 1.0]), np.array([0.0, 0.0, 1.0, 1.0])
    bins = reliability(told, useful)
    assert [each.hits for each in bins] == [2, 2]
    assert expected_error(bins) == pytest.approx(0.0125)
