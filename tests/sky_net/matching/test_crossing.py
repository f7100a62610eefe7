"""Needs and answers that share no pair of neighbouring characters: what the encoder is there for."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from backbone.chinese import bigrams
from sky_net.matching.blend import WEIGHTS, Weights
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import open_encoder
from sky_net.matching.ranking import rank_all

PAIRS = [
    line.split("\t")
    for line in Path(__file__).with_name("crossing.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def test_there_are_three_hundred_pairs_of_each_kind_a_hundred():
    kinds = Counter(kind for kind, _, _ in PAIRS)
    assert set(kinds) == {"lay", "english", "abbreviation"}
    assert min(kinds.values()) >= 100
    assert len({answer for _, _, answer in PAIRS}) == len(PAIRS)


def test_no_need_shares_a_bigram_or_a_word_of_latin_letters_with_its_answer():
    assert [(need, answer) for _, need, answer in PAIRS if set(bigrams(need)) & set(bigrams(answer))] == []


@pytest.fixture(scope="module")
def corpus():
    return Corpus(open_encoder(), None, [Document(answer, answer) for _, _, answer in PAIRS])


def found(corpus: Corpus, weights: Weights, kinds: set[str]) -> float:
    """Share of the needs whose own answer is among the first ten; a hit that says nothing of the need is none."""
    pairs = [(need, answer) for kind, need, answer in PAIRS if kind in kinds]
    ranked = rank_all([Query(need) for need, _ in pairs], corpus, 10, None, weights)
    hits = [{hit.document_id for hit in best if hit.score > 0} for best in ranked]
    return sum(answer in best for (_, answer), best in zip(pairs, hits, strict=True)) / len(pairs)


def test_with_the_encoder_half_as_many_again_are_found(corpus: Corpus):
    every = {kind for kind, _, _ in PAIRS}
    with_it, without = (found(corpus, weights, every) for weights in (WEIGHTS, replace(WEIGHTS, dense=0.0)))
    assert with_it >= 1.5 * without
    assert with_it >= 0.65


def test_an_english_need_finds_its_chinese_answer_and_a_chinese_need_its_english_one(corpus: Corpus):
    assert found(corpus, WEIGHTS, {"english"}) >= 0.9
    english = [(need, answer) for kind, need, answer in PAIRS if kind == "english"]
    turned = Corpus(corpus.encoder, None, [Document(need, need) for need, _ in english])
    ranked = rank_all([Query(answer) for _, answer in english], turned, 10)
    hits = [{hit.document_id for hit in best if hit.score > 0} for best in ranked]
    assert sum(need in best for (need, _), best in zip(english, hits, strict=True)) >= 0.9 * len(english)
