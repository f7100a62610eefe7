"""A collection is filled once, synchronised by changes, replaced for another encoder, and removed when nobody needs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from backbone.db import Database
from sky_net.achievements.models import Achievement
from sky_net.matching.building import GRACE, OTHERS_STAY
from sky_net.matching.documents import Query
from sky_net.matching.encoder import Vectors
from sky_net.matching.engine import Engine
from sky_net.matching.milvus import keeping
from sky_net.matching.milvus.collection import Collection
from sky_net.matching.milvus.engine import MilvusEngine
from sky_net.matching.milvus.keeping import prefix_of
from sky_net.matching.models import SearchGeneration
from sky_net.matching.sources import ACHIEVEMENTS
from tests.factories.achievements import an_achievement
from tests.factories.matching import TODAY, a_milvus_engine, an_engine, found, installed

pytest.importorskip("milvus_lite", reason="the extra `dev` brings it")
pytestmark = [pytest.mark.postgres, pytest.mark.slow]

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER = "紫铜激光焊接飞溅抑制"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[MilvusEngine]:
    with a_milvus_engine(tmp_path / "milvus") as made, installed(made):
        yield made


@dataclass
class OtherEncoder:
    """Knows nothing, but has a fingerprint of its own."""

    dimension: int = 8
    fingerprint: str = "abcdef0123456789"

    def encode(self, texts: list[str]) -> Vectors:
        return np.zeros((len(texts), self.dimension), np.float32)


def with_another_model(engine: MilvusEngine) -> MilvusEngine:
    """Another process on the same server, whose ENCODER is set to another model."""
    return MilvusEngine(engine.milvus, lambda: OtherEncoder())  # type: ignore[arg-type, return-value]


def offer(database: Database, title: str = LASER) -> str:
    with database.transaction() as session:
        return str(an_achievement(session, title=title, summary=title).id)


def renew(database: Database, engine: MilvusEngine | Engine, now: datetime = NOW) -> SearchGeneration:
    with database.transaction() as session:
        made = engine.renew(session, ACHIEVEMENTS, TODAY, now=now)
    assert made is not None
    return made


def names(engine: MilvusEngine) -> set[str]:
    return {name for name in engine.milvus.call("list_collections") if not name.endswith("_terms")}


def alias(database: Database, engine: MilvusEngine) -> str:
    with database.transaction() as session:
        told = engine.milvus.call("describe_alias", prefix_of(session, ACHIEVEMENTS))
    return str(told["collection_name"])


def horizon(session: Session) -> int:
    return session.scalars(select(SearchGeneration.horizon_xid)).one()


def test_changes_go_into_the_same_collection_and_move_its_horizon(
    committed_database: Database, engine: MilvusEngine
):
    first = offer(committed_database)
    made = renew(committed_database, engine)
    second = offer(committed_database)
    with committed_database.transaction() as session:
        session.execute(update(Achievement).where(Achievement.id == UUID(first)).values(state="hidden"))
    again = renew(committed_database, engine)
    assert (again.name, again.documents) == (made.name, 1)
    # Not later for certain: whoever works on the server's other databases may hold it back.
    assert again.horizon_xid >= made.horizon_xid
    assert Collection(engine.milvus, made.name).count({first, second}) == 1
    assert alias(committed_database, engine) == made.name


def test_a_job_that_dies_before_its_commit_is_made_good_by_the_next(
    committed_database: Database, engine: MilvusEngine, monkeypatch: pytest.MonkeyPatch
):
    offer(committed_database)
    renew(committed_database, engine)
    with committed_database.transaction() as session:
        before = horizon(session)
    second = offer(committed_database)

    def die(*_: object) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "_sweep", die)
        with pytest.raises(OSError, match="killed"):
            renew(committed_database, engine)
    with committed_database.transaction() as session:
        assert horizon(session) == before, "written to Milvus, not yet believed"
        assert second in found(session, engine, LASER)
    assert renew(committed_database, engine).documents == 2
    with committed_database.transaction() as session:
        assert horizon(session) >= before


def test_a_fill_that_dies_leaves_nothing_that_is_searched_and_is_removed_after_the_grace(
    committed_database: Database, engine: MilvusEngine, monkeypatch: pytest.MonkeyPatch
):
    row = offer(committed_database)

    def die(*_: object) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(keeping.Terms, "fill", die)
        with pytest.raises(OSError, match="killed"):
            renew(committed_database, engine)
    (abandoned,) = names(engine)
    with committed_database.transaction() as session:
        assert engine.projection(ACHIEVEMENTS).searchable(session, TODAY).generation is None
        assert found(session, engine, LASER) == [row]
    soon = renew(committed_database, engine, NOW + timedelta(minutes=1))
    assert names(engine) == {abandoned, soon.name}
    renew(committed_database, engine, NOW + GRACE + timedelta(minutes=2))
    assert names(engine) == {soon.name}


def test_another_encoder_gets_a_collection_of_its_own_and_then_the_alias(
    committed_database: Database, engine: MilvusEngine
):
    row = offer(committed_database)
    ours = renew(committed_database, engine)
    other = with_another_model(engine)
    with committed_database.transaction() as session:
        assert other.projection(ACHIEVEMENTS).searchable(session, TODAY).generation is None
        assert alias(committed_database, engine) == ours.name
    theirs = renew(committed_database, other, NOW + timedelta(minutes=1))
    assert alias(committed_database, engine) == theirs.name != ours.name
    assert theirs.name.startswith(ours.name.split("_achievements_")[0])
    with (
        committed_database.transaction() as session
    ):  # whoever still holds the old model goes on with the old vectors
        for process, made in ((engine, ours), (other, theirs)):
            searchable = process.projection(ACHIEVEMENTS).searchable(session, TODAY)
            assert searchable.generation == made.name
            assert [hit.document_id for hit in searchable.rank(Query(LASER), 5)] == [row]
    later = NOW + GRACE + timedelta(minutes=2)
    renew(committed_database, other, later)
    assert names(engine) == {theirs.name}
    with committed_database.transaction() as session:
        assert session.scalars(select(SearchGeneration.name)).all() == [theirs.name]


def test_an_encoder_that_is_set_back_takes_its_collection_up_again(
    committed_database: Database, engine: MilvusEngine
):
    offer(committed_database)
    ours = renew(committed_database, engine)
    other = with_another_model(engine)
    renew(committed_database, other, NOW + timedelta(minutes=1))
    offer(committed_database)
    back = renew(committed_database, engine, NOW + timedelta(minutes=2))
    assert (back.name, back.retired_at, back.documents) == (ours.name, None, 2)
    assert alias(committed_database, engine) == ours.name
    renew(committed_database, engine, NOW + GRACE + timedelta(minutes=5))
    assert names(engine) == {ours.name}


def test_a_collection_whose_statistics_have_aged_is_filled_anew(
    committed_database: Database, engine: MilvusEngine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    for _ in range(3):
        offer(committed_database)
    made = renew(committed_database, engine)
    for _ in range(2):
        offer(committed_database)
    assert renew(committed_database, engine).name == made.name
    offer(committed_database)
    again = renew(committed_database, engine, NOW + timedelta(minutes=1))
    assert again.name != made.name
    with committed_database.transaction() as session:
        assert engine.projection(ACHIEVEMENTS).searchable(session, TODAY).corpus.statistics.documents == 6
        assert len(found(session, engine, LASER)) == 6


@pytest.mark.parametrize("harm", ["dropped", "terms dropped", "foreign", "another dimension"])
def test_a_collection_that_is_not_the_named_one_is_done_without_and_filled_anew(
    committed_database: Database, engine: MilvusEngine, harm: str, tmp_path: Path
):
    row = offer(committed_database)
    made = renew(committed_database, engine)
    if harm == "dropped":
        engine.milvus.call("drop_alias", alias_name(committed_database))
        Collection(engine.milvus, made.name).drop()
    elif harm == "terms dropped":
        engine.milvus.call("drop_collection", f"{made.name}_terms")
    elif harm == "foreign":
        with committed_database.transaction() as session:
            session.execute(update(SearchGeneration).values(checksum="of another collection"))
    else:
        engine.milvus.call("drop_alias", alias_name(committed_database))
        Collection(engine.milvus, made.name).drop()
        Collection(engine.milvus, made.name).create(8)
    fresh = MilvusEngine(engine.milvus, lambda: engine.encoder)
    with committed_database.transaction() as session:
        searchable = fresh.projection(ACHIEVEMENTS).searchable(session, TODAY)
        assert searchable.generation is None
        assert searchable.spoilt is not None
        assert searchable.spoilt.name == made.name
        assert found(session, fresh, LASER) == [row]
    again = renew(committed_database, fresh, NOW + timedelta(minutes=1))
    assert again.name != made.name
    fresh = MilvusEngine(engine.milvus, lambda: engine.encoder)
    with committed_database.transaction() as session:
        assert fresh.projection(ACHIEVEMENTS).searchable(session, TODAY).generation == again.name
        assert found(session, fresh, LASER) == [row]


def alias_name(database: Database) -> str:
    with database.transaction() as session:
        return prefix_of(session, ACHIEVEMENTS)


def test_the_two_engines_leave_each_others_rows_alone(
    committed_database: Database, engine: MilvusEngine, tmp_path: Path
):
    offer(committed_database)
    own = an_engine(tmp_path / "search")
    collection = renew(committed_database, engine)
    with committed_database.transaction() as session:
        assert own.projection(ACHIEVEMENTS).current(session) is None, "a collection is no former generation"
    generation = renew(committed_database, own)
    generation_too = renew(committed_database, own, NOW + 2 * OTHERS_STAY)
    with committed_database.transaction() as session:
        for each, made in ((own, generation_too), (engine, collection)):
            assert each.projection(ACHIEVEMENTS).searchable(session, TODAY).generation == made.name
        assert session.get_one(SearchGeneration, collection.id).retired_at is None
    assert generation.name != generation_too.name


def test_databases_that_share_a_server_leave_each_other_alone(
    committed_database: Database, session: Session, engine: MilvusEngine
):
    offer(committed_database)
    made = renew(committed_database, engine)
    an_achievement(session)
    engine.renew(session, ACHIEVEMENTS, TODAY, now=NOW + 3 * GRACE)
    assert made.name in names(engine)


def test_a_restored_database_does_not_believe_a_horizon_of_the_future(
    committed_database: Database, engine: MilvusEngine
):
    row = offer(committed_database)
    made = renew(committed_database, engine)
    with committed_database.transaction() as session:
        session.execute(text("UPDATE search_generations SET horizon_xid = 1099511627776"))
    with committed_database.transaction() as session:
        assert engine.projection(ACHIEVEMENTS).searchable(session, TODAY).generation is None
        assert found(session, engine, LASER) == [row]
    assert renew(committed_database, engine, NOW + timedelta(minutes=1)).name != made.name
