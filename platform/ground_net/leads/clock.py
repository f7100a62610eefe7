"""The lead's own clock: five working days to promote it or to close it with a reason. It binds the node."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor, Role, Scope, ScopeKind
from backbone.errors import Bilingual
from backbone.identity.reaching import holders_of
from ground_net.leads.models import Lead
from ground_net.leads.states import OPEN
from ground_net.network.keeping import keeps_open
from ground_net.network.service import node_named
from sky_net.reminders.answering import reader
from sky_net.sla import service as sla
from sky_net.sla import stops
from sky_net.sla.clocks import ClockReading
from sky_net.sla.parties import NODE
from sky_net.sla.refusals import ClocksNotOpen
from sky_net.sla.service import Subject
from sky_net.sla.stop_table import LeadEvidence


def start_clock(session: Session, actor: Actor, lead: Lead, *, now: datetime) -> None:
    """It runs from the recording on, whenever the visit was; raises CalendarMissing."""
    sla.open_party_clock(session, actor, Subject(lead.id, lead.number, lead.zone_code, NODE), now=now)


def stop_clock(session: Session, actor: Actor, lead: Lead, *, now: datetime) -> None:
    """The lead was settled: by a person, as a need or with a reason; raises StopRefused."""
    evidence = LeadEvidence(lead.id, actor.account_id, promoted_to=lead.need_id, closed_with=lead.reason_code)
    with suppress(ClocksNotOpen):
        stops.stop(session, actor, lead.id, evidence, now=now)


def clocks_of(session: Session, lead_ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, ClockReading]:
    """The clock of each lead at this instant."""
    read = sla.readings(session, lead_ids, now=now) if lead_ids else {}
    return {lead_id: found[0] for lead_id, found in read.items() if found}


@reader
def who_answers(session: Session, subject_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Lead -> its owner, or before anybody has claimed it the collectors of its node."""
    known = select(Lead.id, Lead.owner_id, Lead.node_key).where(Lead.id.in_(subject_ids))
    leads = session.execute(known).all()
    staff: dict[Scope, set[UUID]] = {}
    if any(lead.owner_id is None for lead in leads):
        for account_id, held in holders_of(session, Role.COLLECTOR):
            staff.setdefault(held.scope, set()).add(account_id)
    return {
        lead.id: staff.get(Scope(ScopeKind.NODE, lead.node_key), set()) if lead.owner_id is None else {lead.owner_id}
        for lead in leads
    }  # fmt: skip


@keeps_open("open_leads", Bilingual("未办结的线索", "open leads"))
def count_open_leads(session: Session, node_id: UUID) -> int:
    """The leads of a node that are neither promoted nor closed."""
    key = node_named(session, node_id).key
    still_open = (Lead.node_key == key, Lead.state.in_(OPEN))
    return session.scalar(select(func.count()).select_from(Lead).where(*still_open)) or 0
