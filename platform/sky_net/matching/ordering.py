"""Ordering that an index be brought up to date: one job per source, however many searches ask for it."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import defer, jobs
from sky_net.matching import engine as engines
from sky_net.matching.port import Searchable, View
from sky_net.matching.sources import SOURCES, Source

PAUSE = timedelta(minutes=10)
"""Between generations that are made because one cannot be read here: a machine without the shared folder must not
keep the others building."""


@jobs.task(name="matching.build_generation")
def build_generation(source: str, today: str) -> None:
    """Bring the source's index up to date; `today` is the day whose expiries count. Searches order it again if it fails."""
    with transaction() as session:
        engines.engine().renew(session, SOURCES[source], date.fromisoformat(today), now=SystemClock().now())


def order(session: Session, source: Source, today: date, not_before: datetime | None = None) -> None:
    """Queue the making of a new generation; once, however many ask."""
    name = f"{build_generation.name}:{source.name}"
    defer(
        session, build_generation, once=name, lock=name, not_before=not_before, source=source.name,
        today=today.isoformat(),
    )  # fmt: skip


def order_if_wanted(session: Session, view: View, found: Searchable, today: date) -> None:
    """Order a generation when there is none that this machine can read, or when the current one has fallen behind."""
    if found.spoilt is not None and view.is_first_to_ask():
        order(session, view.source, today, not_before=found.spoilt.built_at + PAUSE)
    elif found.wants_generation and view.is_first_to_ask():
        order(session, view.source, today)
