import numpy as np
import pytest

from sky_net.matching import planner
from sky_net.matching.blend import WEIGHTS, clauses
from sky_net.matching.candidates import Asked, changed, indexed
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Filters, Query
from sky_net.matching.generation import Generation, build
from sky_net.matching.meaning import query_vectors

QUERY = Query("动力电池热失控预警", "低温启动困难，批次一致性也差")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, documents, encoder):
    directory = tmp_path_factory.mktemp("candidates") / "generation"
    build(documents, encoder, directory)
    return Corpus(encoder, Generation.open(directory), documents[:20], {documents[20].id})


def asked(corpus, top, filters=None):
    vector = query_vectors([QUERY], corpus.encoder)[0]
    return Asked(clauses(QUERY, corpus.statistics), vector, filters, top, WEIGHTS.dense)


def test_a_small_catalogue_comes_whole_without_what_is_hidden(corpus):
    assert sorted(indexed(asked(corpus, 5), corpus).rows.tolist()) == list(range(21, 300))
    assert changed(asked(corpus, 5), corpus).rows.tolist() == list(range(20))


def test_both_sides_respect_the_filters(corpus, documents):
    filters = Filters((frozenset({"trl:3"}),))
    for side, among in ((indexed, range(21, 300)), (changed, range(20))):
        expected = [row for row in among if filters.admits(documents[row].facets)]
        assert sorted(side(asked(corpus, 5, filters), corpus).rows.tolist()) == expected


@pytest.mark.parametrize("depth", [1, 10, 60])
def test_scores_behind_a_depth_are_the_scores_without_one(corpus, depth, monkeypatch):
    complete = indexed(asked(corpus, 5), corpus)
    exact = {
        row: (lexical, dense)
        for row, lexical, dense in zip(complete.rows, complete.lexical, complete.dense, strict=True)
    }
    monkeypatch.setattr(planner, "DEPTH", depth)
    found = indexed(asked(corpus, 5), corpus)
    assert len(set(found.rows.tolist())) == len(found.rows) >= 5
    for row, lexical, dense in zip(found.rows, found.lexical, found.dense, strict=True):
        np.testing.assert_allclose((lexical, dense), exact[row], atol=1e-6)


def test_an_opposite_meaning_is_worth_no_less_than_an_unrelated_one(corpus):
    parts = asked(corpus, 1).meaning(np.array([-0.7, 0.0, 0.5, 1.2]))
    assert parts.tolist() == pytest.approx([0, 0, WEIGHTS.dense / 2, WEIGHTS.dense])


def test_a_corpus_with_one_side_has_no_candidates_on_the_other(encoder, documents):
    memory = Corpus(encoder, None, documents[:5])
    assert len(indexed(asked(memory, 5), memory).rows) == 0
    empty = Corpus(encoder)
    assert len(changed(asked(empty, 5), empty).rows) == 0
