"""Telling the parties that a contract was put on record or changed, so that they can dispute it in time, what came of that, what was
handed over and accepted, and that it ended.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.clock import local_date
from backbone.identity.reaching import holders_nearest, speakers_for
from backbone.notices.service import notify_each, the_same_to
from ground_net.contracts.models import Contract


def tell_other_side(session: Session, contract: Contract, *, now: datetime) -> None:
    """The members of both sides but whoever wrote it; once for each version."""
    reached = _both_sides(session, contract)
    until = local_date(contract.disputable_until).isoformat()
    notices = the_same_to(
        reached - {contract.recorded_by}, f"contract:{contract.id}:{contract.version}", "contract_recorded",
        (contract.id, contract.number, contract.zone_code), {"until_on": until},
    )  # fmt: skip
    notify_each(session, notices, now=now)


def tell_of_dispute(session: Session, actor: Actor, contract: Contract, *, now: datetime) -> None:
    """The operators nearest to it, who settle it, and both sides; all but who disputes it."""
    settling = holders_nearest(session, contract.zone_code, Role.OPERATOR)
    key = f"contract:{contract.id}:{contract.version}"
    _tell(session, actor, contract, settling, f"{key}:to_settle", "contract_to_settle", now)
    _tell(
        session, actor, contract, _both_sides(session, contract), f"{key}:disputed", "contract_disputed", now
    )


def tell_of_settlement(
    session: Session, actor: Actor, contract: Contract, owner_id: UUID | None, *, stands: bool, now: datetime
) -> None:
    """Both sides and whoever answers for the need; all but who settled it."""
    kind = "contract_upheld" if stands else "contract_cancelled"
    concerned = _both_sides(session, contract) | ({owner_id} if owner_id else set())
    _tell(
        session, actor, contract, concerned, f"contract:{contract.id}:{contract.version}:settled", kind, now
    )


def tell_of_strike(
    session: Session, actor: Actor, contract: Contract, owner_id: UUID | None, *, now: datetime
) -> None:
    """As of a settlement: the contract stands, without the supplement."""
    concerned = _both_sides(session, contract) | ({owner_id} if owner_id else set())
    key = f"contract:{contract.id}:{contract.version}:struck"
    _tell(session, actor, contract, concerned, key, "supplement_struck", now)


def tell_of_delivery(session: Session, actor: Actor, contract: Contract, *, now: datetime) -> None:
    """The buyer, who accepts it."""
    buyers = speakers_for(session, [contract.buyer_id], Role.ENTERPRISE_MEMBER)
    _tell(session, actor, contract, buyers, f"contract:{contract.id}:delivered", "contract_delivered", now)


def tell_of_acceptance(
    session: Session, actor: Actor, contract: Contract, owner_id: UUID | None, *, now: datetime
) -> None:
    """The seller's side, and whoever answers for the need."""
    concerned = reached_by(session, contract, contract.seller_enterprise_id) | (
        {owner_id} if owner_id else set()
    )
    _tell(session, actor, contract, concerned, f"contract:{contract.id}:accepted", "contract_accepted", now)


def tell_of_milestone(
    session: Session, actor: Actor, contract: Contract, milestone_id: UUID, *, now: datetime
) -> None:
    """The seller's side: a part was accepted."""
    concerned = reached_by(session, contract, contract.seller_enterprise_id)
    _tell(
        session, actor, contract, concerned, f"milestone:{milestone_id}:accepted", "milestone_accepted", now
    )


def tell_of_end(
    session: Session, actor: Actor, contract: Contract, owner_id: UUID | None, *, now: datetime
) -> None:
    """The members of both sides, and whoever answers for the need, which is open again; all but who wrote it."""
    concerned = _both_sides(session, contract) | ({owner_id} if owner_id else set())
    _tell(session, actor, contract, concerned, f"contract:{contract.id}:ended", "contract_terminated", now)


def _tell(
    session: Session,
    actor: Actor,
    contract: Contract,
    accounts: set[UUID],
    key: str,
    kind: str,
    now: datetime,
) -> None:
    about = (contract.id, contract.number, contract.zone_code)
    notify_each(session, the_same_to(accounts - {actor.account_id}, key, kind, about), now=now)


def _both_sides(session: Session, contract: Contract) -> set[UUID]:
    return reached_by(session, contract, contract.buyer_id, contract.seller_enterprise_id)


def reached_by(session: Session, contract: Contract, *enterprises: UUID | None) -> set[UUID]:
    """The members of these enterprises and the institute's transfer office."""
    members = speakers_for(session, [each for each in enterprises if each], Role.ENTERPRISE_MEMBER)
    return members | speakers_for(session, [contract.institute_id], Role.TRANSFER_OFFICE)
