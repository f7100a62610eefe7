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
