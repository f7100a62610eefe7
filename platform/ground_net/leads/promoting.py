"""A lead becomes a need of its enterprise: posted by the node that the enterprise entrusted it to, where it came from on record.

Everything happens in one transaction: the need, the start of its promise clocks when it is submitted, the provenance, and
the stop of the lead's own clock. Of two who promote, or of one who promotes while another closes, one finds it settled.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor, Held, Role, Scope, ScopeKind
from backbone.errors import Bilingual, Conflict
from backbone.identity.service import names_of
from ground_net.leads import states
from ground_net.leads.clock import stop_clock
from ground_net.leads.consenting import may_pass_on
from ground_net.leads.duplicates import Near, find_duplicates
from ground_net.leads.enterprises import FIELDS, linked
from ground_net.leads.errors import EnterpriseNotRegistered, LeadIncomplete, NoConsent
from ground_net.leads.events import LeadPromoted
from ground_net.leads.filling import known_of, whole_of
from ground_net.leads.interview.answers import PEOPLE, as_columns
from ground_net.leads.interview.asking import CONSENT, progress
from ground_net.leads.models import MERGED, PROMOTED, Lead, LeadProvenance
from ground_net.leads.service import lead_to_work_on
from ground_net.network.models import NetworkNode
from sky_net.needs.completeness import label_of
from sky_net.needs.models import Need
from sky_net.needs.service import draft_entrusted, submit_need

OF_CHANNEL = {"event": "event", "import": "import"}
STATION = "station"


class LooksLikeDuplicate(Conflict):
    """Something that the promoter may read says nearly the same; `needs` and `leads` give ids and scores."""

    code = "looks_like_duplicate"
    title = Bilingual("与已有的需求或线索相近", "A need or a lead says nearly the same")
    detail = Bilingual("{number} 与 {others} 相近", "{number} is near to {others}")
    advice = Bilingual(
        "确为同一件事：用 closeLead 关闭并写明重复对象；不是同一件事：以 despite_duplicates=true 再转",
        "If it is the same: close it with closeLead, naming what it repeats; if not: promote it with despite_duplicates=true",
    )


def promote_lead(
    session: Session, actor: Actor, lead_id: UUID, *, submit: bool = True, despite_duplicates: bool = False,
    now: datetime,
) -> Lead:  # fmt: skip
    """Make it a need of its enterprise, submitted unless said otherwise; what was merged into it goes along.

    Raises NotFound, Forbidden, LeadSettled, NoConsent, LeadIncomplete, EnterpriseNotRegistered, LooksLikeDuplicate,
    CalendarMissing.
    """
    lead = lead_to_work_on(session, actor, lead_id, "promote")
    if not may_pass_on(whole_of(lead)):
        raise NoConsent(number=lead.number)
    enterprise_id = _registered(session, lead)
    _require_complete(lead, submit=submit)
    if not despite_duplicates:
        _refuse_near(lead, find_duplicates(session, actor, lead, now=now))
    acting = for_node(actor, lead.node_key)
    need = draft_entrusted(session, acting, enterprise_id, lead.node_key, _values(session, lead), now=now)
    if submit:
        submit_need(session, acting, need.id, now=now)
    _settle(session, actor, lead, need, now)
    return lead


def for_node(actor: Actor, node_key: str) -> Actor:
    """The same person, posting for the node: a broker or an operator who promotes its lead does what its collector would."""
    return replace(actor, held=actor.held | {Held(Role.COLLECTOR, Scope(ScopeKind.NODE, node_key))})


def _registered(session: Session, lead: Lead) -> UUID:
    """The enterprise in the directory, linked now where it was registered since the visit."""
    if lead.enterprise_id is None and lead.credit_code is not None:
        for name, value in linked(session, {name: getattr(lead, name) for name in FIELDS}).items():
            setattr(lead, name, value)
    if lead.enterprise_id is None:
        raise EnterpriseNotRegistered(enterprise=lead.enterprise_name, credit_code=lead.credit_code)
    return lead.enterprise_id


def _require_complete(lead: Lead, *, submit: bool) -> None:
    """A need that is submitted says four things at least; a draft has a title."""
    known = known_of(lead)
    lacking = [field for field in progress(known).lacking if submit or field == "title"]
    if lacking:
        labels = {CONSENT: Bilingual("保存联系方式的同意", "consent to keeping the contact")}
        raise LeadIncomplete([(field, labels.get(field, label_of(field))) for field in lacking])


def _refuse_near(lead: Lead, near: Near) -> None:
    if not near.needs and not near.leads:
        return
    needs = [
        {"id": each.need.need.id, "number": each.need.need.number, "similarity_percent": each.similarity_percent}
        for each in near.needs
    ]  # fmt: skip
    leads = [
        {"id": each.lead.id, "number": each.lead.number, "similarity_percent": each.similarity_percent}
        for each in near.leads
    ]  # fmt: skip
    others = ", ".join(f"{each['number']} ({each['similarity_percent']} %)" for each in (*needs, *leads))
    raise LooksLikeDuplicate(number=lead.number, others=others, needs=needs, leads=leads)


def _values(session: Session, lead: Lead) -> dict[str, Any]:
    """The need's columns: the answers, the people, and how it came to the platform."""
    collected_by = lead.owner_id or lead.recorded_by
    people = {name: getattr(lead, name) for name in PEOPLE}
    return {
        **as_columns(known_of(lead)), **{name: value for name, value in people.items() if value is not None},
        "source_channel": OF_CHANNEL.get(lead.channel) or _kind_of(session, lead.node_key),
        "collector": names_of(session, [collected_by]).get(collected_by) if collected_by else None,
    }  # fmt: skip


def _kind_of(session: Session, node_key: str) -> str:
    kind = session.scalar(select(NetworkNode.kind).where(NetworkNode.key == node_key))
    return STATION if kind == STATION else "node"


def _settle(session: Session, actor: Actor, lead: Lead, need: Need, now: datetime) -> None:
    before = {"state": lead.state}
    lead.state, lead.need_id = states.after("promote"), need.id
    lead.settled_at = lead.updated_at = now
    lead.settled_by = actor.account_id
    session.flush()
    rows = [_origin(lead, lead, need, actor, now)]
    rows += [_origin(each, lead, need, actor, now) for each in _merged_into(session, lead)]
    session.add_all(rows)
    after = {"state": lead.state, "need_id": need.id, "merged": [row.lead_id for row in rows[1:]]}
    audit.record(session, actor, "promote_lead", lead, now=now, before=before, after=after)
    stop_clock(session, actor, lead, now=now)
    events.publish(session, LeadPromoted(lead, actor, now))


def _merged_into(session: Session, lead: Lead) -> Iterator[Lead]:
    """What was merged into it, and into those: each lead is merged once, into one that is open, so that this ends."""
    waiting = [lead.id]
    while waiting:
        of_these = select(Lead).where(Lead.duplicate_of_lead_id.in_(waiting)).order_by(Lead.number)
        found = session.scalars(of_these).all()
        yield from found
        waiting = [each.id for each in found]


def _origin(row: Lead, promoted: Lead, need: Need, actor: Actor, now: datetime) -> LeadProvenance:
    return LeadProvenance(
        need_id=need.id, lead_id=row.id, kind=PROMOTED if row is promoted else MERGED, node_key=row.node_key,
        channel=row.channel, event_id=row.event_id, happened_at=row.happened_at, recorded_at=row.created_at,
        recorded_by=row.recorded_by, promoted_at=now, promoted_by=actor.account_id, consent_how=row.consent_how,
        consented_at=row.consented_at, consent_covers=row.consent_covers, content_digest=row.content_digest,
    )  # fmt: skip
