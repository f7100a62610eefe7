import json
import socket
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from tokenizers import Tokenizer
from typer import Typer
from typer.testing import CliRunner

from tests.training.conftest import letters
from training.__main__ import main

pytestmark = pytest.mark.slow  # a whole training

FILES = {
    "README.md",
    "config_sentence_transformers.json",
    "model.safetensors",
    "modules.json",
    "tokenizer.json",
}
TEXTS = ["锂电池隔膜的制备工艺", "CNN", "", "龘阀", "齿轮箱,故障诊断"]


def train(data: Path, out: Path, *more: str) -> str:
    app = Typer()
    app.command()(main)
    settings = ["--dimension", "16", "--vocabulary", "300", "--steps", "20"]
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("training.__main__.open_teacher", lambda threads: letters)
            result = CliRunner().invoke(app, ["--data", str(data), "--out", str(out), *settings, *more])
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(strict)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def model(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "model"
    train(data, out)
    return out


def test_the_directory_holds_the_five_files_of_the_layout(model: Path):
    assert {path.name for path in model.iterdir()} == FILES
    modules = json.loads((model / "modules.json").read_text(encoding="utf-8"))
    assert [module["type"].rpartition(".")[2] for module in modules] == ["StaticEmbedding"]


def test_sentence_transformers_loads_it_and_gives_the_mean_of_the_rows(model: Path):
    from sentence_transformers import SentenceTransformer

    found = SentenceTransformer(str(model), device="cpu", local_files_only=True).encode(TEXTS)
    table = load_file(model / "model.safetensors")["embedding.weight"]
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]
    means = np.array([table[row].mean(axis=0) if row else np.zeros(16) for row in ids])
    assert found.shape == (5, 16)
    assert np.abs(found - means).max() < 1e-6


def test_no_file_names_this_machine_or_its_folders(model: Path, data: Path):
    for name in FILES - {"model.safetensors"}:
        text = (model / name).read_text(encoding="utf-8")
        assert str(model.parent) not in text
        assert str(data) not in text
        assert socket.gethostname() not in text.split()


@pytest.mark.slow
def test_the_card_holds_the_measurements_that_were_printed(data: Path, tmp_path: Path):
    printed = train(data, tmp_path / "model")
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    rows = [line for line in card.splitlines() if line.startswith("| model |")]
    assert len(rows) == 3
    assert all(row in printed for row in rows)
    assert all(word in card for word in ("Apache-2.0", "CC BY-SA 4.0", "MIT"))


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(model: Path, data: Path, tmp_path: Path):
    train(data, tmp_path / "again")
    train(data, tmp_path / "other", "--seed", "8")
    again, other = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("again", "other"))
    assert again == (model / "model.safetensors").read_bytes()
    assert other != again


@pytest.mark.slow
def test_what_the_teacher_said_is_kept_for_the_next_run(data: Path, tmp_path: Path, model: Path):
    store = tmp_path / "store"
    train(data, tmp_path / "first", "--store", str(store))
    assert len(list(store.iterdir())) == 3
    train(data, tmp_path / "second", "--store", str(store))
    first, second = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("first", "second"))
    assert first == second


@pytest.mark.slow
def test_settings_are_chosen_without_the_test_tenth(data: Path, tmp_path: Path):
    assert "held out (validation)" in train(data, tmp_path / "model", "--held-out", "validation")
