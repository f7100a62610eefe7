"""Submitting searches at once and keeps the list; a broken index never costs a need."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Actor, Role
from sky_net.achievements.models import Achievement
from sky_net.matching import runs
from sky_net.matching.engine import Engine
from sky_net.matching.models import MatchRun
from sky_net.matching.ranking import SIGNALS
from sky_net.matching.runs import kept_hits, last_hits, query_of, run_search
from sky_net.matching.search import open_source
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.needs import service as needs
from sky_net.needs.models import Need
from sky_net.needs.review import return_need
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_actor, of
from tests.factories.matching import TODAY
from tests.factories.needs import SPATTER, a_need

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER = "紫铜激光焊接飞溅抑制"


@pytest.fixture
def poster(session: Session, engine: Engine) -> tuple[Actor, Need]:
    """A poster with a draft that three achievements answer, and one does not."""
    enterprise, institute = an_enterprise(session), an_institute(session)
    for number in range(3):
        an_achievement(session, institute=institute, title=f"{LASER}工艺{number}", summary=LASER)
    an_achievement(session, title="水稻稻瘟病抗性育种", summary="抗病新品种")
    problem = "飞溅污染绝缘件，需要稳定的激光焊接工艺"
    need = a_need(session, enterprise, title=LASER, problem=problem, indicators=[SPATTER])
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise))), need


def submit(session: Session, poster: tuple[Actor, Need]) -> Need:
    actor, need = poster
    return needs.submit_need(session, actor, need.id, now=NOW)


def runs_of(session: Session, need: Need) -> list[MatchRun]:
    return list(session.scalars(select(MatchRun).where(MatchRun.need_id == need.id).order_by(MatchRun.id)))


def test_a_submission_keeps_its_ranked_list(session: Session, poster: tuple[Actor, Need]):
    (run,) = runs_of(session, submit(session, poster))
    assert run.made_at == NOW
    assert run.searched == 4
    assert run.nothing_suitable is False
    assert [item["rank"] for item in run.items] == [1, 2, 3, 4]
    scores = [item["score"] for item in run.items]
    assert scores == sorted(scores, reverse=True)
    best = session.get_one(Achievement, run.items[0]["achievement_id"])
    assert best.title.startswith(LASER)
    assert run.items[0]["institute_id"] == str(best.institute_id)
    assert sum(run.items[0]["signals"].values()) == pytest.approx(scores[0], abs=1e-5)


def test_a_need_that_nothing_answers_is_kept_as_such(session: Session, poster: tuple[Actor, Need]):
    poster[1].title, poster[1].problem = "地铁盾构刀盘磨损", "盾构机刀盘在砂卵石地层磨损过快"
    for name in ("tech_field", "chain_segment", "scene", "present_state", "tried"):
        setattr(poster[1], name, None)
    poster[1].indicators, poster[1].deliverables = [], []
    (run,) = runs_of(session, submit(session, poster))
    assert run.nothing_suitable is True


def test_a_resubmission_searches_again(session: Session, poster: tuple[Actor, Need]):
    need = submit(session, poster)
    operator = an_actor(session, (Role.OPERATOR, PROVINCE))
    return_need(session, operator, need.id, missing=["scene"], message="请补充", now=NOW)
    needs.amend_need(session, poster[0], need, {"title": "水稻稻瘟病抗性育种"}, now=NOW)
    first, second = runs_of(session, submit(session, poster))
    assert first.asked != second.asked
    assert second.items[0]["achievement_id"] != first.items[0]["achievement_id"]


def test_the_kept_list_holds_until_something_changes(session: Session, poster: tuple[Actor, Need]):
    need = submit(session, poster)
    kept = kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY))
    assert kept is not None
    assert len(kept) == 4
    an_achievement(session, title=LASER)
    assert kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY)) is None


def test_the_last_list_stays_known_when_more_could_be_found(session: Session, poster: tuple[Actor, Need]):
    assert last_hits(session, poster[1]) is None
    need = submit(session, poster)
    kept = kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY))
    an_achievement(session, title=LASER)
    assert last_hits(session, need) == kept


def test_the_kept_list_is_not_shown_for_another_text(session: Session, poster: tuple[Actor, Need]):
    need = submit(session, poster)
    need.problem = "换了一个问题"
    assert kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY)) is None


def test_the_kept_list_is_the_list_that_a_search_gives(session: Session, poster: tuple[Actor, Need]):
    need = submit(session, poster)
    kept = kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY))
    again = run_search(session, need, now=NOW)
    assert kept is not None
    assert [(hit.document_id, hit.score, hit.signals, hit.owner) for hit in kept] == [
        (item["achievement_id"], item["score"], item["signals"], item["institute_id"]) for item in again.items
    ]


def test_the_kept_list_is_shown_byte_for_byte_like_the_list_that_a_search_gives(
    session: Session, poster: tuple[Actor, Need]
):
    """Else the order of a few keys would tell that some row, perhaps a hidden one, has changed meanwhile."""
    need = submit(session, poster)
    session.expire_all()  # read as jsonb gives it back
    kept = kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY))
    assert kept
    assert {tuple(hit.signals) for hit in kept} == {SIGNALS}


def test_a_need_that_was_never_searched_for_has_no_kept_list(session: Session, poster: tuple[Actor, Need]):
    assert kept_hits(session, poster[1], open_source(session, ACHIEVEMENTS, TODAY)) is None


def break_the_search(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(*_: object, **__: object) -> Any:
        raise error

    monkeypatch.setattr(runs, "find", broken)


def test_a_failing_search_does_not_lose_the_submission(
    session: Session,
    poster: tuple[Actor, Need],
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Callable[[], list[str]],
):
    with monkeypatch.context() as patch:
        break_the_search(patch, RuntimeError("the index is broken"))
        need = submit(session, poster)
    assert need.state == "submitted"
    (failed,) = runs_of(session, need)
    assert (failed.failure, failed.items, failed.nothing_suitable) == ("RuntimeError", [], None)
    assert kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY)) is None
    assert run_jobs() == ["matching.search_again"]
    _, made_good = runs_of(session, need)
    assert made_good.failure is None
    assert len(made_good.items) == 4


def test_a_search_made_good_is_not_made_again_when_its_job_runs_twice(
    session: Session,
    poster: tuple[Actor, Need],
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Callable[[], list[str]],
):
    """As it does when the worker died after the search and before its receipt."""
    with monkeypatch.context() as patch:
        break_the_search(patch, RuntimeError("the index is broken"))
        need = submit(session, poster)
    run_jobs()
    runs.search_again(str(need.id))
    assert [run.failure for run in runs_of(session, need)] == ["RuntimeError", None]


def test_an_index_that_is_not_ready_is_waited_for_by_a_job(
    session: Session, poster: tuple[Actor, Need], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runs, "SUBMITTER_WAITS_FOR", 2)
    need = submit(session, poster)
    (failed,) = runs_of(session, need)
    assert failed.failure == "search_not_ready"
    waiting = set(session.scalars(text("select task_name from procrastinate_jobs")))
    assert waiting == {"matching.search_again", "matching.build_generation"}


def test_a_failing_database_is_not_papered_over(
    session: Session, poster: tuple[Actor, Need], monkeypatch: pytest.MonkeyPatch
):
    break_the_search(monkeypatch, OperationalError("select", {}, Exception("gone")))
    with pytest.raises(OperationalError):
        submit(session, poster)


def test_the_search_reads_the_real_text_of_a_masked_need(session: Session, engine: Engine):
    need = a_need(session, visibility="masked")
    query = query_of(need)
    assert query.title == need.title
    assert need.masked_title not in f"{query.title}{query.body}"
