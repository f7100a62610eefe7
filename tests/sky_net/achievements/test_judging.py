from types import SimpleNamespace

import pytest

from sky_net.achievements.judging import QUESTIONS, unanswered

FULL = {
    "trl": 6, "trl_evidence": "试制线四万件", "gain": "能耗下降12%", "indicators": [{"name": "飞溅", "value": "≤6"}],
    "ip": [{"type": "发明专利", "number": "ZL1", "status": "已授权"}], "use_cases": ["导电排"], "transfer_modes": ["licence"],
    "price_min_fen": 100, "open_licence": False, "contact_name": "张测试",
}  # fmt: skip


def missing(**changed):
    return [question.field for question in unanswered(SimpleNamespace(**FULL | changed))]


def test_a_full_entry_leaves_nothing_open():
    assert missing() == []


def test_an_empty_entry_leaves_everything_open_in_the_tables_order():
    empty = {name: None for name in FULL} | {
        "indicators": [],
        "ip": [],
        "use_cases": [],
        "transfer_modes": [],
    }
    assert missing(**empty) == [question.field for question, _ in QUESTIONS]


@pytest.mark.parametrize(("changed", "field"), [
    ({"gain": "明显优于现有方案"}, "gain"), ({"gain": None}, "gain"), ({"ip": [{"type": "发明专利", "status": "已授权"}]}, "ip"),
    ({"ip": [{"type": "发明专利", "number": "ZL1"}]}, "ip"), ({"ip": [*FULL["ip"], {"type": "专有技术"}]}, "ip"),
    ({"price_min_fen": None}, "price"), ({"trl": None}, "trl"), ({"contact_name": ""}, "contact"),
])  # fmt: skip
def test_words_without_numbers_and_rights_without_numbers_answer_nothing(changed, field):
    assert missing(**changed) == [field]


def test_a_gain_in_full_width_or_chinese_arabic_digits_counts():
    assert missing(gain="能耗下降１２％") == []


def test_a_price_of_nothing_and_an_open_licence_answer_the_question_of_price():
    assert missing(price_min_fen=0) == []
    assert missing(price_min_fen=None, open_licence=True) == []


def test_every_question_says_in_both_languages_why():
    for question, _ in QUESTIONS:
        assert question.why.zh != str(question.why)
        assert question.label.zh != str(question.label)
