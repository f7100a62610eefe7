"""The benchmark beside milvus-lite compares like with like: the same rows pass both sides' filters."""

import numpy as np
import pytest

from bench import milvus
from sky_net.matching.documents import Document

OFFER = {"industry": "opto", "trl": 7, "title": "激光焊接", "summary": "紫铜飞溅抑制"}


def test_both_filters_say_the_same():
    document = milvus._document(1, OFFER)
    assert milvus._columns(document) == {"industry": "opto", "trl": 7}
    assert milvus._condition("industry:opto") == 'industry == "opto" and trl in [6, 7, 8]'
    assert milvus._filters("industry:opto").admits(document.facets)
    assert not milvus._filters("industry:auto").admits(document.facets)
    assert not milvus._filters("industry:opto").admits(milvus._document(2, OFFER | {"trl": 3}).facets)


def test_a_row_says_whether_the_goal_is_met_and_what_the_speed_cost():
    row = milvus._row(20_000, 0.004, 0.1, 1.0, 0.9)
    assert (row["ratio"], row["met"], row["ours"], row["anchor"]) == (0.04, True, 4.0, 100.0)
    assert "ours 1.000, its vector search 0.900" in str(row["settings"])
    assert milvus._row(20_000, 0.006, 0.1, 1.0, 0.9)["met"] is False


@pytest.mark.slow
def test_it_runs_and_counts_recall(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("milvus_lite", reason="the extra `dev` brings it")
    monkeypatch.setattr(milvus, "QUERIES", 2)
    row = milvus._measured(300)
    assert "ours 1.000" in str(row["settings"])
    assert row["anchor"] > 0


def test_rows_as_near_as_the_last_are_as_good_as_it():
    class Found:
        def nearest(self, vector: object, condition: str) -> set[int]:
            return {1, 2}

    documents = [Document(str(row), "x", "", frozenset({"industry:opto", "trl:6"})) for row in range(2)]
    vectors = np.eye(2, 4, dtype=np.float32)
    recall = milvus._their_recall(Found(), documents, vectors, [(None, "industry:opto")], vectors[:1])  # type: ignore[arg-type, list-item]
    assert recall == 0.5
