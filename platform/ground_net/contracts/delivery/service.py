"""Planning and accepting milestones; delivering and accepting the whole, which takes the need along."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Forbidden
from ground_net.contracts.delivery.errors import MilestoneAccepted, MilestonesOpen
from ground_net.contracts.delivery.models import Milestone
from ground_net.contracts.models import Contract
from ground_net.contracts.permissions import CAN_ACCEPT_MILESTONE, CAN_PLAN
from ground_net.contracts.reading import contract_for, locked_contract, part_for
from ground_net.contracts.standing import require_standing
from ground_net.contracts.states import AMENDABLE, LIFE
from ground_net.contracts.telling import tell_of_acceptance, tell_of_delivery, tell_of_milestone
from sky_net.invitations.life_cycle import allows
from sky_net.needs.life_cycle import advance, lock_need

PERSONAL = frozenset({"milestones"})
"""What is delivered is confidential, as the contract is."""


def plan_milestones(
    session: Session, actor: Actor, contract_id: UUID, plan: Sequence[Mapping[str, Any]], *, now: datetime
) -> Sequence[Milestone]:
    """Write the plan: what was accepted stays, what is open is replaced; the contract is in delivery from the first milestone on.

    Raises NotFound, Forbidden, StateConflict, ContractDisputed.
    """
    contract = locked_contract(session, actor, contract_id)
    if not allows(CAN_PLAN, actor, contract):
        raise Forbidden()
    if contract.state not in AMENDABLE:
        raise LIFE.refusal(contract.state, "plan")
    require_standing(contract, "plan")
    is_open = (Milestone.contract_id == contract.id, Milestone.accepted_at.is_(None))
    session.execute(delete(Milestone).where(*is_open))
    kept = session.scalar(select(func.max(Milestone.position)).where(Milestone.contract_id == contract.id))
    first = 0 if kept is None else kept + 1
    session.add_all(
        Milestone(contract_id=contract.id, position=place, created_at=now, updated_at=now, **each)
        for place, each in enumerate(plan, first)
    )
    if plan and contract.state == LIFE.initial:
        LIFE.follow(contract, "start")
    contract.updated_at = now
    session.flush()
    told = {"milestones": [each["title"] for each in plan], "state": contract.state}
    audit.record(session, actor, "plan_milestones", contract, now=now, after=told, personal=PERSONAL)
    return _of(session, contract)


def list_milestones(session: Session, actor: Actor, contract_id: UUID) -> Sequence[Milestone]:
    """The plan in its order; raises NotFound."""
    return _of(session, contract_for(session, actor, contract_id))


def accept_milestone(session: Session, actor: Actor, milestone_id: UUID, *, now: datetime) -> Milestone:
    """The buyer accepts a part; raises NotFound, Forbidden, MilestoneAccepted, StateConflict, ContractDisputed."""
    milestone = part_for(session, actor, Milestone, milestone_id)
    contract = locked_contract(session, actor, milestone.contract_id)
    session.refresh(milestone, with_for_update={"of": Milestone})
    if not allows(CAN_ACCEPT_MILESTONE, actor, contract):
        raise Forbidden()
    if milestone.accepted_on is not None:
        raise MilestoneAccepted(title_of=milestone.title, accepted_on=milestone.accepted_on.isoformat())
    if "terminate" not in LIFE.actions_from(contract.state):
        raise LIFE.refusal(contract.state, "accept_milestone")
    require_standing(contract, "accept_milestone")
    milestone.accepted_at, milestone.accepted_on, milestone.accepted_by = (
        now,
        local_date(now),
        actor.account_id,
    )
    milestone.updated_at = now
    session.flush()
    told = {"accepted_on": milestone.accepted_on}
    audit.record(session, actor, "accept_milestone", milestone, now=now, after=told)
    tell_of_milestone(session, actor, contract, milestone.id, now=now)
    return milestone


def deliver_contract(session: Session, actor: Actor, contract_id: UUID, *, now: datetime) -> Contract:
    """The institute says that everything is handed over; raises NotFound, Forbidden, StateConflict, ContractDisputed."""
    return _step(session, actor, contract_id, "deliver", "deliver", {"delivered_at": now}, now)


def accept_delivery(session: Session, actor: Actor, contract_id: UUID, *, now: datetime) -> Contract:
    """The buyer accepts the whole; raises as `deliver_contract`, and MilestonesOpen."""
    return _step(session, actor, contract_id, "accept", "accept_delivery", {"accepted_at": now}, now)


def _step(
    session: Session, actor: Actor, contract_id: UUID, action: str, of_need: str, values: Mapping[str, Any],
    now: datetime,
) -> Contract:  # fmt: skip
    seen = locked_contract(session, actor, contract_id, lock=False)
    need = lock_need(session, seen.need_id)
    contract = locked_contract(session, actor, contract_id)
    LIFE.step(contract, action, actor, contract)
    require_standing(contract, action)
    if action == "accept":
        _require_all_accepted(session, contract)
    LIFE.move(contract, action, actor, contract)
    for name, value in values.items():
        setattr(contract, name, value)
    contract.updated_at = now
    session.flush()
    audit.record(
        session, actor, f"{action}_contract", contract, now=now, after={"state": contract.state, **values}
    )
    advance(session, actor, need, of_need, now=now)
    if action == "accept":
        tell_of_acceptance(session, actor, contract, need.owner_id, now=now)
    else:
        tell_of_delivery(session, actor, contract, now=now)
    return contract


def _require_all_accepted(session: Session, contract: Contract) -> None:
    left = [row for row in _of(session, contract) if row.accepted_at is None]
    if left:
        raise MilestonesOpen(count=len(left), open=[row.title for row in left])


def _of(session: Session, contract: Contract) -> Sequence[Milestone]:
    query = select(Milestone).where(Milestone.contract_id == contract.id).order_by(Milestone.position)
    return session.scalars(query).all()
