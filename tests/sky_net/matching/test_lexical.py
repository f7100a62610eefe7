"""The index estimates what the rows' own terms give exactly, and counts the terms as BM25 needs them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csc_array

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


def estimated(index, wanted):
    """Of all rows."""
    return index.estimates(wanted).of(np.arange(index.documents))


def test_the_row_that_says_it_all_stands_first(index, documents):
    scores = estimated(index, asked(index, "激光焊接飞溅抑制"))
    assert documents[int(scores.argmax())].title == "激光焊接飞溅抑制"


def test_exactly_the_rows_with_a_term_are_found(index, documents):
    scores = estimated(index, asked(index, "脑电"))
    expected = {row for row, each in enumerate(documents) if set("脑电") & set(each.title + each.body)}
    assert set(np.flatnonzero(scores).tolist()) == expected


TOKENS = st.fixed_dictionaries(
    {field: st.lists(st.sampled_from("甲乙丙丁戊"), max_size=40) for field in FIELDS}
)
WANTED = st.lists(
    st.builds(
        lambda field, term, worth: Clause(field, [term], np.array([worth])),
        st.sampled_from(list(FIELDS)),
        st.sampled_from("甲乙丙丁戊己"),
        st.floats(0, 27),
    ),
    max_size=12,
)


SHARES = st.sampled_from([0.0, 0.4, 1.0])
"""Every term is a column, some are, none is."""


@given(
    st.lists(TOKENS, max_size=6),
    WANTED,
    SHARES,
    st.integers(1, 5),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.floats(-1, 30),
    st.integers(0, 63),
)
def test_no_estimate_is_too_high_or_lower_than_it_says(
    tmp_path_factory, texts, wanted, share, at_once, alone, least, allowed
):
    """However far the columns are added up for all rows, and whichever rows are asked for."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(columns, "SHARE", share)
        patched.setattr(columns, "_TERMS_AT_ONCE", at_once)
        patched.setattr(lexical, "ALONE", alone)
        index, exact = opened(tmp_path_factory.mktemp("any"), texts), Postings(texts).scores(wanted)
        estimates, every = index.estimates(wanted), np.arange(len(texts))
        mask = np.array([allowed >> row & 1 for row in every], bool)
        before = estimates.of(every)
        rows, reached = estimates.reaching(least, mask)
        after = estimates.of(every)
    slack = rounded(exact)
    for told in (before, after):
        assert (estimates.so_far(every) <= told).all()
        assert (told <= exact + slack).all()
        assert (exact <= told + estimates.lacking + slack).all()
    assert rows.tolist() == sorted(rows.tolist())
    assert_reaching(rows, reached, after, least, mask)
    least_of_each = least + every % 2
    places, each = estimates.among(every[::-1], least_of_each[::-1])
    assert_reaching(every[::-1][places], each, after, least_of_each, np.ones(len(texts), bool))


@given(st.lists(TOKENS, max_size=9), WANTED)
def test_lists_are_added_up_where_they_lie_as_scipy_would(tmp_path_factory, texts, wanted):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(columns, "SHARE", 1.0)  # every term has a list
        folder = tmp_path_factory.mktemp("lists")
        index = opened(folder, texts)
    first, rows, worth = (np.load(folder / f"{name}.npy") for name in ("first", "rows", "worth"))
    lists = csc_array((worth, rows, first), shape=(len(texts), len(first) - 1))
    numbers, units = index._vocabulary.numbered(wanted)
    expected = lists[:, numbers] @ (units * lexical.STEP)
    assert index.estimates(wanted).so_far(np.arange(len(texts))) == pytest.approx(
        expected, rel=1e-5, abs=1e-5
    )


def test_what_is_worth_next_to_nothing_in_single_precision_brings_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(columns, "SHARE", 0.0)  # every term is a column
    texts = [{field: ["甲"] for field in FIELDS}, {field: [] for field in FIELDS}]
    index = opened(tmp_path, texts)
    estimates = index.estimates([Clause("title_words", ["甲"], np.array([1e-43]))])
    assert estimates.of(np.arange(2)) == pytest.approx([0.0, 0.0])


def rounded(scores) -> float:
    """How far sums in single precision may differ: a real score is 1 at most, those that are drawn here reach hundreds."""
    return 1e-5 * max(1.0, float(np.max(scores, initial=0.0)))


def assert_reaching(rows, estimates, after, least, mask):
    """Sums of a few rows and of all are added up in other orders: at `least` itself a row may be in or out."""
    slack = rounded(after)
    assert estimates == pytest.approx(after[rows], abs=slack)
    assert len(set(rows.tolist())) == len(rows)
    assert set(np.flatnonzero((after >= least + slack) & mask)) <= set(rows)
    assert set(rows) <= set(np.flatnonzero((after >= least - slack) & mask))


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
        alone = [Clause(field, list("甲乙丙丁戊"), np.ones(5))]
        assert (estimated(index, alone) > 0).tolist() == (held.scores(alone) > 0).tolist()


def test_what_users_type_is_no_language(index):
    scores = estimated(index, asked(index, 'title:"激光" AND (焊接 OR [* TO *]) ^2 ~ +-!{}\\'))
    assert scores.max() > 0


def test_nothing_asked_nothing_found(index):
    assert not estimated(index, []).any()
    assert not estimated(index, [Clause("title_words", ["全无此词"], np.ones(1))]).any()


def test_an_empty_index_answers(tmp_path):
    index = opened(tmp_path, [])
    assert index.documents == 0
    assert index.average_length("title_words") == 0
    assert index.frequencies("title_words", ["激光"]) == [0]
    assert not len(estimated(index, asked(index, "激光焊接")))


def test_a_document_that_says_nothing_keeps_its_row(tmp_path):
    texts = [Document("1", ""), Document("2", "激光焊接"), Document("3", "……", "暂无")]
    index = opened(tmp_path, [document_terms(each) for each in texts])
    assert np.flatnonzero(estimated(index, asked(index, "激光焊接"))).tolist() == [1]
    assert index.documents == 3
