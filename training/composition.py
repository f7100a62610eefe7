"""How the vector of a piece is composed while training: its own vector and those of the pieces inside it.

A word seen three times learns little by itself; its characters are seen in hundreds of other words. The sum is
folded into one table at the end, so the shipped model is a plain StaticEmbedding. (The idea is fastText's,
Bojanowski et al. 2017.)
"""

from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch.nn import functional


@dataclass(frozen=True)
class Composition:
    """Row i of the table is the weighted sum of the feature rows `features[offsets[i]:offsets[i + 1]]`."""

    features: torch.Tensor
    offsets: torch.Tensor
    weights: torch.Tensor

    def table(self, vectors: torch.Tensor) -> torch.Tensor:
        """(pieces, d) out of feature vectors (pieces, d)."""
        return functional.embedding_bag(
            self.features, vectors, self.offsets, mode="sum", per_sample_weights=self.weights
        )


def compose(tokenizer: Tokenizer, share: float) -> Composition:
    """Own vector with weight 1; `share` in all for the shorter pieces within a Chinese word, split evenly."""
    vocabulary = tokenizer.get_vocab()
    features: list[int] = []
    weights: list[float] = []
    offsets: list[int] = []
    for piece, own in sorted(vocabulary.items(), key=lambda pair: pair[1]):
        inner = [] if piece.isascii() else _inside(piece, vocabulary)
        offsets.append(len(features))
        features += [own, *inner]
        weights += [1.0, *(share / len(inner) for _ in inner)]
    return Composition(torch.tensor(features), torch.tensor(offsets), torch.tensor(weights))


def _inside(piece: str, vocabulary: dict[str, int]) -> list[int]:
    spans = (piece[i : i + n] for n in range(1, len(piece)) for i in range(len(piece) - n + 1))
    return [vocabulary[span] for span in spans if span in vocabulary]
