import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from backbone.errors import say
from sky_net.matching.encoder import (
    SHIPPED,
    EncoderUnusable,
    StaticEncoder,
    inner_products,
    open_encoder,
    unit,
)
from tests.sky_net.matching.conftest import write_static_model

TEXTS = ["激光焊接飞溅抑制", "动力电池热失控预警与噪声降低", "a1", "的", "激光焊接飞溅抑制" * 300]


def test_vectors_have_unit_length_and_the_right_type(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "　", "\n", "龘"])
def test_a_text_without_known_tokens_gets_zeros(encoder, text):
    assert not encoder.encode([text, "激光"])[0].any()


def test_nothing_in_nothing_out(encoder):
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_one_text_gets_the_same_vector_alone_and_among_many(encoder):
    many = encoder.encode([TEXTS[number % 5] for number in range(40)])
    for place, text in enumerate(TEXTS):
        np.testing.assert_array_equal(encoder.encode([text])[0], many[place])


def test_a_model_is_found_at_the_top_and_in_the_modules_folder(tmp_path, model_folder):
    nested = tmp_path / "nested"
    shutil.copytree(model_folder, nested / "0_StaticEmbedding")
    modules = json.loads((nested / "0_StaticEmbedding" / "modules.json").read_text())
    modules[0]["path"] = "0_StaticEmbedding"
    (nested / "0_StaticEmbedding" / "modules.json").rename(nested / "modules.json")
    (nested / "modules.json").write_text(
        json.dumps([*modules, {"type": "sentence_transformers.models.Normalize"}])
    )
    np.testing.assert_array_equal(
        open_encoder(nested).encode(TEXTS), open_encoder(model_folder).encode(TEXTS)
    )


def test_the_fingerprint_follows_the_content_not_the_place(tmp_path, model_folder):
    copy = tmp_path / "copy"
    shutil.copytree(model_folder, copy)
    (copy / "README.md").write_text("a note")
    other = write_static_model(tmp_path / "other", seed=1)
    assert open_encoder(copy).fingerprint == open_encoder(model_folder).fingerprint
    assert open_encoder(other).fingerprint != open_encoder(model_folder).fingerprint


def damaged(folder: Path, name: str, content: bytes | None) -> Path:
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tokenizer.json", None),
        ("tokenizer.json", b"{}"),
        ("tokenizer.json", b"\xff\xfe"),
        ("model.safetensors", None),
        ("model.safetensors", b""),
        ("model.safetensors", b"\x10\0\0\0\0\0\0\0not a header at all"),
        ("modules.json", b"{"),
    ],
)
def test_a_damaged_model_is_refused_with_a_sentence_in_both_languages(tmp_path, name, content):
    folder = damaged(write_static_model(tmp_path / "model"), name, content)
    with pytest.raises(EncoderUnusable) as caught:
        open_encoder(folder)
    sentence = caught.value.sentence()
    assert str(folder) in sentence
    assert "不可用" in str(say(sentence, "zh"))


@pytest.mark.parametrize("shape", [(3, 24), (500,), (0, 24)])
def test_a_table_that_does_not_fit_the_tokens_is_refused(tmp_path, shape):
    folder = write_static_model(tmp_path / "model")
    save_file({"embedding.weight": np.ones(shape, np.float32)}, folder / "model.safetensors")
    with pytest.raises(EncoderUnusable, match="do not fit"):
        StaticEncoder(folder)


def test_a_table_with_broken_numbers_is_refused(tmp_path):
    folder = write_static_model(tmp_path / "model")
    table = load_file(folder / "model.safetensors")["embedding.weight"]
    table[5, 5] = np.nan
    save_file({"embedding.weight": table}, folder / "model.safetensors")
    with pytest.raises(EncoderUnusable):
        open_encoder(folder)


def test_a_missing_directory_is_refused(tmp_path):
    with pytest.raises(EncoderUnusable, match="no such directory"):
        open_encoder(tmp_path / "nowhere")


def test_a_directory_without_a_model_is_called_that(tmp_path):
    (tmp_path / "README.md").write_text("empty")
    with pytest.raises(EncoderUnusable) as refused:
        open_encoder(tmp_path)
    sentence = refused.value.sentence()
    assert "没有模型" in sentence.zh
    assert "no model" in str(sentence)


def test_half_precision_tables_are_read(tmp_path, model_folder):
    folder = write_static_model(tmp_path / "model")
    table = load_file(folder / "model.safetensors")["embedding.weight"].astype(np.float16)
    save_file({"embedding.weight": table}, folder / "model.safetensors")
    np.testing.assert_allclose(
        open_encoder(folder).encode(TEXTS), open_encoder(model_folder).encode(TEXTS), atol=2e-3
    )


def test_unit_keeps_zeros_and_directions():
    scaled = unit(np.array([[3, 4], [0, 0], [1e-20, 0]], np.float32))
    np.testing.assert_allclose(scaled, [[0.6, 0.8], [0, 0], [1, 0]])


def test_inner_products_are_what_they_say(encoder):
    vectors = encoder.encode(TEXTS)
    np.testing.assert_allclose(inner_products(vectors, vectors[1]), vectors @ vectors[1], atol=1e-6)


def test_the_shipped_model_is_small_and_near_texts_are_near():
    encoder = open_encoder()
    size = sum(file.stat().st_size for file in SHIPPED.rglob("*") if file.is_file())
    assert size <= 30 * 1024 * 1024
    near, far, asked = encoder.encode(
        ["激光熔覆修复轧辊表面", "重组蛋白发酵补料控制", "轧辊磨损后用激光修复"]
    )
    assert asked @ near > asked @ far + 0.2


SAME_VECTORS = """
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np
from pathlib import Path
from sky_net.matching.encoder import SHIPPED, open_encoder
from sky_net.matching.transformer import SentenceTransformerEncoder
texts = ["激光焊接铝合金薄板", "High-power laser 焊接 1550nm", "的", "鋰電池", "重组蛋白发酵" * 500, "5G 通信；毫米波，相控阵。" * 9, ""]
ours, theirs = open_encoder(), SentenceTransformerEncoder(SHIPPED)
assert type(ours).__name__ == "StaticEncoder"
assert (ours.dimension, ours.fingerprint) == (theirs.dimension, theirs.fingerprint)
print(np.abs(ours.encode(texts) - theirs.encode(texts)).max())
"""


@pytest.mark.slow
def test_the_vectors_are_those_of_sentence_transformers():
    """In a process of its own: torch and transformers must not be loaded into the test run."""
    pytest.importorskip("sentence_transformers", reason="the extra `encoders` is not installed")
    platform = Path(__file__).parents[3] / "platform"
    found = subprocess.run(
        [sys.executable, "-c", SAME_VECTORS],
        env={"PYTHONPATH": str(platform)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(found.stdout) < 1e-6


def test_workers_share_the_table_of_the_shipped_model_and_read_any_other(tmp_path):
    shipped = StaticEncoder(SHIPPED)
    assert isinstance(shipped._table.base, np.memmap)
    copied = StaticEncoder(Path(shutil.copytree(SHIPPED, tmp_path / "copy")))
    assert not isinstance(copied._table.base, np.memmap), "overwritten in place it would kill who maps it"
    assert copied.fingerprint == shipped.fingerprint
    np.testing.assert_array_equal(copied._table, shipped._table)
