"""How institutes have answered and what they work on, asked of whichever package above knows it.

Invitations and quotas stand above the search, which therefore leaves a place where their reader is registered; `sanwang`
imports it. Without one nothing is known of anybody.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from sky_net.matching.features import Record

WINDOW = timedelta(days=365)
"""How far back replies count: an institute that has changed its ways is another one after a year."""
FRESH = timedelta(minutes=1)
"""How long a process orders lists by what it has read: a year of sixty institutes takes the database longer than the list."""


class Reader(Protocol):
    """Whatever knows the records."""

    def __call__(
        self, session: Session, institutes: Collection[UUID], at: datetime, *, is_past: bool = False
    ) -> Mapping[UUID, Record]:
        """The records of these institutes, by one query.

        `is_past`: as they stood at an instant gone by, as far as the rows of today tell it; what came of a grade must not
        be what it is learned from.
        """


_readers: list[Reader] = []


def reader(read: Reader) -> Reader:
    """Register the decorated function."""
    _readers[:] = [read]
    return read


def records_of(
    session: Session, institutes: Collection[UUID], at: datetime, *, is_past: bool = False
) -> Mapping[UUID, Record]:
    """See `Reader`; nothing of anybody where none is registered."""
    return _readers[0](session, institutes, at, is_past=is_past) if _readers and institutes else {}


class FreshRecords:
    """What a process has read within FRESH; safe to share between threads, which at worst read a record twice."""

    def __init__(self) -> None:
        self._begun: datetime | None = None
        self._held: Mapping[UUID, Record] = {}

    def of(self, session: Session, institutes: Collection[UUID], now: datetime) -> Mapping[UUID, Record]:
        """The records of these institutes and perhaps of others; at most one query, for those not held."""
        if self._begun is None or not timedelta() <= now - self._begun < FRESH:
            self._begun, self._held = now, {}
        held = self._held
        if unread := {each for each in institutes if each not in held}:
            self._held = held = {**held, **records_of(session, unread, now)}
        return held
