"""Which generation is current: one row per source and encoder, whichever engine made it."""

import logging
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    bindparam,
    case,
    cast,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from backbone.db import transaction
from sky_net.matching.models import SearchGeneration
from sky_net.matching.sources import Source

log = logging.getLogger(__name__)

NEWEST = cast(cast(func.pg_snapshot_xmax(func.pg_current_snapshot()), String), BigInteger)
MILVUS = "milvus:"
"""What a collection's row names its encoder with in front: neither engine takes the other's for one of its own."""
OURS = ~SearchGeneration.encoder.startswith(MILVUS)
IS_OWN = case((SearchGeneration.encoder == bindparam("encoder"), 0), else_=1)
"""By `encoder`: 0 for what was made with it."""

NAMED = select(
    SearchGeneration.name, SearchGeneration.checksum, SearchGeneration.horizon_xid, SearchGeneration.built_at,
    SearchGeneration.encoder, SearchGeneration.encoder_path, SearchGeneration.documents,
).where(
    SearchGeneration.source == bindparam("source"), SearchGeneration.horizon_xid <= NEWEST
)  # fmt: skip
"""By `source`: the fields of `port.Named`.

A generation whose horizon lies in the future was made in another life of the database, before a restore into a new
cluster: transactions count from the beginning there, and changes could not be told.
"""
CURRENT = (
    NAMED.where(OURS, SearchGeneration.retired_at.is_(None))
    .order_by(IS_OWN, SearchGeneration.built_at.desc())
    .limit(1)
)
"""By `source`, `encoder`: our own generation to search with; of another encoder only where this one has none."""


def is_alone(session: Session, source: Source) -> bool:
    """Whether no other process builds the source; then none can until this transaction ends."""
    alone = bool(session.scalar(select(func.pg_try_advisory_xact_lock(lock_number(source)))))
    if not alone:
        log.info("%s: another process is building", source.name)
    return alone


@contextmanager
def alone_apart(source: Source) -> Iterator[bool]:
    """The same for the block, without a transaction: a lock that the server lets go with the connection."""
    with transaction() as session:
        database = session.connection().engine
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        number = lock_number(source)
        is_mine = bool(connection.scalar(select(func.pg_try_advisory_lock(number))))
        if not is_mine:
            log.info("%s: another process is building", source.name)
        try:
            yield is_mine
        finally:
            if is_mine:
                connection.scalar(select(func.pg_advisory_unlock(number)))


def fresh_name(now: datetime) -> str:
    """A name that nothing has yet, and that tells when it was given."""
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def name_current(
    session: Session, made: SearchGeneration, now: datetime, also: ColumnElement[bool] | None = None
) -> None:
    """Store the new generation and retire the one before it, and those of its source that `also` is true of."""
    superseded = or_(SearchGeneration.encoder == made.encoder, false() if also is None else also)
    current = (SearchGeneration.source == made.source, SearchGeneration.retired_at.is_(None))
    session.execute(update(SearchGeneration).where(*current, superseded).values(retired_at=now))
    session.add(made)
    session.flush()


def lock_number(source: Source) -> int:
    """The advisory lock under which the source is built."""
    return zlib.crc32(f"{SearchGeneration.__tablename__}:{source.name}".encode())
