"""Reading rounds: drafts for those who run them, the others for everybody."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from finance_net.grants.life import ROUND
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import may_read_all

SORTS = {"closes_at": GrantRound.closes_at, "number": GrantRound.number}


def _shown(actor: Actor) -> ColumnElement[bool]:
    return true() if may_read_all(actor) else GrantRound.state != ROUND.first


def list_rounds(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[GrantRound]:
    """A page of the rounds that the actor may know of."""
    query = select(GrantRound).where(_shown(actor))
    if asked.get("state"):
        query = query.where(GrantRound.state.in_(asked["state"]))
    return read_page(session, query, asked, SORTS, GrantRound.id)


def round_of(session: Session, actor: Actor, round_id: UUID, *, locked: bool = False) -> GrantRound:
    """The round; raises NotFound, also for a draft that is not the actor's to see."""
    query = select(GrantRound).where(GrantRound.id == round_id, _shown(actor))
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found
