import numpy as np
import pytest

from sky_net.matching.blend import Clause
from sky_net.matching.bm25 import K1
from sky_net.matching.postings import Postings
from sky_net.matching.terms import FIELDS


def tokens(**fields):
    """Every field, empty unless given."""
    return {field: [] for field in FIELDS} | fields


def clause(field, term, worth):
    """One term."""
    return Clause(field, [term], np.array([worth]))


TEXTS = [
    tokens(title_words=["激光", "焊接"], body_words=["激光"] * 3),
    tokens(title_words=["光纤"]),
    tokens(),
]


def test_frequencies_count_documents_not_mentions():
    postings = Postings(TEXTS)
    assert postings.frequencies("body_words", ["激光", "光纤"]) == [1, 0]
    assert postings.frequencies("title_words", ["激光", "光纤", "电池"]) == [1, 1, 0]
    assert postings.average_length("body_words") == 1.0


def test_a_term_scores_in_its_own_field_only():
    postings = Postings(TEXTS)
    scores = postings.scores([clause("title_words", "光纤", 6.0), clause("body_words", "光纤", 81.0)])
    assert scores[0] == scores[2] == 0
    assert scores[1] == pytest.approx(6.0)


def test_repetition_helps_less_and_less():
    corpus = [tokens(body_words=["激光"] * count + ["焊接"] * (20 - count)) for count in (1, 2, 4, 20)]
    scores = Postings(corpus).scores([clause("body_words", "激光", 1.0)])
    assert (np.diff(scores) > 0).all()
    assert scores[1] - scores[0] > (scores[2] - scores[1]) / 2
    assert scores[3] < 1 + K1


def test_foreign_averages_are_used_instead_of_the_own():
    wanted = [clause("title_words", "激光", 1.0)]
    short, long = (
        Postings(TEXTS, dict.fromkeys(FIELDS, average)).scores(wanted)[0] for average in (1.0, 100.0)
    )
    assert short < long


def test_no_documents_and_no_clauses_score_nothing():
    assert Postings([]).scores([clause("title_words", "激光", 1.0)]).tolist() == []
    assert Postings(TEXTS).scores([]).tolist() == [0, 0, 0]
    assert Postings([]).frequencies("title_words", ["激光"]) == [0]
