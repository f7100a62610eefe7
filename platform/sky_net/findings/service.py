"""Writing a finding, and signing it: that closes the need and answers the promise, neither met nor breached."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Forbidden
from sky_net.disputes.models import ProposalDispute
from sky_net.findings.errors import FindingExists, FindingSigned
from sky_net.findings.models import Finding
from sky_net.findings.permissions import CAN_WRITE, may_sign
from sky_net.findings.reading import read_finding
from sky_net.findings.telling import tell_who_signs
from sky_net.invitations.life_cycle import allows
from sky_net.invitations.models import Invitation
from sky_net.invitations.states import LIFE as INVITED
from sky_net.needs.life_cycle import advance, lock_need, lock_visible, step_of
from sky_net.needs.models import Need
from sky_net.needs.states import is_possible, refusal
from sky_net.proposals.models import Proposal
from sky_net.proposals.states import LIFE as OFFERED
from sky_net.sla.calendar import shanghai_date
from sky_net.sla.policy import policy_on
from sky_net.sla.stops import NoSolutionEvidence

PERSONAL = frozenset({"why_not", "what_would_help"})
NON_RESPONSIVE = OFFERED.after("strike")


def draft_finding(
    session: Session, actor: Actor, need_id: UUID, said: Mapping[str, str], *, now: datetime
) -> Finding:
    """An operator writes why there is no solution and what would help; raises NotFound, Forbidden, StateConflict, FindingExists."""
    need = lock_visible(session, actor, need_id)
    if not allows(CAN_WRITE, actor, need):
        raise Forbidden()
    if not is_possible(need.state, "conclude"):
        raise refusal(need.state, "conclude")
    if known := session.scalar(select(Finding.id).where(Finding.need_id == need.id)):
        raise FindingExists(id=known)
    finding = Finding(need_id=need.id, written_by=actor.account_id, created_at=now, updated_at=now, **said)
    session.add(finding)
    session.flush()
    audit.record(session, actor, "draft_finding", finding, now=now,
                 after={"need_id": need.id, **said}, personal=PERSONAL)  # fmt: skip
    tell_who_signs(session, actor, need, finding, now=now)
    return finding


def amend_finding(
    session: Session, actor: Actor, finding: Finding, said: Mapping[str, str], *, now: datetime
) -> Finding:
    """Change a finding from `finding_to_amend`; whoever amends it becomes its author. Raises FindingSigned."""
    if finding.signed_at is not None:
        raise FindingSigned()
    before, after = audit.changes(finding, {**said, "written_by": actor.account_id})
    if after:
        for name, value in after.items():
            setattr(finding, name, value)
        finding.updated_at = now
        session.flush()
        audit.record(
            session, actor, "amend_finding", finding, now=now, before=before, after=after, personal=PERSONAL
        )
    return finding


def finding_to_amend(session: Session, actor: Actor, finding_id: UUID) -> Finding:
    """The finding, locked, for an operator to change; raises NotFound, Forbidden."""
    finding, need = read_finding(session, actor, finding_id)
    if not allows(CAN_WRITE, actor, need):
        raise Forbidden()
    session.refresh(finding, with_for_update=True)
    return finding


def sign_finding(session: Session, actor: Actor, finding_id: UUID, *, now: datetime) -> Finding:
    """A supervisor signs what another wrote: the need is closed and the promise answered by the honest end.

    Raises NotFound, Forbidden, StateConflict, FindingSigned, and StopRefused naming every condition that is missing.
    """
    finding, seen = read_finding(session, actor, finding_id)
    if not may_sign(actor, seen):
        raise Forbidden()
    need = lock_need(session, seen.id)
    session.refresh(finding, with_for_update=True)
    if finding.signed_at is not None:
        raise FindingSigned()
    step_of(need, "conclude")
    refused = refusals(session, need)
    evidence = NoSolutionEvidence(
        finding_id=finding.id, written_by=finding.written_by, signed_by=actor.account_id, refusals=len(refused),
        refusals_needed=_needed(need, now), standing_proposals=_standing(session, need),
        says_why=bool(finding.why_not.strip()), says_what_would_help=bool(finding.what_would_help.strip()),
    )  # fmt: skip
    finding.asked = [{"institute_id": str(one), "reason_code": reason} for one, reason in refused.items()]
    finding.signed_at, finding.signed_by, finding.updated_at = now, actor.account_id, now
    advance(session, actor, need, "conclude", now=now, evidence=evidence)
    audit.record(
        session, actor, "sign_finding", finding, now=now, after={"signed_at": now, "asked": finding.asked}
    )
    return finding


def refusals(session: Session, need: Need) -> dict[UUID, str]:
    """Institute -> why it is no way: its own reason to decline, or the code by which its proposal was found no answer."""
    declined = select(Invitation.institute_id, Invitation.reason_code).where(
        Invitation.need_id == need.id, Invitation.state == INVITED.after("decline")
    )
    struck = (
        select(Proposal.institute_id, ProposalDispute.reason_code)
        .join(ProposalDispute, ProposalDispute.proposal_id == Proposal.id)
        .where(Proposal.need_id == need.id, Proposal.state == NON_RESPONSIVE)
    )
    found: dict[UUID, str] = {}
    for query in (declined, struck):
        found |= {institute_id: reason or "" for institute_id, reason in session.execute(query)}
    return dict(sorted(found.items()))


def _needed(need: Need, now: datetime) -> int:
    return policy_on(shanghai_date(need.submitted_at or now)).parties.refusals_before_finding


def _standing(session: Session, need: Need) -> int:
    released: Any = select(func.count()).select_from(Proposal)
    return (
        session.scalar(
            released.where(Proposal.need_id == need.id, Proposal.state == OFFERED.after("release"))
        )
        or 0
    )
