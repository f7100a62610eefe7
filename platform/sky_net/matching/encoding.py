"""Vectors for a build: from the generation before, from what a killed build left behind, encoded only where neither has them.

A transformer takes hours for a catalogue, so nothing is encoded twice: compaction encodes what changed, and each block
that was encoded lies on the disk at once, flushed and renamed, until the generation that holds it is complete.
"""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sky_net.matching.dense import DenseIndex
from sky_net.matching.documents import Document
from sky_net.matching.encoder import Encoder, Vectors, halved
from sky_net.matching.meaning import document_vectors
from sky_net.matching.recall import StorageRecall

BLOCK = 512
"""Documents encoded at once; a build that is killed loses one block."""
KEY_BYTES = 16

Keys = npt.NDArray[np.uint8]
Watch = Callable[[str, int, int], None]
"""Told of the phase a build is in and how many of how many documents, or terms in the phase `terms`, it has behind it; called
from the building thread."""


def unwatched(phase: str, done: int, total: int) -> None:
    """Watch nothing."""


def key(document: Document) -> bytes:
    """Two documents with the same key have the same vector."""
    text = f"{document.title}\0{document.body}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=KEY_BYTES).digest()


def keys_of(documents: Sequence[Document]) -> Keys:
    """(len(documents), KEY_BYTES)."""
    return np.frombuffer(b"".join(map(key, documents)), np.uint8).reshape(len(documents), KEY_BYTES)


class Known:
    """Vectors that need not be encoded again, by key; all of one encoder."""

    def __init__(self, left: "Left | None" = None, earlier: tuple[Keys, DenseIndex] | None = None) -> None:
        """`earlier` are the keys and the vectors of a generation, row by row."""
        self.left = left
        self._held = left.read() if left else {}
        self._index = earlier[1] if earlier else None
        self._rows = {bytes(each): row for row, each in enumerate(earlier[0])} if earlier else {}

    def fill(self, keys: Sequence[bytes], vectors: Vectors) -> list[int]:
        """Write what is known into `vectors`, row by row, and return the rows for which nothing is."""
        rows = {at: self._rows[each] for at, each in enumerate(keys) if each in self._rows}
        if self._index is not None and rows:
            vectors[list(rows)] = self._index.vectors(np.array(list(rows.values()), np.int64))
        for at, each in enumerate(keys):
            if at not in rows and each in self._held:
                vectors[at] = self._held[each]
        return [at for at, each in enumerate(keys) if at not in rows and each not in self._held]


class Left:
    """Blocks that a build has encoded, in a folder of the encoder's own; gone once the build is complete."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self.folder, self._dimension = folder, dimension

    def read(self) -> dict[bytes, npt.NDArray[np.float16]]:
        """Vectors by key of every whole block; one that cannot be read is encoded anew."""
        found: dict[bytes, npt.NDArray[np.float16]] = {}
        for path in sorted(self.folder.glob("*.npz")):
            try:
                with path.open("rb") as file, np.load(file, allow_pickle=False) as block:
                    keys, vectors = block["keys"], block["vectors"]
            except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
                path.unlink(missing_ok=True)
                continue
            if vectors.shape == (len(keys), self._dimension) and vectors.dtype == np.float16:
                found.update(zip(map(bytes, keys), vectors, strict=True))
        return found

    def keep(self, keys: Keys, vectors: Vectors) -> None:
        """Store one block, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / f"{hashlib.blake2b(keys.tobytes(), digest_size=12).hexdigest()}.npz"
        draft = place.with_suffix(".new")
        with draft.open("wb") as file:
            np.savez(file, keys=keys, vectors=vectors.astype(np.float16))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)

    def forget(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def blocks(
    documents: Sequence[Document], encoder: Encoder, known: Known, recall: StorageRecall, watch: Watch
) -> Iterator[Vectors]:
    """The documents' vectors as they are stored, float32 (up to BLOCK, dimension) at a time, in order."""
    for start in range(0, len(documents), BLOCK):
        watch("encoding", start, len(documents))
        block = documents[start : start + BLOCK]
        keys = keys_of(block)
        vectors = np.zeros((len(block), encoder.dimension), np.float32)
        if unknown := known.fill([bytes(each) for each in keys], vectors):
            given = document_vectors([block[at] for at in unknown], encoder)
            vectors[unknown] = halved(given)
            recall.add(given, vectors[unknown])
            if known.left is not None:
                known.left.keep(keys[unknown], vectors[unknown])
        yield vectors
    watch("encoding", len(documents), len(documents))
