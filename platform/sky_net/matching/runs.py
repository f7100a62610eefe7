"""The search that every submission runs for the poster and the operators, kept as a row.

It happens inside the submitting request. A need is never lost because the search failed: then the row says so, and a
job searches again later.
"""

import hashlib
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from procrastinate import RetryStrategy
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backbone import events
from backbone.clock import SystemClock, local_date
from backbone.db import new_id, transaction
from backbone.errors import DomainError
from backbone.jobs import defer, jobs
from sky_net.matching.calibration import likelihood
from sky_net.matching.comparing import Comparison, asked_of
from sky_net.matching.documents import Hit, Query
from sky_net.matching.models import MatchRun
from sky_net.matching.port import PATIENCE, Searchable
from sky_net.matching.ranking import SIGNALS, nothing_suitable
from sky_net.matching.search import DEPTH, find, findable_among, open_source
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.needs.events import NeedSubmitted
from sky_net.needs.models import Need
from sky_net.needs.text import need_text

log = logging.getLogger(__name__)

SUBMITTER_WAITS_FOR = 1000
"""Texts that a submission waits for at most, about a second; beyond, the search is left to a job."""


KEPT = [column.key for column in MatchRun.__table__.columns]
KEEP = insert(MatchRun).values({name: bindparam(name) for name in KEPT})
"""By the columns. Made once and run on the bare connection: every submission keeps its list."""
JUST_FOUND = "sky_net.matching.just_found"


@dataclass(frozen=True)
class NothingSuits:
    """The catalogue has no answer to a need; published once its list is stored, in the same transaction."""

    need: Need
    now: datetime


@dataclass(frozen=True)
class Found:
    """A search that was just made, and what it was made in."""

    need_id: UUID
    searched: Searchable
    hits: Sequence[Hit]


@events.on(NeedSubmitted)
def match_submitted(session: Session, event: NeedSubmitted) -> None:
    """Search for the need and keep what was found; a failure other than the database's is kept and made good later."""
    try:
        run_search(session, event.need, now=event.now, patience=SUBMITTER_WAITS_FOR)
    except SQLAlchemyError:
        raise  # the transaction is broken: nothing more can be written in it
    except Exception as error:  # whatever an index or an encoder may raise, the need itself is sound
        log.exception("need %s is submitted, but its search failed", event.need.number)
        _note_failure(session, event.need, error, now=event.now)


@jobs.task(name="matching.search_again", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def search_again(need_id: str) -> None:
    """Make good the search that failed when the need was submitted; nothing is left to do where that has happened.

    A worker that dies between the search's commit and its receipt has the job run a second time.
    """
    with transaction() as session:
        need = session.get_one(Need, UUID(need_id))
        last = _last_run(session, need)
        if last is None or last.failure is not None:
            run_search(session, need, now=SystemClock().now())


def run_search(session: Session, need: Need, *, now: datetime, patience: int = PATIENCE) -> MatchRun:
    """Search all achievements for the need and store the list; raises SearchNotReady and what the encoder raises."""
    query, today = query_of(need), local_date(now)
    searched = open_source(session, ACHIEVEMENTS, today, patience)

    def offered(ids: list[UUID]) -> Collection[UUID]:
        return findable_among(session, ACHIEVEMENTS, ids, today)

    hits = find(searched, query, offered, DEPTH // 2, beside=Comparison(asked_of(need), now))
    run = MatchRun(
        id=new_id(), need_id=need.id, made_at=now, asked=hash_of(need), state=searched.state,
        encoder=searched.encoder, generation=searched.generation, searched=searched.size,
        items=[_item(rank, hit) for rank, hit in enumerate(hits, 1)],
        nothing_suitable=nothing_suitable(hits), ranker_id=searched.ranker.id if searched.ranker else None,
    )  # fmt: skip
    session.connection().execute(KEEP, {name: getattr(run, name) for name in KEPT})
    session.info[JUST_FOUND] = Found(need.id, searched, hits)
    if run.nothing_suitable:
        events.publish(session, NothingSuits(need, now))
    return run


def just_found(session: Session, need: Need) -> Found | None:
    """What this very transaction has found for the need; told once, since it holds for this moment alone."""
    found: Found | None = session.info.pop(JUST_FOUND, None)
    return found if found is not None and found.need_id == need.id else None


def kept_hits(session: Session, need: Need, searched: Searchable) -> list[Hit] | None:
    """The hits of the need's last run, if the same text was searched for in the same state of everything."""
    run = _last_run(session, need)
    if run is None or run.failure is not None:
        return None
    query = query_of(need)
    if (run.asked, run.state, run.encoder) != (hash_of(need), searched.state, searched.encoder):
        return None
    return _hits_of(run, query)


def last_hits(session: Session, need: Need) -> list[Hit] | None:
    """The hits of the need's last run as it was, also where more could be found by now; None where none succeeded.

    What was found then may have been taken back since: whoever shows it looks first.
    """
    run = _last_run(session, need)
    return None if run is None or run.failure is not None else _hits_of(run, query_of(need))


def _hits_of(run: MatchRun, query: Query) -> list[Hit]:
    told = likelihood(query)
    return [
        Hit(
            item["achievement_id"],
            item["score"],
            _in_order(item["signals"]),
            item["institute_id"],
            told(item["score"]),
            item.get("standing"),
        )
        for item in run.items
    ]


def _last_run(session: Session, need: Need) -> MatchRun | None:
    return session.scalar(
        select(MatchRun).where(MatchRun.need_id == need.id).order_by(MatchRun.id.desc()).limit(1)
    )


def _in_order(signals: dict[str, float]) -> dict[str, float]:
    """As a search gives them: jsonb keeps no order, and by another one a caller could tell that a row had changed."""
    return {name: signals[name] for name in SIGNALS}


def query_of(need: Need) -> Query:
    """What is looked for: the poster's own words, masked or not; they never leave with the answer."""
    return Query(*need_text(need))


def hash_of(need: Need) -> str:
    """Tells one wording, or one of what a list may depend on beyond it, from another."""
    query = query_of(need)
    return hashlib.sha256(f"{query.title}\0{query.body}\0{asked_of(need).said}".encode()).hexdigest()


def _item(rank: int, hit: Hit) -> dict[str, object]:
    standing = {} if hit.standing is None else {"standing": hit.standing}
    return standing | {
        "achievement_id": hit.document_id, "institute_id": hit.owner, "rank": rank, "score": hit.score,
        "signals": hit.signals,
    }  # fmt: skip


def _note_failure(session: Session, need: Need, error: Exception, *, now: datetime) -> None:
    code = error.code if isinstance(error, DomainError) else type(error).__name__
    session.add(
        MatchRun(
            need_id=need.id, made_at=now, asked=hash_of(need), state="", encoder="", generation=None,
            searched=0, items=[], nothing_suitable=None, failure=code,
        )
    )  # fmt: skip
    session.flush()
    defer(session, search_again, need_id=str(need.id))
