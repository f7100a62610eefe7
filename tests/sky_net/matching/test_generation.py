import json
import os
from pathlib import Path

import numpy as np
import pytest

from sky_net.matching import planner
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import open_encoder
from sky_net.matching.generation import FORMAT, Generation, GenerationUnusable, build
from sky_net.matching.ranking import rank
from sky_net.matching.recall import ENOUGH
from tests.sky_net.matching.conftest import write_static_model


@pytest.fixture
def built(tmp_path, documents, encoder):
    directory = tmp_path / "generations" / "0001"
    return directory, build(documents, encoder, directory)


def test_a_generation_opens_with_what_was_put_in(built, documents, encoder):
    directory, checksum = built
    generation = Generation.open(directory, checksum)
    assert len(generation) == len(documents)
    assert generation.checksum == checksum
    assert generation.encoder_fingerprint == encoder.fingerprint
    assert list(generation.roster.ids) == [document.id for document in documents]
    assert list(generation.roster.owners) == [document.owner for document in documents]


def test_nothing_but_the_generation_is_left_beside_it(built):
    assert [path.name for path in built[0].parent.iterdir()] == ["0001"]


def test_a_generation_is_the_same_after_searching(built, encoder):
    directory, checksum = built
    rank(Query("激光焊接"), Corpus(encoder, Generation.open(directory)), 5)
    assert Generation.open(directory, checksum).checksum == checksum


def test_an_existing_directory_is_never_built_over(built, documents, encoder):
    with pytest.raises(FileExistsError):
        build(documents, encoder, built[0])
    assert Generation.open(*built)


def test_a_failed_build_leaves_nothing(tmp_path, documents, encoder):
    class Failing:
        dimension, fingerprint = encoder.dimension, encoder.fingerprint

        def encode(self, texts):
            raise MemoryError

    with pytest.raises(MemoryError):
        build(documents, Failing(), tmp_path / "0001")
    assert list(tmp_path.iterdir()) == []


def test_two_documents_with_one_id_are_refused(tmp_path, encoder):
    with pytest.raises(ValueError, match="same id"):
        build([Document("1", "激光"), Document("1", "焊接")], encoder, tmp_path / "0001")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_catalogue_is_a_generation_too(tmp_path, encoder):
    build([], encoder, tmp_path / "0001")
    generation = Generation.open(tmp_path / "0001")
    assert len(generation) == 0
    assert rank(Query("激光"), Corpus(encoder, generation), 5) == []


def files_of(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file() and path.suffix != ".lock")


def test_any_changed_byte_is_noticed(tmp_path, documents, encoder):
    directory = tmp_path / "0001"
    build(documents[:20], encoder, directory)
    for path in files_of(directory):
        if path.name == "manifest.json":
            continue
        content = path.read_bytes()
        for wrong in (content[:-1], content + b"\0", content[:-1] + bytes([content[-1] ^ 1])):
            path.write_bytes(wrong)
            with pytest.raises(GenerationUnusable):
                Generation.open(directory)
        path.unlink()
        with pytest.raises(GenerationUnusable):
            Generation.open(directory)
        path.write_bytes(content)
    assert Generation.open(directory)


@pytest.mark.parametrize(
    "change",
    [
        {"format": FORMAT + 1},
        {"documents": 7},
        {"dimension": 7},
        {"averages": {}},
        {"files": None},
        {"files": {"/etc/hostname": "0"}},
        {"files": {"../0002/dense.faiss": "0"}},
    ],
)
def test_a_changed_manifest_is_refused(built, change):
    directory, checksum = built
    manifest = json.loads((directory / "manifest.json").read_text())
    (directory / "manifest.json").write_text(json.dumps(manifest | change))
    with pytest.raises(GenerationUnusable):
        Generation.open(directory)
    with pytest.raises(GenerationUnusable):
        Generation.open(directory, checksum)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'"manifest"'])
def test_something_else_called_a_manifest_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(GenerationUnusable):
        Generation.open(tmp_path)


def test_another_complete_generation_is_not_the_registered_one(built, tmp_path, documents, encoder):
    build(documents[:50], encoder, tmp_path / "foreign")
    with pytest.raises(GenerationUnusable, match="not the one that was registered"):
        Generation.open(tmp_path / "foreign", built[1])


def test_a_missing_directory_is_refused_in_both_languages(tmp_path):
    with pytest.raises(GenerationUnusable) as caught:
        Generation.open(tmp_path / "none")
    assert "索引目录" in caught.value.sentence().zh
    assert "cannot be used" in caught.value.sentence()


def test_vectors_of_two_models_are_never_mixed(built, tmp_path):
    other = open_encoder(write_static_model(tmp_path / "other", seed=9))
    with pytest.raises(ValueError, match="another encoder"):
        Corpus(other, Generation.open(built[0]))


def test_two_processes_may_read_one_generation(built, encoder):
    """A fork after opening answers like its parent: no thread pool is left behind in a state that hangs it."""
    corpus = Corpus(encoder, Generation.open(built[0]))
    expected = rank(Query("激光焊接"), corpus, 5)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = rank(Query("激光焊接"), corpus, 5)
            os.write(writing, b"same" if answer == expected else b"different")
        finally:
            os._exit(0)
    os.close(writing)
    assert os.read(reading, 16) == b"same"
    os.waitpid(child, 0)


def test_a_generation_says_what_its_storage_loses(built):
    recall = Generation.open(built[0]).recall
    assert recall["storage"] > 0.99
    assert recall["encoded"] == 300
    assert recall["graph"] is None


def test_a_large_generation_has_a_graph_that_was_measured(tmp_path, encoder, documents, monkeypatch):
    monkeypatch.setattr(planner, "EXACT_UP_TO", 100)
    monkeypatch.setattr(planner, "DEPTH", 50)
    build(documents, encoder, tmp_path / "g")
    generation = Generation.open(tmp_path / "g")
    assert generation.dense.has_graph
    assert generation.effort is not None
    assert generation.recall["graph"] >= ENOUGH
    queries = [Query(document.title, document.body) for document in documents[:30]]
    corpus = Corpus(encoder, generation, documents[:10], {documents[11].id})
    with_graph = [rank(query, corpus, 5) for query in queries]
    generation.effort = None
    scanned = [rank(query, corpus, 5) for query in queries]
    same = sum(
        [hit.document_id for hit in a] == [hit.document_id for hit in b]
        for a, b in zip(with_graph, scanned, strict=True)
    )
    assert same >= 28


def test_the_same_text_scores_the_same_indexed_and_changed(tmp_path, encoder, documents):
    """Half precision is rounded to before, on both sides."""
    build(documents, encoder, tmp_path / "g")
    generation = Generation.open(tmp_path / "g")
    stored = generation.dense.vectors(np.arange(len(documents)))
    np.testing.assert_array_equal(stored, Corpus(encoder, None, documents).vectors)
