import numpy as np
import pytest

from sky_net.matching import recall
from sky_net.matching.dense import DenseIndex, write_vectors
from sky_net.matching.encoder import halved, unit
from sky_net.matching.recall import StorageRecall, graph_effort


@pytest.fixture(scope="module")
def vectors():
    return unit(np.random.default_rng(3).normal(size=(2_000, 32)).astype(np.float32))


def counted(given, stored) -> float | None:
    told = StorageRecall()
    for start in range(0, len(given), 300):
        told.add(given[start : start + 300], stored[start : start + 300])
    return told.value()


def test_what_loses_nothing_has_a_recall_of_one(vectors):
    assert counted(vectors, vectors) == 1.0


def test_half_precision_loses_next_to_nothing(vectors):
    assert counted(vectors, halved(vectors)) > 0.99


def test_a_storage_that_loses_much_is_told(vectors):
    assert counted(vectors, np.sign(vectors) * 0.1) < 0.8


def test_the_blocks_make_no_difference(vectors):
    at_once = StorageRecall()
    at_once.add(vectors, np.sign(vectors))
    in_blocks = StorageRecall()
    in_blocks.add(vectors[:64], np.sign(vectors[:64]))
    in_blocks.add(vectors[64:], np.sign(vectors[64:]))
    assert at_once.value() == in_blocks.value()
    assert at_once.rows == in_blocks.rows == 2_000


def test_fewer_rows_than_are_looked_for(vectors):
    assert counted(vectors[:3], vectors[:3]) == 1.0
    assert counted(vectors[:0], vectors[:0]) is None


def an_index(folder, vectors, *, has_graph: bool) -> DenseIndex:
    write_vectors(folder / "dense.faiss", [halved(vectors)], vectors.shape[1], has_graph=has_graph)
    return DenseIndex(folder / "dense.faiss")


def test_the_least_effort_that_is_enough_is_found(tmp_path, vectors):
    effort, share = graph_effort(an_index(tmp_path, vectors, has_graph=True))
    assert effort == recall.EFFORTS[0]
    assert share is not None
    assert share >= recall.ENOUGH


def test_a_graph_that_finds_too_little_is_not_used(tmp_path, vectors, monkeypatch):
    monkeypatch.setattr(recall, "ENOUGH", 1.1)
    effort, share = graph_effort(an_index(tmp_path, vectors, has_graph=True))
    assert effort is None
    assert share is not None


def test_without_a_graph_there_is_nothing_to_measure(tmp_path, vectors):
    assert graph_effort(an_index(tmp_path, vectors, has_graph=False)) == (None, None)
