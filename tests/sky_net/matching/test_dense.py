import numpy as np
import pytest

from sky_net.matching import dense
from sky_net.matching.dense import DenseIndex, write_vectors
from sky_net.matching.encoder import halved, unit


@pytest.fixture(scope="module")
def vectors():
    return halved(unit(np.random.default_rng(1).normal(size=(500, 16)).astype(np.float32)))


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
@pytest.mark.parametrize("laid_out", [0, 500])
def test_a_mask_gives_every_allowed_row_and_no_other(index, vectors, passing, laid_out, monkeypatch):
    monkeypatch.setattr(dense, "LAID_OUT", laid_out)
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


@pytest.fixture(scope="module")
def graph(tmp_path_factory, vectors):
    path = tmp_path_factory.mktemp("graph") / "dense.faiss"
    assert write_vectors(path, [vectors[:200], vectors[200:]], 16, has_graph=True) == 500
    return DenseIndex(path)


def test_a_graph_is_exact_without_an_effort_and_near_enough_with_one(graph, index, vectors):
    assert graph.has_graph
    assert not index.has_graph
    expected = index.search(vectors[7], 20)
    np.testing.assert_array_equal(graph.search(vectors[7], 20)[0], expected[0])
    walked = graph.search(vectors[7], 20, effort=300)
    assert len(set(walked[0].tolist()) & set(expected[0].tolist())) >= 19
    np.testing.assert_allclose(walked[1], (vectors @ vectors[7])[walked[0]], atol=1e-6)


def test_a_walk_under_a_mask_gives_allowed_rows_alone(graph, vectors):
    allowed = np.arange(500) % 2 == 0
    rows, _ = graph.search(vectors[7], 100, allowed, effort=300)
    assert allowed[rows].all()
    assert len(rows) == 100


def test_an_effort_without_a_graph_is_a_scan(index, vectors):
    np.testing.assert_array_equal(
        index.search(vectors[7], 20, effort=300)[0], index.search(vectors[7], 20)[0]
    )


def test_scores_of_a_graph_come_from_its_vectors(graph, vectors):
    rows = np.array([499, 0])
    np.testing.assert_allclose(graph.scores_of(vectors[3], rows), (vectors @ vectors[3])[rows], atol=1e-6)
