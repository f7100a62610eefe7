"""One search over one source: rank, then read the hits anew from the database before anybody sees them.

An index may be behind; what it names is only ever a proposal. Hits that are hidden, withdrawn, expired or not for
this caller drop out here, and so many more are ranked than wanted that the list is still full.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.db import transaction
from sky_net.matching.comparing import Comparison
from sky_net.matching.documents import Filters, Hit, Query
from sky_net.matching.engine import engine
from sky_net.matching.errors import SearchNotReady
from sky_net.matching.ordering import order, order_if_wanted
from sky_net.matching.port import PATIENCE, Inquiry, Searchable
from sky_net.matching.sources import Source

DEPTH = 50
"""Hits ranked however few are shown: institutes are pooled from them, and spares replace those that drop out."""

Allowed = Callable[[list[UUID]], Collection[UUID]]
"""Which of these ids the caller may be told of at this moment, asked of the database."""


def open_source(session: Session, source: Source, today: date, patience: int = PATIENCE) -> Searchable:
    """What can be found now; orders a generation where one is due. Raises SearchNotReady, which orders one as well."""
    projection = engine().projection(source)
    try:
        searched = projection.searchable(session, today, patience)
    except SearchNotReady:
        if projection.is_first_to_ask():
            with transaction() as lasting:  # the request itself is about to be rolled back
                order(lasting, source, today)
        raise
    order_if_wanted(session, projection, searched, today)
    return searched


def find(
    searched: Searchable,
    query: Query,
    allowed: Allowed,
    wanted: int,
    filters: Filters | None = None,
    beside: Comparison | None = None,
) -> list[Hit]:
    """The best hits that `allowed` lets through: at least `wanted` where the source has them.

    `beside` is for the learned ranker: see `port.Searchable.rank`.
    """
    depth = max(DEPTH, wanted)
    while True:
        hits = searched.rank(query, depth, filters, beside)
        kept = readable_now(hits, allowed)
        if len(kept) >= wanted or len(hits) < depth:
            return kept
        depth *= 4


def find_each(
    searched: Searchable, asked: Sequence[Inquiry], allowed: Allowed, wanted: int
) -> Iterator[list[Hit]]:
    """`find` for each need in turn, where there are many."""
    depth = max(DEPTH, wanted)
    for (query, beside), hits in zip(asked, searched.rank_each(asked, depth), strict=True):
        kept = readable_now(hits, allowed)
        is_enough = len(kept) >= wanted or len(hits) < depth
        yield kept if is_enough else find(searched, query, allowed, wanted, beside=beside)


def findable_among(session: Session, source: Source, ids: list[UUID], today: date) -> Collection[UUID]:
    """Which of these rows everybody may be told of at this moment; on the bare connection, nearly every request asks."""
    session.flush()
    return session.connection().scalars(source.findable_among, {"ids": ids, "today": today}).all()


def readable_now(hits: Sequence[Hit], allowed: Allowed) -> list[Hit]:
    """The hits that still stand, in their order; one query."""
    fit = {str(each) for each in allowed([UUID(hit.document_id) for hit in hits])} if hits else set()
    return [hit for hit in hits if hit.document_id in fit]
