"""Terms by number: every term that was written has its own in its field, in order, and no other has one."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching import vocabulary
from sky_net.matching.blend import Clause
from sky_net.matching.terms import FIELDS
from sky_net.matching.vocabulary import UNKNOWN, Remembered, Vocabulary, write_vocabulary

WORDS = st.fixed_dictionaries(
    {field: st.lists(st.text(max_size=4), unique=True, max_size=8) for field in FIELDS}
)


def written(folder: Path, words: dict[str, list[str]]) -> dict[str, dict[str, int]]:
    """The words in a vocabulary: the final number of each."""
    pairs = [(field, term) for field, terms in words.items() for term in terms]
    given_: dict[str, dict[str, int]] = {field: {} for field in FIELDS}
    for number, (field, term) in enumerate(pairs):
        given_[field][term] = number
    final = write_vocabulary(folder, given_)
    return {
        field: {term: int(final[number]) for term, number in terms.items()} for field, terms in given_.items()
    }


@given(WORDS)
def test_every_term_is_found_by_its_own_number_and_no_other_is(tmp_path_factory, words):
    folder = tmp_path_factory.mktemp("words")
    numbers, opened = written(folder, words), Vocabulary(folder)
    assert len(opened) == sum(map(len, words.values()))
    assert sorted(number for of_field in numbers.values() for number in of_field.values()) == list(
        range(len(opened))
    )
    for _ in range(2):  # looked up, then remembered
        for field, terms in words.items():
            asked = [*terms, "全无此词", *terms]
            expected = [numbers[field].get(term, UNKNOWN) for term in asked]
            assert opened.numbers(field, asked).tolist() == expected


def test_a_term_of_one_field_is_none_of_another(tmp_path: Path):
    written(tmp_path, {"title_words": ["甲"], "body_words": ["乙"]})
    opened = Vocabulary(tmp_path)
    assert opened.numbers("title_words", ["乙"]).tolist() == [UNKNOWN]
    assert opened.numbers("body_words", ["甲", "乙"]).tolist()[0] == UNKNOWN


def test_clauses_are_the_terms_that_are_there_by_number_each_once_with_all_it_is_worth(tmp_path: Path):
    numbers = written(tmp_path, {"title_words": ["甲", "乙"], "body_words": ["甲"]})
    asked = [
        Clause("title_words", ["甲"], np.array([1.0])),
        Clause("body_words", ["甲", "乙"], np.array([2.0, 4.0])),
        Clause("title_words", ["乙", "甲"], np.array([8.0, -16.0])),
    ]
    worth = {
        numbers["title_words"]["甲"]: -15.0,
        numbers["body_words"]["甲"]: 2.0,
        numbers["title_words"]["乙"]: 8.0,
    }
    found = Vocabulary(tmp_path).numbered(asked)
    assert list(zip(found.numbers.tolist(), found.worth.tolist(), strict=True)) == sorted(worth.items())
    assert Vocabulary(tmp_path).numbered([]).numbers.tolist() == []


def test_the_numbers_that_are_kept_are_those_of_the_very_clauses_asked_for_last(tmp_path: Path):
    numbers = written(tmp_path, {"title_words": ["甲", "乙"], "body_words": []})
    opened = Vocabulary(tmp_path)
    first, second = (
        [Clause("title_words", [word], np.array([worth]))] for word, worth in (("甲", 2.0), ("乙", 1.0))
    )
    assert opened.numbered(first) is opened.numbered(first)
    for asked, word, worth in ((first, "甲", 2.0), (second, "乙", 1.0), (first, "甲", 2.0)):
        assert opened.numbered(asked).numbers.tolist() == [numbers["title_words"][word]]
        assert opened.numbered(asked).worth.tolist() == [worth]


def test_what_is_remembered_is_looked_up_once_and_bounded(monkeypatch):
    monkeypatch.setattr(vocabulary, "_REMEMBERED", 3)
    sought = []
    lengths = Remembered(lambda field, terms: sought.extend(terms) or [len(field + term) for term in terms])
    assert lengths.of("body_words", ["甲", "乙丙", "甲"]) == [11, 12, 11]
    assert lengths.of("body_words", ["乙丙", "甲"]) == [12, 11]
    assert lengths.of("title_words", ["甲"]) == [12]
    assert sought == ["甲", "乙丙", "甲"]
    for number in range(40):
        assert lengths.of("body_words", [f"无{number}", "甲"])[1] == 11
    assert sought.count("甲") > 5  # forgotten again and again


def test_what_is_no_vocabulary_is_refused(tmp_path: Path):
    (tmp_path / "keys.npy").write_bytes(b"not an array")
    with pytest.raises(ValueError, match="allow_pickle"):
        Vocabulary(tmp_path)
