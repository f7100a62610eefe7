"""Who stands behind a chain's need, as far as the reader may know; and what one's own enterprises are asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.directory.chains.models import Chain
from backbone.directory.models import Enterprise
from backbone.directory.service import Named, names_of_enterprises
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from ground_net.chain_needs.models import ChainNeed, NeedBacking
from ground_net.chain_needs.permissions import SEES_CHAIN, SEES_NAMES, may_ask
from ground_net.chain_needs.states import CONSENTED
from sky_net.needs.models import Need
from sky_net.needs.reading import Reading, show_need

SORTS = {"asked_at": NeedBacking.created_at}


@dataclass(frozen=True)
class Backed:
    """A chain's need: how many consented; their names to who reads the need in full, all that were asked to who may ask."""

    need: Need
    chain: Chain
    consented: int
    enterprises: Sequence[Named] | None
    asked: Sequence[NeedBacking] | None


@dataclass(frozen=True)
class Request:
    """What one of the actor's enterprises is asked."""

    row: NeedBacking
    number: str
    title: str
    need_state: str
    chain: str
    master_id: UUID
    enterprise_id: UUID
    raised_by: str = ""


def show_backing(session: Session, actor: Actor, need_id: UUID, *, now: datetime) -> Backed:
    """The chain of a need and who stands behind it; raises NotFound, also for who knows only its masked view."""
    reading = show_need(session, actor, need_id, now=now)
    if reading.view not in SEES_CHAIN:
        raise NotFound()
    raised = session.execute(
        select(ChainNeed, Chain)
        .join(Chain, Chain.id == ChainNeed.chain_id)
        .where(ChainNeed.need_id == need_id)
    ).first()
    if raised is None:
        raise NotFound()
    return _backed(session, actor, reading, raised[1])


def show_raised(session: Session, need: Need) -> Backed:
    """The same for who has just raised it, and may not read more of it than that."""
    chain = session.get_one(Chain, need.chain_id)
    return Backed(need, chain, 0, None, _asked(session, need.id))


def list_requests(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Request]:
    """What the enterprises for which the actor answers are asked."""
    query = _requests_to(actor.organisations(Role.ENTERPRISE_MEMBER))
    if asked.get("state"):
        query = query.where(NeedBacking.state == asked["state"])
    page = read_page(session, query, asked, SORTS, NeedBacking.id, Request)
    names = names_of_enterprises(session, {request.master_id for request in page.items})
    named = [replace(request, raised_by=names[request.master_id].name) for request in page.items]
    return Page(named, page.next_cursor)


def _requests_to(enterprises: frozenset[UUID]) -> Any:
    """In the order of `Request`."""
    return (
        select(
            NeedBacking, Need.number, Need.title, Need.state, Chain.name, Need.enterprise_id, Enterprise.id
        )
        .join(Enterprise, Enterprise.credit_code == NeedBacking.credit_code)
        .join(Need, Need.id == NeedBacking.need_id)
        .join(ChainNeed, ChainNeed.need_id == Need.id)
        .join(Chain, Chain.id == ChainNeed.chain_id)
        .where(Enterprise.id.in_(enterprises))
    )


def _backed(session: Session, actor: Actor, reading: Reading, chain: Chain) -> Backed:
    asked = _asked(session, reading.need.id)
    behind = [row.enterprise_id for row in asked if row.state == CONSENTED and row.enterprise_id]
    names = names_of_enterprises(session, behind) if reading.view in SEES_NAMES else {}
    return Backed(
        reading.need, chain, len(behind),
        [names[each] for each in behind if each in names] if reading.view in SEES_NAMES else None,
        asked if may_ask(actor, reading.need) else None,
    )  # fmt: skip


def _asked(session: Session, need_id: UUID) -> Sequence[NeedBacking]:
    rows = select(NeedBacking).where(NeedBacking.need_id == need_id).order_by(NeedBacking.id)
    return session.scalars(rows).all()
