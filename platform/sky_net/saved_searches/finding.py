"""What a saved search finds at this moment, as far as its owner may see it."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from sky_net.matching.documents import Query
from sky_net.matching.facts import filters_of
from sky_net.matching.ranking import SUITABLE
from sky_net.matching.search import find, findable_among, open_source
from sky_net.matching.sources import ACHIEVEMENTS, NEEDS, SOURCES
from sky_net.needs.permissions import readable
from sky_net.saved_searches.models import SavedSearch
from sky_net.saved_searches.permissions import may_search_for

MOST_FOUND = 200
"""Beyond the best so many, what changes is the order and not what is new."""

Visible = Callable[[Session, Actor, list[UUID], date], Collection[UUID]]


def found_now(session: Session, actor: Actor, search: SavedSearch, today: date) -> list[UUID]:
    """The ids of what is worth a look, best first; nothing where the owner no longer holds the role for it.

    A masked need is found by its masked text (`matching.sources`). Raises SearchNotReady.
    """
    if not may_search_for(actor, search.source):
        return []
    searched = open_source(session, SOURCES[search.source], today)
    visible = VISIBLE[search.source]
    hits = find(
        searched,
        Query(search.text),
        lambda ids: visible(session, actor, ids, today),
        MOST_FOUND,
        filters_of(search.filters),
    )
    return [UUID(hit.document_id) for hit in hits[:MOST_FOUND] if hit.score >= SUITABLE]


def visible_now(
    session: Session, actor: Actor, source: str, ids: list[UUID], today: date
) -> Collection[UUID]:
    """Which of these the actor may be told of at this moment."""
    return VISIBLE[source](session, actor, ids, today) if ids else []


def _needs(session: Session, actor: Actor, ids: list[UUID], today: date) -> Collection[UUID]:
    session.flush()
    return session.scalars(NEEDS.findable_among.where(readable(actor)), {"ids": ids, "today": today}).all()


def _achievements(session: Session, actor: Actor, ids: list[UUID], today: date) -> Collection[UUID]:
    return findable_among(session, ACHIEVEMENTS, ids, today)


VISIBLE: Mapping[str, Visible] = {NEEDS.name: _needs, ACHIEVEMENTS.name: _achievements}


def filters_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """The facets among what was sent, as a search takes them and JSON keeps them."""
    return {name: values[name] for name in ("industry", "region", "trl_min", "mode") if values.get(name)}
