"""Where the training starts: a piece stands where the texts that hold it are to stand on the average."""

from collections.abc import Sequence

import numpy as np
import torch

from training.teacher import Vectors
from training.views import Ids

RARITY = 1e-3
"""A piece in a thousandth of the texts counts half: smooth inverse frequency, Arora et al. 2017."""


def mean_start(texts: Sequence[Ids], targets: Vectors, pieces: int) -> torch.Tensor:
    """(pieces, dimension): the mean target of a piece's texts, short texts first, weighted down by how common it is."""
    sums = np.zeros((pieces, targets.shape[1]), np.float64)
    shares, counts = np.zeros(pieces), np.zeros(pieces)
    for ids, target in zip(texts, targets, strict=True):
        held = np.unique(ids)
        if len(held):
            sums[held] += target / len(held)
            shares[held] += 1 / len(held)
            counts[held] += 1
    weights = RARITY / (RARITY + counts / max(len(texts), 1))
    means = sums / np.maximum(shares, 1e-9)[:, None] * weights[:, None]
    return torch.from_numpy(means.astype(np.float32))
