"""Units as people write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.units import plain, unit_at, unit_named


def many(one: str, other: str) -> Fraction:
    """How many of the other make one."""
    first, second = unit_named(one), unit_named(other)
    assert first is not None
    assert second is not None
    assert first.dimension == second.dimension, (one, other)
    return first.factor / second.factor


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [
        ("MPa", "bar", 10),
        ("MPa", "N/mm²", 1),
        ("兆帕", "kPa", 1000),
        ("Mpa", "MPa", 1),
        ("atm", "Pa", 101_325),
        ("g/cm³", "kg/m3", 1000),
        ("kg·m⁻³", "kg/m³", 1),
        ("m²/h", "cm^2/s", Fraction(25, 9)),
        ("㎡", "平方米", 1),
        ("W/(m·K)", "mW/(mm·K)", 1),
        ("mΩ·cm²", "Ω·cm²", Fraction(1, 1000)),
        ("kWh", "千瓦时", 1),
        ("KW", "kW", 1),
        ("万元", "元", 10_000),
        ("亿元", "万元", 10_000),
        ("万次", "次", 10_000),
        ("次/万公里", "次/km", Fraction(1, 10_000)),
        ("μm/8h", "μm/h", Fraction(1, 8)),
        ("rpm", "r/min", 1),
        ("天", "h", 24),
        ("年", "个月", 12),
        ("ppm", "%", Fraction(1, 10_000)),
        ("‰", "%", Fraction(1, 10)),
        ("角秒", "°", Fraction(1, 3600)),
        ("mPa·s", "cP", 1),
        ("mA·h/g", "mAh/g", 1),
        ("公斤", "kg", 1),
        ("Ｋｇ", "kg", 1),
    ],
)
def test_units_of_one_kind_convert_exactly(one: str, other: str, times: Fraction):
    assert many(one, other) == times


@pytest.mark.parametrize(
    ("one", "other"),
    [("mW", "MW"), ("nm", "Nm"), ("dB", "dBm"), ("dB", "%"), ("HRC", "HV0.3"), ("元", "美元")],
)
def test_units_that_look_alike_stay_apart(one: str, other: str):
    assert unit_named(one) != unit_named(other)


def test_shares_of_different_things_cannot_be_compared():
    mass, volume, bare = unit_named("wt%"), unit_named("vol%"), unit_named("%")
    assert mass is not None
    assert volume is not None
    assert bare is not None
    assert not mass.is_like(volume)
    assert bare.is_like(mass)
    assert volume.is_like(bare)


def test_a_unit_that_no_table_has_is_like_itself_alone():
    own = unit_named("邵氏00度")
    assert own is not None
    assert own == unit_named("邵氏００度")
    assert own != unit_named("邵氏A")
    assert unit_named("  ") is None


def test_a_latin_word_is_not_cut_into_a_unit():
    assert unit_at("minimal", 0) is None
    assert unit_at("m 以内", 0) is not None
    assert unit_at("a plant", 0) is None


@given(st.text(max_size=80), st.integers(0, 80))
def test_any_text_may_be_asked_for_a_unit(text: str, start: int):
    unit_named(text)
    found = unit_at(plain(text), start)
    assert found is None or start < found[1] <= len(plain(text))


@pytest.mark.parametrize(
    ("spoken", "written"), [("公分", "cm"), ("弧分", "arcmin"), ("个钟头", "h"), ("W/mK", "W/(m·K)")]
)
def test_a_unit_as_it_is_said_is_the_one_that_is_written(spoken: str, written: str):
    assert unit_named(spoken) == unit_named(written)
