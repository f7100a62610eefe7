"""The file of grades: what it may say, and what is refused by line and reason."""

import json

import pytest

from sky_net.matching.entries import BadLine
from sky_net.matching.grades import read_grades

GOOD = {"need_id": "n1", "achievement_id": "a1", "grade": 2}


def read(tmp_path, *records):
    file = tmp_path / "grades.jsonl"
    file.write_text(
        "\n".join(each if isinstance(each, str) else json.dumps(each) for each in records), "utf-8"
    )
    return read_grades(file, {"n1", "7"}, {"a1", "a2"})


def test_grades_are_read_by_need_and_the_last_word_counts(tmp_path):
    told = read(
        tmp_path, GOOD, "", GOOD | {"achievement_id": "a2", "grade": 0}, GOOD | {"grade": 3.0, "by": "x"}
    )
    assert told == {"n1": {"a1": 3, "a2": 0}}
    assert read(tmp_path, GOOD | {"need_id": 7}) == {"7": {"a1": 2}}
    assert read(tmp_path) == {}


@pytest.mark.parametrize(
    ("record", "zh", "en"),
    [
        (GOOD | {"grade": 4}, "grade 4", "from 0 to 3"),
        (GOOD | {"grade": -1}, "grade -1", "from 0 to 3"),
        (GOOD | {"grade": True}, "grade True", "from 0 to 3"),
        (GOOD | {"grade": "3"}, "grade '3'", "from 0 to 3"),
        (GOOD | {"grade": 1.5}, "grade 1.5", "from 0 to 3"),
        ({"need_id": "n1", "achievement_id": "a1"}, "grade None", "from 0 to 3"),
        (GOOD | {"need_id": "n9"}, "不在所给文件中", "is not in the given file"),
        (GOOD | {"achievement_id": ["a1"]}, "不在所给文件中", "is not in the given file"),
        ({"achievement_id": "a1", "grade": 1}, "缺少 need_id", "need_id is missing"),
        ("[1]", "不是 JSON 对象", "not a JSON object"),
        ("{", "不是合法 JSON", "not JSON"),
    ],
)
def test_a_wrong_line_is_named_with_its_reason_in_both_languages(tmp_path, record, zh, en):
    with pytest.raises(BadLine) as refused:
        read(tmp_path, GOOD, record)
    sentence = refused.value.sentence()
    assert "2" in sentence.zh
    assert zh in sentence.zh
    assert en in str(sentence)
