"""A generation: both indexes and the statistics of one state of the catalogue, in one immutable directory.

It is built beside its final place, flushed to disk and renamed, so a directory that has its name is complete.
Its manifest names the checksum of every file, so a foreign or damaged one is refused before FAISS, which does
not survive a bad file, looks at it.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from backbone.errors import Bilingual, Unavailable
from sky_net.matching.dense import DenseIndex, write_vectors
from sky_net.matching.documents import Document
from sky_net.matching.encoder import Encoder
from sky_net.matching.encoding import BLOCK, Keys, Known, Watch, blocks, key, keys_of, unwatched
from sky_net.matching.forward import ForwardIndex, ForwardWriter
from sky_net.matching.lexical import LexicalIndex, write_index
from sky_net.matching.mapped import mapped
from sky_net.matching.planner import wants_graph
from sky_net.matching.recall import StorageRecall, graph_effort
from sky_net.matching.roster import Roster
from sky_net.matching.terms import FIELDS, document_terms
from sky_net.matching.vocabulary import Vocabulary

FORMAT = 7
"""Raise it with every change of tokens, fields, files or of what a text's vector is made of: an older generation is then
rebuilt, not misread, and none of its vectors is taken over."""

_MANIFEST, _LEXICAL, _DENSE, _ROSTER, _KEYS = "manifest.json", "lexical", "dense.faiss", "roster", "keys.npy"


class GenerationUnusable(Unavailable):
    """The directory is missing, damaged, of another format or made with another encoder: build a new one."""

    code = "generation_unusable"
    title = Bilingual("检索索引不可用", "The search generation cannot be used")
    detail = Bilingual(
        "索引目录 {path} 不可用：{problem}", "The generation at {path} cannot be used: {problem}"
    )
    advice = Bilingual(
        "重新构建索引；数据库中的数据不受影响", "Build a new one; nothing in the database is affected"
    )

    def __init__(self, path: Path, problem: Bilingual) -> None:
        super().__init__(path=str(path), problem=problem)


class Generation:
    """An open generation; safe to share between threads, never written to."""

    def __init__(self, directory: Path, manifest: Mapping[str, Any], checksum: str) -> None:
        """Use `Generation.open`, which checks the files first."""
        self.directory = directory
        self.checksum = checksum
        self.encoder_fingerprint: str = manifest["encoder"]
        self.recall: Mapping[str, float | None] = manifest["recall"]
        self.effort: int | None = manifest["effort"]
        self.roster = Roster.read(directory / _ROSTER)
        words, averages = directory / _LEXICAL, manifest["averages"]
        self.vocabulary = Vocabulary(words)
        self.forward = ForwardIndex(words, self.vocabulary, averages)
        self.lexical = LexicalIndex(words, self.vocabulary, averages, self.forward.documents)
        self._keys: Keys = mapped(directory / _KEYS)
        self.dense = DenseIndex(directory / _DENSE)

    def __len__(self) -> int:
        return len(self.roster.ids)

    def __reduce__(self) -> tuple[Callable[[Path, str], "Generation"], tuple[Path, str]]:
        """Another process maps the same files; they were verified here."""
        return _opened_again, (self.directory.absolute(), self.checksum)

    def keys(self) -> Keys:
        """What each row's vector was made of (`encoding.key`), so that the next build need not make it again."""
        return self._keys

    def row_of(self, document: Document) -> int | None:
        """Where the document stands; None where it does not, or with another text than this."""
        rows = self.roster.rows_of({document.id})
        return rows[0] if rows and self._keys[rows[0]].tobytes() == key(document) else None

    @classmethod
    def open(cls, directory: Path, checksum: str | None = None) -> "Generation":
        """Verify every file and map it; GenerationUnusable otherwise.

        `checksum` is the one that `build` returned, kept where the name of the current generation is kept.
        """
        manifest, found = _verified(directory)
        if checksum is not None and checksum != found:
            raise _unusable(directory, "与登记的校验和不符", "it is not the one that was registered")
        try:
            generation = cls(directory, manifest, found)
        except (OSError, EOFError, ValueError, RuntimeError, KeyError, TypeError) as error:
            raise _unusable(directory, f"无法打开：{error}", f"it does not open: {error}") from error
        counts = {
            len(generation),
            generation.lexical.documents,
            generation.dense.documents,
            manifest["documents"],
        }
        if len(counts) != 1 or generation.dense.dimension != manifest["dimension"]:
            raise _unusable(
                directory, "各部分的条数或维数不一致", "its parts disagree in number or dimension"
            )
        return generation


def build(
    documents: Iterable[Document],
    encoder: Encoder,
    directory: Path,
    known: Known | None = None,
    watch: Watch = unwatched,
) -> str:
    """Write a generation to `directory`, which must not exist, and return its checksum.

    `known` are vectors of the same encoder that need not be made again. ValueError on a repeated id. A failure leaves
    nothing behind. Documents are read once and held in memory.
    """
    held = list(documents)
    roster = Roster.of(held)
    if directory.exists():
        raise FileExistsError(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        _write_parts(draft, held, roster, encoder, known or Known(), watch)
        checksum = _seal(draft)
        draft.rename(directory)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _flush(directory.parent)
    return checksum


def _write_parts(
    draft: Path, documents: Sequence[Document], roster: Roster, encoder: Encoder, known: Known, watch: Watch
) -> None:
    """Every file, with a manifest that does not yet name them."""
    storage = StorageRecall()
    write_vectors(
        draft / _DENSE, blocks(documents, encoder, known, storage, watch), encoder.dimension,
        has_graph=wants_graph(len(documents)),
    )  # fmt: skip
    effort, graph = graph_effort(DenseIndex(draft / _DENSE))
    averages = _write_words(draft / _LEXICAL, _watched(documents, watch))
    roster.write(draft / _ROSTER)
    np.save(draft / _KEYS, keys_of(documents), allow_pickle=False)
    manifest = {
        "format": FORMAT,
        "encoder": encoder.fingerprint,
        "dimension": encoder.dimension,
        "documents": len(documents),
        "averages": averages,
        "effort": effort,
        "recall": {"storage": storage.value(), "encoded": storage.rows, "graph": graph},
    }
    (draft / _MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _write_words(folder: Path, documents: Iterable[Document]) -> dict[str, float]:
    """The rows' terms and the terms' rows; the mean length of every field."""
    folder.mkdir()
    writer = ForwardWriter()
    for document in documents:
        writer.note(document_terms(document))
    averages = writer.write(folder)
    vocabulary = Vocabulary(folder)
    write_index(folder, ForwardIndex(folder, vocabulary, averages), len(vocabulary))
    return averages


def _seal(draft: Path) -> str:
    """Name every file's checksum in the manifest and flush all of it; the manifest's own checksum."""
    names = _file_names(draft)
    manifest = json.loads((draft / _MANIFEST).read_bytes())
    manifest["files"] = {name: _file_hash(draft / name) for name in names}
    content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    (draft / _MANIFEST).write_bytes(content)
    for name in (*names, _MANIFEST, _LEXICAL, _ROSTER, "."):
        _flush(draft / name)
    return hashlib.sha256(content).hexdigest()


def _watched(documents: Sequence[Document], watch: Watch) -> Iterator[Document]:
    for number, document in enumerate(documents):
        if number % BLOCK == 0:
            watch("words", number, len(documents))
        yield document
    watch("words", len(documents), len(documents))


def _opened_again(directory: Path, checksum: str) -> Generation:
    """OSError where the directory has gone, ValueError where another has its name."""
    content = (directory / _MANIFEST).read_bytes()
    if hashlib.sha256(content).hexdigest() != checksum:
        raise ValueError(f"{directory} is no longer the generation that was opened")
    return Generation(directory, json.loads(content), checksum)


def _verified(directory: Path) -> tuple[dict[str, Any], str]:
    try:
        content = (directory / _MANIFEST).read_bytes()
        manifest = json.loads(content)
    except (OSError, ValueError) as error:
        raise _unusable(directory, "没有可读的清单", "it has no readable manifest") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise _unusable(directory, "格式版本不同", "it is of another format version")
    if set(manifest.get("averages", ())) != set(FIELDS) or not isinstance(manifest.get("files"), dict):
        raise _unusable(directory, "清单不完整", "its manifest is incomplete")
    for name, expected in manifest["files"].items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise _unusable(directory, f"清单指向目录之外：{name}", f"its manifest points outside: {name}")
        if not (directory / name).is_file() or _file_hash(directory / name) != expected:
            raise _unusable(directory, f"文件缺失或损坏：{name}", f"missing or damaged file: {name}")
    return manifest, hashlib.sha256(content).hexdigest()


def _file_names(directory: Path) -> list[str]:
    """Every file but the manifest."""
    found = (path for path in directory.rglob("*") if path.is_file())
    return sorted(name for path in found if (name := path.relative_to(directory).as_posix()) != _MANIFEST)


def _file_hash(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unusable(directory: Path, zh: str, en: str) -> GenerationUnusable:
    return GenerationUnusable(directory, Bilingual(zh, en))
