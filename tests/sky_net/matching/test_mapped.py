from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sky_net.matching.documents import Document
from sky_net.matching.mapped import Carriers, Repeated, Texts, read_columns, write_columns
from sky_net.matching.roster import Roster

names = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), min_size=1, max_size=8)


@given(st.lists(names))
def test_texts_are_what_they_were(texts: list[str]):
    held = Texts.of(texts)
    assert list(held) == texts
    assert [held[at] for at in range(len(texts))] == texts
    assert list(held[1:]) == texts[1:]
    assert list(Repeated.of(texts)) == texts
    assert list(Repeated.of(texts)[1:]) == texts[1:]


def test_a_text_that_padding_would_change_is_refused():
    with pytest.raises(ValueError, match="NUL"):
        Texts.of(["a", "b\0"])


@given(st.dictionaries(names, st.lists(st.integers(0, 500), unique=True).map(sorted)))
def test_carriers_are_the_mapping_they_were_made_of(carriers: dict[str, list[int]]):
    held = Carriers.of({name: np.array(rows, np.int64) for name, rows in carriers.items()})
    assert {name: rows.tolist() for name, rows in held.items()} == carriers
    assert "not among them " not in held


@given(ids=st.sets(names, max_size=30), asked=st.sets(names, max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_stored_roster_finds_the_same_rows_as_one_in_memory(
    tmp_path_factory: pytest.TempPathFactory, ids: set[str], asked: set[str]
):
    roster = Roster.of([Document(each, "激光") for each in ids])
    folder = tmp_path_factory.mktemp("roster") / "r"
    roster.write(folder)
    stored = Roster.read(folder)
    for wanted in (asked, ids | asked, set()):
        assert stored.rows_of(wanted) == roster.rows_of(wanted)


def test_columns_are_mapped_and_cannot_be_written(tmp_path: Path):
    write_columns(tmp_path / "c", {"a": np.arange(5), "b": np.array([], np.bytes_)})
    first, second = read_columns(tmp_path / "c", ("a", "b"))
    assert isinstance(first.base, np.memmap)
    assert type(first) is np.ndarray  # whose items are had in half the time
    assert len(second) == 0
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 7


def test_a_pickled_column_is_not_opened(tmp_path: Path):
    np.save(tmp_path / "a.npy", np.array([{}]), allow_pickle=True)
    with pytest.raises(ValueError, match="memory-mapped"):
        read_columns(tmp_path, ("a",))
