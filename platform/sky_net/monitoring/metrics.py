"""What Prometheus is told: computed from PostgreSQL at every scrape, so that all workers say the same.

Nothing is counted in the processes: a counter of one worker is another one's after the next request. Four statements:
over the clocks, the queue of jobs, the outbox of notices and the builds of search indexes.
"""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import case, func, literal_column, select, text
from sqlalchemy.orm import Session

from backbone.notices.models import Delivery
from sky_net.monitoring import models
from sky_net.sla.reporting import clocks_of

_JOBS = text(
    "SELECT task_name, status::text, count(*), min(coalesce(scheduled_at, :now)) FROM procrastinate_jobs"
    " WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2 ORDER BY 1, 2"
)
# What was delivered is never looked at again: each of these has an index of its own.
_DELIVERIES = (
    select(Delivery.channel, case((Delivery.dead_at.is_(None), "waiting"), else_="dead"), func.count())
    .where(Delivery.delivered_at.is_(None))
    .group_by(literal_column("1"), literal_column("2"))
    .order_by(literal_column("1"), literal_column("2"))
)
_BUILDS = text(
    "SELECT DISTINCT ON (source) source, done, total, told_at FROM search_builds WHERE ended_at IS NULL"
    " ORDER BY source, started_at DESC"
)


class Scrape(Collector):
    """One scrape: reads when it is collected."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def collect(self) -> Iterator[Metric]:
        """The families, in the order in which they are shown."""
        yield from _clocks(self._session, self._now)
        yield from _jobs(self._session, self._now)
        yield _deliveries(self._session)
        yield from _builds(self._session, self._now)


def exposition(session: Session, now: datetime, accept: str) -> tuple[bytes, str]:
    """The text for a scraper that accepts this, and its media type: Prometheus' own format, or OpenMetrics."""
    registry = CollectorRegistry()
    registry.register(Scrape(session, now))
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type


def _clocks(session: Session, now: datetime) -> Iterator[Metric]:
    clocks = clocks_of(session, None, None, now)
    state, open_since = clocks.state, case((models.is_unanswered(clocks), clocks.c.started_at))
    query = (
        select(clocks.c.zone_code, clocks.c.stage, state, func.count(), func.min(open_since))
        .group_by(literal_column("1"), literal_column("2"), literal_column("3"))
        .order_by(literal_column("1"), literal_column("2"), literal_column("3"))
    )
    counted = GaugeMetricFamily(
        "sanwang_clocks", "Response clocks by zone, stage and state.", labels=("zone", "stage", "state")
    )
    oldest = GaugeMetricFamily(
        "sanwang_oldest_unanswered_seconds", "Age of the oldest clock that nobody has answered, calendar time.",
        labels=("zone", "stage"),
    )  # fmt: skip
    ages: dict[tuple[str, str], float] = {}
    for zone, stage, shown, count, since in session.execute(query):
        counted.add_metric((zone, stage, shown), count)
        if since is not None:
            ages[zone, stage] = max(ages.get((zone, stage), 0.0), (now - since).total_seconds())
    for labels, age in sorted(ages.items()):
        oldest.add_metric(labels, age)
    yield counted
    yield oldest


def _jobs(session: Session, now: datetime) -> Iterator[Metric]:
    depth = GaugeMetricFamily(
        "sanwang_jobs", "Jobs that are waiting, running or have failed.", labels=("task", "status")
    )
    waiting = GaugeMetricFamily(
        "sanwang_oldest_job_seconds", "How long the oldest job that may run has waited.", labels=("task",)
    )
    for task, status, count, since in session.execute(_JOBS, {"now": now}):
        depth.add_metric((task, status), count)
        if status == "todo":
            waiting.add_metric((task,), max(0.0, (now - since).total_seconds()))
    yield depth
    yield waiting


def _deliveries(session: Session) -> Metric:
    depth = GaugeMetricFamily(
        "sanwang_deliveries",
        "Notices on their way by channel, and those given up.",
        labels=("channel", "state"),
    )
    for channel, state, count in session.execute(_DELIVERIES):
        depth.add_metric((channel, state), count)
    return depth


def _builds(session: Session, now: datetime) -> Iterator[Metric]:
    documents = GaugeMetricFamily(
        "sanwang_index_build_documents",
        "A search index in the making: documents done and in all, of its present phase.",
        labels=("source", "of"),
    )
    silence = GaugeMetricFamily(
        "sanwang_index_build_silent_seconds", "How long a build that has not ended has told nothing.",
        labels=("source",),
    )  # fmt: skip
    for source, done, total, told_at in session.execute(_BUILDS):
        documents.add_metric((source, "done"), done)
        documents.add_metric((source, "total"), total)
        silence.add_metric((source,), max(0.0, (now - told_at).total_seconds()))
    yield documents
    yield silence
