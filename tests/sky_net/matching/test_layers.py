"""However documents came and went, layers score and count as postings of what is there now."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching import layers
from sky_net.matching.blend import Clause
from sky_net.matching.documents import Document
from sky_net.matching.layers import Layers
from sky_net.matching.postings import Postings
from sky_net.matching.terms import FIELDS, document_terms

AVERAGES = dict.fromkeys(FIELDS, 3.0)
WANTED = [Clause(field, ["激", "光", "焊接", "无"], 0.75 + 1.5 * np.arange(4)) for field in FIELDS]
STATES = st.lists(
    st.dictionaries(st.integers(0, 12), st.text("激光焊接器", max_size=6), max_size=12),
    min_size=1,
    max_size=6,
)
"""What is there at one time after another: the text of each document."""


def documents_of(state):
    return [Document(str(number), text) for number, text in state.items()]


def tokens_of(documents):
    return {document: document_terms(document) for document in documents}


def numbered(count, begin=0):
    return [Document(str(number), "激光焊接") for number in range(begin, begin + count)]


@given(STATES, st.sampled_from([0.0, 0.3, 1.0]))
def test_they_score_and_count_as_postings_made_anew(states, most_lost):
    found = None
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(layers, "MOST_LOST", most_lost)
        for documents in map(documents_of, states):
            found = Layers(documents, tokens_of(documents), AVERAGES, found)
            anew = Postings([document_terms(document) for document in documents], AVERAGES)
            assert found.scores(WANTED).tolist() == anew.scores(WANTED).tolist()
            assert found.documents == anew.documents
            for field in FIELDS:
                assert found.frequencies(field, "激光焊无") == anew.frequencies(field, "激光焊无")
                assert found.average_length(field) == 3.0


def test_a_change_cuts_few_documents_anew_however_many_have_changed(monkeypatch):
    cut = []
    monkeypatch.setattr(
        layers, "Postings", lambda tokens, averages: cut.append(len(tokens)) or Postings(tokens, averages)
    )
    found, most = None, 0
    for batch in range(1, 129):
        documents = numbered(4 * batch)
        found = Layers(documents, tokens_of(documents), AVERAGES, found)
        most = max(most, len(found._placed))
    assert sum(cut) <= 512 * 8  # each document once for every time that its layer doubled
    assert most <= 8


def test_documents_that_stay_are_not_cut_again_and_those_that_went_are_lost(monkeypatch):
    first = Layers(numbered(16), tokens_of(numbered(16)), AVERAGES)
    monkeypatch.setattr(layers, "Postings", None)  # nothing is cut
    second = Layers(numbered(15, 1), tokens_of(numbered(15, 1)), AVERAGES, first)
    assert second.scores(WANTED).shape == (15,)
    assert second.frequencies("title_words", ["激光"]) == [first.frequencies("title_words", ["激光"])[0] - 1]


def test_a_layer_of_which_too_much_is_lost_is_made_anew():
    first = Layers(numbered(16), tokens_of(numbered(16)), AVERAGES)
    second = Layers(numbered(12), tokens_of(numbered(12)), AVERAGES, first)
    assert [len(placed.layer.documents) for placed in second._placed] == [12]


@pytest.mark.parametrize("averages", [None, dict.fromkeys(FIELDS, 4.0)])
def test_lengths_measured_otherwise_ask_for_other_layers(averages):
    documents = [*numbered(3), Document("longer", "激光焊接器" * 4)]
    first = Layers(numbered(3), tokens_of(numbered(3)), AVERAGES)
    second = Layers(documents, tokens_of(documents), averages, first)
    anew = Postings([document_terms(document) for document in documents], averages)
    assert np.array_equal(second.scores(WANTED), anew.scores(WANTED))
    assert second.average_length("title_words") == anew.average_length("title_words")
