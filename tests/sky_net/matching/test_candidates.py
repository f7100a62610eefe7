import numpy as np
import pytest

from sky_net.matching import candidates, lexical, planner
from sky_net.matching.blend import WEIGHTS, clauses
from sky_net.matching.calibration import likelihood
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
    return Asked(clauses(QUERY, corpus.statistics), vector, filters, top, WEIGHTS.dense, likelihood(QUERY))


def test_whoever_wants_everything_gets_it_without_what_is_hidden(corpus):
    assert sorted(indexed(asked(corpus, 300), corpus).rows.tolist()) == list(range(21, 300))
    assert changed(asked(corpus, 5), corpus).rows.tolist() == list(range(20))


def test_both_sides_respect_the_filters(corpus, documents):
    filters = Filters((frozenset({"trl:3"}),))
    for side, among in ((indexed, range(21, 300)), (changed, range(20))):
        expected = [row for row in among if filters.admits(documents[row].facets)]
        assert sorted(side(asked(corpus, 300, filters), corpus).rows.tolist()) == expected


@pytest.mark.parametrize("depth", [5, 10, 60])
@pytest.mark.parametrize("lacking", [0.0, 0.005, 0.3])
@pytest.mark.parametrize("alone", [0.0, 0.04, 1.0])
def test_few_rows_are_looked_at_and_the_best_are_the_best_of_all(corpus, depth, lacking, alone, monkeypatch):
    complete = indexed(asked(corpus, 300), corpus)
    monkeypatch.setattr(planner, "DEPTH", depth)
    monkeypatch.setattr(lexical, "ALONE", alone)
    exactly = corpus.generation.lexical.estimates

    def roughly(wanted):
        words = exactly(wanted)
        words._sums -= np.random.default_rng(depth).uniform(0, lacking, 300).astype(np.float32)
        words.lacking += lacking
        return words

    monkeypatch.setattr(corpus.generation.lexical, "estimates", roughly)
    for top in (1, 5):
        found = indexed(asked(corpus, top), corpus)
        assert len(set(found.rows.tolist())) == len(found.rows) >= top
        assert best(found, top) == best(complete, top)


def best(found, top):
    """Row and parts of the best, best first."""
    parts = zip(found.rows, found.lexical, found.dense, found.title, strict=True)
    order = sorted(parts, key=lambda part: (-round(part[1] + part[2], 6), part[0]))
    return [tuple(map(float, part)) for part in order[:top]]


def test_no_more_rows_are_looked_at_for_their_words_than_is_allowed(corpus, monkeypatch):
    monkeypatch.setattr(planner, "DEPTH", 5)
    monkeypatch.setattr(candidates, "MOST_IN_REACH", 3)
    assert 5 <= len(indexed(asked(corpus, 5), corpus).rows) <= 8


def test_the_titles_part_is_what_the_titles_alone_would_bring(corpus):
    found = indexed(asked(corpus, 300), corpus)
    alone = corpus.generation.forward.scores(asked(corpus, 1).titles, found.rows)
    assert found.title == pytest.approx(alone)
    assert (found.title <= found.lexical + 1e-12).all()


def test_an_opposite_meaning_is_worth_no_less_than_an_unrelated_one(corpus):
    parts = asked(corpus, 1).meaning(np.array([-0.7, 0.0, 0.5, 1.2]))
    assert parts.tolist() == pytest.approx([0, 0, WEIGHTS.dense / 2, WEIGHTS.dense])


def test_a_corpus_with_one_side_has_no_candidates_on_the_other(encoder, documents):
    memory = Corpus(encoder, None, documents[:5])
    assert len(indexed(asked(memory, 5), memory).rows) == 0
    empty = Corpus(encoder)
    assert len(changed(asked(empty, 5), empty).rows) == 0
