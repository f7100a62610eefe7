"""Training of the table: each text is to stand where the teacher puts it, and the views of a paper near each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from training.composition import compose
from training.corpus import Split
from training.start import mean_start
from training.targets import Targets
from training.views import (
    Bag,
    Ids,
    PaperTokens,
    abstract_halves,
    bag,
    keywords_view,
    thinned,
    token_ids,
    tokenize,
)


@dataclass(frozen=True)
class Recipe:
    """The settings (training/README.md has the runs).

    `steps` of `batch` lessons and `papers` papers each; `rate` is Adam's, falling linearly to zero; `inner_share` is what
    the pieces inside a word add to its vector; `papers_weight` is the weight of the papers' agreement beside the lessons.
    """

    dimension: int = 256
    steps: int = 1400
    batch: int = 1024
    papers: int = 512
    rate: float = 0.004
    temperature: float = 0.05
    inner_share: float = 1.0
    papers_weight: float = 0.3


LONG_ENOUGH = 6
"""Tokens from which a lesson is thinned: of a keyword nothing can be spared."""

Progress = Callable[[int, int, float], None]


def train_table(
    tokenizer: Tokenizer,
    split: Split,
    targets: Targets,
    recipe: Recipe,
    seed: int,
    progress: Progress | None = None,
) -> torch.Tensor:
    """The (vocabulary, dimension) float32 table; row 0, the unknown piece, is zero.

    `progress` is told step, steps and the loss after each step.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    ids = token_ids(tokenizer, targets.texts)
    known = np.array([row for row, text in enumerate(ids) if len(text)], dtype=np.int64)
    papers = [tokenize(tokenizer, paper) for paper in split.train]
    composition = compose(tokenizer, recipe.inner_share)
    wanted = torch.from_numpy(targets.vectors)
    vectors = torch.nn.Parameter(mean_start(ids, targets.vectors, tokenizer.get_vocab_size()))
    optimizer = torch.optim.Adam([vectors], lr=recipe.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda done: 1 - done / max(1, recipe.steps))
    for step in range(recipe.steps):
        table = composition.table(vectors)
        drawn = known[rng.integers(0, len(known), recipe.batch)]
        found = _means(table, bag(_lesson(ids[row], rng) for row in drawn))
        loss = lesson_loss(found, wanted[drawn], recipe.temperature)
        chosen = [papers[row] for row in rng.integers(0, len(papers), recipe.papers)]
        loss = loss + recipe.papers_weight * _papers_loss(table, chosen, recipe, rng)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves Tensor.backward unannotated
        optimizer.step()
        schedule.step()
        if progress:
            progress(step + 1, recipe.steps, loss.item())
    table = composition.table(vectors.detach())
    table[0] = 0
    return table


def lesson_loss(found: torch.Tensor, wanted: torch.Tensor, temperature: float) -> torch.Tensor:
    """How far unit rows (n, d) are from where they should be, and from choosing among the n as the teacher does.

    The second part is the Kullback-Leibler divergence between the softmax over cosines of the two; 0 in all where both agree.
    """
    apart = (1 - (found * wanted).sum(dim=1)).mean()
    chosen = functional.log_softmax(found @ wanted.T / temperature, dim=1)
    choice = functional.log_softmax(wanted @ wanted.T / temperature, dim=1)
    return apart + functional.kl_div(chosen, choice, reduction="batchmean", log_target=True)


def agreement(left: torch.Tensor, right: torch.Tensor, temperature: float) -> torch.Tensor:
    """Symmetric InfoNCE over unit vectors (n, d): row i of one side must pick row i of the other among n."""
    scores = left @ right.T / temperature
    target = torch.arange(len(scores))
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def _lesson(ids: Ids, rng: np.random.Generator) -> Ids:
    return thinned(ids, rng) if len(ids) >= LONG_ENOUGH else ids


def _papers_loss(
    table: torch.Tensor, papers: Sequence[PaperTokens], recipe: Recipe, rng: np.random.Generator
) -> torch.Tensor:
    halves = [abstract_halves(paper, rng) for paper in papers]
    title = _means(table, bag(thinned(paper.title, rng) for paper in papers))
    keywords = _means(table, bag(thinned(keywords_view(paper, rng), rng) for paper in papers))
    first = _means(table, bag(thinned(half, rng) for half, _ in halves))
    second = _means(table, bag(thinned(half, rng) for _, half in halves))
    pairs = [(title, first), (keywords, second), (keywords, title)]
    return torch.stack([agreement(left, right, recipe.temperature) for left, right in pairs]).mean()


def _means(table: torch.Tensor, texts: Bag) -> torch.Tensor:
    return functional.normalize(functional.embedding_bag(texts.ids, table, texts.offsets, mode="mean"))
