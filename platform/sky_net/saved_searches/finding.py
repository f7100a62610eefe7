"""What a saved search finds at this moment, as far as its owner may see it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from sky_net.matching.documents import Query
from sky_net.matching.facts import filters_of
from sky_net.matching.ranking import SUITABLE
from sky_net.matching.search import find, open_source
from sky_net.matching.sources import NEEDS, SOURCES
from sky_net.needs.permissions import readable
from sky_net.saved_searches.models import SavedSearch
from sky_net.saved_searches.permissions import may_search_for

MOST_FOUND = 200
"""Beyond the best so many, what changes is the order and not what is new."""


def found_now(session: Session, actor: Actor, search: SavedSearch, today: date) -> list[UUID]:
    """The ids of what is worth a look, best first; nothing where the owner no longer holds the role for it.

    A masked need is found by its masked text (`matching.sources`). Raises SearchNotReady.
    """
    if not may_search_for(actor, search.source):
        return []
    searched = open_source(session, SOURCES[search.source], today)
    table, is_visible = visible_in(actor, search.source, today)

    def visible(ids: list[UUID]) -> Collection[UUID]:
        session.flush()
        return session.scalars(select(table.id).where(table.id.in_(ids), is_visible)).all()

    hits = find(searched, Query(search.text), visible, MOST_FOUND, filters_of(search.filters))
    return [UUID(hit.document_id) for hit in hits[:MOST_FOUND] if hit.score >= SUITABLE]


def visible_in(actor: Actor, source: str, today: date) -> tuple[Any, ColumnElement[bool]]:
    """The table of the source, and which of its rows may be found at all and the actor may be told of today."""
    searched = SOURCES[source]
    is_findable = searched.is_findable(today)
    return searched.table, and_(is_findable, readable(actor)) if searched is NEEDS else is_findable


def filters_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """The facets among what was sent, as a search takes them and JSON keeps them."""
    return {name: values[name] for name in ("industry", "region", "trl_min", "mode") if values.get(name)}
