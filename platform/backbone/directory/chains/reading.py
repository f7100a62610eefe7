"""Finding chains, and checking the chains that others name."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from backbone.directory.chains.models import Chain, ChainPart
from backbone.directory.named import is_called
from backbone.errors import Bilingual, Invalid, NotFound
from backbone.pages import Page, read_page

NO_SUCH_CHAIN = Bilingual("没有这条产业链", "There is no such chain")
CHAIN_IS_CLOSED = Bilingual("产业链已关闭，不能再归入", "The chain is closed: nothing new belongs to it")


def chain_named(session: Session, chain_id: UUID) -> Chain:
    """The chain by id; raises NotFound."""
    chain = session.get(Chain, chain_id)
    if chain is None:
        raise NotFound()
    return chain


def list_chains(session: Session, asked: Mapping[str, Any]) -> Page[Chain]:
    """A page of the chains, the open ones unless asked otherwise."""
    query = select(Chain).where(
        Chain.closed_at.is_not(None) if asked.get("closed") else Chain.closed_at.is_(None)
    )
    if asked.get("industry"):
        query = query.where(Chain.industries.overlap(asked["industry"]))
    if asked.get("q"):
        query = query.where(is_called(Chain, asked["q"]))
    return read_page(
        session, query, asked, {"name": Chain.name_pinyin, "created_at": Chain.created_at}, Chain.id
    )


def require_open_chain(session: Session, values: Mapping[str, Any]) -> None:
    """Check the `chain_id` that an enterprise or a need is about to name; raises Invalid unless it is an open one."""
    chain_id = values.get("chain_id")
    if chain_id is None:
        return
    chain = session.get(Chain, chain_id)
    if chain is None:
        raise Invalid.field("chain_id", NO_SUCH_CHAIN)
    if chain.closed_at is not None:
        raise Invalid.field("chain_id", CHAIN_IS_CLOSED)


def require_chains(session: Session, asked: Mapping[str, Any]) -> Collection[UUID]:
    """The chains that a filter asks for, which may be closed; raises Invalid for one that does not exist."""
    wanted: list[UUID] = asked.get("chain_id") or []
    known = set(session.scalars(select(Chain.id).where(Chain.id.in_(wanted)))) if wanted else set()
    for place, chain_id in enumerate(wanted):
        if chain_id not in known:
            raise Invalid.field(f"chain_id.{place}", NO_SUCH_CHAIN)
    return wanted


def plays_part(column: Any, organisation: Any, chains: Collection[UUID]) -> ColumnElement[bool]:
    """Whether an organisation (its id column) plays a part in one of the chains now; `column` is its ChainPart column."""
    playing = select(ChainPart.id).where(
        column == organisation, ChainPart.chain_id.in_(chains), ChainPart.ended_at.is_(None)
    )
    return playing.exists()
