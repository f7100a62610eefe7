"""Saving, listing and deleting searches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.pages import Page, read_page
from sky_net.saved_searches.errors import SearchTitleTaken, TooManySearches
from sky_net.saved_searches.finding import filters_in, found_now, visible_in
from sky_net.saved_searches.models import SavedSearch, SearchFind
from sky_net.saved_searches.permissions import may_search_for

MOST = 20
"""Searches of one account: each costs a search every night."""
PERSONAL = frozenset({"title", "text"})  # free text
NOT_OF_NEEDS = Bilingual("需求不能按此项筛选", "Needs cannot be filtered by this")


@dataclass(frozen=True)
class Find:
    """Something new that was found, as far as it may be told: which, its number, and since when it is known."""

    document_id: UUID
    number: str
    found_at: datetime


def save_search(session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime) -> SavedSearch:
    """Keep a search; what it finds right now is not new any more.

    Raises Forbidden, Invalid, TooManySearches, SearchTitleTaken, SearchNotReady.
    """
    if actor.account_id is None or not may_search_for(actor, values["source"]):
        raise Forbidden()
    _require_filters(values)
    _make_room(session, actor.account_id, values["title"])
    search = SavedSearch(
        account_id=actor.account_id, source=values["source"], title=values["title"], text=values["text"],
        filters=filters_in(values), created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(search)
    session.flush()
    remember(session, search, found_now(session, actor, search, local_date(now)), is_new=False, now=now)
    audit.record(session, actor, "save_search", search, now=now, after=dict(values), personal=PERSONAL)
    return search


def own_search(session: Session, actor: Actor, search_id: UUID) -> SavedSearch:
    """One of the actor's own; raises NotFound."""
    own = select(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.account_id == actor.account_id)
    search = session.scalar(own)
    if search is None:
        raise NotFound()
    return search


def list_searches(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[SavedSearch]:
    """The actor's own."""
    own = select(SavedSearch).where(SavedSearch.account_id == actor.account_id)
    return read_page(session, own, asked, {"created_at": SavedSearch.created_at}, SavedSearch.id)


def delete_search(session: Session, actor: Actor, search: SavedSearch, *, now: datetime) -> None:
    """Forget a search and what was found for it."""
    before = {"source": search.source, "title": search.title, "text": search.text}
    audit.record(session, actor, "delete_search", search, now=now, before=before, personal=PERSONAL)
    session.delete(search)
    session.flush()


def list_finds(
    session: Session, actor: Actor, search_id: UUID, asked: Mapping[str, Any], *, now: datetime
) -> Page[Find]:
    """What was new for a search, the latest first unless asked otherwise, as far as it may be seen now; raises NotFound."""
    search = own_search(session, actor, search_id)
    table, is_visible = visible_in(actor, search.source, local_date(now))
    query = (
        select(SearchFind, table.number)
        .join(table, table.id == SearchFind.document_id)
        .where(SearchFind.search_id == search.id, SearchFind.is_new, is_visible)
    )
    sorts = {"found_at": SearchFind.found_at}
    return read_page(session, query, asked, sorts, SearchFind.document_id, _find)


def remember(
    session: Session, search: SavedSearch, found: Iterable[UUID], *, is_new: bool, now: datetime
) -> list[UUID]:
    """Note what was found; returns what was not known before."""
    rows = [
        {"search_id": search.id, "document_id": each, "found_at": now, "is_new": is_new}
        for each in sorted(found)
    ]
    if not rows:
        return []
    noted = insert(SearchFind).on_conflict_do_nothing().returning(SearchFind.document_id)
    return list(session.scalars(noted, rows))


def _require_filters(values: Mapping[str, Any]) -> None:
    if values["source"] == "needs":
        for name in ("region", "trl_min"):  # a masked need shows neither
            if values.get(name):
                raise Invalid.field(name, NOT_OF_NEEDS)


def _make_room(session: Session, account_id: UUID, title: str) -> None:
    """One account's savings follow one another, or two at once would both be the last."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(account_id), 0))))
    query = select(SavedSearch.title, SavedSearch.id).where(SavedSearch.account_id == account_id)
    own = {taken: search_id for taken, search_id in session.execute(query)}
    if title in own:
        raise SearchTitleTaken(id=own[title])
    if len(own) >= MOST:
        raise TooManySearches(most=MOST)


def _find(row: SearchFind, number: str) -> Find:
    return Find(row.document_id, number, row.found_at)
