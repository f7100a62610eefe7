"""Another ENCODER: search stays up on the former index until the new one is complete, and vectors never mix; of each engine."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from backbone.actor import SYSTEM
from backbone.db import Database
from sky_net.grading.choosing import put_live
from sky_net.matching import former
from sky_net.matching.building import GRACE, OTHERS_STAY
from sky_net.matching.documents import Hit, Query
from sky_net.matching.encoder import WORDS_ALONE, Encoder, located, open_encoder, reopen
from sky_net.matching.engine import Engine
from sky_net.matching.former import FormerEncoders, WordsAlone
from sky_net.matching.milvus.engine import MilvusEngine
from sky_net.matching.models import SearchGeneration
from sky_net.matching.ordering import build_generation, order_if_wanted
from sky_net.matching.port import Searchable, SearchEngine
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.matching.status import index_status
from tests.factories.achievements import an_achievement
from tests.factories.grading import a_ranker
from tests.factories.matching import TODAY, a_milvus_engine, found, installed
from tests.sky_net.matching.conftest import write_static_model

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER = "紫铜激光焊接飞溅抑制"


@pytest.fixture(autouse=True)
def _even_two_rows_are_a_catalogue(monkeypatch: pytest.MonkeyPatch):
    for module in ("projection", "milvus.view"):
        monkeypatch.setattr(f"sky_net.matching.{module}.ENOUGH_FOR_A_GENERATION", 0)


@pytest.fixture
def models(tmp_path: Path) -> tuple[Path, Path]:
    """Two models that differ in everything, the dimension too."""
    return write_static_model(tmp_path / "old", 1), write_static_model(tmp_path / "new", 2, dimension=16)


Making = Callable[[Path], SearchEngine]


@pytest.fixture(params=["own", "milvus"])
def engine_with(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Making]:
    """What a process with a model searches with, each engine in its turn; all on one disk or one server."""
    if request.param == "own":
        yield lambda model: Engine(tmp_path / "search", lambda: open_encoder(model), located(model))
        return
    pytest.importorskip("milvus_lite", reason="the extra `dev` brings it")
    with a_milvus_engine(tmp_path / "milvus") as made:
        yield lambda model: MilvusEngine(made.milvus, lambda: open_encoder(model), located(model))


@pytest.fixture
def old(engine_with: Making, models: tuple[Path, Path]) -> SearchEngine:
    return engine_with(models[0])


@pytest.fixture
def new(engine_with: Making, models: tuple[Path, Path]) -> Iterator[SearchEngine]:
    with installed(engine_with(models[1])) as made:
        assert made is not None
        yield made


def offer(database: Database, title: str = LASER) -> str:
    with database.transaction() as session:
        return str(an_achievement(session, title=title, summary=f"{title}的摘要").id)


def build_with(database: Database, engine: SearchEngine, now: datetime = NOW) -> str:
    with database.transaction() as session:
        made = engine.renew(session, ACHIEVEMENTS, TODAY, now=now)
    assert made is not None
    return made.name


def look(database: Database, engine: SearchEngine) -> Searchable:
    with database.transaction() as session:
        return engine.projection(ACHIEVEMENTS).searchable(session, TODAY)


def ranked(database: Database, engine: SearchEngine, words: str = LASER) -> list[Hit]:
    with database.transaction() as session:
        return engine.projection(ACHIEVEMENTS).searchable(session, TODAY).rank(Query(words), 10)


def searched_with(database: Database, engine: SearchEngine) -> str:
    with database.transaction() as session:
        return index_status(session, engine, NOW)[0].searched_with


def test_the_former_generation_is_searched_with_its_own_encoder_until_the_new_one_is_complete(
    committed_database: Database, old: SearchEngine, new: SearchEngine
):
    first = offer(committed_database)
    former_name = build_with(committed_database, old)
    second = offer(committed_database)
    before = look(committed_database, new)
    assert (before.generation, before.encoder) == (former_name, old.encoder.fingerprint)
    assert before.wants_generation
    assert before.corpus.vectors.shape[1] == 24, "what changed since is encoded by the former encoder, too"
    assert {hit.document_id for hit in ranked(committed_database, new)} == {first, second}
    assert [searched_with(committed_database, each) for each in (old, new)] == ["own", "former"]
    own_name = build_with(committed_database, new)
    after = look(committed_database, new)
    assert (after.generation, after.encoder) == (own_name, new.encoder.fingerprint)
    assert not after.wants_generation
    assert after.state != before.state
    assert searched_with(committed_database, new) == "own"
    with committed_database.transaction() as session:
        assert found(session, new, LASER) == sorted([first, second])


def test_both_processes_rank_alike_while_one_waits_for_its_own(
    committed_database: Database, old: SearchEngine, new: SearchEngine
):
    for number in range(5):
        offer(committed_database, f"{LASER}{number}")
    build_with(committed_database, old)
    offer(committed_database, "光纤传感在线检测")
    theirs, ours = look(committed_database, old), look(committed_database, new)
    assert ours.state == theirs.state
    assert ranked(committed_database, new) == ranked(committed_database, old)


def test_without_the_former_model_words_alone_are_searched(
    committed_database: Database, old: SearchEngine, new: SearchEngine, models: tuple[Path, Path]
):
    first = offer(committed_database)
    build_with(committed_database, old)
    _ = old.encoder
    shutil.rmtree(models[0])
    second = offer(committed_database)
    searched = look(committed_database, new)
    assert searched.encoder == WORDS_ALONE
    assert WORDS_ALONE in searched.state
    assert searched.wants_generation
    assert searched_with(committed_database, new) == WORDS_ALONE
    hits = ranked(committed_database, new)
    assert {hit.document_id for hit in hits} == {first, second}
    assert all(hit.score > 0.3 and hit.signals["dense"] == 0 for hit in hits)
    own = build_with(committed_database, new)
    assert look(committed_database, new).generation == own


def test_another_model_in_the_former_directory_is_not_taken_for_it(
    committed_database: Database, old: SearchEngine, new: SearchEngine, models: tuple[Path, Path]
):
    offer(committed_database)
    build_with(committed_database, old)
    shutil.rmtree(models[0])
    write_static_model(models[0], 77)
    assert look(committed_database, new).encoder == WORDS_ALONE


def test_a_former_model_that_comes_back_is_used_again_and_meets_none_of_the_zeros(
    committed_database: Database,
    old: SearchEngine,
    new: SearchEngine,
    models: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
):
    offer(committed_database)
    build_with(committed_database, old)
    offer(committed_database)
    models[0].rename(models[0].with_name("aside"))
    assert look(committed_database, new).encoder == WORDS_ALONE
    models[0].with_name("aside").rename(models[0])
    assert look(committed_database, new).encoder == WORDS_ALONE, "it is not looked for at every search"
    monkeypatch.setattr(former.time, "monotonic", lambda: 1e12)
    searched = look(committed_database, new)
    assert searched.encoder == old.encoder.fingerprint
    assert searched.corpus.vectors.any()


def test_a_small_catalogue_is_simply_encoded_anew(
    committed_database: Database, old: SearchEngine, new: SearchEngine, monkeypatch: pytest.MonkeyPatch
):
    for module in ("projection", "milvus.view"):
        monkeypatch.setattr(f"sky_net.matching.{module}.ENOUGH_FOR_A_GENERATION", 100)
    offer(committed_database)
    build_with(committed_database, old)
    searched = look(committed_database, new)
    assert (searched.generation, searched.encoder) == (None, new.encoder.fingerprint)


def test_a_search_on_the_former_generation_orders_the_new_one(
    committed_database: Database, old: SearchEngine, new: SearchEngine
):
    offer(committed_database)
    build_with(committed_database, old)
    searched = look(committed_database, new)
    with committed_database.transaction() as session:
        order_if_wanted(session, new.projection(ACHIEVEMENTS), searched, TODAY)
        ordered = session.scalar(text("select args->>'encoder' from procrastinate_jobs"))
    assert ordered == new.encoder.fingerprint


def test_a_worker_with_another_encoder_leaves_the_order_alone(
    committed_database: Database, old: SearchEngine, new: SearchEngine, caplog: pytest.LogCaptureFixture
):
    offer(committed_database)
    build_generation("achievements", TODAY.isoformat(), encoder=old.encoder.fingerprint)
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(SearchGeneration)) == 0
    assert "another encoder than this worker's" in caplog.text
    build_generation("achievements", TODAY.isoformat(), encoder=new.encoder.fingerprint)
    assert look(committed_database, new).encoder == new.encoder.fingerprint


def test_a_former_generation_is_retired_once_every_process_has_had_its_day(
    committed_database: Database, old: SearchEngine, new: SearchEngine
):
    offer(committed_database)
    first = build_with(committed_database, old)
    build_with(committed_database, new, NOW + timedelta(minutes=5))
    assert look(committed_database, old).generation == first
    second = build_with(committed_database, new, NOW + OTHERS_STAY + GRACE)
    searched = look(committed_database, old)
    assert (searched.generation, searched.encoder) == (second, new.encoder.fingerprint), (
        "it searches as the others do"
    )


def test_a_renewal_before_the_switch_keeps_the_two_models_apart(
    committed_database: Database, old: SearchEngine, new: SearchEngine
):
    row = offer(committed_database)
    names = [engine.renew_apart(ACHIEVEMENTS, TODAY) for engine in (old, new)]
    for engine, name in zip((old, new), names, strict=True):
        searched = look(committed_database, engine)
        assert (searched.generation, searched.encoder) == (name, engine.encoder.fingerprint)
        assert [hit.document_id for hit in ranked(committed_database, engine)] == [row]


def test_a_former_index_that_has_gone_is_done_without(
    committed_database: Database, old: SearchEngine, new: SearchEngine
):
    row = offer(committed_database)
    former_name = build_with(committed_database, old)
    with committed_database.transaction() as session:
        session.execute(update(SearchGeneration).values(checksum="of another"))
    searched = look(committed_database, new)
    assert (searched.generation, searched.encoder) == (None, new.encoder.fingerprint)
    assert searched.spoilt is not None
    assert searched.spoilt.name == former_name
    assert searched_with(committed_database, new) == "no index"
    assert [hit.document_id for hit in ranked(committed_database, new)] == [row]


def test_a_ranker_is_not_applied_to_the_vectors_of_a_former_encoder(
    committed_database: Database, old: SearchEngine, new: SearchEngine
):
    offer(committed_database)
    with committed_database.transaction() as session:
        put_live(session, SYSTEM, a_ranker(session, 1, encoder=new.encoder.fingerprint), now=NOW)
    build_with(committed_database, old)
    assert look(committed_database, new).ranker is None
    build_with(committed_database, new)
    assert look(committed_database, new).ranker_number == 1


def test_encoders_that_nobody_uses_any_more_are_let_go(models: tuple[Path, Path]):
    opened: list[str | None] = []

    def opener(location: str | None) -> Encoder:
        opened.append(location)
        return reopen(location)

    fingerprint = open_encoder(models[0]).fingerprint
    encoders = FormerEncoders(opener)
    held = encoders.get(str(models[0]), fingerprint)
    assert encoders.get(str(models[0]), fingerprint) is held
    assert opened == [str(models[0])]
    del held
    assert encoders.get(str(models[0]), fingerprint) is not None
    assert len(opened) == 2


def test_no_encoder_gives_zeros_of_the_right_shape():
    assert WordsAlone(7).encode(["激光", "焊接"]).shape == (2, 7)
    assert not WordsAlone(7).encode(["激光"]).any()
