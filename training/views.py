"""Texts as token ids, and the random views of a paper between which the training asks for agreement."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.corpus import Paper

Ids = NDArray[np.int64]

CLAUSE = re.compile(r"(?<=[,，.。;；:：!！?？])")
DROPPED_TOKENS = 0.25


@dataclass(frozen=True)
class PaperTokens:
    """The clauses of the abstract stay apart, so that a view may take some of them."""

    title: Ids
    keywords: tuple[Ids, ...]
    clauses: tuple[Ids, ...]


@dataclass(frozen=True)
class Bag:
    """A batch of texts as torch's EmbeddingBag takes it: ids end to end, and where each text starts."""

    ids: torch.Tensor
    offsets: torch.Tensor


def bag(texts: Iterable[Ids]) -> Bag:
    """A text may be empty; its mean vector is then zero."""
    rows = list(texts)
    starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
    joined = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    return Bag(torch.from_numpy(joined.astype(np.int64)), torch.from_numpy(starts.astype(np.int64)))


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Ids]:
    """Without the unknown piece's id, 0: what it stands for has not been seen."""
    encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [np.array([piece for piece in encoding.ids if piece], dtype=np.int64) for encoding in encodings]


def tokenize(tokenizer: Tokenizer, paper: Paper) -> PaperTokens:
    """Clauses end at punctuation, where the tokenizer cuts anyway, so their ids joined are those of the abstract."""
    clauses = [ids for ids in token_ids(tokenizer, CLAUSE.split(paper.abstract)) if len(ids)]
    return PaperTokens(
        title=token_ids(tokenizer, [paper.title])[0],
        keywords=tuple(token_ids(tokenizer, paper.keywords)),
        clauses=tuple(clauses),
    )


def thinned(ids: Ids, rng: np.random.Generator) -> Ids:
    """A quarter of the tokens left out, never all: no single word may carry a match."""
    kept = ids[rng.random(len(ids)) >= DROPPED_TOKENS]
    return kept if len(kept) else ids


def keywords_view(paper: PaperTokens, rng: np.random.Generator) -> Ids:
    """At least half of the keywords, in any order; the title of a paper without keywords."""
    count = len(paper.keywords)
    if not count:
        return paper.title
    taken = rng.permutation(count)[: int(rng.integers((count + 1) // 2, count + 1))]
    return np.concatenate([paper.keywords[i] for i in taken])


def abstract_halves(paper: PaperTokens, rng: np.random.Generator) -> tuple[Ids, Ids]:
    """The clauses dealt at random to two heaps; a single clause is cut in the middle."""
    clauses = paper.clauses
    if len(clauses) < 2:
        whole = np.concatenate(clauses) if clauses else paper.title
        return whole[: len(whole) // 2 + 1], whole[len(whole) // 2 :]
    order = rng.permutation(len(clauses))
    one, other = np.array_split(order, 2)
    return np.concatenate([clauses[i] for i in one]), np.concatenate([clauses[i] for i in other])
