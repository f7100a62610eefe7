"""Statistics that come from a server are the ones that were counted, and are asked for once."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from sky_net.matching.documents import Document, Query
from sky_net.matching.milvus import statistics
from sky_net.matching.milvus.statistics import Counts, FrozenStatistics, Terms, key_of
from sky_net.matching.postings import Postings
from sky_net.matching.terms import FIELDS, document_terms
from tests.factories.matching import a_milvus_engine

TERMS = ["激光", "焊接", "激", "光焊", "no such term"]


def counted(documents: Iterable[Document]) -> Counts:
    counts = Counts()
    counts.add(documents)
    return counts


class Asked:
    """Terms in memory that note how often they are asked."""

    def __init__(self, known: dict[int, int]) -> None:
        self.known, self.times = known, 0

    def frequencies(self, keys: Iterable[int]) -> dict[int, int]:
        self.times += 1
        return {key: self.known.get(key, 0) for key in keys}


def frozen(counts: Counts, terms: Any) -> FrozenStatistics:
    return FrozenStatistics(terms, json.loads(counts.manifest("model", 8)))


def test_they_are_those_of_the_same_documents_in_memory(documents: list[Document]):
    counts = counted(documents)
    ours = frozen(counts, Asked(counts.frequencies))
    theirs = Postings([document_terms(document) for document in documents])
    assert ours.documents == theirs.documents
    for field in FIELDS:
        assert ours.average_length(field) == pytest.approx(theirs.average_length(field))
        assert ours.frequencies(field, TERMS) == theirs.frequencies(field, TERMS)


def test_a_query_is_asked_for_at_once_and_never_again(documents: list[Document]):
    counts = counted(documents)
    terms = Asked(counts.frequencies)
    statistics = frozen(counts, terms)
    statistics.learn(Query("激光焊接", "飞溅抑制"))
    for field in FIELDS:
        statistics.frequencies(field, [])
    statistics.frequencies("title_words", ["激光", "焊接"])
    statistics.frequencies("text_grams", ["激光"])
    assert terms.times == 1


def test_a_full_memory_is_emptied_and_answers_as_before(
    documents: list[Document], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(statistics, "MOST_REMEMBERED", 2)
    counts = counted(documents)
    ours = frozen(counts, Asked(counts.frequencies))
    first = [ours.frequencies("title_words", TERMS) for _ in range(2)]
    ours.frequencies("title_words", ["动力", "电池"])
    mixed = ours.frequencies("title_words", ["电池", *TERMS])
    assert first == [mixed[1:]] * 2


def test_a_term_has_a_key_in_each_field_that_fits_eight_bytes():
    keys = {key_of(field, term) for field in FIELDS for term in TERMS}
    assert len(keys) == len(FIELDS) * len(TERMS)
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_what_was_stored_is_read_and_an_unfinished_store_has_no_manifest(
    documents: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("milvus_lite", reason="the extra `dev` brings it")
    counts = counted(documents[:20])
    manifest = counts.manifest("model", 8)
    with a_milvus_engine(tmp_path) as engine:
        terms = Terms(engine.milvus, "some")
        assert terms.manifest() == ""
        told: list[tuple[str, int, int]] = []
        monkeypatch.setattr(statistics, "AT_ONCE", 50)
        terms.fill(counts, manifest, lambda *each: told.append(each))
        assert terms.manifest() == manifest
        total = len(counts.frequencies)
        assert told == [*(("terms", done, total) for done in range(0, total, 50)), ("terms", total, total)]
        found = terms.frequencies([*counts.frequencies, 1])
        assert found == {**counts.frequencies, 1: 0}
        unfinished = Terms(engine.milvus, "other")
        monkeypatch.setattr(statistics, "_row", lambda *given: 1 / 0 if len(given) == 3 else _plain(*given))
        with pytest.raises(ZeroDivisionError):
            unfinished.fill(counts, manifest)
        assert unfinished.manifest() == ""


def _plain(key: int, documents: int) -> dict[str, object]:
    return {"key": key, "documents": documents, "told": "", "nothing": [0.0, 0.0]}
