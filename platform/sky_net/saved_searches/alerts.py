"""Telling people what is new for their saved searches: each thing once for each search, however often the job runs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.clock import local_date
from backbone.directory.regions import HUBEI
from backbone.identity.service import actor_of
from backbone.notices.service import Notice, notify
from sky_net.saved_searches.finding import found_now
from sky_net.saved_searches.models import SavedSearch
from sky_net.saved_searches.service import remember

AT_ONCE = 50


def tell_what_is_new(session: Session, *, now: datetime, after: UUID | None = None) -> UUID | None:
    """One round of at most AT_ONCE searches, those `after` the one given; returns the last one looked at, None at the end.

    What was found and the notice of it are one transaction. A search that another worker looks at is left to it.
    The notice says how many there are and nothing of what: a deputy who reads it may see less than the owner.
    """
    query = select(SavedSearch).order_by(SavedSearch.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    searches = session.scalars(query if after is None else query.where(SavedSearch.id > after)).all()
    for search in searches:
        _tell(session, search, now)
    return searches[-1].id if searches else None


def _tell(session: Session, search: SavedSearch, now: datetime) -> None:
    owner = actor_of(session, search.account_id)
    if owner is None:
        return
    new = remember(session, search, found_now(session, owner, search, local_date(now)), is_new=True, now=now)
    if new:
        key = f"search:{search.id}:{min(new)}"  # a thing is new once, so its first one names the notice
        told = {"source": search.source, "count": len(new)}
        notify(
            session,
            # Not where what was found lies: its zone may be hidden from whoever reads it.
            Notice(key, search.account_id, "search_found", search.id, search.title, HUBEI, told),
            now=now,
        )
