import numpy as np
import pytest

from sky_net.matching.blend import clauses
from sky_net.matching.documents import Document, Filters, Query
from sky_net.matching.lexical import LexicalIndex, write_index
from sky_net.matching.terms import document_terms


def opened(folder, documents):
    averages = write_index(folder, ((document_terms(each), each.facets) for each in documents))
    return LexicalIndex(folder, averages)


@pytest.fixture(scope="module")
def index(tmp_path_factory, documents):
    return opened(tmp_path_factory.mktemp("lexical"), documents)


def asked(index, title, body=""):
    return clauses(Query(title, body), index)


def test_rows_are_positions(index, documents):
    rows, scores = index.search(asked(index, "激光焊接飞溅抑制"), 5)
    assert documents[rows[0]].title == "激光焊接飞溅抑制"
    assert all("激光焊接" in documents[row].title for row in rows)
    assert sorted(scores, reverse=True) == list(scores)


def test_exactly_the_rows_with_a_term_are_found(index, documents):
    rows, scores = index.search(asked(index, "脑电"), len(documents))
    expected = {row for row, each in enumerate(documents) if set("脑电") & set(each.title + each.body)}
    assert set(rows.tolist()) == expected
    assert (scores > 0).all()


def test_a_filter_narrows_without_touching_scores(index, documents):
    wanted = asked(index, "动力电池热失控预警", "低温启动")
    everything = dict(zip(*index.search(wanted, len(documents)), strict=True))
    filters = Filters((frozenset({"industry:1", "industry:2"}), frozenset({"trl:3", "trl:4", "trl:5"})))
    rows, scores = index.search(wanted, len(documents), filters)
    passing = {row for row, each in enumerate(documents) if filters.admits(each.facets)}
    assert set(rows.tolist()) == passing & set(everything)
    np.testing.assert_allclose(scores, [everything[row] for row in rows], rtol=1e-5)


def test_an_unknown_facet_finds_nothing(index):
    rows, scores = index.search(asked(index, "激光焊接"), 10, Filters((frozenset({"industry:none"}),)))
    assert len(rows) == len(scores) == 0


def test_rows_can_be_left_out_and_asked_for(index):
    wanted = asked(index, "激光焊接")
    best = index.search(wanted, 10)[0].tolist()
    assert not set(index.search(wanted, 10, without=best[:3])[0].tolist()) & set(best[:3])
    assert set(index.search(wanted, 10, only=best[:3])[0].tolist()) == set(best[:3])
    assert not len(index.search(wanted, 10, only=[])[0])


def test_the_users_punctuation_never_reaches_a_query_parser(index):
    rows, _ = index.search(asked(index, 'title:"激光" AND (焊接 OR [* TO *]) ^2 ~ +-!{}\\'), 10)
    assert len(rows)


def test_nothing_asked_nothing_found(index):
    assert not len(index.search([], 10)[0])


def test_an_empty_index_answers(tmp_path):
    index = opened(tmp_path, [])
    assert index.documents == 0
    assert index.average_length("title_words") == 0
    assert index.frequencies("title_words", ["激光"]) == [0]
    assert not len(index.search(asked(index, "激光焊接"), 10)[0])


def test_a_document_that_says_nothing_keeps_its_row(tmp_path):
    index = opened(tmp_path, [Document("1", ""), Document("2", "激光焊接"), Document("3", "……", "暂无")])
    assert index.search(asked(index, "激光焊接"), 10)[0].tolist() == [1]
    assert index.documents == 3
