"""A transformer by ONNX Runtime: which file, which pooling, what is refused. The runtime is a fake unless it is installed.

Compared with sentence-transformers on a real model once (docs/encoder.md): the same to 2e-7.
"""

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from sky_net.matching.encoder import EncoderUnusable, located, open_encoder, reopen
from sky_net.matching.onnx_encoder import OnnxEncoder, onnx_file

DIMENSION = 4


class FakeSession:
    """The state of a token is its number, its place in the text and two constants."""

    opened: list[str] = []  # noqa: RUF012 (the fixture empties it)

    def __init__(self, path: str, providers: list[str]) -> None:
        assert providers == ["CPUExecutionProvider"]
        if Path(path).read_bytes() != b"onnx":
            raise RuntimeError("no such graph")
        FakeSession.opened.append(Path(path).name)

    def get_inputs(self):
        return [SimpleNamespace(name=name) for name in ("input_ids", "attention_mask")]

    def run(self, _, given):
        assert set(given) == {"input_ids", "attention_mask"}, "only what the graph asks for"
        ids = given["input_ids"].astype(np.float32)
        places = np.broadcast_to(np.arange(ids.shape[1], dtype=np.float32), ids.shape)
        return [np.stack([ids, places, np.ones_like(ids), np.full_like(ids, 7)], axis=2)]


@pytest.fixture
def _runtime(monkeypatch: pytest.MonkeyPatch):
    fake = ModuleType("onnxruntime")
    fake.InferenceSession = FakeSession
    monkeypatch.setitem(sys.modules, "onnxruntime", fake)
    FakeSession.opened = []


def a_model(folder: Path, *files: str, pooling: str = "mean_tokens", modules: tuple[str, ...] = ()) -> Path:
    folder.mkdir(parents=True)
    tokenizer = Tokenizer(models.WordLevel({"[PAD]": 0, "[UNK]": 1, "激": 2, "光": 3, "焊": 4}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.save(str(folder / "tokenizer.json"))
    kinds = ("Transformer", "Pooling", *modules)
    (folder / "modules.json").write_text(
        json.dumps([{"type": f"sentence_transformers.models.{kind}"} for kind in kinds])
    )
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({f"pooling_mode_{pooling}": True}))
    for file in files:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(b"onnx")
    return folder


def units(rows: list[list[float]]) -> np.ndarray:
    found = np.array(rows)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.mark.usefixtures("_runtime")
def test_the_mean_of_the_tokens_leaves_out_what_was_padded(tmp_path: Path):
    encoder = open_encoder(a_model(tmp_path / "m", "onnx/model.onnx"))
    vectors = encoder.encode(["激光焊", " ", "激", ""])
    assert (encoder.dimension, vectors.dtype) == (DIMENSION, np.float32)
    np.testing.assert_allclose(vectors[[0, 2]], units([[3, 1, 1, 7], [2, 0, 1, 7]]), atol=1e-6)
    assert not vectors[[1, 3]].any()


@pytest.mark.usefixtures("_runtime")
def test_the_first_token_where_the_model_says_so(tmp_path: Path):
    encoder = open_encoder(a_model(tmp_path / "m", "model.onnx", pooling="cls_token", modules=("Normalize",)))
    np.testing.assert_allclose(encoder.encode(["光焊"]), units([[3, 0, 1, 7]]), atol=1e-6)


@pytest.mark.usefixtures("_runtime")
def test_many_texts_come_back_in_their_order(tmp_path: Path):
    encoder = open_encoder(a_model(tmp_path / "m", "onnx/model.onnx"))
    texts = ["激" * (number % 7 + 1) + "光" * (number % 3) for number in range(50)]
    np.testing.assert_array_equal(
        encoder.encode(texts), np.concatenate([encoder.encode([text]) for text in texts])
    )
    assert encoder.encode([]).shape == (0, DIMENSION)


@pytest.mark.usefixtures("_runtime")
def test_a_default_prompt_stands_in_front_and_long_texts_are_cut(tmp_path: Path):
    folder = a_model(tmp_path / "m", "onnx/model.onnx")
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "光", "document": "激"}, "default_prompt_name": "query"})
    )
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 2}))
    np.testing.assert_allclose(open_encoder(folder).encode(["焊激激"]), units([[3.5, 0.5, 1, 7]]), atol=1e-6)


@pytest.mark.usefixtures("_runtime")
def test_the_backend_chooses_the_file_and_the_file_is_part_of_the_fingerprint(tmp_path: Path):
    folder = a_model(tmp_path / "m", "onnx/model.onnx", "onnx/model_O2.onnx", "onnx/model_qint8_avx2.onnx")
    full, quantised = open_encoder(folder, "onnx"), open_encoder(folder, "onnx-int8")
    assert FakeSession.opened == ["model.onnx", "model_qint8_avx2.onnx"]
    assert full.fingerprint != quantised.fingerprint
    assert reopen(located(folder, "onnx-int8")).fingerprint == quantised.fingerprint
    assert reopen(located(folder)).fingerprint == full.fingerprint, "without safetensors auto means onnx"


def test_an_encoder_is_found_again_where_it_was(tmp_path: Path, model_folder: Path):
    assert located(None) is None
    assert reopen(None).fingerprint == open_encoder().fingerprint
    odd = tmp_path / "models#2"
    odd.symlink_to(model_folder)
    assert reopen(str(odd)).fingerprint == open_encoder(model_folder).fingerprint


@pytest.mark.parametrize(("is_int8", "word"), [(True, "in int8"), (False, "no \\*.onnx")])
def test_a_file_that_is_not_there_is_never_made(tmp_path: Path, is_int8: bool, word: str):
    folder = a_model(tmp_path / "m", "onnx/model.onnx" if is_int8 else "onnx/model_quantized.onnx")
    with pytest.raises(EncoderUnusable, match=word):
        onnx_file(folder, is_int8=is_int8)


@pytest.mark.usefixtures("_runtime")
@pytest.mark.parametrize(
    "changes", [{"modules": ("Dense",)}, {"pooling": "lasttoken"}, {"pooling": "mean_sqrt_len_tokens"}]
)
def test_what_would_be_left_out_is_refused(tmp_path: Path, changes: dict):
    with pytest.raises(EncoderUnusable, match="pooled by first token or mean"):
        open_encoder(a_model(tmp_path / "m", "onnx/model.onnx", **changes))


@pytest.mark.usefixtures("_runtime")
@pytest.mark.parametrize("damaged", ["onnx/model.onnx", "tokenizer.json", "modules.json"])
def test_a_damaged_file_is_a_sentence(tmp_path: Path, damaged: str):
    folder = a_model(tmp_path / "m", "onnx/model.onnx")
    (folder / damaged).write_bytes(b"{")
    with pytest.raises(EncoderUnusable) as refused:
        open_encoder(folder)
    assert str(folder) in refused.value.in_both_languages()


def test_without_the_runtime_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EncoderUnusable, match=r"sanwang\[onnx\]"):
        OnnxEncoder(a_model(tmp_path / "m", "onnx/model.onnx"), is_int8=False)


def test_a_backend_nobody_knows_is_named_with_those_there_are(model_folder: Path):
    with pytest.raises(EncoderUnusable, match="auto, torch, onnx, onnx-int8"):
        open_encoder(model_folder, "tensorrt")


def test_a_static_model_needs_no_backend(model_folder: Path):
    assert open_encoder(model_folder, "onnx").fingerprint == open_encoder(model_folder).fingerprint
