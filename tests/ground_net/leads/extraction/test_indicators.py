"""Indicators of a note: value, unit, wanted or so, and what is none."""

from datetime import date

import pytest

from ground_net.leads.extraction.proposing import proposed_fields


def said(text: str) -> list[str]:
    found = proposed_fields(text, date(2026, 5, 12)).indicators
    return [
        f"{each.kind} {each.name} {each.relation} "
        f"{each.value if each.value is not None else f'{each.low}..{each.high}'} {each.unit}" + (f" {each.change}" if each.change else "")
        for each in found
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("抗拉强度要到四百五十兆帕以上", ["target 抗拉强度 >= 450 MPa"]),
        ("耐温要三百五", ["target 耐温 >= 350 ℃"]),
        ("良率82→95", ["now 良率 = 82 %", "target 良率 >= 95 %"]),
        ("温度范围-40~+70℃", ["target 温度范围 range -40..70 ℃"]),
        ("硬度要求HB 180到220", ["target 硬度 range 180..220 HB"]),
        ("返修率两成，想降到百分之五以内", ["now 返修率 = 20 %", "target 返修率 <= 5 %"]),
        ("漏检率目标千分之一以内，现在千分之四", ["target 漏检率 <= 1/10 %", "now 漏检率 = 2/5 %"]),
        ("单指力要15N，现在十一二牛", ["target 单指力 >= 15 N", "now 单指力 range 11..12 N"]),
        ("功耗现在1.8瓦，要把功耗降一半", ["now 功耗 = 9/5 W", "target 功耗 <= 9/10 W"]),
        ("电耗每吨620度，能降10%最好", ["now 电耗 = 620 kW·h/t", "target 电耗 >= 10 % down"]),
        ("成本现在三万二一吨，降到2万/吨以内", ["now 成本 = 32000 元/t", "target 成本 <= 20000 元/t"]),
        ("寿命现在半年，至少要一年", ["now 寿命 = 6 月", "target 寿命 >= 1 年"]),
        ("磨一根要四个半小时，想缩到1小时以内", ["now 磨一根 = 9/2 h", "target 磨一根 <= 1 h"]),
        ("信息传输率目前每分钟45比特", ["now 信息传输率 = 45 bit/min"]),
        ("接触阻抗现在二十千欧", ["now 接触阻抗 = 20 kΩ"]),
        ("精度3毫米够用了", ["now 精度 = 3 mm"]),
        ("目标：\n1. 良率98%\n2. 周期28秒", ["target 良率 >= 98 %", "target 周期 <= 28 s"]),
        ("导热系数现在6W/mK", ["now 导热系数 = 6 W/(m·K)"]),
    ],
)  # fmt: skip
def test_a_figure_is_an_indicator(text: str, indicators: list[str]):
    assert said(text) == indicators


@pytest.mark.parametrize(
    "text",
    [
        "电话027-87654321，郭工138-0000-0000", "一共11个人，2003年开的厂", "园区3号楼502", "铜箔4.5微米那条线老出事", "换过三种油脂",
        "去年良率才80%", "人家进口的温升15度", "证书ISO 9001", "用的是H13和QT500-7", "要求几十微米", "房租一个月3000", "融资一千万",
    ],
)  # fmt: skip
def test_a_figure_of_something_else_is_none(text: str):
    assert said(text) == []


def test_a_number_goes_on_with_what_was_measured_before_it():
    assert said("偏移大概1.5微米，希望控制在0.5微米以内") == ["now 偏移 = 3/2 μm", "target 偏移 <= 1/2 μm"]


def test_a_text_that_begins_with_a_numeral_is_read():
    assert said("十堰，齿形误差8微米想控制到5") == ["now 齿形误差 = 8 μm", "target 齿形误差 <= 5 μm"]
