"""Reading what the batches came to: operators the runs, institutes what they were assigned today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, cast, exists, func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.models import Institute
from backbone.errors import Forbidden, NotFound
from backbone.pages import Page, read_page
from sky_net.assignments.models import Assigned, AssignmentRun
from sky_net.assignments.permissions import CAN_READ_ASSIGNMENTS, CAN_READ_RUNS
from sky_net.invitations.models import Invitation
from sky_net.needs.disclosures import disclose
from sky_net.needs.models import Need
from sky_net.needs.permissions import FULL, INSTITUTE_ROLES, readable, view_of
from sky_net.needs.reading import Reading, named
from sky_net.needs.states import UNSOLVED

BY_SCORE = cast(func.round(Assigned.score * 1_000_000), BigInteger)
"""In whole numbers, which a page's cursor can carry exactly."""


@dataclass(frozen=True)
class Suggestion:
    """A need that was assigned to the reader's institute, in the reader's view, and which achievements speak for it."""

    need: Reading
    institute_id: UUID
    score: float | None
    achievements: list[str]


def list_runs(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[AssignmentRun]:
    """The runs, the last one first unless asked otherwise; raises Forbidden."""
    _require_office(actor)
    return read_page(
        session, select(AssignmentRun), asked, {"run_on": AssignmentRun.run_on}, AssignmentRun.id
    )


def show_run(session: Session, actor: Actor, run_id: UUID) -> AssignmentRun:
    """One run; raises Forbidden, NotFound."""
    _require_office(actor)
    run = session.get(AssignmentRun, run_id)
    if run is None:
        raise NotFound()
    return run


def list_assignments(
    session: Session, actor: Actor, run_id: UUID, asked: Mapping[str, Any]
) -> Page[dict[str, Any]]:
    """Of a run, the needs that the actor reads in full in office, each with its offers or why there are none.

    Raises Forbidden, NotFound.
    """
    if not actor.holds(*CAN_READ_ASSIGNMENTS):
        raise Forbidden()
    show_run(session, actor, run_id)
    query: Any = (
        select(Assigned, Need.number, Institute.name)
        .join(Need, Need.id == Assigned.need_id)
        .outerjoin(Institute, Institute.id == Assigned.institute_id)
        .where(Assigned.run_id == run_id, readable(actor, FULL))
    )
    if asked.get("reason"):
        query = query.where(Assigned.reason.in_(asked["reason"]))
    return read_page(session, query, asked, {"number": Need.number}, Assigned.id, _shown)


def list_suggested_needs(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime
) -> Page[Suggestion]:
    """What the last run assigned to the actor's institutes, as far as it still stands and the actor may read it; noted.

    Raises Forbidden to everybody who is of no institute.
    """
    institutes = actor.organisations(*INSTITUTE_ROLES)
    if not institutes:
        raise Forbidden()
    last = select(AssignmentRun.id).order_by(AssignmentRun.run_on.desc()).limit(1).scalar_subquery()
    was_asked = exists().where(
        Invitation.need_id == Assigned.need_id, Invitation.institute_id == Assigned.institute_id
    )
    query = (
        select(Assigned, Need, view_of(actor))
        .join(Need, Need.id == Assigned.need_id)
        .where(Assigned.run_id == last, Assigned.institute_id.in_(institutes), ~was_asked)
        .where(Need.state.in_(UNSOLVED), readable(actor))
    )
    page = read_page(session, query, asked, {"score": BY_SCORE}, Assigned.id, _suggestion)
    disclose(session, actor, (each.need for each in page.items), "found", now=now)
    readings = named(session, [each.need for each in page.items])
    items = [
        Suggestion(reading, each.institute_id, each.score, each.achievements)
        for reading, each in zip(readings, page.items, strict=True)
    ]
    return Page(items, page.next_cursor)


def _require_office(actor: Actor) -> None:
    if not actor.holds(*CAN_READ_RUNS):
        raise Forbidden()


def _suggestion(row: Assigned, need: Need, view: str) -> Suggestion:
    if row.institute_id is None:
        raise AssertionError("selected by its institute")
    return Suggestion(Reading(need, view), row.institute_id, row.score, row.achievements)


def _shown(row: Assigned, number: str, institute: str | None) -> dict[str, Any]:
    return {
        "need_id": row.need_id, "need_number": number,
        "institute": None if row.institute_id is None else {"id": row.institute_id, "name": institute},
        "rank": row.rank, "score": row.score, "achievements": row.achievements, "reason": row.reason,
    }  # fmt: skip
