"""Searching in tests: `an_engine(folder)` to install, `findable(session, ...)` for what a search would find now."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from sky_net.matching import engine as engines
from sky_net.matching.documents import Query
from sky_net.matching.encoder import Encoder, open_encoder
from sky_net.matching.engine import Engine
from sky_net.matching.ranking import rank
from sky_net.matching.sources import ACHIEVEMENTS, Source

TODAY = date(2026, 3, 10)

__all__ = ["TODAY", "an_engine", "found", "installed", "shipped_encoder"]


@cache
def shipped_encoder() -> Encoder:
    """The shipped model, read once per test process."""
    return open_encoder()


def an_engine(root: Path) -> Engine:
    """What one process would search with; several of them on one folder are several processes."""
    return Engine(root, shipped_encoder)


@contextmanager
def installed(engine: Engine | None) -> Iterator[Engine | None]:
    """The process's engine for the block."""
    before = engines.install(engine)
    try:
        yield engine
    finally:
        engines.install(before)


def found(
    session: Session, engine: Engine, words: str, source: Source = ACHIEVEMENTS, today: date = TODAY
) -> list[str]:
    """Ids of everything that this engine finds for the words, best first, only what has something in common with them."""
    corpus = engine.projection(source).searchable(session, today).corpus
    return [hit.document_id for hit in rank(Query(words), corpus, 50) if hit.score > 0.05]
