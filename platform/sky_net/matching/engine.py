"""What a process searches with: our own engine, or Milvus where the settings say so.

`configure` is called once per process and only takes notes: everything is opened at the first search, since an
index that was used before gunicorn forks hangs the workers.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from backbone.settings import Settings
from sky_net.matching.building import build, build_apart
from sky_net.matching.encoder import Encoder, located, open_encoder
from sky_net.matching.encoding import Watch, unwatched
from sky_net.matching.generation import Generation, GenerationUnusable
from sky_net.matching.milvus.engine import milvus_engine
from sky_net.matching.models import SearchGeneration
from sky_net.matching.port import Named, SearchEngine, Seen
from sky_net.matching.projection import Projection, directory
from sky_net.matching.sources import SOURCES, Source

FOLDER = "search"


class Engine(SearchEngine):
    """Our own: generations on the disks of every machine."""

    def __init__(
        self,
        root: Path,
        opener: Callable[[], Encoder],
        location: str | None = None,
    ) -> None:
        """`root` holds the generations, a folder per database and source; the others: see `SearchEngine`."""
        super().__init__(opener, location)
        self.root = root
        self._projections: dict[str, Projection] = {}

    def projection(self, source: Source) -> Projection:
        """The view that this process has of the source; RuntimeError in a child of a process that had one."""
        encoder = self.encoder
        with self._lock:
            self._stay_in_process()
            return self._projections.setdefault(
                source.name, Projection(source, self.root, encoder, self.former)
            )

    def renew(
        self, session: Session, source: Source, today: date, *, now: datetime
    ) -> SearchGeneration | None:
        """Make the next generation: see `building.build`."""
        return build(session, self, source, today, now=now)

    def renew_apart(self, source: Source, today: date, watch: Watch = unwatched) -> str | None:
        """Make the next generation: see `building.build_apart`."""
        return build_apart(self, source, today, watch)

    def seen(self, session: Session, source: Source, named: Named | None) -> Seen:
        """Opens the generation, and its encoder where that is a former one."""
        if named is None:
            return Seen("no index")
        try:
            opened = Generation.open(directory(self.root, session, source, named.name), named.checksum)
        except GenerationUnusable as unusable:
            return Seen("no index", unusable.in_both_languages())
        return Seen(self._searched_with(named.encoder, named.encoder_path), recall=opened.recall)


_configured: list[SearchEngine] = []


def configure(settings: Settings) -> None:
    """Search with these settings from now on; SettingUnusable when they do not make a usable engine."""
    chosen = settings.encoder, settings.encoder_backend

    def opener() -> Encoder:
        return open_encoder(*chosen)

    if settings.search_engine == "milvus":
        install(milvus_engine(settings, opener, located(*chosen)))
    else:
        install(Engine(settings.var_dir / FOLDER, opener, located(*chosen)))


def install(engine: SearchEngine | None) -> SearchEngine | None:
    """Make this the process's engine and return the one it replaces."""
    before = _configured[0] if _configured else None
    _configured[:] = [engine] if engine else []
    return before


def engine() -> SearchEngine:
    """The process's engine; raises RuntimeError when `configure` was not called."""
    if not _configured:
        raise RuntimeError("matching is not configured: call sky_net.matching.engine.configure first")
    return _configured[0]


__all__ = ["SOURCES", "Engine", "configure", "engine", "install"]
