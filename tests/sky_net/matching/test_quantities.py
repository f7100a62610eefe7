"""Quantities in values of forms and in running text."""

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.quantities import Quantity, find_quantities, read_quantity
from sky_net.matching.units import plain, unit_named


def ends(quantity: Quantity | None) -> tuple[str | None, str | None]:
    assert quantity is not None
    low, high = (None if end is None else str(end) for end in (quantity.low, quantity.high))
    return low, high


@pytest.mark.parametrize(
    ("value", "unit", "low", "high", "of"),
    [
        ("≥67", "%", "67", None, "%"),
        ("≥67 %", None, "67", None, "%"),
        ("1.80", "g/cm³", "9/5", "9/5", "g/cm³"),
        ("50 万元以内", None, None, "500000", "元"),
        ("不超过五十万元", None, None, "500000", "元"),
        ("100–200 ℃", None, "100", "200", "℃"),
        ("100℃~200℃", None, "100", "200", "℃"),
        ("100 至 200", "℃", "100", "200", "℃"),
        ("-45~90", "℃", "-45", "90", "℃"),
        ("3-5年", None, "3", "5", "年"),
        ("3±0.1", "mm", "29/10", "31/10", "mm"),
        ("≤-32", "dB", None, "-32", "dB"),
        ("２０％以上", None, "20", None, "%"),
        ("不低于 95%", None, "95", None, "%"),
        ("不得大于 5", "mm", None, "5", "mm"),
        ("at least 5 MPa", None, "5", None, "MPa"),
        ("No more than 3 days", None, None, "3", "天"),
        ("≥ 150 万次", None, "1500000", None, "次"),
        ("百分之五以下", None, None, "5", "%"),
        ("≥98.5%（500h后）", None, "197/2", None, "%"),
        ("零下三十摄氏度", None, "-30", "-30", "℃"),
        ("2e8", "cps", "200000000", "200000000", "cps"),
    ],
)
def test_a_value_is_read(value: str, unit: str | None, low: str | None, high: str | None, of: str):
    quantity = read_quantity(value, unit)
    assert ends(quantity) == (low, high)
    assert quantity is not None
    assert quantity.unit == unit_named(of)


@pytest.mark.parametrize("value", ["无", "", "25/200", "400×400", "见附件", "合格", "5 mm 与 6 mm"])
def test_what_is_not_one_quantity_is_none(value: str):
    assert read_quantity(value, "mm") is None


def test_an_open_end_an_approximate_number_and_a_tolerance_are_told():
    below, about, width = read_quantity("<10", "nm"), read_quantity("约 100 ℃"), read_quantity("±0.08", "mm")
    assert below is not None
    assert below.is_open
    assert about is not None
    assert about.is_about
    assert width is not None
    assert width.is_tolerance
    assert width.high == Fraction(2, 25)


TEXT = (
    "希望飞溅降低到 2% 以下，良率不低于98.5%，成本控制在50万元以内，2024年建成，1.5到3mm的紫铜排用6kW光纤激光，"
    "零下三十摄氏度能启动，寿命不少于两千小时，316L与6061、A380，约六分钟，5G网络，一定要快，十分重要"
)


def test_the_quantities_of_a_text_are_found_and_nothing_else():
    text = plain(TEXT)
    found = [text[each.start : each.end].replace(" ", "") for each in find_quantities(text)]
    assert found == [
        "到2%以下", "不低于98.5%", "50万元以内", "1.5到3mm", "6kW", "零下三十摄氏度", "不少于两千小时", "约六分钟",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "right"),
    [("≥5", "5 以上"), ("≤5", "5以内"), ("≥ 5", "at least 5"), ("≤5", "5 or less"), ("≈5", "5左右")],
)
def test_a_comparison_means_the_same_on_either_side(left: str, right: str):
    one, other = read_quantity(left, "mm"), read_quantity(right, "mm")
    assert one == other


@given(st.text(max_size=120))
def test_any_text_may_be_read(text: str):
    read_quantity(text, text[:40])
    read = plain(text)
    for found in find_quantities(read):
        assert 0 <= found.start < found.end <= len(read)


@given(st.text(alphabet="0123456789.,-–~±≥≤<%年万亿百千十五 mgkWh/·()℃至到不超过以上^eE×", max_size=60))
def test_any_heap_of_signs_may_be_read(text: str):
    read_quantity(text)
    list(find_quantities(plain(text)))


@pytest.mark.parametrize(
    "piece",
    ["1", "1,", "1.", "1-", "十", "≥", "(", "5(", "5m/", "±1", "五十万元", "百分之", "5千", "1e", "零下"],
)
def test_a_longer_text_takes_no_more_than_its_share_of_time(piece: str):
    def seconds(size: int) -> float:
        text = plain((piece * size)[:size])
        before = time.process_time()
        for _ in find_quantities(text):
            pass
        return time.process_time() - before

    assert seconds(20_000) < 25 * max(seconds(2000), 0.01)
