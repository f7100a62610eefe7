"""Scoring rows by their own terms gives what the index gives, in fewer steps."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.blend import Clause, clauses
from sky_net.matching.bm25 import rounded_length
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import Encoder
from sky_net.matching.forward import ForwardIndex, ForwardWriter
from sky_net.matching.generation import Generation, build
from sky_net.matching.postings import Postings
from sky_net.matching.terms import FIELDS, document_terms

ASKED = ["激光焊接飞溅抑制", "动力电池热失控预警，误报次数减半", "全无此词之事 zzz", ""]


@pytest.fixture(scope="module")
def generation(
    encoder: Encoder, documents: list[Document], tmp_path_factory: pytest.TempPathFactory
) -> Generation:
    folder = tmp_path_factory.mktemp("forward") / "one"
    build(documents, encoder, folder)
    return Generation.open(folder)


@pytest.mark.parametrize("words", ASKED)
def test_it_gives_the_scores_of_the_index(generation: Generation, words: str):
    wanted = clauses(Query(words, words), generation.lexical)
    rows = np.array([299, 0, 7, 150, 7], np.int64)
    found = dict(zip(*(part.tolist() for part in generation.lexical.search(wanted, 300)), strict=True))
    assert generation.forward.scores(wanted, rows) == pytest.approx(
        [found.get(row, 0.0) for row in rows.tolist()], abs=1e-5
    )


def test_nothing_asked_and_no_rows_are_nothing(generation: Generation):
    rows = np.arange(3)
    assert generation.forward.scores([], rows).tolist() == [0.0, 0.0, 0.0]
    one = [Clause("title_words", "激光", 1.0, 1.0)]
    assert generation.forward.scores(one, np.zeros(0, np.int64)).shape == (0,)


TOKENS = st.fixed_dictionaries(
    {field: st.lists(st.sampled_from("甲乙丙丁戊"), max_size=40) for field in FIELDS}
)
WANTED = st.lists(
    st.builds(
        Clause,
        st.sampled_from(list(FIELDS)),
        st.sampled_from("甲乙丙丁戊己"),
        st.floats(-3, 3),
        st.floats(0, 9),
    ),
    max_size=12,
)


@given(st.lists(TOKENS, max_size=6), WANTED)
def test_it_gives_the_scores_of_postings_for_any_texts_and_boosts(tmp_path_factory, texts, wanted):
    averages = dict.fromkeys(FIELDS, 20.0)
    folder = written(tmp_path_factory.mktemp("any"), texts)
    rows = np.arange(len(texts))
    found = ForwardIndex(folder, averages).scores(wanted, rows)
    assert found == pytest.approx(Postings(texts, averages).scores(wanted), abs=1e-9)


def written(folder: Path, texts: list) -> Path:
    writer = ForwardWriter()
    passed = list(writer.noting((tokens, None) for tokens in texts))
    assert passed == [(tokens, None) for tokens in texts]
    writer.write(folder)
    return folder


def test_a_term_said_more_often_than_is_counted_is_worth_as_much_as_can_be(tmp_path: Path):
    tokens = {field: ["甲"] * 1000 for field in FIELDS}
    index = ForwardIndex(written(tmp_path, [tokens]), dict.fromkeys(FIELDS, float(rounded_length(1000))))
    [score] = index.scores([Clause("body_words", "甲", 1.0, 1.0)], np.array([0]))
    assert score == pytest.approx(
        Postings([tokens]).scores([Clause("body_words", "甲", 1.0, 1.0)])[0], abs=2e-2
    )


def test_what_is_no_such_folder_is_refused(tmp_path: Path):
    (tmp_path / "terms.npy").write_bytes(b"not an array")
    with pytest.raises(ValueError, match="allow_pickle"):
        ForwardIndex(tmp_path, {})


def test_documents_pass_unchanged(documents: list[Document]):
    writer = ForwardWriter()
    told = [(document_terms(each), each.facets) for each in documents[:5]]
    assert list(writer.noting(told)) == told
