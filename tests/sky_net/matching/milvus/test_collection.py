"""What is sent to Milvus: rows cut to its limits, filters that no value can break out of."""

import json
from pathlib import Path

import numpy as np
import pytest

from sky_net.matching.documents import Document, Filters
from sky_net.matching.milvus.collection import MOST_BYTES, Collection, Wanted, _condition, _row
from tests.factories.matching import a_milvus_engine

NOTHING = np.zeros(4, np.float32)


def wanted(*required: set[str], without: frozenset[str] = frozenset(), words: str = "") -> Wanted:
    return Wanted(words, NOTHING, Filters(tuple(map(frozenset, required))) if required else None, without, 10)


def test_no_filter_is_no_condition():
    assert _condition(wanted()) == ""


def test_every_kind_of_facet_and_every_hidden_id_is_a_part():
    said = _condition(wanted({"trl:6", "trl:7"}, {"industry:opto"}, without=frozenset({"b", "a"})))
    assert said == (
        'ARRAY_CONTAINS_ANY(facets, ["trl:6", "trl:7"]) and ARRAY_CONTAINS_ANY(facets, ["industry:opto"])'
        ' and id not in ["a", "b"]'
    )


def test_a_choice_of_nothing_lets_nothing_pass():
    assert _condition(wanted({"trl:6"}, set())) is None


def test_a_facet_stays_one_string_whatever_is_in_it():
    nasty = 'x"]) or id != "\\'
    said = _condition(wanted({nasty}))
    assert said is not None
    inside = said.removeprefix("ARRAY_CONTAINS_ANY(facets, ").removesuffix(")")
    assert json.loads(inside) == [nasty]


def test_texts_are_folded_and_cut_between_characters():
    row = _row(Document("A", "紫銅", "焊" * 30_000), NOTHING)
    assert row["title"] == "紫铜"
    assert len(row["body"].encode()) == MOST_BYTES
    assert set(row["body"]) == {"焊"}
    assert _row(Document("A", "焊接", "暂无"), NOTHING)["body"] == ""


def test_a_collection_takes_twice_what_it_is_given_and_names_it_once(tmp_path: Path):
    pytest.importorskip("milvus_lite", reason="the extra `dev` brings it")
    documents = [
        Document(f"D{number}", "激光焊接", "紫铜", frozenset({f"trl:{number}"})) for number in range(6)
    ]
    vectors = np.eye(6, 8, dtype=np.float32)
    with a_milvus_engine(tmp_path) as engine:
        collection = Collection(engine.milvus, "a_collection")
        assert not collection.exists()
        collection.create(8)
        for _ in range(2):
            collection.put(documents, vectors)
        assert (collection.exists(), collection.count(), collection.dimension()) == (True, 6, 8)
        collection.remove(["D5", "no such"])
        assert (collection.count(), collection.count({"D1", "D5"}), collection.count(set())) == (5, 1, 0)
        asked = Wanted("激光", vectors[2], Filters((frozenset({"trl:1", "trl:2", "trl:5"}),)), {"D1"}, 10)
        found = collection.candidates(asked)
        assert list(found) == ["D2"]
        assert np.array_equal(found["D2"], vectors[2])
        assert collection.candidates(Wanted("", vectors[2], Filters((frozenset(),)), (), 10)) == {}
        assert set(collection.candidates(Wanted("激光", None, None, (), 10))) == {
            f"D{each}" for each in range(5)
        }
        assert collection.candidates(Wanted("轴承", None, None, (), 10)) == {}, (
            "words alone, and none of them"
        )
        assert collection.candidates(Wanted(" ", None, None, (), 10)) == {}
        collection.drop()
        collection.drop()
        assert not collection.exists()
