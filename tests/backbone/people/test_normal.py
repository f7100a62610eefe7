"""One person is found however the number was written, and a mask shows too little to ring it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backbone.people.normal import (
    is_named_in,
    masked_email,
    masked_name,
    masked_phone,
    normal_email,
    normal_name,
    normal_phone,
)

MOBILES = st.from_regex(r"1[3-9]\d{9}", fullmatch=True, alphabet=st.characters(codec="ascii"))


@pytest.mark.parametrize(
    "written",
    ["027-88880001", "+86 27 8888 0001", "0086-27-88880001", "（027）8888-0001", "０２７８８８８０００１"],
)
def test_a_landline_is_one_number_in_every_spelling(written: str):
    assert normal_phone(written) == "2788880001"


@given(MOBILES, st.sampled_from(["{}", "+86{}", "86 {}", "0086-{}", " {} "]))
def test_a_mobile_is_one_number_with_and_without_country_code(number: str, spelled: str):
    assert normal_phone(spelled.format(number)) == number


@given(MOBILES, MOBILES)
def test_two_numbers_stay_two(one: str, other: str):
    assert (normal_phone(one) == normal_phone(other)) == (one == other)


def test_what_holds_no_number_is_compared_as_words():
    assert normal_phone("问 前台") == normal_phone("问前台") != normal_phone("问门卫")


def test_case_and_width_tell_no_addresses_or_names_apart():
    assert normal_email(" Zhang@Example.ORG ") == normal_email("ｚhang@example.org")
    assert normal_name("张 三") == normal_name("张三")
    assert normal_name("ZHANG San") == normal_name("Zhang san")


@example("E\u00af")
@given(st.text(max_size=30))
def test_spelling_twice_changes_nothing(written: str):
    for normal in (normal_email, normal_name):
        assert normal(normal(written)) == normal(written)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("13812341234", "138****1234"), ("027-88880001", "027****0001"), ("88880001", "****0001"), ("12345", "****"), ("1234567", "****67"),
     ("见前台", "****")],
)  # fmt: skip
def test_a_masked_phone_shows_its_ends_at_most(written: str, shown: str):
    assert masked_phone(written) == shown


@given(st.text(max_size=30))
def test_a_mask_hides_at_least_four_digits_of_whoever_has_them(written: str):
    digits = [sign for sign in written if sign.isdecimal()]
    shown = [sign for sign in masked_phone(written) if sign.isdecimal()]
    assert len(digits) - len(shown) >= min(4, len(digits))


@pytest.mark.parametrize(
    ("written", "shown"),
    [("zhang@example.org", "z***@example.org"), ("z@example.org", "***@example.org"), ("no address", "***")],
)
def test_a_masked_address_shows_its_first_letter_and_domain(written: str, shown: str):
    assert masked_email(written) == shown


@pytest.mark.parametrize(
    ("sentence", "value"),
    [("张 三来电", "张三"), ("回电 138-1234-1234", "13812341234"), ("＋86 138 1234 1234", "13812341234"),
     ("ZHANG@example.org 来信", "zhang@example.org"), ("分机 027-88880001 登记", "8888-0001")],
)  # fmt: skip
def test_a_sentence_names_somebody_in_whatever_spelling(sentence: str, value: str):
    assert is_named_in(sentence, value)


@pytest.mark.parametrize(
    ("sentence", "value"),
    [("本人申请 2026-17", "1"), ("本人申请 2026-17", "2026"), ("本人", "本"), ("依据 17 号文", "张三")],
)
def test_a_single_sign_or_a_few_digits_name_nobody(sentence: str, value: str):
    assert not is_named_in(sentence, value)


def test_a_masked_name_shows_its_first_sign():
    assert (masked_name("张三丰"), masked_name("")) == ("张**", "")
