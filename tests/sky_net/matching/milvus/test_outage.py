"""Milvus is down: whoever searches is told so, whoever submits loses nothing, and the search is made good."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import sky_net.matching.runs  # noqa: F401  # it listens to submissions
from backbone.actor import Role
from sky_net.matching.errors import SearchEngineDown
from sky_net.matching.milvus.connection import Milvus
from sky_net.matching.milvus.engine import MilvusEngine
from sky_net.matching.models import MatchRun
from sky_net.matching.search import open_source
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.needs import service as needs
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of
from tests.factories.matching import TODAY, a_milvus_engine, installed
from tests.factories.needs import SPATTER, a_need

pytest.importorskip("milvus_lite", reason="the extra `dev` brings it")
pytestmark = [pytest.mark.postgres, pytest.mark.slow]

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER = "紫铜激光焊接飞溅抑制"


class Switched(Milvus):
    """A server that can be switched off."""

    is_on = True

    def call(self, verb: str, *given: object, **named: object) -> object:
        if not self.is_on:
            raise SearchEngineDown()
        return super().call(verb, *given, **named)  # type: ignore[arg-type]


@pytest.fixture
def engine(session: Session, tmp_path: Path) -> Iterator[MilvusEngine]:
    """With a collection of one achievement."""
    with a_milvus_engine(tmp_path / "milvus") as made, installed(made):
        made.milvus.__class__ = Switched
        an_achievement(session, title=LASER, summary=LASER)
        made.renew(session, ACHIEVEMENTS, TODAY, now=NOW)
        yield made


def test_a_search_is_refused_in_a_sentence(session: Session, engine: MilvusEngine):
    engine.milvus.is_on = False  # type: ignore[attr-defined]
    with pytest.raises(SearchEngineDown) as refused:
        open_source(session, ACHIEVEMENTS, TODAY)
    assert "检索引擎暂时没有应答" in refused.value.in_both_languages()


def test_a_submission_is_kept_and_searched_for_once_the_server_is_back(
    session: Session, engine: MilvusEngine, run_jobs: Callable[[], list[str]]
):
    enterprise = an_enterprise(session)
    need = a_need(session, enterprise, title=LASER, problem=LASER, indicators=[SPATTER])
    poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    engine.milvus.is_on = False  # type: ignore[attr-defined]
    needs.submit_need(session, poster, need.id, now=NOW)
    assert need.state == "submitted"
    engine.milvus.is_on = True  # type: ignore[attr-defined]
    run_jobs()
    failed, made_good = session.scalars(
        select(MatchRun).where(MatchRun.need_id == need.id).order_by(MatchRun.id)
    ).all()
    assert failed.failure == "search_engine_down"
    assert made_good.failure is None
    assert len(made_good.items) == 1
    assert made_good.generation is not None
