"""A data folder of invented papers, small enough to train on in a second, and a teacher that knows letters alone."""

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from training.lexicon import LISTS
from training.teacher import Vectors

DICTIONARY = """# CC-CEDICT
逆變器 逆变器 [ni4 bian4 qi4] /inverter (electricity)/
齒輪箱 齿轮箱 [chi3 lun2 xiang1] /gearbox/
隔膜 隔膜 [ge2 mo2] /separator/membrane/diaphragm/
武漢 武汉 [Wu3 han4] /Wuhan city/
電機 电机 [dian4 ji1] /variant of 馬達|马达[ma3 da2]/
焊 焊 [han4] /to weld/
激光 激光 [ji1 guang1] /laser/
"""

THINGS = [
    "液压阀",
    "光纤传感器",
    "锂电池隔膜",
    "数控机床",
    "陶瓷涂层",
    "稻米淀粉",
    "逆变器",
    "污泥",
    "激光焊缝",
    "齿轮箱",
]
ASPECTS = ["疲劳寿命", "制备工艺", "温度漂移", "故障诊断", "节能控制", "表面缺陷"]


def paper(number: int, thing: str, aspect: str) -> dict[str, object]:
    draw = random.Random(number)
    means = draw.choice(["遗传算法", "正交试验", "有限元", "CNN"])
    return {
        "id": f"made-{number:03}",
        "title": f"{thing}{aspect}的{means}研究",
        "abstract": f"针对{thing}的{aspect}问题,采用{means}建立模型.试验表明,{thing}在{number}℃下{aspect}改善.",
        "keywords": [thing, aspect, means],
        "discipline": "虚构学科",
        "category": None,
    }


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    pairs = [(thing, aspect) for thing in THINGS for aspect in ASPECTS]
    papers = [paper(number, *pair) for number, pair in enumerate(pairs)]
    lines = [json.dumps(row, ensure_ascii=False) for row in papers]
    titles = ["title\tcategory", *(f"{row['title']}\t工学" for row in papers[::2]), "齿轮箱油温的监测\t工学"]
    titles += [f"{thing}选型与{aspect}综述\t工学" for thing, aspect in pairs[::3]]
    (folder / "csl").mkdir()
    (folder / "csl" / "papers.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "csl" / "titles.tsv").write_text("\n".join(titles) + "\n", encoding="utf-8")
    (folder / "cedict").mkdir()
    (folder / "cedict" / "made.txt.gz").write_bytes(gzip.compress(DICTIONARY.encode()))
    (folder / "thuocl").mkdir()
    for number, name in enumerate(LISTS):
        words = "".join(f"{thing} \t {number}\n" for thing in THINGS[number::2])
        (folder / "thuocl" / f"data__THUOCL_{name}.txt").write_text(words, encoding="utf-8")
    return folder


def letters(texts: Sequence[str]) -> Vectors:
    """A teacher for whom a text is the sum of its letters."""
    return np.stack([sum(map(_letter, text), np.zeros(32)) for text in texts]).astype(np.float32)


def _letter(letter: str) -> np.ndarray:
    return np.random.default_rng(ord(letter)).normal(size=32)
