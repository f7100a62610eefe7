"""What every search engine owes, asked of each: our own on its files, and Milvus (a milvus-lite in this process)."""

import random
import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from backbone.actor import SYSTEM
from backbone.db import Database
from demo import catalogue
from sky_net.achievements.models import Achievement
from sky_net.grading.choosing import put_live
from sky_net.matching import spreading
from sky_net.matching.changes import read_documents
from sky_net.matching.comparing import Comparison, asked_of
from sky_net.matching.documents import Filters, Hit, Query
from sky_net.matching.encoder import Vectors
from sky_net.matching.engine import Engine
from sky_net.matching.errors import SearchNotReady, VectorsUnfit
from sky_net.matching.evidence import Sought
from sky_net.matching.models import SearchGeneration
from sky_net.matching.ordering import build_generation
from sky_net.matching.port import Inquiry, Searchable, SearchEngine
from sky_net.matching.search import find, findable_among, open_source
from sky_net.matching.signals import NAMES, TEXTS, signals_of
from sky_net.matching.sources import ACHIEVEMENTS, NEEDS
from sky_net.matching.status import index_status
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.grading import a_dense_ranker, a_feature_ranker, a_ranker
from tests.factories.matching import TODAY, a_milvus_engine, an_engine, found, installed, shipped_encoder
from tests.factories.needs import a_need

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER, RICE = "紫铜激光焊接飞溅抑制", "水稻稻瘟病抗性育种"
ENGINES = ["own", "milvus"]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """Each engine in its turn, installed, with nothing opened or indexed yet."""
    if request.param == "own":
        with installed(an_engine(tmp_path / "search")) as made:
            assert made is not None
            yield made
        return
    pytest.importorskip("milvus_lite", reason="the extra `dev` brings it")
    with a_milvus_engine(tmp_path / "milvus") as made, installed(made):
        yield made


def offer(database: Database, title: str = LASER, **values: object) -> str:
    with database.transaction() as session:
        return str(an_achievement(session, title=title, summary=f"{title}的摘要", **values).id)


def change(database: Database, row_id: str, **values: object) -> None:
    with database.transaction() as session:
        session.execute(update(Achievement).where(Achievement.id == UUID(row_id)).values(**values))


def settle(database: Database) -> None:
    """Wait until everything written is older than whatever still runs: then an index holds it, and no delta."""
    behind = text(
        "SELECT coalesce(max(change_xid), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM achievements"
    )
    until = time.monotonic() + 60
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(behind):
            assert time.monotonic() < until, "some transaction of this cluster has been open for a minute"
            time.sleep(0.02)


def renew(database: Database, engine: SearchEngine, *, now: datetime = NOW) -> SearchGeneration:
    settle(database)
    with database.transaction() as session:
        made = engine.renew(session, ACHIEVEMENTS, TODAY, now=now)
    assert made is not None
    return made


def found_now(database: Database, engine: SearchEngine, words: str = LASER) -> list[str]:
    with database.transaction() as session:
        return found(session, engine, words)


def searching(session: Session, engine: SearchEngine) -> Searchable:
    return engine.projection(ACHIEVEMENTS).searchable(session, TODAY)


def shown(session: Session, query: Query, filters: Filters | None = None) -> list[Hit]:
    """What a caller is shown in the end."""

    def allowed(ids: list[UUID]) -> Collection[UUID]:
        return findable_among(session, ACHIEVEMENTS, ids, TODAY)

    return find(open_source(session, ACHIEVEMENTS, TODAY), query, allowed, 10, filters)


def test_a_commit_is_found_by_the_next_search(committed_database: Database, engine: SearchEngine):
    first = offer(committed_database)
    assert found_now(committed_database, engine) == [first]
    renew(committed_database, engine)
    assert found_now(committed_database, engine) == [first]
    second = offer(committed_database)
    assert found_now(committed_database, engine) == sorted([first, second])
    renew(committed_database, engine)
    assert found_now(committed_database, engine) == sorted([first, second])


def test_what_was_searched_is_named(committed_database: Database, engine: SearchEngine):
    offer(committed_database)
    with committed_database.transaction() as session:
        before = searching(session, engine)
        assert (before.generation, before.size, before.encoder) == (None, 1, shipped_encoder().fingerprint)
    made = renew(committed_database, engine)
    offer(committed_database)
    with committed_database.transaction() as session:
        after = searching(session, engine)
        assert (after.generation, after.size) == (made.name, 2)
        assert after.state != before.state
        assert after.state == searching(session, engine).state
        assert after.spoilt is None


def test_a_small_catalogue_wants_no_index_and_one_behind_wants_another(
    committed_database: Database, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
):
    for module in ("projection", "milvus.view"):
        monkeypatch.setattr(f"sky_net.matching.{module}.ENOUGH_FOR_A_GENERATION", 2)
        monkeypatch.setattr(f"sky_net.matching.{module}.MOST_CHANGES", 1)
    wants = []
    for _ in range(3):
        offer(committed_database)
        with committed_database.transaction() as session:
            wants.append(searching(session, engine).wants_generation)
    renew(committed_database, engine)
    for _ in range(2):
        with committed_database.transaction() as session:
            wants.append(searching(session, engine).wants_generation)
        for _ in range(2):
            offer(committed_database)
    assert wants == [False, False, True, False, True]


def test_another_wording_takes_the_place_of_the_old_one(committed_database: Database, engine: SearchEngine):
    changed = offer(committed_database)
    renew(committed_database, engine)
    for is_indexed in (False, True):
        title = f"{RICE}{is_indexed}"
        change(committed_database, changed, title=title, summary=title)
        if is_indexed:
            renew(committed_database, engine)
        assert found_now(committed_database, engine, title) == [changed]
        assert found_now(committed_database, engine, LASER) == []


@pytest.mark.parametrize("is_indexed", [False, True])
@pytest.mark.parametrize(
    "values",
    [{"state": "hidden"}, {"secrecy": "internal"}, {"valid_until_on": date(2026, 3, 9)}],
    ids=["hidden", "internal", "expired"],
)
def test_what_is_no_longer_on_offer_is_not_found(
    committed_database: Database, engine: SearchEngine, values: dict[str, object], is_indexed: bool
):
    gone, stays = offer(committed_database), offer(committed_database)
    renew(committed_database, engine)
    change(committed_database, gone, **values)
    if is_indexed:
        renew(committed_database, engine)
    assert found_now(committed_database, engine) == [stays]
    with committed_database.transaction() as session:
        assert searching(session, engine).size == 1


def test_what_was_hidden_comes_back(committed_database: Database, engine: SearchEngine):
    row = offer(committed_database)
    renew(committed_database, engine)
    change(committed_database, row, state="hidden")
    renew(committed_database, engine)
    change(committed_database, row, state="visible")
    assert found_now(committed_database, engine) == [row]
    renew(committed_database, engine)
    assert found_now(committed_database, engine) == [row]


def test_a_row_that_was_deleted_is_never_shown(
    committed_database: Database, owner: Database, engine: SearchEngine
):
    gone, stays = offer(committed_database), offer(committed_database)
    renew(committed_database, engine)
    with owner.transaction() as session:
        session.execute(delete(Achievement).where(Achievement.id == UUID(gone)))
    with committed_database.transaction() as session:
        assert [hit.document_id for hit in shown(session, Query(LASER))] == [stays]


def test_what_expires_overnight_is_not_shown_although_no_row_changed(
    committed_database: Database, engine: SearchEngine
):
    offer(committed_database, valid_until_on=TODAY)
    renew(committed_database, engine)
    tomorrow = TODAY + timedelta(days=1)
    with committed_database.transaction() as session:
        hits = find(
            open_source(session, ACHIEVEMENTS, tomorrow),
            Query(LASER),
            lambda ids: findable_among(session, ACHIEVEMENTS, ids, tomorrow),
            10,
        )
    assert hits == []


@pytest.mark.parametrize("others", [0, 3])
def test_a_commit_that_began_before_the_index_was_made_and_ended_after_it_is_found(
    committed_database: Database, engine: SearchEngine, others: int
):
    offer(committed_database, RICE)
    late = committed_database.sessions()
    with late.begin():
        written = str(an_achievement(late, title=LASER, summary=LASER).id)
        for number in range(others):
            offer(committed_database, f"{RICE}{number}")
        with committed_database.transaction() as session:
            assert engine.renew(session, ACHIEVEMENTS, TODAY, now=NOW) is not None
        assert found_now(committed_database, engine) == []
    late.close()
    assert found_now(committed_database, engine) == [written]
    renew(committed_database, engine)
    assert found_now(committed_database, engine) == [written]


def test_a_transaction_finds_what_it_has_written_itself(session: Session, engine: SearchEngine):
    first = str(an_achievement(session, title=LASER, summary=LASER).id)
    assert found(session, engine, LASER) == [first]


def test_a_subject_that_the_index_never_heard_of_is_found_by_its_words(
    committed_database: Database, engine: SearchEngine
):
    offer(committed_database, RICE)
    renew(committed_database, engine)
    new = offer(committed_database, LASER)
    for _ in range(2):
        with committed_database.transaction() as session:
            best = searching(session, engine).rank(Query(LASER), 1)[0]
        assert best.document_id == new
        assert best.signals["title"] > 0.3
        renew(committed_database, engine)


@pytest.mark.parametrize("is_indexed", [False, True])
def test_filters_let_through_what_carries_a_facet_of_each_kind(
    committed_database: Database, engine: SearchEngine, is_indexed: bool
):
    offers = {
        (industry, trl): offer(committed_database, industry=industry, trl=trl)
        for industry in ("opto", "auto")
        for trl in (4, 6, 8)
    }
    if is_indexed:
        renew(committed_database, engine)
    filters = Filters((frozenset({"industry:opto"}), frozenset({"trl:6", "trl:8", 'trl:"]) or (1'})))
    nothing = Filters((frozenset({"industry:opto"}), frozenset()))
    with committed_database.transaction() as session:
        hits = shown(session, Query(LASER), filters)
        assert {hit.document_id for hit in hits} == {offers["opto", 6], offers["opto", 8]}
        assert shown(session, Query(LASER), nothing) == []


def test_a_changed_facet_counts_from_the_commit_on(committed_database: Database, engine: SearchEngine):
    row = offer(committed_database, industry="opto")
    renew(committed_database, engine)
    change(committed_database, row, industry="auto")
    for _ in range(2):
        with committed_database.transaction() as session:
            assert shown(session, Query(LASER), Filters((frozenset({"industry:opto"}),))) == []
            assert len(shown(session, Query(LASER), Filters((frozenset({"industry:auto"}),)))) == 1
        renew(committed_database, engine)


@pytest.mark.parametrize("is_indexed", [False, True])
def test_an_empty_catalogue_answers_with_nothing(
    committed_database: Database, engine: SearchEngine, is_indexed: bool
):
    if is_indexed:
        assert renew(committed_database, engine).documents == 0
    with committed_database.transaction() as session:
        assert shown(session, Query(LASER)) == []
        assert searching(session, engine).size == 0
    written = offer(committed_database)
    assert found_now(committed_database, engine) == [written]


ODD = [
    "", " ", "焊", "😀🔧", "\x00\ud800", "紫銅激光焊接飛濺抑制", "laser welding of copper", 'id in ["x"] or (1==1)', "E=mc² ∑∫√",
    "“』)]}\\\"'; DROP", "≥67 % 1.80 g/cm³ 100–200 ℃", "激光焊接飞溅" * 17_000,
]  # fmt: skip


@pytest.mark.slow
def test_any_text_is_an_answerable_query(committed_database: Database, engine: SearchEngine):
    rows = {offer(committed_database, LASER), offer(committed_database, RICE)}
    renew(committed_database, engine)
    rows.add(offer(committed_database, "轴承润滑寿命预测"))
    with committed_database.transaction() as session:
        for query in [Query(words) for words in ODD] + [Query("焊接", words) for words in ODD]:
            hits = searching(session, engine).rank(query, 10)
            assert {hit.document_id for hit in hits} == rows, query.title
            assert all(np.isfinite(hit.score) for hit in hits)


@pytest.mark.slow
def test_any_text_is_an_indexable_document(committed_database: Database, engine: SearchEngine):
    storable = [words for words in ODD if "\x00" not in words]
    rows = {offer(committed_database, words[:200] or "无题", problem_solved=words) for words in storable}
    renew(committed_database, engine)
    with committed_database.transaction() as session:
        assert {hit.document_id for hit in searching(session, engine).rank(Query("焊接"), 50)} == rows


def test_traditional_characters_find_what_simplified_ones_do(
    committed_database: Database, engine: SearchEngine
):
    written = offer(committed_database)
    renew(committed_database, engine)
    assert found_now(committed_database, engine, "紫銅激光焊接飛濺抑制") == [written]


class Lying:
    """Says that its vectors are longer than they are."""

    dimension, fingerprint = 16, "lying"

    def encode(self, texts: list[str]) -> Vectors:
        return np.zeros((len(texts), 8), np.float32)


def test_an_encoder_of_another_dimension_than_it_says_is_refused_in_a_sentence(
    committed_database: Database, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
):
    offer(committed_database)
    monkeypatch.setattr(engine, "_encoder", Lying())
    with pytest.raises(VectorsUnfit, match="gave 2×8") as refused:
        renew(committed_database, engine)
    assert "应给出 2×16 的向量" in refused.value.sentence().zh
    with pytest.raises(VectorsUnfit):
        found_now(committed_database, engine)


def test_more_than_a_caller_waits_for_is_refused_until_there_is_an_index(
    committed_database: Database, engine: SearchEngine
):
    for _ in range(3):
        offer(committed_database)
    with committed_database.transaction() as session, pytest.raises(SearchNotReady):
        engine.projection(ACHIEVEMENTS).searchable(session, TODAY, 2)
    renew(committed_database, engine)
    with committed_database.transaction() as session:
        assert engine.projection(ACHIEVEMENTS).searchable(session, TODAY, 2).size == 3


def test_only_one_process_renews_a_source(committed_database: Database, engine: SearchEngine):
    offer(committed_database)
    with committed_database.transaction() as session:
        assert engine.renew(session, ACHIEVEMENTS, TODAY, now=NOW) is not None
        with committed_database.transaction() as other:
            assert engine.renew(other, ACHIEVEMENTS, TODAY, now=NOW) is None
            assert engine.renew(other, NEEDS, TODAY, now=NOW) is not None


def test_the_job_renews_and_may_run_twice(committed_database: Database, engine: SearchEngine):
    written = offer(committed_database)
    settle(committed_database)
    for _ in range(2):
        build_generation(ACHIEVEMENTS.name, TODAY.isoformat())
        assert found_now(committed_database, engine) == [written]
    with committed_database.transaction() as session:
        assert searching(session, engine).generation is not None


def test_needs_are_searched_as_well(committed_database: Database, engine: SearchEngine):
    with committed_database.transaction() as session:
        public = a_need(session, state="confirmed", visibility="public", title=LASER, problem=LASER)
        masked = a_need(
            session,
            state="confirmed",
            visibility="masked",
            title=RICE,
            masked_title="某农业难题",
            masked_summary="育种",
        )
        a_need(session, state="confirmed", visibility="operators", title=LASER)
        ids = {str(public.id), str(masked.id)}
    settle(committed_database)
    with committed_database.transaction() as session:
        engine.renew(session, NEEDS, TODAY, now=NOW)
    with committed_database.transaction() as session:
        hits = engine.projection(NEEDS).searchable(session, TODAY).rank(Query(LASER), 10)
        assert {hit.document_id for hit in hits} == ids
        assert hits[0].document_id == str(public.id)
        by_secret = engine.projection(NEEDS).searchable(session, TODAY).rank(Query("稻瘟病抗性"), 10)
        assert max(hit.signals["title"] + hit.signals["body"] for hit in by_secret) == 0


def test_reasons_are_given_of_what_is_indexed_and_of_what_changed_since(
    committed_database: Database, engine: SearchEngine
):
    indexed = offer(committed_database)
    renew(committed_database, engine)
    changed = offer(committed_database)
    query = Query(LASER, "焊接飞溅多")
    with committed_database.transaction() as session:
        searched = searching(session, engine)
        hits = searched.rank(query, 10)
        sought = Sought(query, searched.corpus)
        rows = session.execute(ACHIEVEMENTS.documents, {"ids": [UUID(indexed), UUID(changed)]})
        told = {str(row.id): sought.evidence(ACHIEVEMENTS.document(row)) for row in rows}
    assert {hit.document_id for hit in hits} == {indexed, changed}
    for hit in hits:
        lexical = hit.signals["title"] + hit.signals["body"]
        assert 0 < sum(each.weight for each in told[hit.document_id].terms) <= lexical + 1e-5
        assert told[hit.document_id].explained > 0.5
    assert told[indexed] == told[changed], "one formula, one set of statistics"


def test_a_search_says_that_the_learned_ranker_chose_its_order(
    committed_database: Database, engine: SearchEngine
):
    ids = {offer(committed_database), offer(committed_database, RICE)}
    with committed_database.transaction() as session:
        put_live(session, SYSTEM, a_dense_ranker(session, 1), now=NOW)
    renew(committed_database, engine)
    with committed_database.transaction() as session:
        searched = searching(session, engine)
        hits = searched.rank(Query(LASER), 10)
        assert searched.state == searching(session, engine).state
    assert searched.ranker_number == 1
    assert {hit.document_id for hit in hits} == ids
    assert [hit.standing for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


WORDINGS = [
    "紫铜激光焊接飞溅抑制", "铜材激光焊的飞溅控制方法", "激光焊接紫铜", "焊接质量在线检测", "铜排连接工艺", "飞溅", "高反材料的光纤激光加工",
    "水稻稻瘟病抗性育种",
]  # fmt: skip


@pytest.mark.parametrize("indexed", [0, 5, 8])
def test_the_learned_ranker_gives_the_same_order_wherever_the_texts_lie(
    committed_database: Database, engine: SearchEngine, indexed: int
):
    """In the index, among the changes or half and half: the order is that of its verdicts over all signals."""
    ids = [offer(committed_database, title) for title in WORDINGS[:indexed]]
    if indexed:
        renew(committed_database, engine)
    ids += [offer(committed_database, title) for title in WORDINGS[indexed:]]
    draw = np.random.default_rng(3)
    query = Query("紫铜激光焊接飞溅抑制", "光纤激光焊接铜排时飞溅多，希望在线检测焊接质量")
    with committed_database.transaction() as session:
        plain = searching(session, engine)
        blend = plain.rank(query, 10)
        version = a_ranker(session, 1, weights=draw.normal(0, 10, len(NAMES)).tolist())
        put_live(session, SYSTEM, version, now=NOW)
        rows = read_documents(session, ACHIEVEMENTS, [UUID(each) for each in ids])
        [signals] = signals_of([query], [rows[UUID(hit.document_id)] for hit in blend], plain.corpus)
        ranked = searching(session, engine)
        hits = ranked.rank(query, 10)
    signals[:, 0] = [hit.score for hit in blend]
    verdicts = dict(
        zip([hit.document_id for hit in blend], signals @ version.weights[: len(TEXTS)], strict=True)
    )
    assert {hit.document_id for hit in blend} == set(ids)
    assert ranked.state != plain.state
    assert [hit.document_id for hit in hits] == sorted(verdicts, key=lambda each: -verdicts[each])
    assert [hit.document_id for hit in hits] != [hit.document_id for hit in blend]
    assert {hit.document_id: hit.score for hit in hits} == {hit.document_id: hit.score for hit in blend}


def test_the_learned_ranker_heeds_what_an_offer_is_beyond_its_text(
    committed_database: Database, engine: SearchEngine
):
    """As it is at this moment: in the index, changed since, and in the index again."""
    ids = [offer(committed_database, f"{LASER}{each}", region_code="420100") for each in range(3)]
    with committed_database.transaction() as session:
        need = a_need(session, title=LASER, zone_code="420100")
        put_live(session, SYSTEM, a_feature_ranker(session, 1, region=1000.0), now=NOW)
        beside = Comparison(asked_of(need), NOW)

    def last() -> str:
        with committed_database.transaction() as session:
            return searching(session, engine).rank(Query(LASER), 10, None, beside)[-1].document_id

    renew(committed_database, engine)
    last()  # the offers are held from here on
    for far, near in ((ids[1], ids[0]), (ids[0], ids[1])):
        change(committed_database, far, region_code="outside-gba")
        change(committed_database, near, region_code="420100")
        assert last() == far
        renew(committed_database, engine)
        assert last() == far


def test_a_longer_list_in_a_learned_order_extends_a_shorter(
    committed_database: Database, engine: SearchEngine
):
    for title in WORDINGS:
        offer(committed_database, title)
    with committed_database.transaction() as session:
        put_live(session, SYSTEM, a_dense_ranker(session, 1), now=NOW)
    renew(committed_database, engine)
    with committed_database.transaction() as session:
        searched = searching(session, engine)
        assert searched.rank(Query(LASER), 3) == searched.rank(Query(LASER), 8)[:3]


@pytest.mark.parametrize("is_learned", [False, True])
def test_each_of_many_needs_is_ranked_as_if_it_were_alone(
    committed_database: Database, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch, is_learned: bool
):
    """By several processes too, with what changed since the index was made."""
    monkeypatch.setattr(spreading, "WORTH_S", 0.0)
    monkeypatch.setattr(spreading, "AT_ONCE", 3)
    monkeypatch.setattr(spreading, "processors", lambda: 2)
    for title in WORDINGS[:5]:
        offer(committed_database, title, region_code="420100")
    renew(committed_database, engine)
    for title in WORDINGS[5:]:
        offer(committed_database, title, region_code="outside-gba")
    with committed_database.transaction() as session:
        need = a_need(session, title=LASER, zone_code="420100")
        if is_learned:
            put_live(session, SYSTEM, a_feature_ranker(session, 1, region=1000.0), now=NOW)
        comparisons = [None, Comparison(asked_of(need), NOW)]
        asked = [Inquiry(Query(title), comparisons[place % 2]) for place, title in enumerate(WORDINGS)]
        searched = searching(session, engine)
        ranked = list(searched.rank_each(asked, 4))
        assert ranked == [searched.rank(query, 4, beside=beside) for query, beside in asked]
    assert [len(hits) for hits in ranked] == [4] * len(WORDINGS)


def test_a_renewal_in_its_own_transactions_is_told_by_the_status(
    committed_database: Database, engine: SearchEngine
):
    with committed_database.transaction() as session:
        assert [each.searched_with for each in index_status(session, engine, NOW)] == ["no index"] * 2
    offer(committed_database)
    settle(committed_database)
    name = engine.renew_apart(ACHIEVEMENTS, TODAY)
    with committed_database.transaction() as session:
        told, needs = index_status(session, engine, NOW)
    assert (told.generation, told.documents, told.searched_with, told.problem) == (name, 1, "own", None)
    assert told.build is not None
    assert told.build.failure is None
    assert told.build.ended_at is not None
    assert needs.build is None


@pytest.mark.parametrize("before", [0, 10])
def test_everybody_is_told_how_far_a_renewal_is_while_it_goes_on(
    committed_database: Database, engine: SearchEngine, before: int, monkeypatch: pytest.MonkeyPatch
):
    for module in ("encoding.BLOCK", "milvus.keeping.AT_ONCE"):
        monkeypatch.setattr(f"sky_net.matching.{module}", 2)
    monkeypatch.setattr("sky_net.matching.progress.TELL_EVERY_S", 0.0)
    for _ in range(before):
        offer(committed_database)
    if before:
        renew(committed_database, engine)
    for _ in range(5):
        offer(committed_database)
    settle(committed_database)
    told: list[tuple[str, int, int]] = []
    seen: list[tuple[str, int, int]] = []

    def watch(phase: str, done: int, total: int) -> None:
        told.append((phase, done, total))
        with committed_database.transaction() as session:
            build = index_status(session, engine, NOW)[0].build
        assert build is not None
        assert build.ended_at is None
        seen.append((build.phase, build.done, build.total))

    engine.renew_apart(ACHIEVEMENTS, TODAY, watch)
    encoded = [each[1:] for each in told if each[0] == "encoding"]
    total = before + 5 if isinstance(engine, Engine) else 5  # a collection takes in the changes alone
    assert encoded == [(done, total) for done in range(0, total, 2)] + [(total, total)]
    assert seen == [("reading", 0, 0), *told[:-1]], (
        "the row is written when the watch was told, which is asked first"
    )


def test_a_renewal_that_fails_is_told_with_its_reason(
    committed_database: Database, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
):
    row = offer(committed_database)

    def fail(phase: str, done: int, total: int) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        engine.renew_apart(ACHIEVEMENTS, TODAY, fail)
    with committed_database.transaction() as session:
        told = index_status(session, engine, NOW)[0]
    assert told.generation is None
    assert told.build is not None
    assert told.build.failure == "OSError: no room"
    assert found_now(committed_database, engine) == [row]
    assert engine.renew_apart(ACHIEVEMENTS, TODAY) is not None, "the lock was given back"


def test_a_renewal_in_its_own_transactions_is_one_processs_alone(
    committed_database: Database, engine: SearchEngine
):
    offer(committed_database)
    others: list[object] = []

    def try_too(phase: str, done: int, total: int) -> None:
        if not others:
            others.append(engine.renew_apart(ACHIEVEMENTS, TODAY))
            with committed_database.transaction() as session:
                others.append(engine.renew(session, ACHIEVEMENTS, TODAY, now=NOW))

    assert engine.renew_apart(ACHIEVEMENTS, TODAY, try_too) is not None
    assert others == [None, None]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_search_shows_the_committed_and_visible_rows_under_any_interleaving(
    committed_database: Database, engine: SearchEngine, seed: int
):
    """Of insert, update, hide, show and renewal; the truth is what the database says is on offer."""
    draw = random.Random(seed)
    rows = [offer(committed_database, f"{LASER}{draw.randrange(9)}")]

    def insert() -> None:
        rows.append(offer(committed_database, f"{LASER}{draw.randrange(9)}"))

    def reword() -> None:
        change(committed_database, draw.choice(rows), title=draw.choice([LASER, RICE]), summary="摘要")

    def hide() -> None:
        change(committed_database, draw.choice(rows), state="hidden")

    def show() -> None:
        change(committed_database, draw.choice(rows), state="visible")

    def bring_up_to_date() -> None:
        with committed_database.transaction() as session:
            engine.renew(session, ACHIEVEMENTS, TODAY, now=NOW)

    steps: list[Callable[[], None]] = [insert, reword, hide, show, bring_up_to_date]
    for _ in range(25):
        draw.choice(steps)()
        with committed_database.transaction() as session:
            visible = {
                str(row) for row in session.scalars(
                    select(Achievement.id).where(Achievement.state == "visible", Achievement.title.startswith(LASER))
                )
            }  # fmt: skip
            assert set(found(session, engine, LASER)) == visible
            assert {hit.document_id for hit in shown(session, Query(LASER)) if hit.score > 0.05} == visible


@pytest.fixture
def demo_catalogue(committed_database: Database) -> dict[str, str]:
    """The demo's achievements, committed; their keys by id."""
    wanted = (
        "title",
        "summary",
        "problem_solved",
        "gain",
        "keywords",
        "industry",
        "tech_field",
        "trl",
        "indicators",
    )
    with committed_database.transaction() as session:
        institute = an_institute(session)
        return {
            str(an_achievement(session, institute=institute, **{name: entry.raw[name] for name in wanted if name in entry.raw}).id): entry.key
            for entry in catalogue.achievements()
        }  # fmt: skip


@pytest.mark.slow
def test_both_engines_put_the_same_achievement_first(
    committed_database: Database, demo_catalogue: dict[str, str], tmp_path: Path
):
    """For nine needs in ten at least; and whatever both name has the same score, since one function gives it."""
    pytest.importorskip("milvus_lite", reason="the extra `dev` brings it")
    own = an_engine(tmp_path / "own")
    with a_milvus_engine(tmp_path / "milvus") as other:
        best = []
        for engine in (own, other):
            renew(committed_database, engine)
            with committed_database.transaction() as session:
                searchable = searching(session, engine)
                assert searchable.size == len(demo_catalogue)
                best.append(
                    [
                        searchable.rank(Query(need.raw["title"], need.raw["problem"]), 10)
                        for need in catalogue.needs()
                    ]
                )
    same = [ours[0].document_id == theirs[0].document_id for ours, theirs in zip(*best, strict=True)]
    assert sum(same) >= 0.9 * len(same)
    for ours, theirs in zip(*best, strict=True):
        scores = {hit.document_id: hit.score for hit in ours}
        assert all(abs(scores.get(hit.document_id, hit.score) - hit.score) < 2e-6 for hit in theirs)
