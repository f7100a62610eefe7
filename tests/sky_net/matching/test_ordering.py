"""An index that has fallen behind is ordered once, by whoever notices, and made by a job."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backbone.db import Database
from backbone.jobs import run_pending
from sky_net.matching.building import build
from sky_net.matching.engine import Engine
from sky_net.matching.models import SearchGeneration
from sky_net.matching.ordering import PAUSE, order, order_if_wanted
from sky_net.matching.sources import ACHIEVEMENTS, NEEDS
from tests.factories.achievements import an_achievement
from tests.factories.matching import TODAY, an_engine, found

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER = "紫铜激光焊接飞溅抑制"


def offers(database: Database, count: int) -> list[str]:
    with database.transaction() as session:
        return sorted(str(an_achievement(session, title=LASER, summary=LASER).id) for _ in range(count))


def build_at(database: Database, engine: Engine, now: datetime) -> SearchGeneration:
    with database.transaction() as session:
        made = build(session, engine, ACHIEVEMENTS, TODAY, now=now)
    assert made is not None
    return made


def test_many_orders_are_one_job(session: Session):
    for _ in range(3):
        order(session, ACHIEVEMENTS, TODAY)
    order(session, NEEDS, TODAY)
    waiting = session.scalars(text("select args->>'source' from procrastinate_jobs order by id")).all()
    assert waiting == ["achievements", "needs"]


def test_the_job_builds_what_was_ordered(committed_database: Database, engine: Engine):
    ids = offers(committed_database, 2)
    with committed_database.transaction() as session:
        order(session, ACHIEVEMENTS, TODAY)
    assert run_pending(committed_database.url) == 1
    with committed_database.transaction() as session:
        searchable = engine.projection(ACHIEVEMENTS).searchable(session, TODAY)
        assert searchable.generation is not None
        assert found(session, engine, LASER) == ids


def test_a_generation_that_cannot_be_read_here_is_not_remade_at_once(
    committed_database: Database, engine: Engine, tmp_path: Path
):
    """Two machines that do not share the folder must not keep each other building."""
    offers(committed_database, 1)
    made = build_at(committed_database, engine, NOW)
    elsewhere = an_engine(tmp_path / "another-machine").projection(ACHIEVEMENTS)
    with committed_database.transaction() as session:
        order_if_wanted(session, elsewhere, elsewhere.searchable(session, TODAY), TODAY)
        due = session.scalar(text("select scheduled_at from procrastinate_jobs"))
    assert due == made.built_at + PAUSE


def test_nothing_is_ordered_while_the_generation_serves(committed_database: Database, engine: Engine):
    offers(committed_database, 1)
    build_at(committed_database, engine, NOW)
    projection = engine.projection(ACHIEVEMENTS)
    with committed_database.transaction() as session:
        order_if_wanted(session, projection, projection.searchable(session, TODAY), TODAY)
        assert session.scalar(text("select count(*) from procrastinate_jobs")) == 0
