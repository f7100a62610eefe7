"""Ordering that an index be brought up to date: one job per source, however many searches ask for it."""

import logging
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from backbone.jobs import defer, jobs
from sky_net.matching import engine as engines
from sky_net.matching.port import Searchable, View
from sky_net.matching.sources import SOURCES, Source

log = logging.getLogger(__name__)

PAUSE = timedelta(minutes=10)
"""Between generations that are made because one cannot be read here: a machine without the shared folder must not
keep the others building."""


@jobs.task(name="matching.build_generation")
def build_generation(source: str, today: str, encoder: str | None = None) -> None:
    """Bring the source's index up to date; `today` is the day whose expiries count. Searches order it again if it fails.

    `encoder` is the fingerprint that whoever ordered it searches with: a worker with another ENCODER leaves it alone.
    """
    engine = engines.engine()
    if encoder is not None and encoder != engine.encoder.fingerprint:
        log.warning(
            "%s: ordered for another encoder than this worker's, which needs the same ENCODER as those that search",
            source,
        )
        return
    engine.renew_apart(SOURCES[source], date.fromisoformat(today))


def order(
    session: Session,
    source: Source,
    today: date,
    not_before: datetime | None = None,
    encoder: str | None = None,
) -> None:
    """Queue the making of a new generation; once, however many ask."""
    name = f"{build_generation.name}:{source.name}"
    defer(
        session, build_generation, once=name, lock=name, not_before=not_before, source=source.name,
        today=today.isoformat(), encoder=encoder,
    )  # fmt: skip


def order_if_wanted(session: Session, view: View, found: Searchable, today: date) -> None:
    """Order a generation when there is none that this machine can read, or when the current one has fallen behind."""
    encoder = view.encoder.fingerprint
    if found.spoilt is not None and view.is_first_to_ask():
        order(session, view.source, today, found.spoilt.built_at + PAUSE, encoder)
    elif found.wants_generation and view.is_first_to_ask():
        order(session, view.source, today, encoder=encoder)
