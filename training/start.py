"""Where the training starts: a truncated SVD of the texts' tf-idf matrix (latent semantic analysis)."""

import numpy as np
import torch

from training.composition import Composition
from training.views import Ids, PaperTokens, bag

OVERSAMPLING = 16


def spectral_start(
    papers: list[PaperTokens], titles: list[Ids], composition: Composition, dimension: int
) -> torch.Tensor:
    """Feature vectors (pieces, dimension): idf × right singular vectors × root of the singular values.

    The idf is folded in, so that the mean of a text's rows is a weighted mean (in the spirit of SIF, Arora et al.
    2017) before the first step. Bare titles are documents as well. Call torch.manual_seed first: the range
    finder of torch.svd_lowrank is random.
    """
    documents = [np.concatenate([paper.title, *paper.keywords, *paper.clauses]) for paper in papers] + titles
    counts = _counts(documents, composition)
    rows, columns = counts.indices()
    idf = torch.log((len(documents) + 1) / (torch.bincount(columns, minlength=counts.shape[1]).float() + 1))
    values = torch.log1p(counts.values()) * idf[columns]
    lengths = torch.zeros(len(documents)).index_add_(0, rows, values**2).sqrt().clamp_min(1e-9)
    weighted = _sparse(counts.indices(), values / lengths[rows], counts.shape)
    rank = min(dimension, *weighted.shape)
    _, singular, right = torch.svd_lowrank(weighted, q=min(rank + OVERSAMPLING, *weighted.shape), niter=3)
    vectors = torch.zeros(counts.shape[1], dimension)
    vectors[:, :rank] = (right * singular.sqrt())[:, :rank] * idf[:, None]
    scale = float(vectors.norm(dim=1).mean())
    return vectors / scale


def _counts(documents: list[Ids], composition: Composition) -> torch.Tensor:
    """Sparse (documents, features): every piece counts for itself and for the pieces inside it, by their weights."""
    texts = bag(documents)
    lengths = torch.diff(texts.offsets, append=torch.tensor([len(texts.ids)]))
    ends = torch.cat([composition.offsets[1:], torch.tensor([len(composition.features)])])
    widths = (ends - composition.offsets)[texts.ids]
    rows = torch.repeat_interleave(torch.repeat_interleave(torch.arange(len(documents)), lengths), widths)
    first = torch.repeat_interleave(composition.offsets[texts.ids], widths)
    within = torch.arange(len(first)) - torch.repeat_interleave(torch.cumsum(widths, 0) - widths, widths)
    indices = torch.stack([rows, composition.features[first + within]])
    shape = torch.Size([len(documents), len(composition.offsets)])
    return _sparse(indices, composition.weights[first + within], shape)


def _sparse(indices: torch.Tensor, values: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    return torch.sparse_coo_tensor(indices, values, shape, check_invariants=True).coalesce()
