"""Fields read as what they must be."""

from datetime import date
from decimal import Decimal

import pytest

from policy_pack.engine.policy import Category
from policy_pack.engine.problems import Fault, Faults
from policy_pack.engine.written import Fields, bilingual
from policy_pack.engine.yaml_text import compose


def fields(text):
    return Fields(compose(text, Faults("f.yaml")), "thing")


def fault(read, *asked):
    with pytest.raises(Fault) as caught:
        read(*asked)
    return caught.value.line, caught.value.text.zh, str(caught.value.text)


def test_each_field_is_read_as_what_it_must_be():
    page = fields(
        "a: ' x '\nn: -12.50\nw: 12.0\nf: false\nd: 2026-02-28\nc: R\nl: [x, y]\nb: {zh: 甲, en: a}\n"
    )
    assert page.text("a") == "x"
    assert str(page.number("n")) == "-12.50"
    assert (page.whole("w"), type(page.whole("w"))) == (12, int)
    assert page.flag("f") is False
    assert page.day("d") == date(2026, 2, 28)
    assert page.word("c", Category) is Category.RESEARCH
    assert page.texts("l") == ("x", "y")
    assert (page.bilingual("b").zh, page.bilingual("b")) == ("甲", "a")
    assert list(page) == ["a", "n", "w", "f", "d", "c", "l", "b"]


@pytest.mark.parametrize("nothing", ["", "~", "null", "''"])
def test_nothing_is_no_text_and_counts_as_missing(nothing):
    page = fields(f"a: {nothing}\nb: 1\n")
    assert ("a" in page) == (nothing == "''")
    line, zh, _ = fault(page.text, "a")
    assert line == 1
    assert "缺少 a" in zh or "非空文字" in zh
    assert "b" in page
    assert "c" not in page


@pytest.mark.parametrize("number", ["1" * 15 + "." + "1" * 15, "0", "-0.5", "007"])
def test_a_plain_decimal_is_a_number(number):
    assert fields(f"n: {number}").number("n") == Decimal(number)


@pytest.mark.parametrize(
    "number", ["1" * 16, "1." + "1" * 16, "1,000", "1_000", "1e3", "+1", ".5", "5.", "5%", "'5'", "0x10", "1 2", "inf", "１", "true"]
)  # fmt: skip
def test_anything_else_is_none(number):
    line, zh, en = fault(fields(f"\nn: {number}").number, "n")
    assert line == 2
    assert zh.startswith("n 须为数字")
    assert en.startswith("n must be a number such as 2000 or 0.05")


@pytest.mark.parametrize("flag", ["True", "yes", "on", "1", "是", "'true'", "[true]"])
def test_only_true_and_false_are_flags(flag):
    assert "n must be true or false" in fault(fields(f"n: {flag}").flag, "n")[2]


@pytest.mark.parametrize(
    "day", ["2026-02-29", "2026-2-1", "20260201", "2026-02-01T00:00", "昨天", "[2026-02-01]"]
)
def test_only_a_day_of_the_calendar_is_a_day(day):
    assert "n must be a date such as 2026-03-13" in fault(fields(f"n: {day}").day, "n")[2]


def test_a_whole_number_has_no_fraction():
    assert "must be a whole number, not 1.5" in fault(fields("n: 1.5").whole, "n")[2]


def test_a_word_is_one_of_those_that_there_are():
    assert "c must be one of R, T, F, Q, M, not X" in fault(fields("c: X").word, "c", Category)[2]


def test_a_fault_stands_at_its_field_or_where_the_field_is_missing():
    page = fields("\n\na:\n  b: 1\nc: 2\n")
    assert (page.line_of("a"), page.line_of("c"), page.line_of("d"), page.line) == (3, 5, 3, 3)
    assert fault(page.at, "d") == (3, "thing 缺少 d", "thing lacks d")
    assert page.fault("c", "错", "is wrong").line == 5


def test_strangers_are_named_with_what_is_near_or_what_there_is():
    page = fields("quote: 1\nqoute: 2\nzzz: 3\n")
    near, far = page.strangers(("quote", "text"))
    assert (near.line, str(near.text)) == (2, "thing has no field qoute; did you mean quote?")
    assert (far.line, str(far.text)) == (3, "thing has no field zzz; there are quote, text")
    with pytest.raises(Fault, match="qoute"):
        page.expect(("quote", "text"))
    page.expect(("quote", "qoute", "zzz"))


def test_a_text_in_both_languages_needs_quotes_around_its_commas():
    written = compose("{zh: 甲, 乙, en: a}", Faults("f.yaml"))
    assert "a text with a comma needs quotes" in fault(bilingual, written, "name")[2]


@pytest.mark.parametrize("text", ["a", "[a]", "''"])
def test_what_is_no_mapping_has_no_fields(text):
    assert fault(fields, text) == (1, "thing 须为键值表", "thing must be a mapping")
