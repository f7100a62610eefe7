import pytest
from tokenizers import Tokenizer

from training.tokens import LONGEST_WORD, UNKNOWN, train_tokenizer

TEXTS = [
    "复合材料的疲劳寿命,复合材料的制备",
    "采用遗传算法优化复合材料",
    "遗传算法与神经网络",
    "神经网络用于故障诊断",
    "故障诊断和疲劳寿命",
    "CNN 与 LSTM 神经网络;CNN 故障诊断 5G 与 3D 5G 3D 35 35",
    "疲劳寿命预测的神经网络",
] * 5


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokenizer(TEXTS, 400)


def test_common_technical_words_are_single_pieces(tokenizer: Tokenizer):
    assert tokenizer.encode("神经网络故障诊断").tokens == ["神经网络", "故障诊断"]


def test_case_width_and_punctuation_change_nothing(tokenizer: Tokenizer):
    plain = tokenizer.encode("cnn神经网络")
    assert tokenizer.encode("ＣＮＮ，（神经网络）。").ids == plain.ids
    assert UNKNOWN not in plain.tokens


def test_no_chinese_piece_is_longer_than_four_characters(tokenizer: Tokenizer):
    pieces = [piece for piece in tokenizer.get_vocab() if not piece.isascii()]
    assert max(map(len, pieces)) <= LONGEST_WORD


def test_every_character_seen_twice_is_a_piece(tokenizer: Tokenizer):
    seen = {character for text in TEXTS for character in text.lower() if character.isalnum()}
    assert seen <= set(tokenizer.get_vocab())


def test_digits_stand_alone(tokenizer: Tokenizer):
    assert tokenizer.encode("353").tokens == ["3", "5", "3"]


def test_particles_stand_alone(tokenizer: Tokenizer):
    assert not [piece for piece in tokenizer.get_vocab() if "的" in piece and len(piece) > 1]


def test_a_character_never_seen_is_unknown_and_nothing_breaks(tokenizer: Tokenizer):
    assert tokenizer.encode("龘").ids == [0]
    assert tokenizer.encode("").ids == []
    assert tokenizer.encode("——，！").ids == []


@pytest.mark.parametrize("size", [40, 60])
def test_the_vocabulary_is_never_larger_than_asked(size: int):
    assert train_tokenizer(TEXTS, size).get_vocab_size() <= size


def test_the_same_texts_give_the_same_tokenizer(tokenizer: Tokenizer):
    assert train_tokenizer(TEXTS, 400).to_str() == tokenizer.to_str()
