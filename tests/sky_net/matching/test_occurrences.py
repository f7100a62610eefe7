"""What explaining needs of a text is the same whether the text is cut anew, held in memory or read from the index."""

from dataclasses import replace

import pytest

from sky_net.matching.bm25 import MOST_COUNTED
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document
from sky_net.matching.generation import Generation, build
from sky_net.matching.occurrences import Occurrences
from sky_net.matching.terms import FIELDS, document_terms

WANTED = {
    "title_words": ["激光", "焊接", "全无此词"],
    "title_bigrams": ["激光"],
    "body_words": ["电池", "低温"],
    "text_grams": ["激", "激光", "激光焊"],
}


@pytest.fixture(scope="module")
def generation(tmp_path_factory, documents, encoder):
    folder = tmp_path_factory.mktemp("occurrences") / "one"
    build(documents, encoder, folder)
    return Generation.open(folder)


@pytest.fixture
def indexed(encoder, generation):
    return Corpus(encoder, generation)


def test_the_index_tells_what_cutting_the_text_tells(documents, encoder, indexed):
    told, cut = Occurrences(WANTED, indexed), Occurrences(WANTED, Corpus(encoder))
    for document in documents[:60]:
        from_index, from_text = told.of(document), cut.of(document)
        assert from_index == from_text
        for field in WANTED:  # in text order, in which what they bring is added up
            assert list(from_index.counts[field].items()) == list(from_text.counts[field].items())


def test_nothing_is_cut_that_the_index_has(documents, indexed, monkeypatch):
    monkeypatch.setattr(Corpus, "tokens_of", lambda *_: pytest.fail("cut"))
    assert Occurrences(WANTED, indexed).of(documents[0]).lengths.keys() == set(FIELDS)


def test_a_text_that_has_changed_since_is_cut_anew(documents, indexed):
    [changed] = [replace(documents[3], title="激光激光激光")]
    held = Occurrences(WANTED, indexed).of(changed)
    assert held.counts["title_words"] == {"激光": 3}
    assert held.counts["title_bigrams"]["激光"] == 3
    assert held.lengths["title_characters"] == 6


def test_a_document_that_is_not_in_the_index_is_cut(indexed):
    held = Occurrences(WANTED, indexed).of(Document("new", "激光焊接", "低温"))
    assert held.counts["body_words"] == {"低温": 1}
    assert held.counts["title_words"] == {"激光": 1, "焊接": 1}


def test_no_more_is_counted_than_a_byte_holds(encoder):
    said = Document("1", "激" * 1000)
    held = Occurrences({"title_characters": ["激"]}, Corpus(encoder, None, [said])).of(said)
    assert held.counts == {"title_characters": {"激": MOST_COUNTED}}
    assert held.lengths["title_characters"] == 984
    assert len(document_terms(said)["title_characters"]) == 1000


def test_a_row_is_that_of_its_very_text(documents, generation):
    assert generation.row_of(documents[7]) == 7
    assert generation.row_of(replace(documents[7], body="另一段")) is None
    assert generation.row_of(replace(documents[7], id="none")) is None
