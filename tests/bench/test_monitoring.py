"""The needs of the monitoring bench are real ones: projected, dated within the year, and reported without a remainder."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bench import monitoring as bench
from sky_net.monitoring import service
from sky_net.needs.models import Need
from sky_net.sla import projection
from sky_net.sla.models import SlaClock

COUNT = 30


@pytest.fixture
def filled(committed_database, monkeypatch):
    monkeypatch.setattr(bench, "LOGS", COUNT)
    bench._logs.cache_clear()
    with committed_database.transaction() as session:
        bench.fill(session, copies=2)
    yield committed_database
    bench._logs.cache_clear()


def test_every_need_has_its_three_clocks_and_the_report_holds_them_all(filled):
    with filled.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Need)) == 2 * COUNT
        report = service.report_compliance(
            session, bench.OPERATOR, bench.YEAR | {"by": ["stage"]}, now=bench.NOW
        )
        assert report.total.clocks == 6 * COUNT
        assert report.total.needs == 2 * COUNT
        plain = session.execute(bench.PLAIN, {"now": bench.NOW}).all()
        assert sum(row[-1] for row in plain) == report.total.clocks


def test_its_rows_are_what_the_log_gives(filled):
    names = ("stage", "due_at", "stopped_at", "paused_minutes", "phase_states")
    query = select(SlaClock.subject_id, *(getattr(SlaClock, name) for name in names)).order_by(
        SlaClock.subject_id, SlaClock.stage
    )
    with filled.transaction() as session:
        copied = session.execute(query).all()
        projection.rebuild(session)
        assert session.execute(query).all() == copied


def test_every_measured_answer_can_be_had(filled):
    with filled.transaction() as session:
        for by in (["stage"], ["operator", "month"], ["zone"]):
            assert service.report_compliance(
                session, bench.OPERATOR, bench.YEAR | {"by": by}, now=bench.NOW
            ).rows
        assert service.list_at_risk(
            session, bench.OPERATOR, {"limit": 5, "sort": "due_at"}, now=bench.NOW
        ).items
        assert len(service.forecast_breaches(session, bench.OPERATOR, {}, now=bench.NOW).days) == 10
        assert bench.exposition(session, bench.NOW, "")[0].startswith(b"# HELP sanwang_clocks")
    assert datetime(2025, 11, 1, tzinfo=UTC) < bench.NOW
