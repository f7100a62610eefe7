"""A need's indicators against what an offer states."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.indicators import shortly, verdicts
from sky_net.matching.judging import MET, MISSED, UNKNOWN


def needed(name: str, target: str | None, unit: str | None = None, weight: str = "must") -> dict[str, Any]:
    return {"name": name, "target": target, "unit": unit, "weight": weight}


def stated(name: str, value: str, unit: str | None = None) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit}


def test_both_numbers_are_told():
    (only,) = verdicts([needed("飞溅颗粒", "≤10", "粒/m")], [stated("飞溅颗粒数", "≤6", "粒/m")])
    assert (only.verdict, only.required, only.stated, only.weight) == (MET, "≤10 粒/m", "≤6 粒/m", "must")


@pytest.mark.parametrize(
    ("target", "unit", "value", "other", "told"),
    [
        ("≤1", "天", "≤4", "h", "≤4 h = ≤0.1667 天"),
        ("≤5 min", None, "40", "s", "40 s = 0.6667 min"),
        ("≥1500", "h", "90–100", "天", "90–100 天 = 2160–2400 h"),
        ("±0.1", "mm", "±80", "µm", "±80 µm = ±0.08 mm"),
        ("≤11", "K", "<10", "℃", "<10℃"),
    ],
)
def test_a_number_in_another_unit_is_told_in_the_needs_own_too(
    target: str, unit: str | None, value: str, other: str, told: str
):
    (only,) = verdicts([needed("轴承温升寿命", target, unit)], [stated("轴承温升寿命", value, other)])
    assert only.verdict == MET
    assert only.stated == told


def test_what_the_offer_misses_is_told_too():
    (only,) = verdicts([needed("漏检率", "≤0.02", "%")], [stated("缺陷漏检率", "≤0.3", "%")])
    assert (only.verdict, only.stated) == (MISSED, "≤0.3%")


def test_what_is_not_stated_or_not_comparable_is_unknown():
    found = verdicts(
        [needed("界面空洞率", "≤0.5", "%"), needed("外观", "良好"), needed("持续功率", "≥140", "kW"), needed("无目标", None)],
        [stated("持续功率", "≥4.1", "kW/kg"), stated("外观", "优")],
    )  # fmt: skip
    assert [(each.name, each.verdict) for each in found] == [
        ("界面空洞率", UNKNOWN),
        ("外观", UNKNOWN),
        ("持续功率", UNKNOWN),
    ]


def test_the_likest_name_decides():
    offered = [stated("整线误报率", "9", "%"), stated("误报率", "1", "%")]
    assert verdicts([needed("误报率", "≤2", "%")], offered)[0].verdict == MET
    assert verdicts([needed("误报率", "≤2", "%")], offered[::-1])[0].verdict == MET


def test_a_text_answers_what_no_form_does():
    text = "头端组装良率由手工焊线的72%升到94%。另有其他。"
    (only,) = verdicts([needed("组装良率", "≥92", "%")], [], [None, text])
    assert (only.verdict, only.stated) == (MET, "94%")
    (form,) = verdicts([needed("组装良率", "≥92", "%")], [stated("组装良率", "90", "%")], [text])
    assert form.verdict == MISSED


@pytest.mark.parametrize(
    ("name", "target", "unit", "text"),
    [
        ("漏检率", "≤0.4", "%", "漏检率置信区间宽度缩到±0.1%"),
        ("公斤成本", "≤14000", "元", "每公斤产品酶成本由210元减到38元"),
        ("组装良率", "≥92", "%", "组装良率提高94%"),
    ],
)
def test_a_sentence_about_something_else_answers_nothing(name: str, target: str, unit: str, text: str):
    assert verdicts([needed(name, target, unit)], [], [text])[0].verdict == UNKNOWN


def test_a_need_without_indicators_is_read():
    (low,) = verdicts([needed("孔隙率", "≤0.5", "%")], [], ["孔隙率做到0.3%以下"])
    assert low.stated == "≤0.3%"
    need = "现在每班废品超过20%。要求孔隙率不超过0.5%，成本控制在50万元以内。"
    found = verdicts([], [stated("孔隙率", "≤0.3", "%")], need_text=need)
    assert [(each.name, each.verdict, each.weight) for each in found] == [("孔隙率", MET, None)]


@pytest.mark.parametrize(
    ("number", "said"),
    [("1/3", "0.3333"), ("100", "100"), ("150000", "150000"), ("-1/2", "-0.5"), ("0", "0")],
)
def test_numbers_are_short(number: str, said: str):
    assert shortly(Fraction(number)) == said


words = st.text(alphabet="误差率时间外径≥≤<±~-0123456789.% mkgh天", max_size=12)


@given(words, words, words, words, words, words)
def test_whatever_a_form_holds_gets_a_verdict(a: str, b: str, c: str, d: str, e: str, f: str):
    found = verdicts([needed(a, b, c)], [stated(d, e, f)], [a + b, d + e + f])
    assert len(found) <= 1
