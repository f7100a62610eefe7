"""Learning on the platform: kept once, live only where surely better, gone back from by one command."""

import threading
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone.actor import SYSTEM, Actor
from backbone.audit import AuditEvent
from backbone.db import Database
from sky_net.achievements.models import Achievement
from sky_net.grading import jobs, teaching
from sky_net.grading.choosing import BLEND, restore
from sky_net.grading.teaching import Lesson, learn_ranker
from sky_net.matching.comparing import Comparison, asked_of
from sky_net.matching.documents import Hit
from sky_net.matching.engine import Engine
from sky_net.matching.live import live_id
from sky_net.matching.models import LearnedRanker, RankerUse
from sky_net.matching.runs import query_of
from sky_net.matching.search import find, open_source
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.needs.models import Need
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.grading import NOW, PAIRS, SILENT, World, a_grade, a_ranker, a_world, graded
from tests.factories.matching import TODAY, an_engine, installed, shipped_encoder
from tests.factories.needs import a_need
from tests.made_once import made_once

OPERATIONS = Actor(None, "operations")


@made_once
def world(session: Session) -> World:
    return a_world(session)


def learned(session: Session, engine: Engine) -> Lesson:
    lesson = learn_ranker(session, SYSTEM, engine, now=NOW)
    assert lesson is not None
    return lesson


def listed(session: Session, need: Need) -> list[Hit]:
    return find(open_source(session, ACHIEVEMENTS, TODAY), query_of(need), lambda ids: ids, 50)


def better(session: Session, world: World, which: range) -> int:
    """For how many of these needs the list has their answer before the echo."""
    count = 0
    for place in which:
        places: dict[str, int] = {}
        for number, hit in enumerate(listed(session, world.needs[place])):
            places[hit.document_id] = number
        count += places.get(str(world.answers[place].id), 99) < places.get(str(world.echoes[place].id), 98)
    return count


def in_use(session: Session) -> UUID | None:
    return session.scalar(select(live_id()))


def events(session: Session) -> list[str]:
    kinds = select(AuditEvent.action).where(AuditEvent.subject_kind == "rankers").order_by(AuditEvent.id)
    return list(session.scalars(kinds))


def test_what_brokers_prefer_ranks_needs_that_nobody_graded(session: Session, engine: Engine, world: World):
    unseen = range(40, 60)
    assert better(session, world, unseen) <= 2
    graded(session, world, range(40))
    lesson = learned(session, engine)
    assert (lesson.needs, lesson.is_new, lesson.went_live) == (40, True, True)
    assert lesson.version is not None
    assert in_use(session) == lesson.version.id
    assert better(session, world, unseen) >= 10
    searched = open_source(session, ACHIEVEMENTS, TODAY)
    assert searched.ranker_number == lesson.version.number == 1
    assert str(lesson.version.id) in searched.state


def test_where_brokers_prefer_somebody_near_the_lists_of_other_needs_do(session: Session, engine: Engine):
    needs, near, far = a_world_of_distances(session, 40)
    unseen = range(25, 40)
    assert 6 <= nearer(session, needs, near, far, unseen) <= 9, "texts alone do not tell them apart"
    for place in range(25):
        a_grade(session, needs[place], near[place], 3)
        a_grade(session, needs[place], far[place], 1)
    lesson = learned(session, engine)
    assert lesson.went_live
    assert lesson.version is not None
    assert lesson.version.after > lesson.version.before + 0.05
    weights = dict(zip(lesson.version.names, lesson.version.weights, strict=True))
    assert weights["feature:region"] > 0.5
    assert nearer(session, needs, near, far, unseen) == len(unseen)


def test_another_place_is_another_lesson(session: Session, engine: Engine):
    needs, near, far = a_world_of_distances(session, 25)
    for place in range(25):
        a_grade(session, needs[place], near[place], 3)
        a_grade(session, needs[place], far[place], 1)
    assert learned(session, engine).is_new
    assert not learned(session, engine).is_new
    near[0].region_code = "420500"
    assert learned(session, engine).is_new


def a_world_of_distances(
    session: Session, size: int
) -> tuple[list[Need], list[Achievement], list[Achievement]]:
    """Needs of Wuhan, each with two offers of the same words; which of both was registered first changes by turns."""
    enterprise, here, there = an_enterprise(session), an_institute(session), an_institute(session)
    needs, near, far = [], [], []
    for place, (title, _) in enumerate(PAIRS[:size]):
        said = SILENT | {"indicators": [], "deliverables": []}
        needs.append(a_need(session, enterprise, state="confirmed", zone_code="420100", title=title, **said))
        pair = [(near, here, "420100"), (far, there, "outside-gba")]
        for side, institute, region in pair if place % 2 else pair[::-1]:
            side.append(
                an_achievement(session, institute=institute, region_code=region, title=title, summary="")
            )
    return needs, near, far


def nearer(
    session: Session, needs: list[Need], near: list[Achievement], far: list[Achievement], which: range
) -> int:
    """For how many of these needs the list has the near offer first."""
    count = 0
    for place in which:
        beside = Comparison(asked_of(needs[place]), NOW)
        searched = open_source(session, ACHIEVEMENTS, TODAY)
        hits = find(searched, query_of(needs[place]), lambda ids: ids, 50, beside=beside)
        places = [hit.document_id for hit in hits]
        count += places.index(str(near[place].id)) < places.index(str(far[place].id))
    return count


def test_a_version_says_what_it_was_learned_from_and_how_its_trial_went(
    session: Session, engine: Engine, world: World
):
    graded(session, world, range(30))
    version = learned(session, engine).version
    assert version is not None
    assert (version.needs, version.grades, version.rival, version.made_by) == (30, 60, None, "system")
    assert version.after > version.before
    assert 0 < version.low < version.after - version.before
    assert len(version.fingerprint) == 64
    assert version.encoder == shipped_encoder().fingerprint
    assert events(session) == ["learn_ranker", "put_ranker_live"]


def test_the_same_grades_teach_once(session: Session, engine: Engine, world: World):
    graded(session, world, range(30))
    first, again = learned(session, engine), learned(session, engine)
    assert again == Lesson(30, first.version)
    a_grade(session, world.needs[0], world.echoes[0], 0)  # said again, nothing new
    assert not learned(session, engine).is_new
    assert events(session) == ["learn_ranker", "put_ranker_live"]
    a_grade(session, world.needs[0], world.echoes[0], 1)
    second = learned(session, engine)
    assert second.is_new
    assert second.version is not None
    assert (second.version.number, second.version.rival) == (2, 1), "held against what is in use"
    assert not second.went_live, "what is in use ranks these needs as well"


def test_another_text_is_another_lesson(session: Session, engine: Engine, world: World):
    graded(session, world, range(30))
    learned(session, engine)
    world.needs[3].title = "另一个题目"
    assert learned(session, engine).is_new


def test_too_few_needs_teach_nothing(session: Session, engine: Engine, world: World):
    assert learned(session, engine) == Lesson(0)
    graded(session, world, range(19))
    graded(session, world, range(19, 60), echo=2, answer=2)
    assert learned(session, engine) == Lesson(19)
    assert events(session) == []


def test_grades_that_agree_with_the_blend_are_kept_and_not_put_live(
    session: Session, engine: Engine, world: World
):
    graded(session, world, range(30), echo=3, answer=0)
    lesson = learned(session, engine)
    assert (lesson.is_new, lesson.went_live) == (True, False)
    assert in_use(session) is None
    assert session.scalars(select(RankerUse)).all() == []


def test_a_roll_back_is_not_overridden_by_the_next_night(session: Session, engine: Engine, world: World):
    graded(session, world, range(30))
    learned(session, engine)
    assert restore(session, OPERATIONS, None, shipped_encoder().fingerprint, now=NOW) is None
    assert in_use(session) is None
    assert better(session, world, range(40, 60)) <= 2, "the blend ranks again"
    jobs.learn(0)
    assert in_use(session) is None
    graded(session, world, range(30, 50))
    lesson = learned(session, engine)
    assert lesson.went_live, "new grades, surely better than what is in use"
    assert lesson.version is not None
    assert (lesson.version.number, lesson.version.rival) == (2, None)


def test_a_version_in_use_that_does_not_fit_ranks_nothing_and_is_replaced(
    session: Session, engine: Engine, world: World, caplog: pytest.LogCaptureFixture
):
    strange = a_ranker(session, 1, encoder="another")
    session.add(RankerUse(ranker_id=strange.id, went_live_at=NOW, put_live_by="test"))
    session.flush()
    searched = open_source(session, ACHIEVEMENTS, TODAY)
    assert (searched.ranker, searched.ranker_number) == (None, None)
    assert str(strange.id) not in searched.state
    assert [record for record in caplog.records if "ranker 1 is in use but" in record.message]
    graded(session, world, range(30))
    lesson = learned(session, engine)
    assert lesson.went_live
    assert lesson.version is not None
    assert lesson.version.rival is None


def test_a_withdrawn_achievement_still_teaches(session: Session, engine: Engine, world: World):
    graded(session, world, range(30))
    for place in range(30):
        world.echoes[place].state = "hidden"
    assert learned(session, engine).needs == 30


def test_at_most_one_is_in_use_whatever_the_code_does(session: Session):
    for number in (1, 2):
        version = a_ranker(session, number)
        session.add(RankerUse(ranker_id=version.id, went_live_at=NOW, put_live_by="test"))
    with pytest.raises(IntegrityError, match="uq_ranker_uses_live"), session.begin_nested():
        session.flush()
    session.expunge_all()


def test_two_workers_at_once_learn_one_version(committed_database: Database, tmp_path: Path):
    with committed_database.transaction() as session:
        graded(session, a_world(session, 30), range(30))
    with installed(an_engine(tmp_path / "search")):
        workers = [threading.Thread(target=jobs.learn, args=(0,)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        jobs.learn(0)
    with committed_database.transaction() as session:
        assert session.scalars(select(LearnedRanker.number)).all() == [1]
        assert len(session.scalars(select(RankerUse)).all()) == 1
        assert events(session) == ["learn_ranker", "put_ranker_live"]


def test_while_another_process_learns_nobody_waits(committed_database: Database, tmp_path: Path):
    engine = an_engine(tmp_path / "search")
    with committed_database.transaction() as first:
        graded(first, a_world(first, 3), range(3))
        assert learn_ranker(first, SYSTEM, engine, now=NOW) == Lesson(3)
        with committed_database.transaction() as second:
            assert learn_ranker(second, SYSTEM, engine, now=NOW) is None


def test_every_process_picks_it_up_at_its_next_search(
    committed_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(teaching, "AT_ONCE", 7)
    with committed_database.transaction() as session:
        world = a_world(session, 30)
        graded(session, world, range(30))
    ours, other = an_engine(tmp_path / "one"), an_engine(tmp_path / "two")

    def number(engine: Engine) -> int | None:
        with committed_database.transaction() as session:
            return engine.projection(ACHIEVEMENTS).searchable(session, TODAY).ranker_number

    assert (number(ours), number(other)) == (None, None)
    with committed_database.transaction() as session:
        learned(session, ours)
    assert (number(ours), number(other)) == (1, 1)
    with committed_database.transaction() as session:
        restore(session, OPERATIONS, BLEND, shipped_encoder().fingerprint, now=NOW)
    assert (number(ours), number(other)) == (None, None)
