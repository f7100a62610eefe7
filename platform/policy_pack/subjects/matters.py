"""Opening and listing the contracts, products and projects of an enterprise that policies are asked about."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.db import new_id
from backbone.errors import Bilingual, Invalid
from backbone.pages import Page, read_page
from policy_pack.subjects.models import PolicyMatter
from policy_pack.subjects.permissions import CAN_READ, CAN_STATE, enterprise_for

NO_SUCH_MATTER = Bilingual("该企业没有这个事项", "The enterprise has no such matter")


def open_matter(
    session: Session, actor: Actor, enterprise_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> PolicyMatter:
    """Put a matter on record, or find the one of this kind and reference; raises NotFound, Forbidden."""
    enterprise = enterprise_for(session, actor, enterprise_id, CAN_STATE)
    return matter_for(session, actor, enterprise.id, **said, now=now)


def matter_for(
    session: Session,
    actor: Actor,
    enterprise_id: UUID,
    *,
    kind: str,
    reference: str,
    title: str,
    now: datetime,
) -> PolicyMatter:
    """The matter, opened where there was none: for whoever below the API knows of it by itself."""
    of = {"enterprise_id": enterprise_id, "kind": kind, "reference": reference}
    new = insert(PolicyMatter).values(
        id=new_id(), version=1, title=title, opened_by=actor.account_id, created_at=now, updated_at=now, **of
    )
    made = session.scalar(new.on_conflict_do_nothing(index_elements=list(of)).returning(PolicyMatter.id))
    matter = session.scalars(select(PolicyMatter).filter_by(**of)).one()
    if made is not None:
        audit.record(session, actor, "open_policy_matter", matter, now=now, after={**of, "title": title})
    return matter


def matters_called(
    session: Session, enterprise_ids: Collection[UUID], *, kind: str, reference: str
) -> dict[UUID, UUID]:
    """The matters of this number, by enterprise: for whoever below the API knows which they are."""
    query = select(PolicyMatter.enterprise_id, PolicyMatter.id).where(
        PolicyMatter.enterprise_id.in_(enterprise_ids), PolicyMatter.kind == kind, PolicyMatter.reference == reference
    )  # fmt: skip
    return dict(row for row in session.execute(query))


def list_matters(
    session: Session, actor: Actor, enterprise_id: UUID, asked: Mapping[str, Any]
) -> Page[PolicyMatter]:
    """A page of the enterprise's matters; raises NotFound."""
    enterprise_for(session, actor, enterprise_id, CAN_READ)
    query = select(PolicyMatter).where(PolicyMatter.enterprise_id == enterprise_id)
    if asked.get("kind"):
        query = query.where(PolicyMatter.kind.in_(asked["kind"]))
    return read_page(session, query, asked, {"created_at": PolicyMatter.created_at}, PolicyMatter.id)


def matter_meant(session: Session, enterprise_id: UUID, matter_id: UUID | None) -> UUID | None:
    """The matter that is asked about: the one that is named, else the enterprise's only one, None where it has several or none.

    Raises Invalid where the one that is named is none of the enterprise's.
    """
    require_matter(session, enterprise_id, matter_id)
    if matter_id is not None:
        return matter_id
    known = session.scalars(
        select(PolicyMatter.id).where(PolicyMatter.enterprise_id == enterprise_id).limit(2)
    ).all()
    return known[0] if len(known) == 1 else None


def require_matter(session: Session, enterprise_id: UUID, matter_id: UUID | None) -> None:
    """Raise Invalid where the matter is none of the enterprise's."""
    if matter_id is None:
        return
    known = select(PolicyMatter.id).where(
        PolicyMatter.id == matter_id, PolicyMatter.enterprise_id == enterprise_id
    )
    if session.scalar(known) is None:
        raise Invalid.field("matter_id", NO_SUCH_MATTER)
