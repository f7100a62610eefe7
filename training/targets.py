"""Where the texts are to stand: the teacher's vectors made comparable across languages and cut to the model's size."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.lessons import Lessons
from training.teacher import Vectors


@dataclass(frozen=True)
class Targets:
    """`texts[i]` is to stand at the unit vector `vectors[i]`."""

    texts: tuple[str, ...]
    vectors: Vectors


def targets_of(lessons: Lessons, texts: Vectors, words: Vectors, glosses: Vectors, dimension: int) -> Targets:
    """One target for each lesson; the arguments are what the teacher said of its three lists.

    A transformer keeps a corner of its space for each language and one for short texts: the mean of each list is taken
    off. A word and its gloss get one target between them, so that both languages meet. The `dimension` directions in
    which the texts differ most are kept.
    """
    centred = _unit(texts - texts.mean(axis=0))
    both = _unit(_unit(words - words.mean(axis=0)) + _unit(glosses - glosses.mean(axis=0)))
    basis = _principal(centred, dimension)
    vectors = _unit(np.concatenate([centred, both, both]) @ basis)
    return Targets((*lessons.texts, *lessons.words, *lessons.glosses), vectors.astype(np.float32))


def _principal(rows: Vectors, dimension: int) -> NDArray[np.float64]:
    """(columns, dimension): the directions of most variance, signs fixed so that two runs agree."""
    _, directions = np.linalg.eigh(np.cov(rows.T.astype(np.float64)))
    chosen = directions[:, ::-1][:, :dimension]
    return np.asarray(chosen * np.sign(chosen[np.abs(chosen).argmax(axis=0), range(chosen.shape[1])]))


def _unit(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
