"""Which names mean one quantity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.quantity_names import LEAST_LIKENESS, is_difference, likeness, may_be_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("飞溅颗粒", "飞溅颗粒数"),
        ("熔深波动", "焊缝熔深波动"),
        ("发现到告警时间", "告警延时"),
        ("头端组装一次良率", "组装良率"),
        ("导热能力", "导热系数"),
        ("通道相位误差", "校准后相位误差RMS"),
        ("偶联后发光值批间CV", "偶联后发光值批间变异"),
        ("热送热装率", "热送比例"),
        ("界面空洞面积", "界面空洞率"),
        ("單塊校準時間", "单面板校准时间"),
        ("tensile strength", "Tensile Strength"),
        ("误报率(%)", "误报率"),
    ],
)
def test_one_quantity(one: str, other: str):
    assert likeness(one, other) >= LEAST_LIKENESS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("合格率", "不合格率"),
        ("漏检率", "检出率"),
        ("漏检率", "误报率"),
        ("单件清理时间", "单件规划时间"),
        ("定位可用率", "肇事流定位准确率"),
        ("头端外径", "导管远端外径"),
        ("放罐效价批间变异", "批间变异系数"),
        ("佩戴准备时间", "连续佩戴时间"),
        ("判别到触发时延", "判别周期"),
        ("抗拉强度", "抗弯强度"),
        ("", "误差"),
    ],
)
def test_another_quantity(one: str, other: str):
    assert likeness(one, other) < LEAST_LIKENESS


names = st.text(alphabet="头端外径熔深波动误差率不漏检时间 abcμ()%", max_size=12)


@given(names, names)
def test_likeness_knows_no_order(one: str, other: str):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_may_be_a_name(one: str, other: str):
    likeness(one, other)
    may_be_in(one, other)


def test_a_rise_of_temperature_is_a_difference():
    assert is_difference("前轴承外圈温升")
    assert not is_difference("最高工作温度")
