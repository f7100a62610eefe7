"""What is measured of a generation is what lies there, per achievement."""

import pytest

from bench import sizes


@pytest.fixture(autouse=True)
def _a_few(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sizes, "ROWS_5K", 60)


def test_every_file_is_counted_and_a_vector_takes_two_bytes_a_dimension():
    row = sizes.size_of_a_generation()
    assert "dense.faiss 51" in str(row["settings"])
    assert row["ours"] > 512 + row["anchor"] > 512
    assert row["ratio"] == pytest.approx(row["ours"] / row["anchor"], rel=0.001)


def test_longer_texts_take_more_and_their_vectors_do_not():
    short, long = sizes.size_of_a_generation(), sizes.size_with_longer_texts()
    assert long["anchor"] > 1.5 * short["anchor"]
    assert long["ours"] > 1.3 * short["ours"]
    assert "dense.faiss 51" in str(long["settings"])
