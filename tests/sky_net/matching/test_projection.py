"""What a process finds: every commit at once, nothing that is gone, and no work when nothing changed."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, event, text, update
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # needs refer to accounts, which nothing here imports
from backbone.db import Database
from sky_net.achievements.models import Achievement
from sky_net.matching.building import build
from sky_net.matching.encoder import Encoder, Vectors
from sky_net.matching.engine import Engine
from sky_net.matching.errors import SearchNotReady
from sky_net.matching.models import SearchGeneration
from sky_net.matching.ranking import Query, rank
from sky_net.matching.sources import ACHIEVEMENTS, SOURCES, Source, digest
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.matching import TODAY, an_engine, found, shipped_encoder
from tests.factories.needs import a_need

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER, RICE = "紫铜激光焊接飞溅抑制", "水稻稻瘟病抗性育种"


def offer(database: Database, title: str = LASER, **values: object) -> str:
    with database.transaction() as session:
        return str(an_achievement(session, title=title, summary=f"{title}的摘要", **values).id)


def build_now(database: Database, engine: Engine, source: Source = ACHIEVEMENTS) -> SearchGeneration:
    with database.transaction() as session:
        made = build(session, engine, source, TODAY, now=NOW)
    assert made is not None
    return made


def settle(database: Database) -> None:
    """Wait until everything written is older than whatever still runs, in the cluster's other databases too."""
    newest = text(
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > max(change_xid) FROM achievements"
    )
    until = time.monotonic() + 60
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(newest):
            assert time.monotonic() < until, "some transaction of this cluster has been open for a minute"
            time.sleep(0.05)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Every statement that runs inside the block."""
    ran: list[str] = []

    def note(*arguments: object) -> None:
        ran.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield ran
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("is_indexed", [False, True])
def test_the_next_search_finds_a_commit(committed_database: Database, engine: Engine, is_indexed: bool):
    first = offer(committed_database)
    if is_indexed:
        build_now(committed_database, engine)
    with committed_database.transaction() as session:
        assert found(session, engine, LASER) == [first]
    second = offer(committed_database, LASER)
    with committed_database.transaction() as session:
        assert found(session, engine, LASER) == sorted([first, second])


@pytest.mark.parametrize("is_indexed", [False, True])
def test_an_unchanged_catalogue_costs_two_small_statements(
    committed_database: Database, engine: Engine, is_indexed: bool
):
    offer(committed_database)
    if is_indexed:
        build_now(committed_database, engine)
    projection = engine.projection(ACHIEVEMENTS)
    with committed_database.transaction() as session:
        before = projection.searchable(session, TODAY)
    with committed_database.transaction() as session, statements(committed_database) as ran:
        after = projection.searchable(session, TODAY)
    assert after.corpus is before.corpus
    assert after.state == before.state
    assert len(ran) == 2


def test_only_what_changed_is_read_again(committed_database: Database, engine: Engine):
    for number in range(5):
        offer(committed_database, f"{RICE}{number}")
    projection = engine.projection(ACHIEVEMENTS)
    with committed_database.transaction() as session:
        projection.searchable(session, TODAY)
    added = offer(committed_database)
    read: list[str] = []
    real = projection.source.document
    watched = Source(
        ACHIEVEMENTS.name, ACHIEVEMENTS.table, ACHIEVEMENTS.columns, ACHIEVEMENTS.is_findable,
        lambda row: read.append(str(row.id)) or real(row),
    )  # fmt: skip
    projection.source = watched
    with committed_database.transaction() as session:
        projection.searchable(session, TODAY)
    assert read == [added]


@pytest.mark.parametrize("is_indexed", [False, True])
def test_another_wording_replaces_the_old_one(committed_database: Database, engine: Engine, is_indexed: bool):
    changed = offer(committed_database)
    if is_indexed:
        build_now(committed_database, engine)
    with committed_database.transaction() as session:
        row = session.get_one(Achievement, changed)
        row.title, row.summary = RICE, RICE
    with committed_database.transaction() as session:
        assert found(session, engine, RICE) == [changed]
        assert found(session, engine, LASER) == []


@pytest.mark.parametrize("is_indexed", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        {"state": "hidden"},
        {"state": "withdrawn"},
        {"secrecy": "internal"},
        {"valid_until_on": date(2026, 3, 9)},
    ],
    ids=["hidden", "withdrawn", "internal", "expired"],
)
def test_what_is_not_on_offer_is_not_found(
    committed_database: Database, engine: Engine, change: dict[str, object], is_indexed: bool
):
    gone, stays = offer(committed_database), offer(committed_database)
    if is_indexed:
        build_now(committed_database, engine)
    with committed_database.transaction() as session:
        session.execute(update(Achievement).where(Achievement.id == gone).values(**change))
    with committed_database.transaction() as session:
        assert found(session, engine, LASER) == [stays]


def test_a_commit_that_began_before_the_build_and_ended_after_it_is_found(
    committed_database: Database, engine: Engine
):
    offer(committed_database, RICE)
    late = committed_database.sessions()
    with late.begin():
        written = str(an_achievement(late, title=LASER, summary=LASER).id)
        made = build_now(committed_database, engine)
        assert made.documents == 1, "the build cannot see it yet"
        with committed_database.transaction() as session:
            assert found(session, engine, LASER) == []
    late.close()
    with committed_database.transaction() as session:
        assert found(session, engine, LASER) == [written]


def test_a_subject_that_the_generation_never_heard_of_is_found_by_its_words(
    committed_database: Database, engine: Engine
):
    offer(committed_database, RICE)
    build_now(committed_database, engine)
    new = offer(committed_database, LASER)
    with committed_database.transaction() as session:
        corpus = engine.projection(ACHIEVEMENTS).searchable(session, TODAY).corpus
    best = rank(Query(LASER), corpus, 1)[0]
    assert best.document_id == new
    assert best.signals["title"] > 0.3


def test_a_late_commit_is_found_although_others_committed_after_it_began(
    committed_database: Database, engine: Engine
):
    late = committed_database.sessions()
    with late.begin():
        written = str(an_achievement(late, title=LASER, summary=LASER).id)
        for number in range(3):
            offer(committed_database, f"{RICE}{number}")
        build_now(committed_database, engine)
    late.close()
    with committed_database.transaction() as session:
        assert engine.projection(ACHIEVEMENTS).searchable(session, TODAY).generation is not None
        assert found(session, engine, LASER) == [written]


def test_a_transaction_finds_what_it_has_written_itself(session: Session, engine: Engine):
    first = str(an_achievement(session, title=LASER, summary=LASER).id)
    assert found(session, engine, LASER) == [first]
    second = an_achievement(session, title=LASER, summary=LASER)
    second.state = "hidden"
    session.flush()
    assert found(session, engine, LASER) == [first]
    second.state = "visible"
    session.flush()
    assert found(session, engine, LASER) == sorted([first, str(second.id)])


@pytest.mark.parametrize("is_indexed", [False, True])
def test_processes_see_each_others_commits(committed_database: Database, tmp_path: Path, is_indexed: bool):
    here, there = an_engine(tmp_path), an_engine(tmp_path)
    first = offer(committed_database)
    if is_indexed:
        build_now(committed_database, here)
    for engine in (here, there):
        with committed_database.transaction() as session:
            assert found(session, engine, LASER) == [first]
    second = offer(committed_database)
    with committed_database.transaction() as session:
        session.execute(update(Achievement).where(Achievement.id == first).values(state="hidden"))
    for engine in (there, here):
        with committed_database.transaction() as session:
            assert found(session, engine, LASER) == [second]


def test_equal_states_are_equal_in_every_process(committed_database: Database, tmp_path: Path):
    offer(committed_database)
    engines = [an_engine(tmp_path), an_engine(tmp_path)]
    with committed_database.transaction() as session:
        states = {engine.projection(ACHIEVEMENTS).searchable(session, TODAY).state for engine in engines}
    assert len(states) == 1


def test_threads_share_one_projection(committed_database: Database, engine: Engine):
    """Readers search while others commit; afterwards each sees all, and nobody failed on the way."""
    failures: list[BaseException] = []
    written: list[str] = []
    stopping = threading.Event()

    def read() -> None:
        try:
            while not stopping.is_set():
                known = list(written)
                with committed_database.transaction() as session:
                    assert set(known) <= set(found(session, engine, LASER))
        except BaseException as failure:
            failures.append(failure)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(12):
        written.append(offer(committed_database))
        if number == 6:
            build_now(committed_database, engine)
    stopping.set()
    for reader in readers:
        reader.join()
    assert failures == []
    with committed_database.transaction() as session:
        assert found(session, engine, LASER) == sorted(written)


def a_generation_with_two(database: Database, engine: Engine) -> tuple[SearchGeneration, list[str]]:
    ids = sorted([offer(database), offer(database)])
    return build_now(database, engine), ids


def files_of(engine: Engine, made: SearchGeneration) -> Path:
    return next(engine.root.rglob(made.name))


def test_a_missing_generation_is_done_without(
    committed_database: Database, engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    made, ids = a_generation_with_two(committed_database, engine)
    elsewhere = an_engine(tmp_path / "another-machine")
    with committed_database.transaction() as session, caplog.at_level(logging.WARNING):
        assert found(session, elsewhere, LASER) == ids
        searchable = elsewhere.projection(ACHIEVEMENTS).searchable(session, TODAY)
    assert searchable.generation is None
    assert searchable.spoilt is not None
    assert searchable.spoilt.name == made.name
    assert "searched without its index" in caplog.text


def test_a_damaged_generation_is_done_without(committed_database: Database, engine: Engine):
    made, ids = a_generation_with_two(committed_database, engine)
    damaged = files_of(engine, made) / "roster" / "ids.npy"
    damaged.write_bytes(damaged.read_bytes().replace(ids[0].encode(), ids[1][::-1].encode()))
    with committed_database.transaction() as session:
        assert found(session, engine, LASER) == ids


def test_a_foreign_generation_under_the_right_name_is_done_without(
    committed_database: Database, engine: Engine, tmp_path: Path
):
    made, ids = a_generation_with_two(committed_database, engine)
    offer(committed_database, RICE)
    other = an_engine(tmp_path / "other")
    foreign = build_now(committed_database, other)
    with committed_database.transaction() as session:
        session.execute(delete(SearchGeneration).where(SearchGeneration.id == foreign.id))
        session.execute(
            update(SearchGeneration).where(SearchGeneration.id == made.id).values(retired_at=None)
        )
    place = files_of(engine, made)
    place.rename(place.with_name("aside"))
    files_of(other, foreign).rename(place)
    with committed_database.transaction() as session:
        searchable = engine.projection(ACHIEVEMENTS).searchable(session, TODAY)
        assert searchable.generation is None
        assert found(session, engine, LASER) == ids


@dataclass
class OtherEncoder:
    """Knows nothing, but has a fingerprint of its own."""

    dimension: int = 8
    fingerprint: str = "another-model"

    def encode(self, texts: list[str]) -> Vectors:
        return np.zeros((len(texts), self.dimension), np.float32)


def test_another_encoder_never_meets_the_vectors_of_the_first(
    committed_database: Database, engine: Engine, tmp_path: Path
):
    made, ids = a_generation_with_two(committed_database, engine)
    other_encoder: Encoder = OtherEncoder()  # type: ignore[assignment]
    other = Engine(engine.root, lambda: other_encoder)
    with committed_database.transaction() as session:
        assert other.projection(ACHIEVEMENTS).searchable(session, TODAY).generation is None
        assert found(session, other, LASER) == ids
    theirs = build_now(committed_database, other)
    with committed_database.transaction() as session:
        ours = engine.projection(ACHIEVEMENTS).searchable(session, TODAY)
        assert ours.generation == made.name, "preparing another model takes nothing from those that search"
        assert other.projection(ACHIEVEMENTS).searchable(session, TODAY).generation == theirs.name


def test_a_generation_from_another_life_of_the_database_is_not_used(
    committed_database: Database, engine: Engine
):
    _, ids = a_generation_with_two(committed_database, engine)
    with committed_database.transaction() as session:
        session.execute(update(SearchGeneration).values(horizon_xid=2**40))
    with committed_database.transaction() as session:
        assert engine.projection(ACHIEVEMENTS).searchable(session, TODAY).generation is None
        assert found(session, engine, LASER) == ids


def test_whoever_would_have_to_wait_too_long_is_told(session: Session, engine: Engine):
    for number in range(4):
        an_achievement(session, title=f"{LASER}{number}")
    projection = engine.projection(ACHIEVEMENTS)
    with pytest.raises(SearchNotReady) as refused:
        projection.searchable(session, TODAY, patience=3)
    assert refused.value.data["documents"] == 4
    assert len(projection.searchable(session, TODAY, patience=4).corpus) == 4


def test_a_small_catalogue_wants_no_generation_and_a_large_one_does(
    session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sky_net.matching.projection.ENOUGH_FOR_A_GENERATION", 2)
    institute = an_institute(session)
    wants = []
    for _ in range(3):
        an_achievement(session, institute=institute)
        wants.append(engine.projection(ACHIEVEMENTS).searchable(session, TODAY).wants_generation)
    assert wants == [False, False, True]


def test_many_changes_want_another_generation(
    committed_database: Database, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    # Transactions of other databases of the cluster may hold the horizon back: then indexed rows count as changed too.
    monkeypatch.setattr("sky_net.matching.projection.MOST_CHANGES", 5)
    offer(committed_database)
    settle(committed_database)
    build_now(committed_database, engine)
    wants = []
    for changes in (1, 5):
        for _ in range(changes):
            offer(committed_database)
        with committed_database.transaction() as session:
            wants.append(engine.projection(ACHIEVEMENTS).searchable(session, TODAY).wants_generation)
    assert wants == [False, True]


def test_a_process_asks_for_a_generation_once_a_minute(engine: Engine):
    projection = engine.projection(ACHIEVEMENTS)
    assert projection.is_first_to_ask()
    assert not projection.is_first_to_ask()


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_the_database_and_the_process_say_the_same_digest(session: Session, source: Source):
    for number in range(3):
        an_achievement(session, title=f"{LASER}{number}", state="hidden" if number == 1 else "visible")
        a_need(session, state="confirmed", visibility="masked" if number == 1 else "operators")
    asked = {"horizon": 0, "today": TODAY}
    changes = [(*row,) for row in session.execute(source.changes, asked)]
    assert {change[-1] for change in changes} == {0, 1}
    assert session.execute(source.state, asked).one() == (3, digest(changes), None)


def test_the_digest_of_nothing_is_the_same_on_both_sides(session: Session):
    assert session.execute(ACHIEVEMENTS.state, {"horizon": 0, "today": TODAY}).one() == (0, digest([]), None)


def test_every_write_is_marked_with_its_transaction(committed_database: Database):
    with committed_database.transaction() as session:
        own = session.scalar(text("select pg_current_xact_id()::text::bigint"))
        row, need = an_achievement(session), a_need(session)
        session.refresh(row)
        session.refresh(need)
        assert {row.change_xid, need.change_xid} == {own}
    with committed_database.transaction() as session:
        session.execute(
            update(Achievement).where(Achievement.id == row.id).values(title="新标题", change_xid=7)
        )
        session.refresh(changed := session.get_one(Achievement, row.id))
        assert changed.change_xid == session.scalar(text("select pg_current_xact_id()::text::bigint"))


def test_the_encoder_is_read_once_for_both_sources(tmp_path: Path):
    opened: list[int] = []

    def opener() -> Encoder:
        opened.append(1)
        return shipped_encoder()

    engine = Engine(tmp_path, opener)
    for source in SOURCES.values():
        assert engine.projection(source) is engine.projection(source)
    assert opened == [1]
