"""What grades teach, and that they are believed only where they hold on needs that were not learned from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import open_encoder
from sky_net.matching.entries import Entry
from sky_net.matching.feedback import match_by, taught
from sky_net.matching.learning import FEWEST_NEEDS, Judged, learn, ndcg, plain, try_out
from sky_net.matching.ranking import rank
from sky_net.matching.signals import NAMES, signals

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
    assert np.array_equal(learn(equal).weights, plain().weights)
    assert np.array_equal(learn([]).weights, plain().weights)


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
    assert told.shape == (4, len(NAMES))
    assert {f"a{n}": round(float(value), 6) for n, value in enumerate(told[:, 0])} == pytest.approx(
        scores, abs=2e-6
    )


def test_without_a_lesson_the_order_is_that_of_the_blend(catalogue):
    need = Entry("n", "铜排激光焊接飞溅太大", "熔深忽深忽浅")
    [(_, learned)] = match_by(plain(), [need], catalogue, 4)
    plainly = rank(Query(need.title, need.description), catalogue, 4)
    assert [hit.document_id for hit in learned] == [hit.document_id for hit in plainly]
    assert taught([need], catalogue, {"n": {"a0": 3, "a1": 0}}) == (None, None)
