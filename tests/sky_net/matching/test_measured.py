"""Named quantities in sentences."""

from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.measured import measured_in, required_in


def said(text: str) -> list[tuple[str, str]]:
    return [(each.name, each.said) for each in measured_in(text)]


def test_a_name_stands_in_front_of_its_number():
    assert said("疲劳关键区孔隙率降到0.015%以下，密度为1.80 g/cm³") == [
        ("疲劳关键区孔隙率", "0.015%以下"),
        ("密度", "1.80 g/cm^3"),
    ]


def test_what_was_left_behind_is_not_what_was_reached():
    assert said("组装良率由72%升到94%") == [("组装良率", "94%")]


def test_a_change_is_no_level():
    assert said("组装良率提高12%") == []
    assert said("组装良率提高到92%") == [("组装良率", "92%")]


def test_a_number_without_a_name_is_left_alone():
    assert said("3.5 GPa") == []


def test_only_what_is_asked_for_is_a_requirement():
    text = "红外焊接飞溅超过20%，每班停机超过10分钟。希望飞溅降低到2%以下。"
    assert [(each.name, each.said) for each in required_in(text)] == [("飞溅", "2%以下")]


@given(st.text(max_size=200))
def test_any_text_may_be_read(text: str):
    measured_in(text)
    required_in(text)
