"""Needs and answers that share no pair of neighbouring characters: what the encoder is there for."""

from collections import Counter
from pathlib import Path

from backbone.chinese import bigrams

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
