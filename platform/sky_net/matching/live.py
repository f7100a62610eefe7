"""Which learned ranker is in use, as each process finds it out: by an id that comes along with the state of the source.

A version never changes once it is stored, so a process reads each but once. One that was learned on other signals or with
another encoder than this process has is not used: its weights would be given to other numbers.
"""

import logging
import threading
from uuid import UUID

import numpy as np
from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from sky_net.matching.learning import Ranker
from sky_net.matching.models import LearnedRanker, RankerUse
from sky_net.matching.reordering import LiveRanker
from sky_net.matching.signals import BASIS, NAMES

log = logging.getLogger(__name__)


def live_id() -> ScalarSelect[UUID]:
    """The id of the version in use as a column of another statement; null for the blend."""
    return select(RankerUse.ranker_id).where(RankerUse.retired_at.is_(None)).scalar_subquery()


def fits(version: LearnedRanker, encoder: str) -> bool:
    """Whether the weights were learned on what this code computes with the encoder of this fingerprint."""
    return (tuple(version.names), version.basis, version.encoder) == (NAMES, BASIS, encoder)


def ranker_of(version: LearnedRanker) -> Ranker:
    """The version as what ranks."""
    return Ranker(np.array(version.weights, np.float64))


class Versions:
    """The versions that this process has read; safe to share between threads."""

    def __init__(self, encoder: str) -> None:
        """`encoder` is the fingerprint of the process's own."""
        self._encoder = encoder
        self._lock = threading.Lock()
        self._read: dict[UUID, LiveRanker | None] = {}

    def named(self, session: Session, version_id: UUID | None) -> LiveRanker | None:
        """The version ready for use; None for none, and for one that does not fit this process."""
        if version_id is None:
            return None
        with self._lock:
            if version_id not in self._read:
                self._read[version_id] = self._fetched(session, version_id)
            return self._read[version_id]

    def _fetched(self, session: Session, version_id: UUID) -> LiveRanker | None:
        version = session.get_one(LearnedRanker, version_id)
        if not fits(version, self._encoder):
            log.warning(
                "ranker %d is in use but was learned on other signals or with another encoder: the blend ranks here",
                version.number,
            )
            return None
        return LiveRanker(version.id, version.number, ranker_of(version))
