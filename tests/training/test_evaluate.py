import numpy as np
import pytest

from training.evaluate import bigram_cosine, cosine, evaluate, own_ranks, recall, standardized


def test_the_rank_counts_what_scores_at_least_as_much():
    scores = np.array([[0.9, 0.1, 0.2], [0.5, 0.5, 0.1], [0.3, 0.4, 0.0]])
    assert own_ranks(scores).tolist() == [1, 2, 3]


def test_equal_scores_earn_nothing():
    assert own_ranks(np.zeros((4, 50))).tolist() == [50] * 4


def test_a_zero_vector_matches_nothing():
    assert cosine(np.zeros((1, 3), np.float32), np.ones((2, 3), np.float32)).tolist() == [[0.0, 0.0]]


def test_bigrams_find_the_text_that_shares_them_whatever_its_width():
    scores = bigram_cosine(["CO2捕集", "液压阀"], ["ＣＯ２ 捕集工艺", "液压阀选型", "稻米淀粉"])
    assert scores.argmax(axis=1).tolist() == [0, 1]
    assert scores[0, 2] == 0


def test_a_query_of_one_character_scores_zero():
    assert bigram_cosine(["阀"], ["液压阀", "气动阀"]).tolist() == [[0.0, 0.0]]


def test_standardized_scores_have_one_scale():
    scores = standardized(np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 60.0]]))
    assert scores.mean(axis=1) == pytest.approx([0, 0])
    assert scores.std(axis=1) == pytest.approx([1, 1])


def test_the_interval_holds_the_value_and_narrows_with_more_queries():
    few, many = (recall("x", np.array([1, 5] * half), 1, np.random.default_rng(7)) for half in (10, 1000))
    assert few.value == many.value == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high


def test_a_perfect_encoder_is_told_from_a_blind_one():
    queries = [f"题目{number}" for number in range(20)]
    perfect = evaluate(lambda texts: np.eye(20, dtype=np.float32)[: len(texts)], queries, queries, 7)
    blind = evaluate(lambda texts: np.ones((len(texts), 4), dtype=np.float32), queries, queries, 7)
    first = {("perfect", r.method): r.value for r in perfect if r.cut == 1}
    first |= {("blind", r.method): r.value for r in blind if r.cut == 1}
    assert first["perfect", "model"] == 1
    assert first["blind", "model"] == 0
    assert first["blind", "random"] == 1 / 20
