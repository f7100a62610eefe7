"""A learned ranker's order in a live list: the same verdict as over all signals, in the generation, its changes and memory."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import Encoder
from sky_net.matching.features import Features
from sky_net.matching.generation import Generation, build
from sky_net.matching.learning import Ranker, plain
from sky_net.matching.pooling import pool
from sky_net.matching.ranking import nothing_suitable, rank
from sky_net.matching.reordering import REORDERED, heeds_features, heeds_records, logits, reordered
from sky_net.matching.scales import SCALES, weighed
from sky_net.matching.signals import NAMES, TEXTS, signals, signals_of

ASKED = [
    Query("激光焊接飞溅抑制", "动力电池的在线检测，要求误报次数减半，连续运行两千小时无故障。"),
    Query("轴承寿命预测"),
    Query("", "压铸铝合金批次一致性"),
    Query("全无此词之事 zzz"),
]


def a_ranker(seed: int) -> Ranker:
    """Weights of either sign, about as large as grades teach."""
    return Ranker(np.random.default_rng(seed).normal(0, 10, len(NAMES)))


@pytest.fixture(scope="module")
def in_memory(encoder: Encoder, documents: list[Document]) -> Corpus:
    return Corpus(encoder, None, documents)


@pytest.fixture(scope="module")
def mixed(encoder: Encoder, documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A generation of 260 documents, of which 10 have changed since and 5 are gone, and 40 new ones."""
    folder = tmp_path_factory.mktemp("generation") / "one"
    build(documents[:260], encoder, folder)
    changed = [replace(each, title=f"{each.title}改") for each in documents[:10]]
    return Corpus(
        encoder, Generation.open(folder), [*changed, *documents[260:]], {each.id for each in documents[20:25]}
    )


def a_ranker_of(**weights: float) -> Ranker:
    """The blend, and so much of these features."""
    ranker = plain(len(NAMES))
    for name, weight in weights.items():
        ranker.weights[NAMES.index(f"feature:{name}")] = weight
    return ranker


def texts_in(corpus: Corpus, documents: list[Document]) -> dict[str, Document]:
    changed = {each.id: replace(each, title=f"{each.title}改") for each in documents[:10]}
    return {each.id: each for each in documents} | (changed if corpus.generation else {})


@pytest.mark.parametrize("query", ASKED, ids=range(len(ASKED)))
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("where", ["in_memory", "mixed"])
def test_the_verdict_is_the_weighed_sum_of_all_signals(request, documents, where, query, seed):
    corpus, ranker = request.getfixturevalue(where), a_ranker(seed)
    hits = rank(query, corpus, 100)
    texts = texts_in(corpus, documents)
    [told] = signals_of([query], [texts[hit.document_id] for hit in hits], corpus)
    features = np.random.default_rng(9).uniform(-1, 1, (len(hits), len(SCALES)))
    told = np.column_stack([told, features])
    assert told.shape[1] == len(NAMES)
    assert logits(ranker, query, hits, corpus, features) == pytest.approx(told @ ranker.weights, abs=2e-4)
    assert len({bool(corpus.roster.rows_of([hit.document_id])) for hit in hits}) == (
        2 if where == "mixed" else 1
    )


def test_signals_of_texts_are_those_of_the_catalogue_that_holds_them(in_memory, documents):
    rows = [3, 250, 17]
    for query in ASKED:
        [whole], [some] = (
            signals([query], in_memory),
            signals_of([query], [documents[row] for row in rows], in_memory),
        )
        assert some == pytest.approx(whole[rows], abs=1e-6)
    assert signals_of(ASKED[:1], [], in_memory)[0].shape == (0, len(TEXTS))


def test_a_generations_roster_is_no_catalogue(mixed):
    with pytest.raises(ValueError, match="changes alone"):
        signals([ASKED[0]], mixed)


@pytest.mark.parametrize("where", ["in_memory", "mixed"])
def test_without_a_lesson_the_order_stays(request, where):
    corpus = request.getfixturevalue(where)
    hits = rank(ASKED[0], corpus, 150)
    same = reordered(plain(len(NAMES)), ASKED[0], hits, corpus)
    assert [(hit.document_id, hit.score) for hit in same] == [(hit.document_id, hit.score) for hit in hits]


def test_only_the_order_changes_and_the_place_keeps_its_worth(mixed):
    hits = rank(ASKED[0], mixed, 150)
    moved = reordered(a_ranker(1), ASKED[0], hits, mixed)
    assert [hit.document_id for hit in moved] != [hit.document_id for hit in hits]
    assert {hit.document_id: (hit.score, hit.signals) for hit in moved} == {
        hit.document_id: (hit.score, hit.signals) for hit in hits
    }
    assert [hit.worth for hit in moved] == [hit.score for hit in hits]
    assert nothing_suitable(moved) == nothing_suitable(hits)
    assert [each.score for each in pool(moved)] == sorted((each.score for each in pool(moved)), reverse=True)


def test_a_longer_list_extends_a_shorter(mixed):
    ranker = a_ranker(2)
    shorter = reordered(ranker, ASKED[0], rank(ASKED[0], mixed, REORDERED), mixed)
    longer = reordered(ranker, ASKED[0], rank(ASKED[0], mixed, 2 * REORDERED), mixed)
    assert longer[:REORDERED] == shorter
    assert [hit.document_id for hit in longer[REORDERED:]] == [
        hit.document_id for hit in rank(ASKED[0], mixed, 2 * REORDERED)[REORDERED:]
    ]


def test_an_institute_counts_for_the_places_of_its_hits(mixed):
    hits = rank(ASKED[0], mixed, 40)
    moved = reordered(a_ranker(1), ASKED[0], hits, mixed)
    assert pool(moved)[0].score >= moved[0].worth
    assert pool(hits) == pool([replace(hit, standing=hit.score) for hit in hits])


def test_nothing_found_is_nothing_to_reorder(mixed):
    assert reordered(a_ranker(1), ASKED[0], [], mixed) == []


def test_features_that_nobody_knows_leave_the_order(mixed):
    hits, ranker = rank(ASKED[0], mixed, 150), a_ranker(3)
    nothing = weighed([Features()] * REORDERED)
    assert reordered(ranker, ASKED[0], hits, mixed, nothing) == reordered(ranker, ASKED[0], hits, mixed)


@given(st.floats(0, 3), st.floats(0, 3), st.integers(0, 99), st.floats(0, 20))
def test_a_lower_load_never_ranks_worse(mixed, load, less, place, weight):
    hits, ranker = rank(ASKED[0], mixed, 100), a_ranker_of(load=weight)
    known = [Features(load=(number % 7) / 6) for number in range(100)]

    def place_of(it: float) -> int:
        known[place] = Features(load=it)
        moved = reordered(ranker, ASKED[0], hits, mixed, weighed(known))
        return [hit.document_id for hit in moved].index(hits[place].document_id)

    assert place_of(min(load, less)) <= place_of(max(load, less))


def test_the_same_features_give_the_same_order(mixed):
    hits, ranker = rank(ASKED[0], mixed, 100), a_ranker(4)
    features = np.random.default_rng(5).uniform(-1, 1, (100, len(SCALES)))
    assert reordered(ranker, ASKED[0], hits, mixed, features) == reordered(
        ranker, ASKED[0], hits, mixed, features.copy()
    )


def test_only_what_weighs_anything_is_asked_for():
    assert not heeds_features(plain(len(NAMES)))
    assert heeds_features(a_ranker_of(region=1.0))
    assert not heeds_records(a_ranker_of(region=1.0))
    assert heeds_records(a_ranker_of(answered=0.1))
    assert heeds_records(a_ranker_of(load=-0.1))
