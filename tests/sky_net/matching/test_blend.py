from dataclasses import astuple, replace

import pytest

from sky_net.matching.blend import WEIGHTS, clauses
from sky_net.matching.documents import Document, Query
from sky_net.matching.postings import Postings
from sky_net.matching.terms import FIELDS, MOST_TERMS, document_terms

LONG = 48


@pytest.fixture
def postings(documents):
    return Postings([document_terms(document) for document in documents])


def test_the_shares_add_up_to_one_and_follow_what_was_measured():
    assert sum(astuple(WEIGHTS)) == pytest.approx(1)
    assert WEIGHTS.title_bigrams > WEIGHTS.title_words
    assert WEIGHTS.title_characters > WEIGHTS.title_words
    assert WEIGHTS.text_grams == max(astuple(WEIGHTS))
    assert WEIGHTS.dense < 0.25


@pytest.mark.parametrize("part", ["title", "body"])
def test_a_document_that_mentions_every_term_once_at_average_length_gets_the_whole_share(part):
    text = "激光焊接飞溅抑制"
    postings = Postings(
        [document_terms(Document(str(number), **{"title": "", part: text})) for number in range(5)]
    )
    lexical = sum(WEIGHTS.of(field) for field, (held, _) in FIELDS.items() if held in (part, "text"))
    assert postings.scores(clauses(Query(text), postings)) == pytest.approx([lexical] * 5, rel=1e-6)


def test_terms_that_nobody_uses_lower_every_score(postings):
    plain = postings.scores(clauses(Query("激光焊接"), postings)).max()
    padded = postings.scores(clauses(Query("激光焊接古籍脱酸"), postings)).max()
    assert 0 < padded < plain


def test_describing_a_need_at_more_length_does_not_lower_its_scores(postings):
    strange = ["，".join(chr(0x7000 + 7 * number) for number in range(length)) for length in (LONG, 9 * LONG)]
    short, long = (postings.scores(clauses(Query("激光焊接", body), postings)).max() for body in strange)
    assert long == pytest.approx(short, rel=0.05)


def test_only_terms_of_the_catalogue_are_looked_for(postings):
    words, *_ = clauses(Query("激光古籍"), postings)
    assert (words.field, words.terms) == ("title_words", ["激光"])
    for field, terms, worth in clauses(Query("古籍脱酸"), postings):
        assert all(postings.frequencies(field, terms))
        assert len(terms) == len(worth) > 0


def test_a_signal_without_weight_is_not_searched(postings):
    without = replace(WEIGHTS, body_words=0.0, title_characters=0.0)
    searched = {clause.field for clause in clauses(Query("激光焊接", "动力电池"), postings, without)}
    assert searched == {"title_words", "title_bigrams", "text_grams"}


def test_a_long_description_looks_for_a_bounded_number_of_terms(documents, postings):
    everything = "，".join(document.title + document.body for document in documents)
    found = clauses(Query("激光焊接", everything * 20), postings)
    assert [clause.field for clause in found] == list(FIELDS)
    for field, terms, _ in found:
        assert len(terms) <= MOST_TERMS[FIELDS[field][1]]


def test_an_empty_query_asks_for_nothing(postings):
    assert clauses(Query("", ""), postings) == []
    assert clauses(Query("！！", "暂无"), postings) == []
