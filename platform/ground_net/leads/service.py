"""What collectors do with a lead: claim it, amend it, answer the interview, close it. Promoting stands in `promoting`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.service import actor_of, names_of
from ground_net.leads import states
from ground_net.leads.clock import stop_clock
from ground_net.leads.consenting import require_consented
from ground_net.leads.enterprises import FIELDS, linked
from ground_net.leads.errors import LeadAlreadyClaimed, LeadSettled
from ground_net.leads.events import LeadClaimed, LeadClosed
from ground_net.leads.filling import columns_of, derive, whole_of
from ground_net.leads.models import PERSONAL, Lead
from ground_net.leads.permissions import CAN_CLAIM, allows, may_work, operates, readable
from ground_net.leads.recording import record_lead, require_event, require_past
from sky_net.needs.reading import read_need

NO_SUCH_NEED = Bilingual("没有这项需求，或您无权查看", "There is no such need, or you may not see it")
NO_SUCH_LEAD = Bilingual("没有这条线索，或您无权查看", "There is no such lead, or you may not see it")
WORKS_ELSEWHERE = Bilingual(
    "该账号不在此节点或区域采集、经纪或运营线索",
    "This account works with leads neither at this node nor in its zone",
)
NOT_ITSELF = Bilingual("不能并入自己", "A lead is not merged into itself")
NOT_MERGED_INTO = Bilingual(
    "该线索已关闭，不能并入；请并入仍在办理或已转为需求的线索",
    "That lead is closed: merge into one that is open or became a need",
)


def lock_lead(session: Session, actor: Actor, lead_id: UUID) -> Lead:
    """The lead for somebody who may know of it, locked and read anew; raises NotFound."""
    found = select(Lead).where(Lead.id == lead_id, readable(actor)).with_for_update(of=Lead)
    lead = session.scalar(found.execution_options(populate_existing=True))
    if lead is None:
        raise NotFound()
    return lead


def lead_to_work_on(session: Session, actor: Actor, lead_id: UUID, action: str) -> Lead:
    """The lead, locked, for whoever works on it; raises NotFound, Forbidden, LeadSettled."""
    lead = lock_lead(session, actor, lead_id)
    if not may_work(actor, lead):
        raise Forbidden()
    require_open(lead, action)
    return lead


def require_open(lead: Lead, action: str) -> None:
    """Raise LeadSettled unless the action exists in the lead's state."""
    if not states.is_possible(lead.state, action):
        allowed = states.actions_in(lead.state)
        raise LeadSettled(
            stands=states.STATES[lead.state],
            state=lead.state,
            action=action,
            allowed=allowed,
            need_id=lead.need_id,
        )


def claim_lead(session: Session, actor: Actor, lead_id: UUID, *, now: datetime) -> Lead:
    """Take it on; of two at once one is told who was quicker. Claiming one's own again changes nothing.

    Raises NotFound, Forbidden, LeadAlreadyClaimed, LeadSettled.
    """
    lead = lock_lead(session, actor, lead_id)
    if actor.account_id is None or not allows(CAN_CLAIM, actor, lead):
        raise Forbidden()
    if lead.owner_id == actor.account_id:
        return lead
    if lead.owner_id is not None:
        owner = names_of(session, [lead.owner_id]).get(lead.owner_id, "")
        since = lead.claimed_at and lead.claimed_at.isoformat()
        raise LeadAlreadyClaimed(number=lead.number, owner=owner, owner_id=lead.owner_id, since=since)
    require_open(lead, "claim")
    before = {"state": lead.state, "owner_id": None}
    lead.state, lead.owner_id, lead.claimed_at = states.after("claim"), actor.account_id, now
    _note(session, actor, lead, "claim_lead", before, now)
    events.publish(session, LeadClaimed(lead, actor, now))
    return lead


def give_lead(session: Session, actor: Actor, lead_id: UUID, account_id: UUID, *, now: datetime) -> Lead:
    """An operator of the zone lets somebody who works there take it on, whoever had it before; the same again changes nothing.

    Raises NotFound, Forbidden, LeadSettled, Invalid.
    """
    lead = lock_lead(session, actor, lead_id)
    if not operates(actor, lead):
        raise Forbidden()
    require_open(lead, "amend")
    receiver = actor_of(session, account_id)
    if receiver is None or not allows(CAN_CLAIM, receiver, lead):
        raise Invalid.field("for_id", WORKS_ELSEWHERE)
    if lead.owner_id == account_id:
        return lead
    before = {"state": lead.state, "owner_id": lead.owner_id}
    lead.state, lead.owner_id, lead.claimed_at = states.after("claim"), account_id, now
    _note(session, actor, lead, "give_lead", before, now)
    events.publish(session, LeadClaimed(lead, actor, now))
    return lead


def amend_lead(
    session: Session,
    actor: Actor,
    lead: Lead,
    said: Mapping[str, Any],
    *,
    merging: bool = False,
    now: datetime,
) -> Lead:
    """Change what was sent, of a lead from `lead_to_work_on`; raises Invalid."""
    values = columns_of(said, lead.answers, merging=merging)
    if any(name in said for name in FIELDS):
        values |= linked(session, _company(lead, said))
    require_consented(whole_of(lead) | values)
    require_past(values.get("happened_at", lead.happened_at), now)
    require_event(session, lead.node_key, values.get("event_id"))
    before, after = audit.changes(lead, values)
    if not after:
        return lead
    for name, value in after.items():
        setattr(lead, name, value)
    derive(lead)
    lead.updated_at = now
    session.flush()
    audit.record(session, actor, "amend_lead", lead, now=now, before=before, after=after, personal=PERSONAL)
    return lead


def answer_interview(
    session: Session, actor: Actor, lead_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Lead:
    """Add the answers to those given before; raises NotFound, Forbidden, LeadSettled, Invalid."""
    return amend_lead(
        session, actor, lead_to_work_on(session, actor, lead_id, "amend"), said, merging=True, now=now
    )


def close_lead(
    session: Session, actor: Actor, lead_id: UUID, reason: Mapping[str, Any], *, now: datetime
) -> Lead:
    """End it with a reason, which answers its clock; raises NotFound, Forbidden, LeadSettled, Invalid."""
    _require_known(session, actor, lead_id, reason)
    lead = lead_to_work_on(session, actor, lead_id, "close")
    before = {"state": lead.state}
    lead.state, lead.reason_code = states.after("close"), reason["reason_code"]
    lead.closing_words = reason.get("words")
    lead.duplicate_of_need_id, lead.duplicate_of_lead_id = reason.get("need_id"), reason.get("lead_id")
    lead.settled_at, lead.settled_by = now, actor.account_id
    _note(session, actor, lead, "close_lead", before, now, closing_words=lead.closing_words)
    stop_clock(session, actor, lead, now=now)
    events.publish(session, LeadClosed(lead, actor, now))
    return lead


def _require_known(session: Session, actor: Actor, lead_id: UUID, reason: Mapping[str, Any]) -> None:
    """What a lead repeats must be known to whoever says so; of two that are merged into each other one is closed first."""
    if need_id := reason.get("need_id"):
        try:
            read_need(session, actor, need_id)
        except NotFound:
            raise Invalid.field("need_id", NO_SUCH_NEED) from None
    if (other_id := reason.get("lead_id")) is None:
        return
    if other_id == lead_id:
        raise Invalid.field("lead_id", NOT_ITSELF)
    for each in sorted(
        (lead_id, other_id)
    ):  # in one order, so that two merged crosswise do not wait for each other
        _lock_known(session, actor, each, is_other=each == other_id)


def _lock_known(session: Session, actor: Actor, lead_id: UUID, *, is_other: bool) -> None:
    try:
        lead = lock_lead(session, actor, lead_id)
    except NotFound:
        if is_other:
            raise Invalid.field("lead_id", NO_SUCH_LEAD) from None
        raise
    if is_other and lead.state == states.after("close"):
        raise Invalid.field("lead_id", NOT_MERGED_INTO)


def _company(lead: Lead, said: Mapping[str, Any]) -> dict[str, Any]:
    """What is now known of the enterprise: an id alone decides, a code or a name replaces its own."""
    if said.get("enterprise_id"):
        return {"enterprise_id": said["enterprise_id"]}
    return {name: said.get(name, getattr(lead, name)) for name in ("enterprise_name", "credit_code")}


def _note(
    session: Session,
    actor: Actor,
    lead: Lead,
    action: str,
    before: Mapping[str, Any],
    now: datetime,
    **more: Any,
) -> None:
    told = ("state", "owner_id", "need_id", "reason_code", "duplicate_of_need_id", "duplicate_of_lead_id")
    after = {name: getattr(lead, name) for name in told if getattr(lead, name) is not None} | more
    lead.updated_at = now
    session.flush()
    audit.record(session, actor, action, lead, now=now, before=before, after=after, personal=PERSONAL)


__all__ = [
    "amend_lead", "answer_interview", "claim_lead", "close_lead", "lead_to_work_on", "lock_lead", "record_lead",
]  # fmt: skip
