"""Searching in tests: `an_engine(folder)` to install, `findable(session, ...)` for what a search would find now."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from sqlalchemy.orm import Session

from sky_net.matching import engine as engines
from sky_net.matching.documents import Query
from sky_net.matching.encoder import Encoder, open_encoder
from sky_net.matching.engine import Engine
from sky_net.matching.milvus.connection import Milvus
from sky_net.matching.milvus.engine import MilvusEngine
from sky_net.matching.port import SearchEngine
from sky_net.matching.sources import ACHIEVEMENTS, Source

TODAY = date(2026, 3, 10)

__all__ = ["TODAY", "a_milvus_engine", "an_engine", "found", "installed", "shipped_encoder"]


@cache
def shipped_encoder() -> Encoder:
    """The shipped model, read once per test process."""
    return open_encoder()


def an_engine(root: Path) -> Engine:
    """What one process would search with; several of them on one folder are several processes."""
    return Engine(root, shipped_encoder)


@contextmanager
def a_milvus_engine(folder: Path, encoder: Encoder | None = None) -> Iterator[MilvusEngine]:
    """The other engine, on a milvus-lite of its own in the folder: one process may open it."""
    folder.mkdir(parents=True, exist_ok=True)
    milvus = Milvus(str(folder / "lite.db"))
    # pymilvus waits half a second before it first asks whether an index is there, and there are four to a fill.
    hasty = SimpleNamespace(**{**vars(time), "sleep": lambda seconds: time.sleep(seconds / 100)})
    try:
        with patch("pymilvus.client.grpc_handler.time", hasty):
            yield MilvusEngine(milvus, lambda: encoder or shipped_encoder())
    finally:
        milvus.close()
        server_manager = import_module("milvus_lite.server_manager").server_manager_instance
        server_manager.release_server(str(folder / "lite.db"))


@contextmanager
def installed(engine: SearchEngine | None) -> Iterator[SearchEngine | None]:
    """The process's engine for the block."""
    before = engines.install(engine)
    try:
        yield engine
    finally:
        engines.install(before)


def found(
    session: Session, engine: SearchEngine, words: str, source: Source = ACHIEVEMENTS, today: date = TODAY
) -> list[str]:
    """Ids of everything that this engine finds for the words, best first, only what has something in common with them."""
    searchable = engine.projection(source).searchable(session, today)
    return [hit.document_id for hit in searchable.rank(Query(words), 50) if hit.score > 0.05]
