"""Faithful reasons: what is named is what the score comes from, measured by the real ranking."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.chinese import fold
from demo.catalogue import Entry, achievements, needs
from sky_net.achievements.text import achievement_text
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Hit, Query
from sky_net.matching.evidence import _longest, _Neighbours, _shared_out
from sky_net.matching.ranking import rank
from sky_net.matching.reasons import Explainer, Reasons
from sky_net.needs.text import need_text
from tests.factories.matching import shipped_encoder

OFFER_TEXTS = (
    "title",
    "summary",
    "problem_solved",
    "gain",
    "keywords",
    "tech_field",
    "indicators",
    "use_cases",
)
NEED_TEXTS = ("title", "tech_field", "chain_segment", "problem", "scene", "present_state", "tried", "indicators", "deliverables")  # fmt: skip
HITS = 4


class Described:
    """The texts of an entry of the demo catalogue, as a row has them."""

    def __init__(self, entry: Entry, names: tuple[str, ...]) -> None:
        for name in names:
            setattr(self, name, entry.raw.get(name))


DOCUMENTS = {
    entry.key: Document(entry.key, *achievement_text(Described(entry, OFFER_TEXTS)))  # type: ignore[arg-type]
    for entry in achievements()
}
QUERIES = [Query(*need_text(Described(entry, NEED_TEXTS))) for entry in needs()]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def catalogue() -> Corpus:
    return Corpus(shipped_encoder(), None, list(DOCUMENTS.values()))


def without(document: Document, terms: list[str]) -> Document:
    title, body = fold(document.title), fold(document.body)
    for term in terms:
        title, body = title.replace(term, ""), body.replace(term, "")
    return replace(document, title=title, body=body)


def score(query: Query, corpus: Corpus, document: Document) -> float:
    """What the ranking gives the document in the place of the one with its id, everything else as it was."""
    others = [document if each.id == document.id else each for each in DOCUMENTS.values()]
    hits = rank(query, Corpus(corpus.encoder, None, others, earlier=corpus), len(others))
    return next(hit.score for hit in hits if hit.document_id == document.id)


def explained(query: Query, corpus: Corpus) -> list[tuple[Hit, Document, Reasons]]:
    explainer = Explainer(query, corpus)
    hits = rank(query, corpus, HITS)
    return [
        (hit, DOCUMENTS[hit.document_id], explainer.explain(DOCUMENTS[hit.document_id]))
        for hit in hits
        if hit.document_id in DOCUMENTS
    ]


@pytest.mark.parametrize("number", range(0, len(QUERIES), 4))
def test_without_what_is_named_the_score_is_lower(catalogue: Corpus, number: int):
    query = QUERIES[number]
    for hit, document, reasons in explained(query, catalogue):
        if reasons.terms:
            named = [each.term for each in reasons.terms]
            assert score(query, catalogue, without(document, named)) < hit.score
            assert score(query, catalogue, without(document, named[:1])) < hit.score


def test_what_the_terms_bring_adds_up_to_the_share_that_is_told(catalogue: Corpus):
    shares = []
    for query in QUERIES:
        for hit, _, reasons in explained(query, catalogue):
            lexical = hit.signals["title"] + hit.signals["body"]
            brought = sum(each.weight for each in reasons.terms)
            assert brought <= lexical + 1e-5
            assert abs(brought - reasons.explained * lexical) < 1e-4
            shares.append(reasons.explained)
    shares.sort()
    print(
        f"{len(shares)} hits: the terms explain {shares[len(shares) // 2]:.2f} of the lexical score in the middle"
    )
    assert shares[len(shares) // 2] > 0.55


WORDS = [
    "激光焊接",
    "铜排",
    "飞溅",
    "热失控",
    "预警",
    "轴承",
    "润滑",
    "光纤",
    "传感",
    "压铸",
    "铝合金",
    "脑电",
    "采集",
    "微球",
    "制剂",
]
texts = st.lists(
    st.sampled_from([*WORDS, "采用", "用于", "，", "。", "5 mm", "提高"]), min_size=1, max_size=25
).map("".join)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WORDS), texts, texts, texts)
def test_without_what_is_named_any_text_scores_lower(shared: str, problem: str, title: str, body: str):
    query, document = Query(f"{shared}难题", problem), Document("x", title, f"{body}，{shared}。")
    others = [Document(str(number), word, f"{word}的方法") for number, word in enumerate(WORDS)]
    corpus = Corpus(shipped_encoder(), None, [*others, document])
    reasons = Explainer(query, corpus).explain(document)
    assert reasons.terms
    before = next(hit for hit in rank(query, corpus, 100) if hit.document_id == "x")
    bare = without(document, [each.term for each in reasons.terms])
    after = next(
        hit
        for hit in rank(query, Corpus(corpus.encoder, None, [*others, bare]), 100)
        if hit.document_id == "x"
    )
    assert after.signals["title"] + after.signals["body"] < before.signals["title"] + before.signals["body"]
    assert (
        sum(each.weight for each in reasons.terms) <= before.signals["title"] + before.signals["body"] + 1e-5
    )


def test_a_document_out_of_memory_is_explained_as_one_in_it(catalogue: Corpus):
    document = next(iter(DOCUMENTS.values()))
    query = Query(document.title)
    elsewhere = Corpus(
        catalogue.encoder, None, [each for each in DOCUMENTS.values() if each.id != document.id]
    )
    assert Explainer(query, catalogue).explain(document).terms
    assert Explainer(query, elsewhere).explain(document).terms


FEW_TERMS = st.lists(st.text("甲乙丙", min_size=1, max_size=3), max_size=6, unique=True)


@given(st.text("甲乙丙", max_size=30), FEW_TERMS)
def test_neighbours_are_the_terms_that_stand_right_behind_one_another(text: str, words: list[str]):
    behind = _Neighbours(text, words)
    for first in words:
        assert behind.of(first) == {second for second in words if first + second in text}


@given(
    FEW_TERMS, st.lists(st.tuples(st.text("甲乙丙", min_size=1, max_size=4), st.floats(0.0, 1.0)), max_size=8)
)
def test_a_token_counts_for_the_first_term_that_contains_it(
    terms: list[str], points: list[tuple[str, float]]
):
    brought = _shared_out(terms, points)
    holders = [next((term for term in terms if token in term), None) for token, _ in points]
    assert brought == {
        term: sum(value for (_, value), holder in zip(points, holders, strict=True) if holder == term)
        for term in terms
    }


@given(FEW_TERMS)
def test_a_term_inside_another_is_left_out(words: list[str]):
    left = _longest(dict.fromkeys(words, 1.0))
    assert list(left) == [
        each for each in words if not any(each in other for other in words if other != each)
    ]
