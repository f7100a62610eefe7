import numpy as np
import pytest

from sky_net.matching.documents import Document, Filters
from sky_net.matching.roster import Roster


def test_a_mask_is_true_for_exactly_the_admitted(documents):
    roster = Roster.of(documents)
    for filters in (
        Filters((frozenset({"industry:1"}),)),
        Filters(
            (
                frozenset({"industry:1", "industry:9"}),
                frozenset({"trl:1", "trl:2"}),
                frozenset({"mode:licence"}),
            )
        ),
        Filters((frozenset(),)),
        Filters((frozenset({"trl:nonsense"}),)),
    ):
        expected = [filters.admits(document.facets) for document in documents]
        assert roster.admitted(filters).tolist() == expected


def test_without_requirements_there_is_no_mask(documents):
    assert Roster.of(documents).admitted(None) is None
    assert Roster.of(documents).admitted(Filters()) is None


def test_a_roster_survives_its_file(documents, tmp_path):
    roster = Roster.of(documents)
    roster.write(tmp_path / "roster")
    again = Roster.read(tmp_path / "roster")
    assert list(again.ids) == list(roster.ids)
    assert list(again.owners) == list(roster.owners)
    assert (
        again.rows_of({"D00005", "D00002", "nobody"})
        == roster.rows_of({"D00005", "D00002", "nobody"})
        == [2, 5]
    )
    assert {facet: rows.tolist() for facet, rows in again.facets.items()} == {
        facet: rows.tolist() for facet, rows in roster.facets.items()
    }


def test_an_id_may_stand_only_once():
    with pytest.raises(ValueError, match="same id"):
        Roster.of([Document("1", "a"), Document("1", "b")])


def test_the_empty_roster_filters_too():
    assert Roster.of([]).admitted(Filters((frozenset({"trl:1"}),))).tolist() == np.zeros(0).tolist()
