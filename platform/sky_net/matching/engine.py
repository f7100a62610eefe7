"""What a process searches with: its encoder, the folder of the generations, and a projection of each source.

`configure` is called once per process and only takes notes: everything is opened at the first search, since an
index that was used before gunicorn forks hangs the workers.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from backbone.settings import Settings
from sky_net.matching.encoder import Encoder, located, open_encoder, reopen
from sky_net.matching.former import FormerEncoders
from sky_net.matching.projection import Projection
from sky_net.matching.sources import SOURCES, Source

FOLDER = "search"


class Engine:
    """One per process; safe to share between threads."""

    def __init__(
        self,
        root: Path,
        opener: Callable[[], Encoder],
        location: str | None = None,
    ) -> None:
        """`root` holds the generations, a folder per database and source; `opener` gives the encoder when needed.

        `location` is where a later process finds the encoder again (`encoder.located`); None for the shipped one.
        """
        self.root = root
        self.location = location
        self.former = FormerEncoders(reopen)
        self._opener = opener
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._searches_in: int | None = None
        self._projections: dict[str, Projection] = {}

    @property
    def encoder(self) -> Encoder:
        """The encoder, opened at the first look; raises EncoderUnusable."""
        with self._lock:
            if self._encoder is None:
                self._encoder = self._opener()
            return self._encoder

    def projection(self, source: Source) -> Projection:
        """The view that this process has of the source; RuntimeError in a child of a process that had one."""
        encoder = self.encoder
        with self._lock:
            if self._searches_in not in (
                None,
                os.getpid(),
            ):  # threads and locks of an index stay in the parent
                raise RuntimeError(
                    "search was used before this process was forked and could hang: start without preloading (gunicorn "
                    "--preload), or search in the children alone"
                )
            self._searches_in = os.getpid()
            return self._projections.setdefault(
                source.name, Projection(source, self.root, encoder, self.former)
            )


_configured: list[Engine] = []


def configure(settings: Settings) -> None:
    """Search with these settings from now on."""
    root = settings.var_dir / FOLDER
    chosen = settings.encoder, settings.encoder_backend
    install(Engine(root, lambda: open_encoder(*chosen), located(*chosen)))


def install(engine: Engine | None) -> Engine | None:
    """Make this the process's engine and return the one it replaces."""
    before = _configured[0] if _configured else None
    _configured[:] = [engine] if engine else []
    return before


def engine() -> Engine:
    """The process's engine; raises RuntimeError when `configure` was not called."""
    if not _configured:
        raise RuntimeError("matching is not configured: call sky_net.matching.engine.configure first")
    return _configured[0]


__all__ = ["SOURCES", "Engine", "configure", "engine", "install"]
