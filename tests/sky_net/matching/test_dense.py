import numpy as np
import pytest

from sky_net.matching.dense import DenseIndex, write_vectors
from sky_net.matching.encoder import unit


@pytest.fixture(scope="module")
def vectors():
    return unit(np.random.default_rng(1).normal(size=(500, 16)).astype(np.float32))


@pytest.fixture(scope="module")
def index(tmp_path_factory, vectors):
    path = tmp_path_factory.mktemp("dense") / "dense.faiss"
    assert write_vectors(path, [vectors[:200], vectors[200:]], 16) == 500
    return DenseIndex(path)


def test_the_search_is_exact(index, vectors):
    rows, scores = index.search(vectors[7], 20)
    expected = vectors @ vectors[7]
    assert rows[0] == 7
    np.testing.assert_allclose(scores, np.sort(expected)[::-1][:20], atol=1e-6)
    np.testing.assert_allclose(scores, expected[rows], atol=1e-6)


@pytest.mark.parametrize("passing", [1, 3, 250])
def test_a_mask_gives_every_allowed_row_and_no_other(index, vectors, passing):
    allowed = np.zeros(500, bool)
    allowed[np.random.default_rng(passing).choice(500, passing, replace=False)] = True
    rows, scores = index.search(vectors[7], 400, allowed)
    assert sorted(rows.tolist()) == np.flatnonzero(allowed).tolist()
    np.testing.assert_allclose(scores, (vectors @ vectors[7])[rows], atol=1e-6)


def test_nothing_allowed_nothing_found(index, vectors):
    assert not len(index.search(vectors[0], 10, np.zeros(500, bool))[0])


def test_scores_of_chosen_rows_come_in_their_order(index, vectors):
    rows = np.array([499, 0, 250])
    np.testing.assert_allclose(index.scores_of(vectors[3], rows), (vectors @ vectors[3])[rows], atol=1e-6)
    assert not len(index.scores_of(vectors[3], np.zeros(0, np.int64)))


def test_an_empty_index_answers(tmp_path):
    path = tmp_path / "empty.faiss"
    assert write_vectors(path, [], 16) == 0
    rows, scores = DenseIndex(path).search(np.ones(16, np.float32), 5)
    assert len(rows) == len(scores) == 0


def test_it_can_search_and_nothing_else(index):
    for name in ("add", "remove", "remove_ids", "train", "reset"):
        assert not hasattr(index, name)
