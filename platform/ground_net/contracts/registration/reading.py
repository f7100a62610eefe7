"""Seeing filings: the registrar those at the own station, a seller its own, whoever else reads the contract."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.pages import Page, read_page
from ground_net.contracts.models import Contract
from ground_net.contracts.permissions import readable_in_full
from ground_net.contracts.registration.models import Registration
from ground_net.contracts.registration.states import LIFE
from ground_net.contracts.states import ANNULLED

REGISTERED = LIFE.after("register")


def is_registered(session: Session, contract_id: UUID | None) -> bool:
    """Whether a filing of the contract led to its registration, and it stands; whoever asks. No for one that does not exist."""
    query = select(Registration.contract_id).join(Contract, Contract.id == Registration.contract_id)
    query = query.where(
        Registration.contract_id == contract_id,
        Registration.state == REGISTERED,
        Contract.state.not_in(ANNULLED),
    )
    return session.execute(query).first() is not None


def list_registrations(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime
) -> Page[Registration]:
    """A page of the filings that the actor may read, those that fall due first unless asked otherwise."""
    query = select(Registration).join(Contract, Contract.id == Registration.contract_id)
    query = query.where(readable_in_full(actor))
    if asked.get("state"):
        query = query.where(Registration.state.in_(asked["state"]))
    if asked.get("contract_id"):
        query = query.where(Registration.contract_id == asked["contract_id"])
    if asked.get("overdue"):
        query = query.where(Registration.state == LIFE.initial, Registration.due_at < now)
    sorts = {"due_at": Registration.due_at, "filed_at": Registration.filed_at}
    return read_page(session, query, asked, sorts, Registration.id)
