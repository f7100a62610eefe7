"""Who reads what of leads: one with its clock and its interview, lists and files, and where a need came from."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, func, literal, select
from sqlalchemy.orm import Session, selectinload

from backbone.actor import Actor
from backbone.chinese import fold
from backbone.clock import local_date
from backbone.errors import NotFound
from backbone.identity.service import names_of
from backbone.pages import Page, Sortable, read_page
from ground_net.leads.clock import clocks_of
from ground_net.leads.extraction.answering import NOTHING, ProposedAnswers, proposed_answers
from ground_net.leads.filling import known_of
from ground_net.leads.interview.asking import Progress, progress
from ground_net.leads.models import Lead, LeadProvenance
from ground_net.leads.permissions import readable, reads_people
from ground_net.leads.states import OPEN, actions_in
from sky_net.needs.reading import read_in_full
from sky_net.sla.clocks import ClockReading
from sky_net.sla.parties import NODE
from sky_net.sla.reporting import stored_clocks

_NEVER = datetime.fromisoformat("2200-12-31T00:00:00+00:00")
_FAR = literal(_NEVER, DateTime(timezone=True))
MASKED, FULL = "masked", "full"


@dataclass(frozen=True)
class LeadReading:
    """A lead as it is shown: `view` says whether its people are, `interview` and `proposed` are of an open one."""

    lead: Lead
    clock: ClockReading | None
    owner_name: str | None
    view: str = MASKED
    interview: Progress | None = None
    proposed: ProposedAnswers = NOTHING

    @property
    def actions(self) -> list[str]:
        """What can be done to it now."""
        return actions_in(self.lead.state)

    @property
    def proposals(self) -> list[dict[str, str]]:
        """What the words propose, each value in JSON beside the words it was read from."""
        return [
            {"field": name, "value": json.dumps(value, ensure_ascii=False), "read_from": self.proposed.read_from.get(name, "")}
            for name, value in self.proposed.fields.items()
        ]  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """One lead that a need came from, with the names of today."""

    row: LeadProvenance
    number: str
    event_title: str | None
    recorded_by: str | None
    promoted_by: str | None


def find_lead(session: Session, actor: Actor, lead_id: UUID) -> Lead:
    """The lead, for those who may know of it; raises NotFound."""
    lead = session.scalar(select(Lead).where(Lead.id == lead_id, readable(actor)))
    if lead is None:
        raise NotFound()
    return lead


def show_lead(session: Session, actor: Actor, lead_id: UUID, *, now: datetime) -> LeadReading:
    """The lead with its clock, its questions and what the words propose; raises NotFound."""
    return shown(session, actor, find_lead(session, actor, lead_id), now=now)


def shown(session: Session, actor: Actor, lead: Lead, *, now: datetime) -> LeadReading:
    """As `show_lead`, of a lead that the actor has just acted on."""
    clock = clocks_of(session, [lead.id], now=now).get(lead.id)
    owner = names_of(session, [lead.owner_id]).get(lead.owner_id) if lead.owner_id else None
    view = FULL if reads_people(actor, lead) else MASKED
    if lead.state not in OPEN:
        return LeadReading(lead, clock, owner, view)
    return LeadReading(lead, clock, owner, view, progress(known_of(lead)), _unanswered(lead))


def next_questions(session: Session, actor: Actor, lead_id: UUID, at_most: int) -> Progress:
    """What to ask next; raises NotFound."""
    return progress(known_of(find_lead(session, actor, lead_id)), at_most)


def list_leads(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime
) -> Page[LeadReading]:
    """A page of the leads that the actor may know of, without their people."""
    query = _filtered(_seen(actor), actor, asked, now)
    page = read_page(session, query, asked, SORTS, Lead.id)
    return Page(_as_readings(session, page.items, now), page.next_cursor)


def leads_of(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, most: int, now: datetime
) -> list[LeadReading]:
    """The first `most` and one more of those that are asked for, the oldest first: for a file."""
    query = _filtered(_seen(actor), actor, asked, now).order_by(Lead.id).limit(most + 1)
    return _as_readings(session, session.scalars(query).all(), now)


def show_provenance(session: Session, actor: Actor, need_id: UUID) -> list[Origin]:
    """The leads that a need came from, the one that became it first; none of one that was posted online.

    For those who read the need in full; raises NotFound, Forbidden.
    """
    need = read_in_full(session, actor, need_id)
    query = (
        select(LeadProvenance, Lead)
        .join(Lead, Lead.id == LeadProvenance.lead_id)
        .where(LeadProvenance.need_id == need.id)
        .order_by(LeadProvenance.id)
        .options(selectinload(Lead.event))
    )
    found = [(row[0], row[1]) for row in session.execute(query)]
    staff = {each for row, _ in found for each in (row.recorded_by, row.promoted_by) if each}
    names = names_of(session, staff)
    return [
        Origin(
            row, lead.number, lead.event and lead.event.title, *(names.get(who) if who else None for who in (row.recorded_by, row.promoted_by)),
        )
        for row, lead in found
    ]  # fmt: skip


def _unanswered(lead: Lead) -> ProposedAnswers:
    """What the words propose and nobody has answered yet."""
    found = proposed_answers(lead.words, local_date(lead.happened_at))
    left = {name: value for name, value in found.fields.items() if name not in lead.answers}
    return ProposedAnswers(left, {name: words for name, words in found.read_from.items() if name in left})


def _as_readings(session: Session, leads: Sequence[Lead], now: datetime) -> list[LeadReading]:
    clocks = clocks_of(session, [lead.id for lead in leads], now=now)
    owners: Collection[UUID] = {lead.owner_id for lead in leads if lead.owner_id}
    names = names_of(session, owners)
    return [
        LeadReading(lead, clocks.get(lead.id), names.get(lead.owner_id) if lead.owner_id else None)
        for lead in leads
    ]


def _due_at() -> ColumnElement[datetime | None]:
    rows = stored_clocks(NODE, _NEVER).rows
    due: ColumnElement[datetime | None] = (
        select(rows.c.due_at).where(rows.c.subject_id == Lead.id).correlate(Lead).scalar_subquery()
    )
    return due


SORTS: Mapping[str, Sortable] = {
    "created_at": Lead.created_at, "happened_at": Lead.happened_at, "number": Lead.number,
    "due_at": func.coalesce(_due_at(), _FAR),
}  # fmt: skip


def _seen(actor: Actor) -> Select[Lead]:
    related = (selectinload(Lead.event), selectinload(Lead.need), selectinload(Lead.merged))
    return select(Lead).where(readable(actor)).options(*related)


def _filtered(query: Select[Lead], actor: Actor, asked: Mapping[str, Any], now: datetime) -> Select[Lead]:
    for name, column in (("node", Lead.node_key), ("state", Lead.state), ("channel", Lead.channel)):
        if asked.get(name):
            query = query.where(column.in_(asked[name]))
    for name in ("owner_id", "event_id", "import_id"):
        if name in asked:
            query = query.where(getattr(Lead, name) == asked[name])
    if asked.get("mine"):
        query = query.where(Lead.owner_id == actor.account_id)
    if "due_before" in asked:
        query = query.where(Lead.state.in_(OPEN), _due_at() < asked["due_before"])
    if "q" in asked:
        query = query.where(Lead.folded.contains(fold(asked["q"]).strip(), autoescape=True))
    return query
