"""The index estimates what the rows' own terms give exactly, and counts the terms as BM25 needs them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching import columns, lexical
from sky_net.matching.blend import Clause, clauses
from sky_net.matching.documents import Document, Query
from sky_net.matching.forward import ForwardIndex, ForwardWriter
from sky_net.matching.lexical import LexicalIndex, write_index
from sky_net.matching.postings import Postings
from sky_net.matching.terms import FIELDS, document_terms
from sky_net.matching.vocabulary import Vocabulary


def opened(folder: Path, texts: list) -> LexicalIndex:
    writer = ForwardWriter()
    for tokens in texts:
        writer.note(tokens)
    averages = writer.write(folder)
    vocabulary = Vocabulary(folder)
    write_index(folder, ForwardIndex(folder, vocabulary, averages), len(vocabulary))
    return LexicalIndex(folder, vocabulary, averages, len(texts))


@pytest.fixture(scope="module")
def index(tmp_path_factory, documents) -> LexicalIndex:
    return opened(tmp_path_factory.mktemp("lexical"), [document_terms(each) for each in documents])


def asked(index, title, body=""):
    return clauses(Query(title, body), index)


def test_the_row_that_says_it_all_stands_first(index, documents):
    scores, _ = index.estimates(asked(index, "激光焊接飞溅抑制"))
    assert documents[int(scores.argmax())].title == "激光焊接飞溅抑制"


def test_exactly_the_rows_with_a_term_are_found(index, documents):
    scores, _ = index.estimates(asked(index, "脑电"))
    expected = {row for row, each in enumerate(documents) if set("脑电") & set(each.title + each.body)}
    assert set(np.flatnonzero(scores).tolist()) == expected


TOKENS = st.fixed_dictionaries(
    {field: st.lists(st.sampled_from("甲乙丙丁戊"), max_size=40) for field in FIELDS}
)
WANTED = st.lists(
    st.builds(
        Clause,
        st.sampled_from(list(FIELDS)),
        st.sampled_from("甲乙丙丁戊己"),
        st.floats(0, 3),
        st.floats(0, 9),
    ),
    max_size=12,
)


SHARES = st.sampled_from([0.0, 0.4, 1.0])
"""Every term is a column, some are, none is."""


@given(st.lists(TOKENS, max_size=6), WANTED, SHARES, st.integers(1, 5))
def test_no_estimate_is_too_high_or_lower_than_it_says(tmp_path_factory, texts, wanted, share, at_once):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(columns, "SHARE", share)
        patched.setattr(columns, "_TERMS_AT_ONCE", at_once)
        index, exact = opened(tmp_path_factory.mktemp("any"), texts), Postings(texts).scores(wanted)
        estimates, lacking = index.estimates(wanted)
    assert (estimates <= exact + 1e-5).all()
    assert (exact <= estimates + lacking + 1e-5).all()


@given(st.lists(TOKENS, max_size=9), st.integers(1, 4), SHARES)
def test_it_counts_as_postings_count_however_it_was_cut_into_blocks(tmp_path_factory, texts, at_once, share):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(columns, "SHARE", share)
        patched.setattr(lexical, "_DOCUMENTS_AT_ONCE", at_once)
        index = opened(tmp_path_factory.mktemp("blocks"), texts)
    held = Postings(texts)
    for field in FIELDS:
        assert index.frequencies(field, list("甲乙丙丁戊己甲")) == held.frequencies(field, "甲乙丙丁戊己甲")
        assert index.average_length(field) == held.average_length(field)
        alone = [Clause(field, term, 1.0, 1.0) for term in "甲乙丙丁戊"]
        assert (index.estimates(alone)[0] > 0).tolist() == (held.scores(alone) > 0).tolist()


@pytest.mark.parametrize("at_once", [1, 50, 100_000])
def test_entries_add_up_alike_however_many_are_added_at_once(index, monkeypatch, at_once):
    wanted = asked(index, "激光焊接飞溅抑制", "低温启动困难")
    expected, _ = index.estimates(wanted)
    monkeypatch.setattr(lexical, "_ENTRIES_AT_ONCE", at_once)
    assert index.estimates(wanted)[0] == pytest.approx(expected, abs=1e-6)


def test_what_users_type_is_no_language(index):
    scores, _ = index.estimates(asked(index, 'title:"激光" AND (焊接 OR [* TO *]) ^2 ~ +-!{}\\'))
    assert scores.max() > 0


def test_nothing_asked_nothing_found(index):
    assert not index.estimates([])[0].any()
    assert not index.estimates([Clause("title_words", "全无此词", 1.0, 1.0)])[0].any()


def test_an_empty_index_answers(tmp_path):
    index = opened(tmp_path, [])
    assert index.documents == 0
    assert index.average_length("title_words") == 0
    assert index.frequencies("title_words", ["激光"]) == [0]
    assert not len(index.estimates(asked(index, "激光焊接"))[0])


def test_a_document_that_says_nothing_keeps_its_row(tmp_path):
    texts = [Document("1", ""), Document("2", "激光焊接"), Document("3", "……", "暂无")]
    index = opened(tmp_path, [document_terms(each) for each in texts])
    assert np.flatnonzero(index.estimates(asked(index, "激光焊接"))[0]).tolist() == [1]
    assert index.documents == 3
