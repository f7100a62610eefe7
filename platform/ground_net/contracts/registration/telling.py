"""Telling the seller what the registration station answered: nobody looks daily whether a filing came back."""

from datetime import datetime

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.notices.service import notify_each, the_same_to
from ground_net.contracts.models import Contract
from ground_net.contracts.registration.models import Registration
from ground_net.contracts.telling import reached_by


def tell_seller(
    session: Session, actor: Actor, contract: Contract, filing: Registration, *, now: datetime
) -> None:
    """Those who sign for the seller, but for the actor who wrote it down; once for each answer."""
    reached = reached_by(session, contract, contract.seller_enterprise_id)
    notices = the_same_to(
        reached - {actor.account_id}, f"registration:{filing.id}:{filing.version}", "registration_answered",
        (contract.id, contract.number, contract.zone_code),
    )  # fmt: skip
    notify_each(session, notices, now=now)
