import math
import tempfile
from pathlib import Path

import numpy as np
import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from sky_net.matching.blend import Clause
from sky_net.matching.bm25 import LENGTHS, idf, impacts, rounded_length
from sky_net.matching.postings import Postings
from sky_net.matching.terms import FIELDS

TERMS = [f"t{number}" for number in range(12)]
token_lists = st.lists(st.sampled_from(TERMS), max_size=60)
corpora = st.lists(token_lists, min_size=1, max_size=25)


class Tantivy:
    """An index of tantivy over the fields, whose formula ours repeats."""

    def __init__(self, folder: Path, documents: list[dict[str, list[str]]]) -> None:
        builder = tantivy.SchemaBuilder()
        for field in FIELDS:
            builder = builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
        self.schema = builder.build()
        index = tantivy.Index(self.schema, path=str(folder))
        writer = index.writer(num_threads=1)
        for tokens in documents:
            entry = tantivy.Document()
            for field in FIELDS:
                entry.add_text(field, " ".join(tokens[field]))
            writer.add_document(entry)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()

    def frequencies(self, field: str, terms: list[str]) -> list[int]:
        return [self.searcher.doc_freq(field, term) for term in terms]

    def search(self, field: str, boosts: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
        """Rows and scores of all whose field has one of the terms, each boosted by so much."""
        terms = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self.schema, field, term, "freq"), boost)
            for term, boost in boosts.items()
        ]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        hits = self.searcher.search(query, self.searcher.num_docs, count=False).hits
        return np.array([hit.doc for _, hit in hits], np.int64), np.array([score for score, _ in hits])


def fields_of(tokens: list[str]) -> dict[str, list[str]]:
    """The same tokens shifted about, so that fields differ in length."""
    return {field: tokens[place:] * (place % 2 + 1) for place, field in enumerate(FIELDS)}


def test_the_byte_table_is_exact_to_forty_and_then_grows_by_eighths():
    assert LENGTHS[:41] == tuple(range(41))
    assert LENGTHS[41:50] == (42, 44, 46, 48, 50, 52, 54, 56, 60)
    assert len(LENGTHS) == 256
    assert LENGTHS[-1] == 2_013_265_944
    assert list(LENGTHS) == sorted(set(LENGTHS))


@pytest.mark.parametrize(
    ("tokens", "remembered"), [(0, 0), (39, 39), (41, 40), (59, 56), (1000, 984), (2**40, 2_013_265_944)]
)
def test_lengths_are_rounded_down_to_what_the_byte_can_say(tokens, remembered):
    assert rounded_length(tokens) == remembered


def test_a_rarer_term_is_worth_more_and_none_is_worth_less_than_nothing():
    rarity = idf(100, np.arange(101))
    assert (np.diff(rarity) < 0).all()
    assert rarity[-1] > 0
    assert rarity[3] == pytest.approx(math.log(1 + 97.5 / 3.5))


def test_one_mention_in_a_field_of_average_length_is_worth_one():
    assert impacts(np.array([1.0]), np.array([20.0]), 20.0) == pytest.approx([1.0])


def test_an_index_without_any_text_divides_by_nothing():
    assert np.isfinite(impacts(np.array([1.0]), np.array([3.0]), 0.0)).all()


@settings(deadline=None, max_examples=40)
@given(corpora, st.lists(st.sampled_from(TERMS), min_size=1, max_size=6, unique=True))
def test_documents_in_memory_score_as_tantivy_scores_them(corpus, asked):
    documents = [fields_of(tokens) for tokens in corpus]
    with tempfile.TemporaryDirectory() as folder:
        index = Tantivy(Path(folder), documents)
        postings = Postings(documents)
        for field in FIELDS:
            assert index.frequencies(field, TERMS) == postings.frequencies(field, TERMS)
            rarity = idf(len(corpus), np.array(index.frequencies(field, asked)))
            boosts = 0.5 + np.arange(len(asked))
            rows, scores = index.search(field, dict(zip(asked, boosts.tolist(), strict=True)))
            expected = postings.scores([Clause(field, asked, boosts * rarity)])
            np.testing.assert_allclose(scores, expected[rows], rtol=1e-4)
            assert sorted(rows.tolist()) == np.flatnonzero(expected).tolist()


@settings(deadline=None, max_examples=20)
@given(corpora, corpora)
def test_later_documents_score_as_the_index_would_score_them(corpus, later):
    """A delta under the index's statistics gets, term for term, what the same text gets inside the index."""
    documents = [fields_of(tokens) for tokens in corpus]
    inside = Postings(documents)
    averages = {field: inside.average_length(field) for field in FIELDS}
    outside = Postings([*(fields_of(tokens) for tokens in later), *documents], averages)
    clauses = [Clause(field, list(TERMS), np.full(len(TERMS), 2.0)) for field in FIELDS]
    np.testing.assert_allclose(outside.scores(clauses)[len(later) :], inside.scores(clauses))
