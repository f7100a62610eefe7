"""What an index of our own engine takes on the disk, file by file, and what a fill of Milvus takes of our own time.

Texts as the platform makes them of an achievement's fields, with institutes and facets, as long as the demo's, and with the text
of another one behind; bytes for each, over those of the text itself in UTF-8.
"""

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from bench.offers import Mixer
from sky_net.matching.documents import Document
from sky_net.matching.encoder import open_encoder
from sky_net.matching.generation import build
from sky_net.matching.meaning import document_vectors
from sky_net.matching.milvus.statistics import Counts
from sky_net.matching.sources import ACHIEVEMENTS

ROWS_5K, INSTITUTES = 5_000, 200
_SEED = 7


def size_of_a_generation() -> dict[str, object]:
    """Bytes per achievement of 5,000."""
    return _measured(_documents(ROWS_5K))


def size_with_longer_texts() -> dict[str, object]:
    """The same of texts that are about twice as long."""
    both = pairwise(_documents(ROWS_5K + 1))
    return _measured([replace(one, body=f"{one.body}\n{other.body}") for one, other in both])


def _measured(documents: list[Document]) -> dict[str, object]:
    encoder, count = open_encoder(), len(documents)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "generation"
        begun = time.process_time()
        build(documents, encoder, place)
        seconds = time.process_time() - begun
        sizes = _sizes(place, count)
    begun, counts = time.process_time(), Counts()
    counts.add(documents)
    counting = time.process_time() - begun
    begun = time.process_time()
    document_vectors(documents, encoder)
    encoding = time.process_time() - begun
    characters = sum(len(each.title) + len(each.body) for each in documents) / count
    ours, anchor = (
        sum(sizes.values()),
        sum(len(f"{each.title}{each.body}".encode()) for each in documents) / count,
    )
    told = ", ".join(f"{name} {size:,.0f}" for name, size in sizes.items())
    return {
        "name": f"index: bytes per achievement of {characters:.0f} characters", "ours": round(ours), "anchor": round(anchor),
        "anchor_version": "the text in UTF-8", "ratio": round(ours / anchor, 2), "goal": None, "met": None, "unit": "bytes",
        "settings": f"{told}; built {count / seconds:,.0f}, encoded {count / encoding:,.0f} and counted for Milvus "
        f"{count / counting:,.0f} a second of processor time; {len(counts.frequencies):,} terms",
    }  # fmt: skip


def _documents(count: int) -> list[Document]:
    draw = random.Random(_SEED)
    institutes = [_id(draw) for _ in range(INSTITUTES)]
    return [
        ACHIEVEMENTS.document(
            SimpleNamespace(
                id=_id(draw),
                institute_id=draw.choice(institutes),
                kind="achievement",
                region_code="420100",
                **columns,
            )
        )
        for columns in Mixer().offers(count)
    ]


def _sizes(folder: Path, count: int) -> dict[str, float]:
    """Bytes per row of each file or folder of a generation, the largest first."""
    found: dict[str, float] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).parts[0]
            found[name] = found.get(name, 0.0) + path.stat().st_size / count
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def _id(draw: random.Random) -> UUID:
    return UUID(int=draw.getrandbits(128))


ROWS: list[Callable[[], dict[str, Any]]] = [size_of_a_generation, size_with_longer_texts]
