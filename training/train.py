"""Contrastive training of the table: each view of a paper must find the other view among the batch's papers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from training.composition import compose
from training.corpus import Split
from training.start import spectral_start
from training.views import (
    Bag,
    Ids,
    PaperTokens,
    abstract_halves,
    bag,
    keywords_view,
    thinned,
    title_halves,
    token_ids,
    tokenize,
)


@dataclass(frozen=True)
class Recipe:
    """The settings, chosen on the validation tenth (training/README.md has the runs).

    `rate` is Adam's, falling linearly to zero; `inner_share` is what the pieces inside a word add to its vector;
    `titles_weight` is the weight of the bare titles' loss beside that of the papers.
    """

    dimension: int = 256
    epochs: int = 40
    batch: int = 512
    rate: float = 0.02
    temperature: float = 0.05
    inner_share: float = 1.0
    titles_weight: float = 0.5


Progress = Callable[[int, int, float], None]


def train_table(
    tokenizer: Tokenizer, split: Split, recipe: Recipe, seed: int, progress: Progress | None = None
) -> torch.Tensor:
    """The (vocabulary, dimension) float32 table; row 0, the unknown piece, is zero.

    `progress` is told step, steps and the loss after each step.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    papers = [tokenize(tokenizer, paper) for paper in split.train]
    titles = [ids for ids in token_ids(tokenizer, split.titles) if len(ids) > 1]
    composition = compose(tokenizer, recipe.inner_share)
    vectors = torch.nn.Parameter(spectral_start(papers, titles, composition, recipe.dimension))
    batches = max(1, len(papers) // recipe.batch)
    steps = batches * recipe.epochs
    optimizer = torch.optim.Adam([vectors], lr=recipe.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda done: 1 - done / max(1, steps))
    for step in range(steps):
        if step % batches == 0:
            order = rng.permutation(len(papers))
        chosen = [papers[i] for i in order[step % batches :: batches]]
        extra = [titles[i] for i in rng.integers(0, len(titles), len(chosen))] if titles else []
        loss = _loss(composition.table(vectors), chosen, extra, recipe, rng)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves Tensor.backward unannotated
        optimizer.step()
        schedule.step()
        if progress:
            progress(step + 1, steps, loss.item())
    table = composition.table(vectors.detach())
    table[0] = 0
    return table


def _loss(
    table: torch.Tensor,
    papers: Sequence[PaperTokens],
    titles: Sequence[Ids],
    recipe: Recipe,
    rng: np.random.Generator,
) -> torch.Tensor:
    halves = [abstract_halves(paper, rng) for paper in papers]
    title = _means(table, bag(thinned(paper.title, rng) for paper in papers))
    keywords = _means(table, bag(thinned(keywords_view(paper, rng), rng) for paper in papers))
    first = _means(table, bag(thinned(half, rng) for half, _ in halves))
    second = _means(table, bag(thinned(half, rng) for _, half in halves))
    pairs = [(title, first), (keywords, second), (keywords, title), (first, second)]
    loss = torch.stack([agreement(left, right, recipe.temperature) for left, right in pairs]).mean()
    if titles:
        dealt = [title_halves(ids, rng) for ids in titles]
        left, right = (_means(table, bag(side)) for side in zip(*dealt, strict=True))
        loss = loss + recipe.titles_weight * agreement(left, right, recipe.temperature)
    return loss


def _means(table: torch.Tensor, texts: Bag) -> torch.Tensor:
    return functional.normalize(functional.embedding_bag(texts.ids, table, texts.offsets, mode="mean"))


def agreement(left: torch.Tensor, right: torch.Tensor, temperature: float) -> torch.Tensor:
    """Symmetric InfoNCE over unit vectors (n, d): row i of one side must pick row i of the other among n."""
    scores = left @ right.T / temperature
    target = torch.arange(len(scores))
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2
