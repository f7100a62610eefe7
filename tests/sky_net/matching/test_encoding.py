"""Nothing is encoded twice, and what was taken over is what would have been made."""

from pathlib import Path

import numpy as np
import pytest

from sky_net.matching import encoding
from sky_net.matching.dense import DenseIndex
from sky_net.matching.documents import Document
from sky_net.matching.encoder import halved
from sky_net.matching.encoding import Known, Left, blocks, keys_of, unwatched
from sky_net.matching.generation import Generation, build
from sky_net.matching.meaning import document_vectors
from sky_net.matching.recall import StorageRecall
from tests.sky_net.matching.test_corpus import CountingEncoder


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(encoding, "BLOCK", 64)


def made(documents, encoder, known) -> np.ndarray:
    return np.concatenate(list(blocks(documents, encoder, known, StorageRecall(), unwatched)))


def expected(documents, encoder) -> np.ndarray:
    return halved(document_vectors(documents, encoder))


def test_equal_texts_have_equal_keys_whoever_owns_them():
    first, second = Document("1", "激光", "焊接", frozenset({"trl:1"}), "a"), Document("2", "激光", "焊接")
    other, split = Document("1", "激光焊", "接"), Document("1", "激", "光焊接")
    keys = {bytes(each) for each in keys_of([first, second, other, split])}
    assert len(keys) == 3
    assert keys_of([]).shape == (0, encoding.KEY_BYTES)
    assert len(keys_of([Document("1", "a\ud800")])) == 1


def test_a_generation_lends_its_vectors_to_the_next(tmp_path: Path, documents, encoder):
    build(documents[:200], encoder, tmp_path / "first")
    first = Generation.open(tmp_path / "first")
    counting = CountingEncoder(encoder)
    mixed = [*documents[100:250], *documents[:100]]
    vectors = made(mixed, counting, Known(earlier=(first.keys(), first.dense)))
    assert counting.texts == 2 * 50
    np.testing.assert_array_equal(vectors, expected(mixed, encoder))


def test_a_changed_text_is_encoded_anew(tmp_path: Path, documents, encoder):
    build(documents[:20], encoder, tmp_path / "first")
    first = Generation.open(tmp_path / "first")
    changed = [Document(documents[0].id, "光纤传感"), *documents[1:20]]
    vectors = made(changed, encoder, Known(earlier=(first.keys(), first.dense)))
    np.testing.assert_array_equal(vectors, expected(changed, encoder))


def test_what_a_killed_build_encoded_is_not_encoded_again(tmp_path: Path, documents, encoder):
    class Killed(Exception):
        pass

    def watch(phase: str, done: int, total: int) -> None:
        if done >= 128:
            raise Killed

    left = Left(tmp_path / "left", encoder.dimension)
    with pytest.raises(Killed):
        list(blocks(documents, encoder, Known(left), StorageRecall(), watch))
    counting = CountingEncoder(encoder)
    vectors = made(documents, counting, Known(Left(tmp_path / "left", encoder.dimension)))
    assert counting.texts == 2 * (len(documents) - 128)
    np.testing.assert_array_equal(vectors, expected(documents, encoder))


@pytest.mark.parametrize("damage", ["cut", "flipped", "no archive", "empty"])
def test_a_damaged_block_is_encoded_anew(tmp_path: Path, documents, encoder, damage: str):
    left = Left(tmp_path, encoder.dimension)
    made(documents[:64], encoder, Known(left))
    (block,) = tmp_path.glob("*.npz")
    content = block.read_bytes()
    middle = len(content) // 2
    block.write_bytes(
        {
            "cut": content[:middle],
            "flipped": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "no archive": b"vectors",
            "empty": b"",
        }[damage]
    )
    assert left.read() == {}
    np.testing.assert_array_equal(
        made(documents[:64], encoder, Known(left)), expected(documents[:64], encoder)
    )


def test_blocks_of_another_dimension_are_not_taken(tmp_path: Path, documents, encoder):
    made(documents[:64], encoder, Known(Left(tmp_path, encoder.dimension)))
    assert Left(tmp_path, encoder.dimension + 1).read() == {}


def test_an_unfinished_block_is_none(tmp_path: Path, encoder):
    (tmp_path / "half.new").write_bytes(b"PK")
    assert Left(tmp_path, encoder.dimension).read() == {}


def test_forgetting_leaves_nothing(tmp_path: Path, documents, encoder):
    left = Left(tmp_path / "left", encoder.dimension)
    made(documents[:10], encoder, Known(left))
    left.forget()
    left.forget()
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_from_nothing_to_all(documents, encoder):
    told: list[tuple[str, int, int]] = []
    list(
        blocks(
            documents[:150], encoder, Known(), StorageRecall(),
            lambda phase, done, total: told.append((phase, done, total)),
        )
    )  # fmt: skip
    assert told == [("encoding", done, 150) for done in (0, 64, 128, 150)]


def test_an_index_gives_back_what_was_stored(tmp_path: Path, documents, encoder):
    build(documents, encoder, tmp_path / "g")
    index = DenseIndex(tmp_path / "g" / "dense.faiss")
    np.testing.assert_array_equal(
        index.vectors(np.array([7, 0, 7])), expected([documents[at] for at in (7, 0, 7)], encoder)
    )
    assert index.vectors(np.zeros(0, np.int64)).shape == (0, encoder.dimension)
