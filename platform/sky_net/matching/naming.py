"""Which generation is current: one row per source and encoder, whichever engine made it."""

import logging
import secrets
import zlib
from datetime import datetime

from sqlalchemy import BigInteger, String, bindparam, cast, func, select, update
from sqlalchemy.orm import Session

from sky_net.matching.models import SearchGeneration
from sky_net.matching.sources import Source

log = logging.getLogger(__name__)

NEWEST = cast(cast(func.pg_snapshot_xmax(func.pg_current_snapshot()), String), BigInteger)
CURRENT = select(
    SearchGeneration.name, SearchGeneration.checksum, SearchGeneration.horizon_xid, SearchGeneration.built_at
).where(
    SearchGeneration.source == bindparam("source"),
    SearchGeneration.encoder == bindparam("encoder"),
    SearchGeneration.retired_at.is_(None),
    SearchGeneration.horizon_xid <= NEWEST,
)
"""By `source`, `encoder`: the generation to search with.

One whose horizon lies in the future was made in another life of the database, before a restore into a new cluster:
transactions count from the beginning there, and changes could not be told.
"""


def is_alone(session: Session, source: Source) -> bool:
    """Whether no other process builds the source; then none can until this transaction ends."""
    alone = bool(session.scalar(select(func.pg_try_advisory_xact_lock(lock_number(source)))))
    if not alone:
        log.info("%s: another process is building", source.name)
    return alone


def fresh_name(now: datetime) -> str:
    """A name that nothing has yet, and that tells when it was given."""
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def name_current(session: Session, made: SearchGeneration, now: datetime) -> None:
    """Store the new generation and retire the one before it."""
    same = (SearchGeneration.source == made.source, SearchGeneration.encoder == made.encoder)
    session.execute(
        update(SearchGeneration).where(*same, SearchGeneration.retired_at.is_(None)).values(retired_at=now)
    )
    session.add(made)
    session.flush()


def lock_number(source: Source) -> int:
    """The advisory lock under which the source is built."""
    return zlib.crc32(f"{SearchGeneration.__tablename__}:{source.name}".encode())
