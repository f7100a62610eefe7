import numpy as np
import pytest

from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.generation import Generation, build
from sky_net.matching.ranking import rank


class CountingEncoder:
    """Passes on, and remembers how many texts it was given."""

    def __init__(self, encoder):
        self.dimension, self.fingerprint, self._encoder, self.texts = (
            encoder.dimension,
            encoder.fingerprint,
            encoder,
            0,
        )

    def encode(self, texts):
        self.texts += len(texts)
        return self._encoder.encode(texts)


def test_what_an_earlier_corpus_prepared_is_not_prepared_again(encoder, documents):
    counting = CountingEncoder(encoder)
    first = Corpus(counting, None, documents[:100])
    counting.texts = 0
    second = Corpus(counting, None, [*documents[50:100], *documents[100:110]], earlier=first)
    assert counting.texts == 2 * 10
    fresh = Corpus(encoder, None, documents[50:110])
    assert rank(Query("激光焊接"), second, 60) == rank(Query("激光焊接"), fresh, 60)


def test_a_changed_text_is_prepared_again(encoder):
    first = Corpus(encoder, None, [Document("1", "激光焊接")])
    second = Corpus(encoder, None, [Document("1", "光纤传感")], earlier=first)
    assert not np.array_equal(first.vectors, second.vectors)


@pytest.mark.parametrize(
    ("delta", "gone", "size"),
    [
        ((), (), 300),
        (("D00001", "new"), (), 301),
        ((), ("D00001",), 299),
        (("new",), ("new", "unknown"), 300),
    ],
)
def test_the_size_counts_what_can_be_found(tmp_path, encoder, documents, delta, gone, size):
    build(documents, encoder, tmp_path / "g")
    changed = [Document(each, "激光焊接") for each in delta]
    assert len(Corpus(encoder, Generation.open(tmp_path / "g"), changed, frozenset(gone))) == size


def test_an_empty_generation_leaves_the_statistics_to_the_delta(tmp_path, encoder, documents):
    build([], encoder, tmp_path / "g")
    over_nothing = Corpus(encoder, Generation.open(tmp_path / "g"), documents)
    alone = Corpus(encoder, None, documents)
    assert rank(Query("激光焊接", "低温启动"), over_nothing, 300) == rank(
        Query("激光焊接", "低温启动"), alone, 300
    )


def test_an_id_may_come_only_once(encoder):
    with pytest.raises(ValueError, match="same id"):
        Corpus(encoder, None, [Document("1", "a"), Document("1", "b")])
