import pytest
from hypothesis import given
from hypothesis import strategies as some

from backbone.directory.credit_code import ALPHABET, LENGTH, WEIGHTS, check_character, is_credit_code
from tests.factories.directory import a_credit_code

CODES = some.text(alphabet=ALPHABET, min_size=17, max_size=17).map(
    lambda first_17: first_17 + check_character(first_17)
)


def test_the_alphabet_is_that_of_the_standard():
    assert len(ALPHABET) == 31
    assert not set("IOSVZ") & set(ALPHABET)


def test_the_weights_are_the_powers_of_three_modulo_31():
    assert WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "911100001000000000"])
def test_a_code_worked_out_by_hand(code):
    total = sum(w * ALPHABET.index(c) for w, c in zip(WEIGHTS, code, strict=False))
    assert is_credit_code(code) == (ALPHABET[(31 - total % 31) % 31] == code[17])


def test_the_example_printed_in_the_standard_is_valid():
    assert is_credit_code("91350100M000100Y43")


@given(CODES)
def test_every_code_with_its_check_character_is_valid(code):
    assert len(code) == LENGTH
    assert is_credit_code(code)


@given(CODES, some.integers(0, 17), some.sampled_from(ALPHABET))
def test_every_single_changed_character_is_caught(code, place, other):
    changed = code[:place] + other + code[place + 1 :]
    assert is_credit_code(changed) == (changed == code)


@given(CODES, some.integers(0, 16))
def test_every_swap_of_two_neighbours_among_the_first_17_is_caught(code, place):
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if place < 16:
        assert is_credit_code(swapped) == (swapped == code)


def test_all_changes_of_one_code_are_caught_without_exception():
    code = a_credit_code(7)
    changed = {code[:i] + c + code[i + 1 :] for i in range(LENGTH) for c in ALPHABET} - {code}
    assert len(changed) == LENGTH * 30
    assert not any(map(is_credit_code, changed))


@pytest.mark.parametrize("spoil", [
    str.lower, lambda code: code[:-1], lambda code: code + "0", lambda code: " " + code[1:], lambda code: code + "\n",
    lambda code: code.replace("0", "０"), lambda code: code.translate({ord("1"): "１"}), lambda code: "I" + code[1:],
    lambda code: "", lambda code: code[:9] + "-" + code[9:],
])  # fmt: skip
def test_other_spellings_are_no_codes(spoil):
    assert not is_credit_code(spoil(a_credit_code(3)))


@given(some.text(max_size=20))
def test_any_text_whatever_is_judged_without_a_fault(text):
    assert is_credit_code(text) in (True, False)


def test_a_foreign_character_has_no_check_character():
    with pytest.raises(ValueError, match="substring"):
        check_character("I" * 17)
    with pytest.raises(ValueError, match="zip"):
        check_character("1" * 16)
