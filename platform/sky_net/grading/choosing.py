"""Which version ranks: going live, and going back. Every change is a row of `ranker_uses` and an event of the audit.

All of it happens under one lock of the database, so that a choice by hand and the nightly job wait for each other.
"""

import zlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from sky_net.grading.errors import NoSuchRanker, NothingToRollBack, RankerUnusable
from sky_net.matching.live import fits
from sky_net.matching.models import LearnedRanker, RankerUse

LOCK = zlib.crc32(LearnedRanker.__tablename__.encode())
BLEND = 0
"""Stands for the blend where a version's number is asked for; versions count from 1."""


def use_of(session: Session) -> RankerUse | None:
    """What is in use; None while the blend ranks."""
    return session.scalar(select(RankerUse).where(RankerUse.retired_at.is_(None)))


def put_live(session: Session, actor: Actor, version: LearnedRanker, *, now: datetime) -> None:
    """Let the version choose the order from this transaction's end on; the caller holds LOCK."""
    before = _retire(session, actor, now)
    session.add(RankerUse(ranker_id=version.id, went_live_at=now, put_live_by=actor.name))
    session.flush()
    audit.record(
        session, actor, "put_ranker_live", version, now=now,
        before={"number": before.number if before else BLEND}, after={"number": version.number},
    )  # fmt: skip


def restore(
    session: Session, actor: Actor, number: int | None, encoder: str, *, now: datetime
) -> LearnedRanker | None:
    """Put a version back into use, or the blend (BLEND), or what was in use before (None); what ranks now, None for the blend.

    `encoder` is the fingerprint of the one in use. Raises NoSuchRanker, RankerUnusable, NothingToRollBack.
    """
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    version = _before(session) if number is None else _numbered(session, number)
    if version is not None and not fits(version, encoder):
        raise RankerUnusable(number=version.number)
    use = use_of(session)
    if version is None:
        _restore_blend(session, actor, now)
    elif use is None or use.ranker_id != version.id:
        put_live(session, actor, version, now=now)
    return version


def _restore_blend(session: Session, actor: Actor, now: datetime) -> None:
    retired = _retire(session, actor, now)
    if retired is not None:
        audit.record(
            session,
            actor,
            "retire_ranker",
            retired,
            now=now,
            before={"number": retired.number},
            after={"number": BLEND},
        )


def _retire(session: Session, actor: Actor, now: datetime) -> LearnedRanker | None:
    use = use_of(session)
    if use is None:
        return None
    use.retired_at, use.retired_by = now, actor.name
    session.flush()
    return session.get_one(LearnedRanker, use.ranker_id)


def _numbered(session: Session, number: int) -> LearnedRanker | None:
    if number == BLEND:
        return None
    version = session.scalar(select(LearnedRanker).where(LearnedRanker.number == number))
    if version is None:
        raise NoSuchRanker(number=number)
    return version


def _before(session: Session) -> LearnedRanker | None:
    """What the version in use took the place of; None for the blend."""
    use = use_of(session)
    if use is None:
        raise NothingToRollBack()
    ended = select(RankerUse).where(RankerUse.retired_at == use.went_live_at).order_by(RankerUse.id.desc())
    before = session.scalar(ended.limit(1))
    return None if before is None else session.get_one(LearnedRanker, before.ranker_id)
