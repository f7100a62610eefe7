"""Learning a new version from everything that was graded, and letting it rank where it is surely better.

It is held against what is in use, on needs that it has not seen (`matching.learning.try_out`). The same grades, texts,
signals and encoder are learned once: a second attempt changes nothing, so a version that somebody took out of use stays
out until new grades make one that surely beats what is in use then. Statistics of the catalogue and the records of institutes
drift from day to day and are left out of that comparison, or every night would be a new lesson.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from sky_net.grading.choosing import LOCK, put_live
from sky_net.grading.gathering import Grades, counting_grades
from sky_net.matching.comparing import Asked, Comparison, asked_of, owners_of
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.learning import Judged, Trial, learn, telling_of, try_out
from sky_net.matching.models import LearnedRanker
from sky_net.matching.offers import Offer, read_offers
from sky_net.matching.port import Searchable, SearchEngine
from sky_net.matching.records import records_of
from sky_net.matching.runs import query_of
from sky_net.matching.signals import BASIS, NAMES, signals_of
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.needs.models import Need

AT_ONCE = 500


@dataclass(frozen=True)
class Lesson:
    """What an attempt came to. `needs` have unequal grades; without `version` they were too few to learn from."""

    needs: int
    version: LearnedRanker | None = None
    is_new: bool = False
    """False where these very grades were learned from before."""
    went_live: bool = False


@dataclass(frozen=True)
class _Told:
    """The graded pairs with their texts and what is compared beyond them; `asked_at` is when a need's lists began."""

    grades: Grades
    queries: Mapping[UUID, Query]
    documents: Mapping[UUID, Document]
    asked: Mapping[UUID, Asked]
    asked_at: Mapping[UUID, datetime]
    offers: Mapping[UUID, Offer]

    @property
    def pairs(self) -> int:
        """How many grades there are."""
        return sum(map(len, self.grades.values()))


def learn_ranker(session: Session, actor: Actor, engine: SearchEngine, *, now: datetime) -> Lesson | None:
    """Learn, keep the version with its trial, and put it live where it is surely better; None: another process is at it.

    Raises SearchNotReady where the catalogue cannot be searched here yet, and EncoderUnusable.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        return None
    searched = engine.projection(ACHIEVEMENTS).searchable(session, local_date(now))
    told = _told(session)
    fingerprint = _fingerprint(told, searched.encoder)
    known = session.scalar(select(LearnedRanker).where(LearnedRanker.fingerprint == fingerprint))
    if known is not None:
        return Lesson(known.needs, known)
    judged = _judged(session, told, searched.corpus)
    trial = try_out(judged, searched.ranker.ranker if searched.ranker else None)
    if trial is None:
        return Lesson(len(telling_of(judged)))
    version = _kept(session, actor, searched, (fingerprint, told.pairs), judged, trial, now)
    if trial.is_better:
        put_live(session, actor, version, now=now)
    return Lesson(trial.needs, version, is_new=True, went_live=trial.is_better)


def _told(session: Session) -> _Told:
    """The grades whose texts are still there; the poster's own words stay in this process."""
    grades = counting_grades(session)
    needs: list[Need] = []
    for some in _blocks(grades):
        needs += session.scalars(select(Need).where(Need.id.in_(some)))
    documents: dict[UUID, Document] = {}
    offers: dict[UUID, Offer] = {}
    for some in _blocks({achievement for of_need in grades.values() for achievement in of_need}):
        rows = session.execute(ACHIEVEMENTS.documents, {"ids": some})
        documents |= {row.id: ACHIEVEMENTS.document(row) for row in rows}
        offers |= read_offers(session, some)
    return _Told(
        grades,
        {need.id: query_of(need) for need in needs},
        documents,
        {need.id: asked_of(need) for need in needs},
        {need.id: need.confirmed_at or need.created_at for need in needs},
        offers,
    )


def _blocks(ids: Iterable[UUID]) -> Iterable[list[UUID]]:
    ordered = sorted(ids)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))


def _judged(session: Session, told: _Told, corpus: Corpus) -> list[Judged]:
    """Needs with their signals and grades, in order of id; by one query for each, for the records of then."""
    found = []
    for need_id, of_need in sorted(told.grades.items()):
        graded = sorted(of_need.items())
        documents = [told.documents[achievement_id] for achievement_id, _ in graded]
        [signals] = signals_of([told.queries[need_id]], documents, corpus)
        offers, at = [told.offers[achievement_id] for achievement_id, _ in graded], told.asked_at[need_id]
        records = records_of(session, owners_of(offers), at, is_past=True)
        features = Comparison(told.asked[need_id], at).columns(offers, records)
        wanted = np.array([grade for _, grade in graded], np.float64)
        found.append(Judged(str(need_id), np.column_stack([signals, features]), wanted))
    return found


def _fingerprint(told: _Told, encoder: str) -> str:
    """Tells one lesson from another: who was graded how, on what texts and features, by which signals and encoder."""
    lesson = hashlib.sha256(f"{BASIS}\0{encoder}".encode())
    for need_id, of_need in sorted(told.grades.items()):
        query = told.queries[need_id]
        lesson.update(f"\0{need_id}\0{query.title}\0{query.body}\0{told.asked[need_id].said}".encode())
        for achievement_id, grade in sorted(of_need.items()):
            document = told.documents[achievement_id]
            offer = told.offers[achievement_id].said
            lesson.update(f"\0{achievement_id}\0{grade}\0{document.title}\0{document.body}\0{offer}".encode())
    return lesson.hexdigest()


def _kept(
    session: Session,
    actor: Actor,
    searched: Searchable,
    of: tuple[str, int],
    judged: Sequence[Judged],
    trial: Trial,
    now: datetime,
) -> LearnedRanker:
    """The version learned from all the needs, stored; `of` are the fingerprint and the number of the grades."""
    fingerprint, grades = of
    last = session.scalar(select(func.max(LearnedRanker.number))) or 0
    version = LearnedRanker(
        number=last + 1, made_at=now, made_by=actor.name, names=list(NAMES), weights=learn(judged).weights.tolist(),
        basis=BASIS, encoder=searched.encoder, fingerprint=fingerprint, needs=trial.needs, grades=grades,
        before=trial.before, after=trial.after, low=trial.low, rival=searched.ranker_number,
    )  # fmt: skip
    session.add(version)
    session.flush()
    audit.record(
        session, actor, "learn_ranker", version, now=now,
        after={"number": version.number, "fingerprint": fingerprint, "needs": trial.needs, "low": trial.low},
    )  # fmt: skip
    return version
