"""Keeping a collection: filled once per encoder, synchronised by changes, replaced when its statistics have aged.

Every step may be repeated: a job that dies between a write to Milvus and its own commit leaves the horizon where it
was, and the next one writes the same again. A fill that dies leaves a collection that no row names, which a later
job removes. Nothing is ever read from Milvus that the database would not confirm.
"""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.digests import digest
from sky_net.matching.building import GRACE
from sky_net.matching.changes import read_documents
from sky_net.matching.documents import Document
from sky_net.matching.encoder import Encoder
from sky_net.matching.encoding import Watch, unwatched
from sky_net.matching.meaning import document_vectors
from sky_net.matching.milvus.collection import Collection
from sky_net.matching.milvus.connection import Milvus
from sky_net.matching.milvus.statistics import Counts, Terms
from sky_net.matching.milvus.view import checksum_of, label_of, open_collection
from sky_net.matching.models import SearchGeneration
from sky_net.matching.naming import MILVUS, NEWEST, alone_apart, fresh_name, is_alone, name_current
from sky_net.matching.progress import reported
from sky_net.matching.sources import OLDEST_RUNNING, Source

if TYPE_CHECKING:  # it calls `renew`
    from sky_net.matching.milvus.engine import MilvusEngine

log = logging.getLogger(__name__)

AT_ONCE = 1_000
AGED = 0.5
"""Share by which the number of documents may differ from the one that was counted: beyond, what is rare has changed."""


def renew(
    session: Session, engine: "MilvusEngine", source: Source, today: date, *, now: datetime
) -> SearchGeneration | None:
    """Carry the changes into the collection, or fill another one where there is none that will do; see `port`."""
    return _renewed(session, engine, source, today, now, unwatched) if is_alone(session, source) else None


def renew_apart(engine: "MilvusEngine", source: Source, today: date, watch: Watch = unwatched) -> str | None:
    """The same with its progress told; the collection's name, None when another process is at it."""
    clock = SystemClock().now
    with alone_apart(source) as is_mine:
        if not is_mine:
            return None
        with (
            reported(source, engine.encoder.fingerprint, clock, watch) as progress,
            transaction() as session,
        ):
            return _renewed(session, engine, source, today, clock(), progress).name


def _renewed(session: Session, engine: "MilvusEngine", source: Source, today: date, now: datetime,
             watch: Watch) -> SearchGeneration:  # fmt: skip
    """Under READ COMMITTED nothing here holds a snapshot for longer than one statement: a fill that takes hours does not
    keep the database from tidying up.
    """
    row = _row_of(session, engine.encoder, source)
    if row is None or not _carried(session, engine, source, row, today, watch):
        row = _filled(session, engine, source, today, now, watch)
    elif row.retired_at is not None:  # its encoder was set again before it was removed
        _take_over(session, engine.milvus, source, row, now)
    _sweep(session, engine.milvus, source, now)
    return row


def _row_of(session: Session, encoder: Encoder, source: Source) -> SearchGeneration | None:
    return session.scalar(
        select(SearchGeneration)
        .where(
            SearchGeneration.source == source.name, SearchGeneration.encoder == label_of(encoder),
            SearchGeneration.horizon_xid <= NEWEST,
        )
        .order_by(SearchGeneration.retired_at.is_not(None), SearchGeneration.built_at.desc())
        .limit(1)
    )  # fmt: skip


def _carried(session: Session, engine: "MilvusEngine", source: Source, row: SearchGeneration, today: date,
             watch: Watch) -> bool:  # fmt: skip
    """Write every row since the horizon; False when the collection is gone, or so far away that it is filled anew."""
    opened = open_collection(engine.milvus, row.name, row.checksum)
    if opened is None:
        return False
    horizon = session.scalar(OLDEST_RUNNING)  # before the changes are read: whatever commits later lies above
    changes = session.execute(source.changes, {"horizon": row.horizon_xid, "today": today}).all()
    for start in range(0, len(changes), AT_ONCE):
        watch("encoding", start, len(changes))
        block = changes[start : start + AT_ONCE]
        documents = read_documents(session, source, [each.id for each in block if each[-1]])
        _put(opened.collection, list(documents.values()), engine.encoder)
        opened.collection.remove([str(each.id) for each in block if each.id not in documents])
    watch("encoding", len(changes), len(changes))
    row.horizon_xid, row.documents = horizon or row.horizon_xid, opened.collection.count()
    session.flush()
    log.info("%s: %d changes are in collection %s", source.name, len(changes), row.name)
    counted = opened.statistics.documents
    return abs(row.documents - counted) <= max(AGED * counted, AT_ONCE)


def _filled(session: Session, engine: "MilvusEngine", source: Source, today: date, now: datetime,
            watch: Watch) -> SearchGeneration:  # fmt: skip
    milvus, encoder = engine.milvus, engine.encoder
    prefix = prefix_of(session, source)
    name = f"{prefix}_{encoder.fingerprint[:12]}_{fresh_name(now).replace('-', '_')}"
    collection, counts = Collection(milvus, name), Counts()
    horizon = session.scalar(
        OLDEST_RUNNING
    )  # before the first page: what changes meanwhile is read as a change
    collection.create(encoder.dimension)
    total = session.scalar(source.size, {"today": today}) or 0
    watch("encoding", 0, total)
    for documents in _pages(session, source, today):
        _put(collection, documents, encoder)
        counts.add(documents)
        watch("encoding", counts.documents, max(total, counts.documents))
    manifest = counts.manifest(encoder.fingerprint, encoder.dimension)
    Terms(milvus, name).fill(counts, manifest, watch)
    made = SearchGeneration(
        source=source.name, name=name, checksum=checksum_of(name, manifest), encoder=label_of(encoder),
        encoder_path=engine.location, horizon_xid=horizon or 0, documents=counts.documents, built_at=now, retired_at=None,
    )  # fmt: skip
    name_current(session, made, now)
    _take_over(session, milvus, source, made, now)
    log.info("%s: collection %s with %d documents is current", source.name, name, counts.documents)
    return made


def _pages(session: Session, source: Source, today: date) -> Iterator[list[Document]]:
    """All findable rows in the order of their ids, so many at a time, each page as it stands when it is read."""
    after = UUID(int=0)
    while rows := session.execute(source.page, {"today": today, "after": after, "most": AT_ONCE}).all():
        after = rows[-1].id
        yield [source.document(row) for row in rows]


def _put(collection: Collection, documents: list[Document], encoder: Encoder) -> None:
    if documents:
        collection.put(documents, document_vectors(documents, encoder))


def _take_over(
    session: Session, milvus: Milvus, source: Source, row: SearchGeneration, now: datetime
) -> None:
    """Let this collection be the source's own, and its alias mean it, in one step where it meant another.

    Those of another encoder go on serving whoever still holds that one until they are removed.
    """
    others = (
        SearchGeneration.source == row.source, SearchGeneration.encoder != row.encoder,
        SearchGeneration.encoder.startswith(MILVUS), SearchGeneration.retired_at.is_(None),
    )  # fmt: skip
    session.execute(update(SearchGeneration).where(*others).values(retired_at=now))
    row.retired_at = None
    session.flush()
    alias = prefix_of(session, source)
    is_known = alias in milvus.call("list_aliases")["aliases"]
    milvus.call("alter_alias" if is_known else "create_alias", row.name, alias)


def _sweep(session: Session, milvus: Milvus, source: Source, now: datetime) -> None:
    """Remove collections that were retired long enough ago, and those of fills that never came to an end."""
    retired = (
        SearchGeneration.source == source.name, SearchGeneration.encoder.startswith(MILVUS),
        SearchGeneration.retired_at < now - GRACE,
    )  # fmt: skip
    session.execute(delete(SearchGeneration).where(*retired))
    named = set(session.scalars(select(SearchGeneration.name).where(SearchGeneration.source == source.name)))
    for name in _abandoned(milvus, prefix_of(session, source), now):
        if name not in named:
            Collection(milvus, name).drop()
            Terms(milvus, name).drop()


def _abandoned(milvus: Milvus, prefix: str, now: datetime) -> set[str]:
    """Collections of this source that are old enough to be removed, unless a row names them."""
    dated = re.compile(rf"({re.escape(prefix)}_[0-9a-f]+_(\d{{8}}T\d{{6}})_[0-9a-f]+)(_terms)?")
    found = set()
    for each in milvus.call("list_collections"):
        if told := dated.fullmatch(each):
            made = datetime.strptime(told[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            if made < now.astimezone(UTC) - GRACE:
                found.add(told[1])
    return found


def prefix_of(session: Session, source: Source) -> str:
    """What the names of the source's collections begin with, and its alias: no other deployment's, whatever shares a server."""
    database = session.scalar(select(func.current_database()))
    return f"sanwang_{digest(f'milvus:{database}').removeprefix('hmac:')[:12]}_{source.name}"
