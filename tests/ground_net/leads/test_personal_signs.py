"""Telephones, addresses and identity numbers are found in free words, and technical numbers are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground_net.leads.personal_signs import personal_sign_in


@pytest.mark.parametrize(
    "text",
    [
        "找王工 13800001234", "１３８００００１２３４", "+86 138-0000-1234", "座机 027-88880001", "0717 6666666", "写到 a.b+c@example.test 好",
        "a＠example．test", "证号 420106199001011234", "42010619900101123X",
    ],
)  # fmt: skip
def test_what_leads_to_somebody_is_found(text):
    assert personal_sign_in(f"焊接{text}，太慢") is not None


@pytest.mark.parametrize(
    "text",
    [
        "每件 138 克",
        "型号 1380000",
        "91420100MA4K12345X",
        "0.13800001234",
        "22 个/米",
        "年产 20 万件",
        "2026-03-09 14:30",
        "",
    ],
)
def test_technical_numbers_lead_to_nobody(text):
    assert personal_sign_in(text) is None


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text):
    personal_sign_in(text)
