"""What grades teach, and that they are believed only where they hold on needs that were not learned from."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import open_encoder
from sky_net.matching.entries import Entry
from sky_net.matching.features import Features
from sky_net.matching.feedback import match_by, taught
from sky_net.matching.learning import FEWEST_NEEDS, Judged, learn, ndcg, plain, try_out
from sky_net.matching.ranking import rank
from sky_net.matching.scales import weighed
from sky_net.matching.signals import NAMES, TEXTS, signals

TRUE = NAMES.index("title:dense")


def invented(needs: int, seed: int = 1, *, misled: bool = False) -> list[Judged]:
    """Needs whose grades follow one signal that the blend does not see, or none at all."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(needs):
        told = rng.random((12, len(NAMES)))
        guide = rng.random(12) if misled else told[:, TRUE]
        found.append(Judged(f"need-{number}", told, np.digitize(guide, [0.4, 0.7, 0.9]).astype(float)))
    return found


def test_a_signal_that_grades_follow_is_learned_and_holds_on_unseen_needs():
    trial = try_out(invented(60))
    assert trial is not None
    assert trial.is_better
    assert trial.after > trial.before + 0.1
    assert learn(invented(60)).weights[TRUE] > 1


def test_grades_without_a_rule_are_not_believed():
    believed = [trial.is_better for seed in range(20) if (trial := try_out(invented(40, seed, misled=True)))]
    assert len(believed) == 20
    assert sum(believed) <= 2


def test_few_needs_or_equal_grades_teach_nothing():
    assert try_out(invented(FEWEST_NEEDS - 1)) is None
    equal = [Judged(one.need_id, one.signals, np.ones(12)) for one in invented(60)]
    assert try_out(equal) is None
    assert np.array_equal(learn(equal).weights, plain(len(NAMES)).weights)
    assert np.array_equal(learn([]).weights, plain(1).weights)


REGION = NAMES.index("feature:region")


def near_and_far(needs: int, seed: int = 1, *, heeded: bool = True) -> list[Judged]:
    """Needs of which the enterprises want somebody near, unless it is not `heeded`; a third of the places is not known."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(needs):
        texts = np.zeros((12, len(TEXTS)))
        texts[:, 0] = rng.uniform(0.2, 0.6, 12)
        distances = [None if rng.random() < 1 / 3 else int(rng.integers(0, 4)) for _ in range(12)]
        told = np.column_stack([texts, weighed([Features(region=each) for each in distances])])
        wish = 5 * texts[:, 0] + (told[:, REGION] if heeded else 0) + rng.normal(0, 0.3, 12)
        grades = np.digitize(wish, np.quantile(wish, [0.5, 0.75, 0.9])).astype(float)
        found.append(Judged(f"need-{number}", told, grades))
    return found


def test_where_brokers_want_somebody_near_the_ranker_learns_to_look():
    trial, ranker = try_out(near_and_far(60)), learn(near_and_far(60))
    assert trial is not None
    assert trial.is_better
    assert trial.after > trial.before + 0.05
    assert ranker.weights[REGION] > 1
    unseen = near_and_far(60, seed=2)
    gains = [
        ndcg(ranker.scores(one.signals), one.grades) - ndcg(plain(len(NAMES)).scores(one.signals), one.grades)
        for one in unseen
    ]
    assert np.mean(gains) > 0.05


def test_where_nobody_minds_the_distance_it_is_not_believed_to_matter():
    believed = [
        trial.is_better for seed in range(20) if (trial := try_out(near_and_far(40, seed, heeded=False)))
    ]
    assert len(believed) == 20
    assert sum(believed) <= 2


def test_a_feature_that_nobody_knows_keeps_its_weight_of_nothing():
    known = learn(near_and_far(40)).weights
    assert [name for name, weight in zip(NAMES, known, strict=True) if weight] == ["blend", "feature:region"]
    texts = [replace(one, signals=one.signals[:, : len(TEXTS)]) for one in near_and_far(40)]
    silent = [
        replace(one, signals=one.signals * (np.arange(len(NAMES)) < len(TEXTS))) for one in near_and_far(40)
    ]
    assert np.allclose(learn(silent).weights[: len(TEXTS)], learn(texts).weights)
    assert try_out(silent) == try_out(texts)


def test_what_parts_all_pairs_alike_is_weighed_and_does_not_run_away():
    signals = np.zeros((2, len(NAMES)))
    signals[:, REGION] = 1, -1
    weight = learn([Judged(f"n{number}", signals, np.array([3.0, 0.0])) for number in range(400)]).weights[
        REGION
    ]
    assert 0.5 < weight < 10


def test_the_order_of_the_needs_changes_nothing():
    needs = invented(40)
    assert try_out(needs) == try_out(needs[::-1])


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_ndcg_is_1_for_the_best_order_and_never_more(grades, random):
    wanted = np.array(grades, float)
    assert ndcg(wanted, wanted) == pytest.approx(1)
    shuffled = np.array(random.sample(range(len(grades)), len(grades)), float)
    assert 0 <= ndcg(shuffled, wanted) <= 1 + 1e-12


@pytest.fixture(scope="module")
def catalogue():
    titles = [
        "紫铜低飞溅激光焊接工艺",
        "动力电池热失控早期预警",
        "分布式光纤振动传感误报抑制",
        "长效微球连续乳化",
    ]
    return Corpus(open_encoder(), None, [Document(f"a{n}", title) for n, title in enumerate(titles)])


def test_the_first_signal_is_the_score_of_the_ranking_itself(catalogue):
    query = Query("铜排激光焊接飞溅太大", "熔深忽深忽浅")
    [told] = signals([query], catalogue)
    scores = {hit.document_id: hit.score for hit in rank(query, catalogue, 4)}
    assert told.shape == (4, len(TEXTS))
    assert {f"a{n}": round(float(value), 6) for n, value in enumerate(told[:, 0])} == pytest.approx(
        scores, abs=2e-6
    )


def test_without_a_lesson_the_order_is_that_of_the_blend(catalogue):
    need = Entry("n", "铜排激光焊接飞溅太大", "熔深忽深忽浅")
    [(_, learned)] = match_by(plain(len(TEXTS)), [need], catalogue, 4)
    plainly = rank(Query(need.title, need.description), catalogue, 4)
    assert [hit.document_id for hit in learned] == [hit.document_id for hit in plainly]
    assert taught([need], catalogue, {"n": {"a0": 3, "a1": 0}}) == (None, None)
