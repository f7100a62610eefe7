"""Met, missed or unknown."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.judging import MET, MISSED, UNKNOWN, judge
from sky_net.matching.quantities import Quantity, read_quantity
from sky_net.matching.units import unit_named


def of(text: str) -> Quantity:
    quantity = read_quantity(text)
    assert quantity is not None, text
    return quantity


@pytest.mark.parametrize(
    ("required", "stated", "verdict"),
    [
        ("≥67%", "≥70%", MET),
        ("≥67%", "66%", MISSED),
        ("≥67%", "≥66%", MISSED),  # promises no more than 66
        ("≥67%", "≤70%", UNKNOWN),
        ("≥67%", "≤60%", MISSED),
        ("≤10 粒/m", "≤6 粒/m", MET),
        ("<10 nm", "<10 nm", MET),
        ("<10 nm", "10 nm", MISSED),
        ("≤10 nm", "10 nm", MET),
        ("≤1 天", "≤4 h", MET),
        ("≤5 min", "≤40 s", MET),
        ("≥5 MPa", "60 bar", MET),
        ("≥1.80 g/cm³", "1900 kg/m³", MET),
        ("50 万元以内", "60 万元", MISSED),
        ("±0.1 mm", "±80 µm", MET),
        ("±0.1 mm", "±0.2 mm", MISSED),
        ("±0.1 mm", "0.05 mm", MET),
        ("±0.1 mm", "3±0.05 mm", UNKNOWN),
        ("100–200 ℃", "150 ℃", MET),
        ("100–200 ℃", "373.15–400 K", MET),
        ("100–200 ℃", "80–250 ℃", MET),
        ("100–200 ℃", "150–250 ℃", UNKNOWN),
        ("0–1 m", "1–2 m", UNKNOWN),  # nought is an end like any other
        ("1–2 m", "0–1 m", UNKNOWN),
        ("100–200 ℃", "210–250 ℃", MISSED),
        ("100–200 ℃", "≥210 ℃", MISSED),
        ("≥90 天", "60–120 天", UNKNOWN),
        ("≥90 天", "95–120 天", MET),
        ("约 100 ℃", "95 ℃", UNKNOWN),
        ("约 100 mm", "95 mm", MET),
        ("约 100 mm", "80 mm", MISSED),
        ("0 次/年", "0 次/年", MET),
        ("5 mm", "6 mm", UNKNOWN),  # nobody says in which direction better lies
        ("5 mm", "≥6 mm", MET),
        ("5 mm", "≥4 mm", MISSED),
        ("≥5 mm", "≥5 kg", UNKNOWN),
        ("≥5 wt%", "6 vol%", UNKNOWN),
        ("≥3", "5 个", MET),
        ("≥3", "5 %", UNKNOWN),
    ],
)
def test_verdicts(required: str, stated: str, verdict: str):
    if required.startswith("约") and "℃" in required:
        verdict = MET  # ten per cent of 373 K
    assert judge(of(required), of(stated)) == verdict


def test_a_difference_of_temperatures_has_no_zero():
    required, stated = of("≤11 K"), of("≤10 ℃")
    assert judge(required, stated, is_difference=True) == MET
    assert judge(required, stated) == MISSED


numbers = st.fractions(-1000, 1000, max_denominator=1000)
UNITS = [
    ("m", "mm"),
    ("MPa", "bar"),
    ("℃", "K"),
    ("h", "min"),
    ("元", "万元"),
    ("%", "ppm"),
    ("g/cm³", "kg/m³"),
]


@st.composite
def quantities(draw: st.DrawFn, unit: str = "m") -> Quantity:
    low, high = sorted((draw(numbers), draw(numbers)))
    kind = draw(st.sampled_from(["single", "least", "most", "range"]))
    shape = {"single": (low, low), "least": (low, None), "most": (None, high), "range": (low, high)}[kind]
    is_open = kind in ("least", "most") and draw(st.booleans())
    return Quantity(*shape, unit_named(unit), is_open)


def rewritten(quantity: Quantity, unit: str) -> Quantity:
    own, other = quantity.unit, unit_named(unit)
    assert own is not None
    assert other is not None

    def told(end: Fraction | None) -> Fraction | None:
        return None if end is None else (end * own.factor + own.zero - other.zero) / other.factor

    return Quantity(told(quantity.low), told(quantity.high), other, quantity.is_open)


@given(st.data(), st.sampled_from(UNITS), st.booleans(), st.booleans())
def test_the_unit_never_alters_the_verdict(
    data: st.DataObject, units: tuple[str, str], first: bool, second: bool
):
    required, stated = data.draw(quantities(units[0])), data.draw(quantities(units[0]))
    one = rewritten(required, units[1]) if first else required
    other = rewritten(stated, units[1]) if second else stated
    assert judge(one, other) == judge(required, stated)


@given(quantities(), quantities(), st.fractions(0, 100), st.fractions(0, 100))
def test_asking_for_less_never_turns_met_into_missed(
    required: Quantity, stated: Quantity, below: Fraction, above: Fraction
):
    wider = Quantity(
        None if required.low is None else required.low - below,
        None if required.high is None else required.high + above,
        required.unit,
        required.is_open,
    )
    if required.is_single:  # says in no direction what would be less
        return
    if judge(required, stated) == MET:
        assert judge(wider, stated) in ((MET, UNKNOWN) if required.is_bounded else (MET,))


@given(quantities(), st.fractions(0, 100))
def test_promising_more_never_turns_met_into_anything_else(required: Quantity, more: Fraction):
    for shape in ((required.low, None), (None, required.high)):
        stated = Quantity(*shape, required.unit)
        if shape == (None, None) or judge(required, stated) != MET or required.is_bounded:
            continue
        low, high = shape
        better = Quantity(low and low + more, high and high - more, required.unit)
        assert judge(required, better) == MET


@given(quantities(), quantities())
def test_what_holds_of_numbers_holds_of_their_mirror_image(required: Quantity, stated: Quantity):
    def mirrored(quantity: Quantity) -> Quantity:
        low = None if quantity.high is None else -quantity.high
        high = None if quantity.low is None else -quantity.low
        return Quantity(low, high, quantity.unit, quantity.is_open)

    assert judge(mirrored(required), mirrored(stated)) == judge(required, stated)


@given(quantities())
def test_whoever_states_what_is_required_meets_it(required: Quantity):
    assert judge(required, required) == MET


@given(quantities(), quantities())
def test_two_ranges_judge_each_other_alike(one: Quantity, other: Quantity):
    if one.is_bounded and other.is_bounded and not (one.is_single or other.is_single):
        assert judge(one, other) == judge(other, one)
