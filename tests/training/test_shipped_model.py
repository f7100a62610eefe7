"""The model in the package itself: its size, its files and that it knows the trade's words."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from training.encode import encoder
from training.evaluate import Encode, cosine

MODEL = Path(__file__).parents[2] / "platform" / "sky_net" / "matching" / "model"
MOST_BYTES = 30_000_000


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(MODEL / "tokenizer.json"))


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    return load_file(MODEL / "model.safetensors")["embedding.weight"]


@pytest.fixture(scope="module")
def encode(tokenizer: Tokenizer, table: np.ndarray) -> Encode:
    return encoder(tokenizer, torch.from_numpy(table))


def test_it_is_small_enough_to_ship():
    assert sum(path.stat().st_size for path in MODEL.iterdir()) <= MOST_BYTES


def test_every_piece_has_a_finite_row_and_the_unknown_piece_a_zero_one(
    tokenizer: Tokenizer, table: np.ndarray
):
    assert table.shape == (tokenizer.get_vocab_size(), 256)
    assert table.dtype == np.float32
    assert np.isfinite(table).all()
    assert not table[0].any()


@pytest.mark.parametrize(
    "word", ["复合材料", "神经网络", "燃料电池", "抗体", "发酵", "传感器", "无人机", "混凝土"]
)
def test_common_technical_words_are_single_pieces(tokenizer: Tokenizer, word: str):
    assert tokenizer.encode(word).tokens == [word]


@pytest.mark.parametrize(
    ("need", "fitting", "other"),
    [
        ("煤矿液压支柱表面强化", "激光熔覆修复液压支架立柱", "水稻抗旱品种选育"),
        ("提高锂电池低温放电能力", "一种电解液及其在锂离子电池中的应用", "桥梁裂缝图像识别"),
        ("食用菌保鲜期太短", "香菇采后贮藏与气调包装", "永磁同步电机矢量控制"),
        ("印染废水脱色", "纺织污水的高级氧化处理", "肺部影像辅助诊断"),
        ("laser welding of copper", "紫铜激光焊接工艺", "水稻抗旱品种选育"),
        ("水下机器人", "underwater vehicle", "cheese fermentation"),
    ],
)
def test_a_fitting_achievement_stands_nearer_than_one_of_another_trade(
    encode: Encode, need: str, fitting: str, other: str
):
    near, far = cosine(encode([need]), encode([fitting, other]))[0]
    assert near > far


def test_its_card_names_data_licence_and_measurements():
    card = (MODEL / "README.md").read_text(encoding="utf-8")
    assert all(
        part in card for part in ("CSL", "CC-CEDICT", "THUOCL", "CC BY-SA 4.0", "| character bigrams |")
    )
