"""Reading applications: whoever applies its own, managers and auditors all."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.permissions import readable

SORTS = {"created_at": GrantApplication.created_at, "number": GrantApplication.number}


def list_applications(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[GrantApplication]:
    """A page of the applications that the actor may read."""
    query = select(GrantApplication).where(readable(actor))
    if asked.get("round_id"):
        query = query.where(GrantApplication.round_id == asked["round_id"])
    if asked.get("state"):
        query = query.where(GrantApplication.state.in_(asked["state"]))
    return read_page(session, query, asked, SORTS, GrantApplication.id)


def application_of(
    session: Session, actor: Actor, application_id: UUID, *, locked: bool = False
) -> GrantApplication:
    """The application; raises NotFound, also where the actor may not read it."""
    query = select(GrantApplication).where(GrantApplication.id == application_id, readable(actor))
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def of_round(session: Session, round_id: UUID, *states: str) -> list[GrantApplication]:
    """Every application of the round in these states, by number."""
    query = select(GrantApplication).where(
        GrantApplication.round_id == round_id, GrantApplication.state.in_(states)
    )
    return list(session.scalars(query.order_by(GrantApplication.number)))
