"""The encoder of a generation that was made with another ENCODER than this process has.

Until the new one has encoded everything, which takes a transformer hours, the process goes on searching with the former
generation and the encoder that made it. Where that model has gone, the former generation is searched by words alone.
"""

import logging
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sky_net.matching.encoder import WORDS_ALONE, Encoder, EncoderUnusable, Vectors

log = logging.getLogger(__name__)

TRY_AGAIN_S = 60.0


@dataclass(frozen=True)
class WordsAlone:
    """Gives every text zeros, which are near to nothing: the dense part of every score is 0."""

    dimension: int
    fingerprint: str = WORDS_ALONE

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dimension) of zeros."""
        return np.zeros((len(texts), self.dimension), np.float32)


class FormerEncoders:
    """Opened when a search needs one, shared by the sources, and let go with the last corpus that uses it."""

    def __init__(self, opener: Callable[[str | None], Encoder]) -> None:
        """`opener` opens the model at a place, None being the shipped one (`encoder.reopen`)."""
        self._opener = opener
        self._lock = threading.Lock()
        self._opened: weakref.WeakValueDictionary[str, Encoder] = weakref.WeakValueDictionary()
        self._gone: dict[str, float] = {}

    def of(self, location: str | None, fingerprint: str, dimension: int) -> Encoder:
        """The encoder with this fingerprint, or zeros of its dimension where that model has gone."""
        found = self.get(location, fingerprint)
        return WordsAlone(dimension) if found is None else found

    def get(self, location: str | None, fingerprint: str) -> Encoder | None:
        """The encoder with this fingerprint, if it can still be found there; one that does not is asked again later."""
        with self._lock:
            known = self._opened.get(fingerprint)
            if known is not None or self._gone.get(fingerprint, 0.0) > time.monotonic():
                return known
            try:
                opened = self._opener(location)
            except EncoderUnusable as unusable:
                log.warning("search goes on by words alone until a generation is complete: %s", unusable)
                opened = None
            if opened is None or opened.fingerprint != fingerprint:
                self._gone[fingerprint] = time.monotonic() + TRY_AGAIN_S
                return None
            self._opened[fingerprint] = opened
            return opened
