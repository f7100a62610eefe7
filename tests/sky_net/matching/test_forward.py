"""Scoring rows by their own terms gives what the index gives, in fewer steps."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.blend import Clause, clauses
from sky_net.matching.bm25 import K1
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import Encoder
from sky_net.matching.forward import ForwardIndex, ForwardWriter
from sky_net.matching.generation import Generation, build
from sky_net.matching.postings import Postings
from sky_net.matching.terms import FIELDS
from sky_net.matching.vocabulary import Vocabulary

ONE = [Clause("body_words", ["甲"], np.ones(1))]
ASKED = ["激光焊接飞溅抑制", "动力电池热失控预警，误报次数减半", "全无此词之事 zzz", ""]


@pytest.fixture(scope="module")
def generation(
    encoder: Encoder, documents: list[Document], tmp_path_factory: pytest.TempPathFactory
) -> Generation:
    folder = tmp_path_factory.mktemp("forward") / "one"
    build(documents, encoder, folder)
    return Generation.open(folder)


@pytest.mark.parametrize("words", ASKED)
def test_it_gives_what_the_index_estimates(generation: Generation, words: str):
    wanted = clauses(Query(words, words), generation.lexical)
    rows = np.array([299, 0, 7, 150, 7], np.int64)
    estimates = generation.lexical.estimates(wanted)
    short = generation.forward.scores(wanted, rows) - estimates.of(rows)
    assert (short >= -1e-6).all()
    assert (short <= estimates.lacking).all()


def test_nothing_asked_and_no_rows_are_nothing(generation: Generation):
    rows = np.arange(3)
    assert generation.forward.scores([], rows).tolist() == [0.0, 0.0, 0.0]
    assert generation.forward.scores(ONE, np.zeros(0, np.int64)).shape == (0,)


TOKENS = st.fixed_dictionaries(
    {field: st.lists(st.sampled_from("甲乙丙丁戊"), max_size=40) for field in FIELDS}
)
WANTED = st.lists(
    st.builds(
        lambda field, term, worth: Clause(field, [term], np.array([worth])),
        st.sampled_from(list(FIELDS)),
        st.sampled_from("甲乙丙丁戊己"),
        st.floats(-27, 27),
    ),
    max_size=12,
)


@given(st.lists(TOKENS, max_size=6), WANTED)
def test_it_gives_the_scores_of_postings_for_any_texts_and_boosts(tmp_path_factory, texts, wanted):
    averages = dict.fromkeys(FIELDS, 20.0)
    folder = written(tmp_path_factory.mktemp("any"), texts)
    rows = np.arange(len(texts))
    found = ForwardIndex(folder, Vocabulary(folder), averages).scores(wanted, rows)
    assert found == pytest.approx(Postings(texts, averages).scores(wanted), abs=1e-9)


def written(folder: Path, texts: list) -> Path:
    writer = ForwardWriter()
    for tokens in texts:
        writer.note(tokens)
    writer.write(folder)
    return folder


def test_it_tells_the_mean_lengths(tmp_path: Path):
    writer = ForwardWriter()
    assert writer.write(tmp_path) == dict.fromkeys(FIELDS, 0.0)
    for count in (1, 4):
        writer.note({field: ["甲"] * count for field in FIELDS})
    assert writer.write(tmp_path) == dict.fromkeys(FIELDS, 2.5)


def test_the_parts_by_field_are_what_each_field_brings(generation: Generation):
    wanted = clauses(Query("激光焊接飞溅抑制", "电池热失控"), generation.lexical)
    rows = np.arange(40)
    parts = generation.forward.by_field(wanted, rows)
    for number, field in enumerate(FIELDS):
        alone = [clause for clause in wanted if clause.field == field]
        assert parts[:, number] == pytest.approx(generation.forward.scores(alone, rows))


def test_a_term_counts_once_a_byte_is_full_in_memory_as_in_the_index(tmp_path: Path):
    tokens, averages = {field: ["甲"] * 1000 for field in FIELDS}, dict.fromkeys(FIELDS, 984.0)
    folder = written(tmp_path, [tokens])
    [score] = ForwardIndex(folder, Vocabulary(folder), averages).scores(ONE, np.array([0]))
    assert score == pytest.approx(Postings([tokens], averages).scores(ONE)[0])
    assert score < 1 + K1


def test_what_is_no_such_folder_is_refused(tmp_path: Path):
    folder = written(tmp_path, [])
    (folder / "terms.npy").write_bytes(b"not an array")
    with pytest.raises(ValueError, match="allow_pickle"):
        ForwardIndex(folder, Vocabulary(folder), dict.fromkeys(FIELDS, 1.0))


def test_every_entry_comes_with_its_row_and_what_it_is_worth(generation: Generation):
    rows, numbers, worth = generation.forward.entries(3, 5)
    assert set(rows.tolist()) == {3, 4}
    assert len(rows) == len(numbers) == len(worth)
    assert ((worth > 0) & (worth < 1 + K1)).all()
