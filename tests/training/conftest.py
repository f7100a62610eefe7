"""A data folder of invented papers, small enough to train on in a second."""

import json
import random
from pathlib import Path

import pytest

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
    return folder
