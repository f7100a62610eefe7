"""Telling the parties that a contract was put on record or changed, so that they can dispute it in time, and that it ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.clock import local_date
from backbone.identity.reaching import members_of
from backbone.notices.service import notify_each, the_same_to
from ground_net.contracts.models import Contract


def tell_other_side(session: Session, contract: Contract, *, now: datetime) -> None:
    """The members of both sides but whoever wrote it; once for each version."""
    reached = reached_by(session, contract, contract.buyer_id, contract.seller_enterprise_id)
    until = local_date(contract.disputable_until).isoformat()
    notices = the_same_to(
        reached - {contract.recorded_by}, f"contract:{contract.id}:{contract.version}", "contract_recorded",
        (contract.id, contract.number, contract.zone_code), {"until_on": until},
    )  # fmt: skip
    notify_each(session, notices, now=now)


def tell_of_end(
    session: Session, actor: Actor, contract: Contract, owner_id: UUID | None, *, now: datetime
) -> None:
    """The members of both sides, and whoever answers for the need, which is open again; all but who wrote it."""
    reached = reached_by(session, contract, contract.buyer_id, contract.seller_enterprise_id)
    about = (contract.id, contract.number, contract.zone_code)
    accounts = (reached | ({owner_id} if owner_id else set())) - {actor.account_id}
    notices = the_same_to(accounts, f"contract:{contract.id}:ended", "contract_terminated", about)
    notify_each(session, notices, now=now)


def reached_by(session: Session, contract: Contract, *enterprises: UUID | None) -> set[UUID]:
    """The members of these enterprises and the institute's transfer office."""
    members = members_of(session, [each for each in enterprises if each], Role.ENTERPRISE_MEMBER)
    offices = members_of(session, [contract.institute_id], Role.TRANSFER_OFFICE)
    return {account for accounts in (*members.values(), *offices.values()) for account in accounts}
