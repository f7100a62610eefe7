"""The vectors that the saved model gives, without loading it: for evaluating the table that was just trained."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from training.evaluate import Encode
from training.views import bag


def encoder(tokenizer: Tokenizer, table: torch.Tensor) -> Encode:
    """Mean of the pieces' rows, the unknown piece's zero row included, as StaticEmbedding takes it."""

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        rows = bag(np.array(encoding.ids, dtype=np.int64) for encoding in encodings)
        means = functional.embedding_bag(rows.ids, table, rows.offsets, mode="mean")
        return np.asarray(means.numpy(), dtype=np.float32)

    return encode
