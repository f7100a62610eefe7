"""A tiny static model and a small catalogue for the tests of ranking; an engine of its own for every test of the search."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

import sky_net.assignments.records  # noqa: F401  # knows the records of institutes, as the application does
from backbone.clock import FrozenClock
from backbone.db import Database
from sky_net.matching.documents import Document
from sky_net.matching.encoder import Encoder, open_encoder
from sky_net.matching.engine import Engine
from tests.factories.matching import an_engine, installed

SUBJECTS = [
    "激光焊接",
    "动力电池",
    "光纤传感",
    "压铸铝合金",
    "碳化硅器件",
    "微球制剂",
    "硝化连续流",
    "轴承润滑",
    "定位天线",
    "脑电采集",
]
ASPECTS = ["飞溅抑制", "热失控预警", "噪声降低", "寿命预测", "在线检测", "低温启动", "批次一致性", "成本压缩"]
EFFECTS = [
    "合格率由九成升到九成八",
    "能耗下降三成",
    "误报次数减半",
    "连续运行两千小时无故障",
    "换型时间缩短到十分钟",
]


def write_static_model(folder: Path, seed: int = 0, dimension: int = 24) -> Path:
    """Single characters as tokens with random vectors, in sentence-transformers' layout."""
    texts = "".join(SUBJECTS + ASPECTS + EFFECTS) + "abcdefghijklmnopqrstuvwxyz0123456789的与用于研究"
    pieces = ["<unk>", *sorted(set(texts))]
    tokenizer = Tokenizer(models.WordLevel({piece: number for number, piece in enumerate(pieces)}, "<unk>"))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.random.default_rng(seed).normal(size=(len(pieces), dimension)).astype(np.float32)
    table[0] = 0
    save_file({"embedding.weight": table}, folder / "model.safetensors")
    kind = "sentence_transformers.models.StaticEmbedding"
    modules = [{"idx": 0, "name": "0", "path": "", "type": kind}]
    (folder / "modules.json").write_text(json.dumps(modules))
    return folder


def catalogue(size: int, seed: int = 0) -> list[Document]:
    """Documents whose subjects, aspects and effects repeat in many combinations."""
    random = np.random.default_rng(seed)
    documents = []
    for number in range(size):
        subject, aspect, effect = (random.choice(part) for part in (SUBJECTS, ASPECTS, EFFECTS))
        body = f"针对{subject}中的{random.choice(ASPECTS)}，采用{random.choice(SUBJECTS)}的方法，{effect}。编号样品{number}。"
        facets = {
            f"industry:{number % 4}",
            f"trl:{number % 9 + 1}",
            "mode:licence" if number % 2 else "mode:development",
        }
        title = f"{subject}{aspect}" if number % 11 else ""
        documents.append(Document(f"D{number:05d}", title, body, frozenset(facets), f"I{number % 7}"))
    return documents


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_static_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def encoder(model_folder: Path) -> Encoder:
    return open_encoder(model_folder)


@pytest.fixture(scope="session")
def documents() -> list[Document]:
    return catalogue(300)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """What the process searches with in this test: a folder of its own, nothing opened yet, the shipped encoder."""
    with installed(an_engine(tmp_path / "search")) as made:
        yield made


@pytest.fixture
def committed_client(
    application: Any, committed_database: Database, clock: FrozenClock, engine: Engine
) -> Any:
    """A test client whose requests really commit."""
    application.extensions["clock"] = clock
    return application.test_client()
