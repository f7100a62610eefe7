"""Reading announcements, which are everybody's, and objections, which are those of whoever signed and of the managers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, aliased

from backbone import audit
from backbone.actor import Actor
from backbone.directory.models import Enterprise
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from finance_net.grants.announcements.models import Announcement, Objection
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.permissions import is_manager, may_read_all
from finance_net.grants.selections.models import GrantAllocation
from finance_net.grants.sharing import shared

USER = aliased(Enterprise)
SORTS = {"starts_at": Announcement.starts_at}
OBJECTION_SORTS = {"opened_at": Objection.opened_at}


def list_announcements(session: Session, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """A page of the announcements."""
    query = select(Announcement)
    if asked.get("round_id"):
        query = query.where(Announcement.round_id == asked["round_id"])
    page = read_page(session, query, asked, SORTS, Announcement.id)
    return Page([announcement_view(session, each) for each in page.items], page.next_cursor)


def announcement_of(session: Session, announcement_id: UUID, *, locked: bool = False) -> Announcement:
    """The announcement; raises NotFound."""
    found = session.get(Announcement, announcement_id, with_for_update=locked, populate_existing=locked)
    if found is None:
        raise NotFound()
    return found


def announcement_view(session: Session, row: Announcement) -> dict[str, Any]:
    """What is announced: who shall get how much; what was taken back after an objection says so."""
    query = (
        select(GrantAllocation, GrantApplication, Enterprise.name, USER.name)
        .join(GrantApplication, GrantApplication.id == GrantAllocation.application_id)
        .join(Enterprise, Enterprise.id == GrantApplication.applicant_id)
        .outerjoin(USER, USER.id == GrantApplication.user_id)
        .where(GrantAllocation.announcement_id == row.id)
    )
    entries = [
        {"application_id": application.id, "number": application.number, "title": application.title, "applicant": name,
         "category": application.category, "score": application.score, "amount_fen": allocation.amount_fen, "is_void": allocation.is_void,
         "beneficiaries": _beneficiaries(application, allocation.amount_fen, name, user)}
        for allocation, application, name, user in session.execute(query.order_by(GrantApplication.number))
    ]  # fmt: skip
    return {
        "id": row.id, "round_id": row.round_id, "selection_id": row.selection_id, "starts_at": row.starts_at,
        "ends_at": row.ends_at, "open_objections": row.open_objections, "decided_at": row.decided_at, "entries": entries,
    }  # fmt: skip


def _beneficiaries(
    application: GrantApplication, amount_fen: int, applicant: str, user: str | None
) -> list[dict[str, Any]]:
    """Whose is how much of it: of a first use the maker's and the user's, also where that is nothing."""
    makers, users = shared(amount_fen, application.user_share or 0)
    both = [{"name": applicant, "share_fen": makers}]
    return both if user is None else [*both, {"name": user, "share_fen": users}]


def _shown(actor: Actor) -> ColumnElement[bool]:
    return true() if may_read_all(actor) else Objection.signed_by == actor.account_id


def list_objections(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Objection]:
    """A page of the objections that the actor may read."""
    query = select(Objection).where(_shown(actor))
    if asked.get("announcement_id"):
        query = query.where(Objection.announcement_id == asked["announcement_id"])
    return read_page(session, query, asked, OBJECTION_SORTS, Objection.id)


def objection_of(session: Session, actor: Actor, objection_id: UUID) -> Objection:
    """The objection; raises NotFound, also where it is not the actor's to see."""
    found = session.scalar(select(Objection).where(Objection.id == objection_id, _shown(actor)))
    if found is None:
        raise NotFound()
    return found


def may_rule_on(actor: Actor, row: Objection) -> bool:
    """Managers decide, never on what they signed themselves."""
    return is_manager(actor) and row.signed_by != actor.account_id


def show_objection(session: Session, actor: Actor, objection_id: UUID, *, now: datetime) -> dict[str, Any]:
    """The objection; who signed is shown to whoever may rule on it, each time on record. Raises NotFound."""
    row = objection_of(session, actor, objection_id)
    view = {column.name: getattr(row, column.name) for column in Objection.__table__.columns}
    signer = row.signer if may_rule_on(actor, row) else None
    if signer is not None:
        audit.record(session, actor, "read_objection_signer", row, now=now)
    return view | {"signer": signer}
