"""The learned ranker in use: what it does to a need's list, and that the kept list is the list that a search gives."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from sky_net.achievements.models import Achievement
from sky_net.grading.choosing import BLEND, put_live, restore
from sky_net.matching.comparing import Comparison, asked_of
from sky_net.matching.engine import Engine
from sky_net.matching.live import Versions, fits
from sky_net.matching.models import LearnedRanker, MatchRun
from sky_net.matching.ranking import rank
from sky_net.matching.runs import kept_hits, query_of, run_search
from sky_net.matching.search import find, open_source
from sky_net.matching.service import browse_matches
from sky_net.matching.sources import ACHIEVEMENTS, NEEDS
from sky_net.needs.models import Need
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.grading import NOW, World, a_dense_ranker, a_feature_ranker, a_ranker, a_world
from tests.factories.identity import an_actor, zone
from tests.factories.invitations import an_invitation
from tests.factories.matching import TODAY, shipped_encoder
from tests.factories.needs import a_need

OPERATIONS = Actor(None, "operations")


@pytest.fixture
def world(session: Session, engine: Engine) -> World:
    return a_world(session, 20)


@pytest.fixture
def live(session: Session, world: World) -> LearnedRanker:
    version = a_dense_ranker(session, 1)
    put_live(session, OPERATIONS, version, now=NOW)
    return version


def searched_for(session: Session, need: Need) -> list[Any]:
    return find(open_source(session, ACHIEVEMENTS, TODAY), query_of(need), lambda ids: ids, 25)


def test_a_run_says_which_ranker_made_its_list_and_is_shown_again_as_it_was(
    session: Session, world: World, live: LearnedRanker
):
    need = world.needs[0]
    run = run_search(session, need, now=NOW)
    assert run.ranker_id == live.id
    session.expire_all()
    kept = kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY))
    assert kept == searched_for(session, need)
    assert [hit.score for hit in kept] != sorted((hit.score for hit in kept), reverse=True)
    assert [hit.worth for hit in kept] == sorted((hit.worth for hit in kept), reverse=True)


def test_a_change_of_the_ranker_ends_the_kept_list(session: Session, world: World):
    need = world.needs[0]
    run_search(session, need, now=NOW)
    plainly = searched_for(session, need)
    put_live(session, OPERATIONS, a_dense_ranker(session, 1), now=NOW)
    assert kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY)) is None
    assert searched_for(session, need) != plainly
    restore(session, OPERATIONS, BLEND, shipped_encoder().fingerprint, now=NOW)
    assert kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY)) == plainly
    [first] = session.scalars(select(MatchRun)).all()
    assert (first.ranker_id, "standing" in first.items[0]) == (None, False)


def test_whoever_browses_is_told_which_version_chose_the_order(
    session: Session, world: World, live: LearnedRanker
):
    operator = an_actor(session, (Role.OPERATOR, zone()))
    need = world.needs[0]
    found = browse_matches(session, operator, need.id, {"top": 10}, now=NOW)
    assert found.searched.ranker_number == 1
    assert [match.hit for match in found.achievements] == searched_for(session, need)[:10]
    assert found.institutes[0].score >= found.achievements[0].hit.worth


def test_needs_for_an_achievement_are_ranked_by_the_blend(session: Session, live: LearnedRanker):
    assert open_source(session, NEEDS, TODAY).ranker is None


def test_only_what_was_learned_on_these_signals_with_this_encoder_fits(session: Session):
    encoder = shipped_encoder().fingerprint
    assert fits(a_ranker(session, 1), encoder)
    others = [{"encoder": "another"}, {"basis": "another"}, {"names": ["blend"], "weights": [1.0]}]
    for number, other in enumerate(others, 2):
        assert not fits(a_ranker(session, number, **other), encoder)


def test_a_process_reads_a_version_once_and_says_once_that_it_does_not_fit(
    session: Session, caplog: pytest.LogCaptureFixture
):
    fitting, other = a_ranker(session, 1), a_ranker(session, 2, basis="another")
    versions = Versions(shipped_encoder().fingerprint)
    asked = statements_of(session, lambda: [versions.named(session, fitting.id) for _ in range(3)])
    assert len(asked) <= 1
    assert [versions.named(session, other.id) for _ in range(3)] == [None] * 3
    assert versions.named(session, None) is None
    assert len([record for record in caplog.records if "ranker 2" in record.message]) == 1


def test_a_search_asks_the_database_no_more_with_a_ranker_than_without(session: Session, world: World):
    def look() -> object:
        return engine_look(session)

    engine_look(session)
    without = len(statements_of(session, look))
    put_live(session, OPERATIONS, a_dense_ranker(session, 1), now=NOW)
    engine_look(session)
    assert len(statements_of(session, look)) == without


def engine_look(session: Session) -> object:
    return open_source(session, ACHIEVEMENTS, TODAY).state


def statements_of(session: Session, work: Callable[[], object]) -> list[str]:
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    bound = session.connection()
    event.listen(bound, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(bound, "before_cursor_execute", note)
    return asked


def compared(session: Session, need: Need, now: datetime = NOW) -> list[str]:
    searched = open_source(session, ACHIEVEMENTS, TODAY)
    beside = Comparison(asked_of(need), now)
    return [hit.document_id for hit in find(searched, query_of(need), lambda ids: ids, 25, beside=beside)]


@pytest.fixture
def heeding_place(session: Session, world: World) -> LearnedRanker:
    version = a_feature_ranker(session, 1, region=1000.0)
    put_live(session, OPERATIONS, version, now=NOW)
    return version


def test_the_features_of_a_row_are_those_of_this_moment(
    session: Session, world: World, heeding_place: LearnedRanker
):
    need, far = world.needs[0], world.answers[0]
    for row in (*world.echoes, *world.answers):
        row.region_code = need.zone_code
    before = compared(session, need)
    moved = before[0]
    session.get_one(Achievement, UUID(moved)).region_code = "outside-gba"
    assert compared(session, need)[-1] == moved
    session.get_one(Achievement, UUID(moved)).region_code = need.zone_code
    assert compared(session, need) == before
    assert str(far.id) in before


def test_offers_are_read_once_and_records_only_where_they_weigh_anything(
    session: Session, world: World, heeding_place: LearnedRanker
):
    def asked(minutes: int = 0) -> int:
        now = NOW + timedelta(minutes=minutes)
        return len(statements_of(session, lambda: compared(session, world.needs[0], now)))

    searched_for(session, world.needs[0])
    first, again = asked(), asked()
    assert first == again + 1
    put_live(session, OPERATIONS, a_feature_ranker(session, 2, load=5.0), now=NOW)
    asked()
    assert [asked(), asked(minutes=2), asked(minutes=2)] == [again, again + 1, again]
    put_live(session, OPERATIONS, a_dense_ranker(session, 3), now=NOW)
    asked()
    assert asked(minutes=9) == again


def test_without_a_need_the_texts_alone_decide(session: Session, world: World, heeding_place: LearnedRanker):
    need, world.echoes[0].region_code = world.needs[0], "outside-gba"
    searched = open_source(session, ACHIEVEMENTS, TODAY)
    plainly = [hit.document_id for hit in rank(query_of(need), searched.corpus, 50)]
    assert [hit.document_id for hit in searched_for(session, need)] == plainly
    assert compared(session, need) != plainly


def test_whoever_has_room_is_named_before_whoever_is_full(session: Session, world: World):
    need = world.needs[0]
    idle, busy = an_institute(session), an_institute(session)
    rows = [an_achievement(session, institute=each, title=need.title, summary="") for each in (busy, idle)]
    for _ in range(5):
        an_invitation(session, a_need(session, state="matched"), busy)
    ids = [str(row.id) for row in rows]
    assert [each for each in compared(session, need) if each in ids] == ids, "equal texts in order of id"
    put_live(session, OPERATIONS, a_feature_ranker(session, 1, load=3.0), now=NOW)
    assert [each for each in compared(session, need) if each in ids] == ids[::-1]
    assert compared(session, need) == compared(session, need)


def test_a_kept_list_ends_with_its_day_and_with_what_it_heeds_of_the_need(
    session: Session, world: World, heeding_place: LearnedRanker
):
    need = world.needs[0]
    run_search(session, need, now=NOW)
    kept = kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY))
    assert kept is not None
    assert kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY + timedelta(days=1))) is None
    need.zone_code = "420500"
    assert kept_hits(session, need, open_source(session, ACHIEVEMENTS, TODAY)) is None
