import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sky_net.matching import planner
from sky_net.matching.generation import Generation, build
from sky_net.matching.ranking import (
    SUITABLE,
    Corpus,
    Document,
    Filters,
    Hit,
    Query,
    nothing_suitable,
    rank,
    rank_all,
)
from tests.sky_net.matching.conftest import ASPECTS, EFFECTS, SUBJECTS, catalogue

QUERIES = [
    Query("激光焊接飞溅抑制"),
    Query("动力电池冬天启动不了", "低温启动困难，批次一致性也差，希望连续运行两千小时无故障"),
    Query("", "误报次数太多的光纤传感在线检测"),
    Query("古籍脱酸"),
    Query("！！"),
]
FILTERS = [
    None,
    Filters((frozenset({"industry:1", "industry:2"}),)),
    Filters((frozenset({"trl:2", "trl:7"}), frozenset({"mode:licence"}))),
]


@pytest.fixture(scope="module")
def generation(tmp_path_factory, documents, encoder):
    directory = tmp_path_factory.mktemp("ranking") / "generation"
    return Generation.open(directory, build(documents, encoder, directory))


@pytest.fixture(scope="module")
def memory(documents, encoder):
    return Corpus(encoder, None, documents)


def same(left: list[Hit], right: list[Hit]) -> None:
    """The same documents in the same order, with scores equal up to single precision."""
    assert [hit.document_id for hit in left] == [hit.document_id for hit in right]
    np.testing.assert_allclose([hit.score for hit in left], [hit.score for hit in right], atol=2e-6)
    for ours, theirs in zip(left, right, strict=True):
        assert ours.signals == pytest.approx(theirs.signals, abs=4e-6)
        assert ours.owner == theirs.owner


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("query", QUERIES)
def test_a_generation_ranks_like_the_same_documents_in_memory(query, filters, generation, memory, encoder):
    same(rank(query, Corpus(encoder, generation), 40, filters), rank(query, memory, 40, filters))


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("query", QUERIES)
def test_a_document_scores_the_same_in_the_delta_as_in_the_generation(
    query, filters, generation, documents, encoder
):
    moved = Corpus(encoder, generation, documents[::3])
    same(rank(query, moved, 60, filters), rank(query, Corpus(encoder, generation), 60, filters))


def test_the_delta_replaces_adds_and_hides(generation, encoder):
    best = [hit.document_id for hit in rank(QUERIES[0], Corpus(encoder, generation), 3)]
    changes = [Document(best[0], "古籍脱酸"), Document("new", "激光焊接飞溅抑制", "激光焊接飞溅抑制")]
    found = rank(QUERIES[0], Corpus(encoder, generation, changes, {best[1]}), 300)
    ids = [hit.document_id for hit in found]
    assert ids[0] == "new"
    assert ids.index(best[0]) > 50
    assert best[1] not in ids
    assert len(ids) == len(set(ids)) == 300


def test_a_hidden_document_stays_hidden_even_when_it_changed(generation, encoder):
    corpus = Corpus(encoder, generation, [Document("new", "激光焊接飞溅抑制")], {"new", "D00001"})
    ids = {hit.document_id for hit in rank(QUERIES[0], corpus, 1000)}
    assert len(ids) == 299
    assert not ids & {"new", "D00001"}


@pytest.mark.parametrize("top", [1, 7, 299, 300, 301, 5000])
@pytest.mark.parametrize("side", ["generation", "memory", "both"])
def test_as_many_hits_as_asked_for_or_as_there_are(side, top, generation, documents, encoder):
    corpus = {
        "generation": Corpus(encoder, generation),
        "memory": Corpus(encoder, None, documents),
        "both": Corpus(encoder, generation, documents[:10]),
    }[side]
    for query in QUERIES:
        hits = rank(query, corpus, top)
        assert len(hits) == min(top, 300)
        assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.document_id))
        assert hits == rank(query, corpus, 5000)[:top]


def test_documents_without_anything_in_common_follow_with_zero_in_order_of_id(memory, generation, encoder):
    for corpus in (memory, Corpus(encoder, generation)):
        hits = rank(Query("！！"), corpus, 1000)
        assert [hit.document_id for hit in hits] == sorted(hit.document_id for hit in hits)
        assert {hit.score for hit in hits} == {0.0}


def test_equal_documents_stand_in_order_of_id(encoder):
    corpus = Corpus(
        encoder, None, [Document(each, "激光焊接", "飞溅抑制") for each in ("b", "B", "a2", "a10", "中")]
    )
    assert [hit.document_id for hit in rank(QUERIES[0], corpus, 9)] == ["B", "a10", "a2", "b", "中"]


def test_filters_let_through_exactly_the_admitted(memory, documents):
    for filters in FILTERS[1:]:
        expected = {document.id for document in documents if filters.admits(document.facets)}
        assert {hit.document_id for hit in rank(QUERIES[1], memory, 1000, filters)} == expected


def test_a_filter_changes_no_score(memory):
    unfiltered = {hit.document_id: hit.score for hit in rank(QUERIES[1], memory, 1000)}
    for hit in rank(QUERIES[1], memory, 1000, FILTERS[1]):
        assert hit.score == unfiltered[hit.document_id]


def test_the_signals_add_up_to_the_score(memory, generation, encoder):
    for corpus in (memory, Corpus(encoder, generation)):
        for hit in rank(QUERIES[1], corpus, 50):
            assert set(hit.signals) == {"title", "body", "dense"}
            assert sum(hit.signals.values()) == pytest.approx(hit.score, abs=3e-6)
            assert min(hit.signals.values()) >= 0


def test_other_documents_do_not_change_a_score_under_fixed_statistics(generation, documents, encoder):
    alone = Corpus(encoder, generation, gone={document.id for document in documents[1:]})
    everyone = {hit.document_id: hit.score for hit in rank(QUERIES[0], Corpus(encoder, generation), 1000)}
    assert rank(QUERIES[0], alone, 5)[0].score == pytest.approx(everyone[documents[0].id], abs=2e-6)


def test_a_batch_answers_each_query_as_if_it_were_alone(memory):
    many = [QUERIES[number % len(QUERIES)] for number in range(600)]
    answers = list(rank_all(many, memory, 3))
    assert len(answers) == 600
    assert answers == [rank(query, memory, 3) for query in QUERIES] * 120


@pytest.mark.parametrize("top", [0, -1])
def test_fewer_than_one_hit_cannot_be_asked_for(memory, top):
    with pytest.raises(ValueError, match="at least 1"):
        rank(QUERIES[0], memory, top)


def test_an_empty_corpus_has_no_hits(encoder):
    assert rank(QUERIES[0], Corpus(encoder), 10) == []
    assert list(rank_all([], Corpus(encoder), 10)) == []


def test_traditional_and_full_width_queries_find_the_same(memory):
    same(rank(Query("鐳射焊接ＡＩ檢測"), memory, 20), rank(Query("镭射焊接ai检测"), memory, 20))


def test_a_boilerplate_body_is_no_match_for_a_boilerplate_need(encoder):
    corpus = Corpus(
        encoder, None, [Document("1", "激光焊接", "未提供"), Document("2", "光纤传感", "误报次数减半")]
    )
    assert [hit.score for hit in rank(Query("未提供", "暂无"), corpus, 2)] == [0.0, 0.0]


def test_hits_name_their_owner(memory, documents):
    owners = {document.id: document.owner for document in documents}
    assert all(hit.owner == owners[hit.document_id] for hit in rank(QUERIES[0], memory, 20))


def test_nothing_is_suitable_below_the_threshold():
    assert nothing_suitable([])
    assert nothing_suitable([Hit("1", 1.0, probability=SUITABLE - 1e-6)])
    assert not nothing_suitable([Hit("1", 0.1, probability=SUITABLE), Hit("2", 0.0)])


@pytest.mark.parametrize("filters", FILTERS)
def test_a_catalogue_larger_than_the_depth_is_ranked_from_the_union(filters, tmp_path, encoder, monkeypatch):
    """With a depth of 40 in a catalogue of 900 the best 10 are still those of the complete ranking."""
    documents = catalogue(900, seed=4)
    build(documents, encoder, tmp_path / "g")
    corpus = Corpus(encoder, Generation.open(tmp_path / "g"), documents[:30], {documents[31].id})
    complete = [rank(query, corpus, 10, filters) for query in QUERIES]
    monkeypatch.setattr(planner, "DEPTH", 40)
    for query, expected in zip(QUERIES[:4], complete[:4], strict=True):
        same(rank(query, corpus, 10, filters), expected)
    assert len(rank(QUERIES[4], corpus, 10, filters)) == 10


texts = st.lists(st.sampled_from([*SUBJECTS, *ASPECTS, *EFFECTS, "，", "暂无", "的", "Ａ1"]), max_size=6).map(
    "".join
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts, texts), max_size=12), texts, texts, st.integers(1, 15))
def test_any_catalogue_and_any_query_give_a_complete_ordered_answer(encoder, pairs, title, body, top):
    corpus = Corpus(encoder, None, [Document(f"{number}", *pair) for number, pair in enumerate(pairs)])
    hits = rank(Query(title, body), corpus, top)
    assert len(hits) == min(top, len(pairs))
    assert [(-hit.score, hit.document_id) for hit in hits] == sorted(
        (-hit.score, hit.document_id) for hit in hits
    )
    assert all(np.isfinite(hit.score) and hit.score >= 0 for hit in hits)
