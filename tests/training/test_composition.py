import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import Unigram

from training.composition import compose

PIECES = ["<unk>", "神", "经", "神经", "神经网", "cn", "cnn"]


def composed(share: float) -> list[float]:
    tokenizer = Tokenizer(Unigram([(piece, -1.0) for piece in PIECES], unk_id=0))
    vectors = torch.tensor([[10.0**place] for place in range(len(PIECES))])
    return compose(tokenizer, share).table(vectors)[:, 0].tolist()


def test_a_word_holds_its_own_vector_and_an_even_share_of_the_pieces_inside_it():
    table = composed(1.0)
    assert table[3] == pytest.approx(1000 + (10 + 100) / 2)
    assert table[4] == pytest.approx(10_000 + (10 + 100 + 1000) / 3)


def test_single_characters_and_latin_words_stand_for_themselves():
    table = composed(1.0)
    assert [table[1], table[2], table[6]] == [10, 100, 1_000_000]


def test_without_a_share_every_piece_is_its_own_vector():
    assert composed(0.0) == [10.0**place for place in range(len(PIECES))]
