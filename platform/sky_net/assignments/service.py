"""The batch of a day: planned from what the database holds, and kept once a day."""

import logging
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import SYSTEM
from backbone.clock import local_date
from backbone.db import IN_ONE, new_id
from backbone.directory.service import names_of_institutes
from sky_net.assignments.balance import Assignment, assign
from sky_net.assignments.candidates import PLACES, AssignedDay, Candidates, day_table, evidence_of
from sky_net.assignments.gathering import Asked, asked_before, find_candidates, open_needs
from sky_net.assignments.models import Assigned, AssignmentRun
from sky_net.assignments.quotas import ORDINARY, quotas_of
from sky_net.matching.port import Searchable
from sky_net.matching.search import open_source
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.needs.models import Need

log = logging.getLogger(__name__)

ONE_AT_A_TIME = zlib.crc32(AssignmentRun.__tablename__.encode())  # advisory lock


@dataclass(frozen=True)
class Planned:
    """A day's assignment with the needs that it is of and what was searched."""

    assigned: AssignedDay
    needs: Sequence[Need]
    searched: Searchable

    @property
    def assignment(self) -> Assignment:
        """See `Assignment`; its ids are those of the rows, as text."""
        return self.assigned.assignment


def plan_day(session: Session, *, now: datetime, places: int = PLACES, ordinary: int = ORDINARY) -> Planned:
    """All open needs to the institutes that suit them, within their quotas; nothing is written.

    Invitations that stand fill places and quotas. Raises SearchNotReady, EncoderUnusable.
    """
    today = local_date(now)
    searched = open_source(session, ACHIEVEMENTS, today)
    needs = open_needs(session)
    asked = asked_before(session, needs)
    found = find_candidates(session, searched, needs, asked, now)
    wanted = {str(need.id): max(places - asked.get(need.id, Asked()).standing, 0) for need in needs}
    table = day_table(wanted, _room(session, found, ordinary), found)
    return Planned(AssignedDay(assign(table), evidence_of(found)), needs, searched)


def assign_day(session: Session, *, now: datetime) -> AssignmentRun | None:
    """The batch of today, made and kept unless it is there already; None while another process is at it."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(ONE_AT_A_TIME))):
        log.info("another process is assigning the day")
        return None
    return run_of(session, local_date(now)) or _keep(session, plan_day(session, now=now), now)


def names_in(session: Session, planned: Planned) -> dict[str, str]:
    """What people call the needs (by number) and the institutes of a plan, by id."""
    institutes = names_of_institutes(session, [UUID(each) for each in planned.assignment.table.institutes])
    needs = {str(need.id): need.number for need in planned.needs}
    return needs | {str(each.id): each.name for each in institutes.values()}


def run_of(session: Session, day: date) -> AssignmentRun | None:
    """The batch of that day."""
    return session.scalar(select(AssignmentRun).where(AssignmentRun.run_on == day))


def _room(session: Session, found: Sequence[Candidates], ordinary: int) -> dict[str, int]:
    institutes = {UUID(each.institute_id) for of in found for each in of.institutes}
    return {str(each): quota.room for each, quota in quotas_of(session, institutes, ordinary).items()}


def _keep(session: Session, planned: Planned, now: datetime) -> AssignmentRun:
    assignment, searched = planned.assignment, planned.searched
    numbers = {
        "needs": len(assignment.table.needs), "institutes": len(assignment.table.institutes),
        "wanted": assignment.wanted, "offered": assignment.offered, "ndcg_kept": assignment.ndcg_kept,
        "gini_plain": assignment.gini_plain, "gini": assignment.gini, "evenness": assignment.evenness,
        "quotas_broken": assignment.quotas_broken,
    }  # fmt: skip
    run = AssignmentRun(
        run_on=local_date(now), made_at=now, searched=searched.size, encoder=searched.encoder,
        generation=searched.generation, **numbers,
    )  # fmt: skip
    session.add(run)
    session.flush()
    rows = [*_offers(run, planned.assigned), *_unserved(run, assignment.unserved())]
    if rows:
        session.execute(insert(Assigned), rows, execution_options=IN_ONE)
    audit.record(session, SYSTEM, "assign_day", run, now=now, after={"run_on": run.run_on, **numbers})
    return run


def _offers(run: AssignmentRun, assigned: AssignedDay) -> Iterator[Mapping[str, Any]]:
    for each in assigned.assignment.offers():
        yield {
            "id": new_id(), "run_id": run.id, "need_id": UUID(each.need), "institute_id": UUID(each.institute),
            "rank": each.rank, "score": each.score, "reason": None,
            "achievements": list(assigned.evidence[each.need, each.institute]),
        }  # fmt: skip


def _unserved(run: AssignmentRun, reasons: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for need, reason in reasons.items():
        yield {
            "id": new_id(), "run_id": run.id, "need_id": UUID(need), "institute_id": None, "rank": None,
            "score": None, "reason": reason, "achievements": [],
        }  # fmt: skip
