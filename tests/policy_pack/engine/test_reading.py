"""Facts as they are given, and what becomes of them."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_pack.engine.definition import MOST_OF_ALL, NUMERIC, Kind
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.fact_problems import FactsRefused
from policy_pack.engine.facts import Gap
from policy_pack.engine.reading import read_facts


def refused(**stated):
    """The sentences of the refusal by key, in both languages."""
    with pytest.raises(FactsRefused) as caught:
        read_facts(stated)
    return {problem.key: problem.sentence() for problem in caught.value.problems}


def says(sentence, zh, en):
    return zh in sentence.zh and en in str(sentence)


def test_the_facts_of_the_contract_are_read():
    facts = read_facts(
        {"revenue": 8000, "labels": ["高新技术企业"], "blacklisted": False, "premium_paid": None}
    )
    assert facts.stated == {
        "revenue": Decimal(8000),
        "labels": frozenset({"高新技术企业"}),
        "blacklisted": False,
        "premium_paid": Gap.ABSENT,
    }
    assert facts.of("region") is Gap.UNKNOWN


@pytest.mark.parametrize(
    ("key", "given", "read"),
    [
        ("revenue", 0.1, Decimal("0.1")),
        ("revenue", Decimal("8000.000001"), Decimal("8000.000001")),
        ("revenue", -0.0, Decimal(0)),
        ("revenue", Decimal("0E-999999"), Decimal(0)),
        ("revenue", 10**9, Decimal(10**9)),
        ("staff_total", 300.0, Decimal(300)),
        ("staff_total", Decimal("3E2"), Decimal(300)),
        ("rd_domestic_share", 1, Decimal(1)),
        ("debt_ratio", 1.2, Decimal("1.2")),
        ("revenue_growth_2y", -0.4, Decimal("-0.4")),
        ("founded_on", "2020-02-29", date(2020, 2, 29)),
        ("founded_on", date(2021, 5, 20), date(2021, 5, 20)),
        ("region", " 湖北省/武汉市 ", "湖北省/武汉市"),
        ("contract_type", "技术开发", "开发"),
        ("labels", [], frozenset()),
        ("labels", ["高企", "高新技术企业"], frozenset({"高新技术企业"})),
        ("other_aid", ["国家", "省", "市"], frozenset({"national", "provincial", "municipal"})),
        ("revenue", Gap.DISPUTED, Gap.DISPUTED),
    ],
)
def test_a_value_is_read_as_what_its_key_is(key, given, read):
    found = read_facts({key: given}).of(key)
    assert found == read
    assert type(found) is type(read)


def test_a_whole_number_has_no_digits_behind_the_point():
    assert str(read_facts({"staff_total": Decimal("300.00")}).of("staff_total")) == "300"


@pytest.mark.parametrize(
    ("key", "value", "zh", "en"),
    [
        ("revenu", 1, "是否为 revenue", "did you mean revenue"),
        ("营业", 1, "没有这个键", "is no key"),
        ("资产总额", 1, "的键是 total_assets", "its key is total_assets"),
        ("revenue", "8000", "须为数字（万元），而非文字“8000”；不加引号", "must be a number in 万元, not the text “8000”; without quotes"),
        ("revenue", True, "而非布尔值", "not a boolean"),
        ("revenue", [1], "而非列表", "not a list"),
        ("revenue", {"value": 1}, "而非嵌套的对象", "not a nested object"),
        ("revenue", object(), "其他类型", "a object"),
        ("revenue", float("nan"), "不是有限的数", "is no finite number"),
        ("revenue", Decimal("sNaN"), "不是有限的数", "is no finite number"),
        ("revenue", float("inf"), "不是有限的数", "is no finite number"),
        ("revenue", 1e308, "1E+308 超出范围 0–1000000000 万元", "1E+308 is outside of 0–1000000000 万元"),
        ("revenue", -1, "不能为负数", "cannot be negative"),
        ("revenue", Decimal("1." + "1" * 60), "超过 40 位", "more than 40 digits"),
        ("revenue", Decimal("1E-60"), "超过 40 位", "more than 40 digits"),
        ("staff_total", 2.5, "须为整数，而非 2.5", "must be a whole number, not 2.5"),
        ("staff_total", -3, "不能为负数", "cannot be negative"),
        ("rd_domestic_share", 12, "12 % 应写 0.12", "write 0.12 for 12 %"),
        ("rd_domestic_share", 1.2, "应写 0.012", "write 0.012"),
        ("rd_domestic_share", 101, "检查数值与单位", "check the figure and its unit"),
        ("debt_ratio", 60, "60 % 应写 0.6", "write 0.6 for 60 %"),
        ("revenue_growth_2y", -2, "超出范围 -1–3", "outside of -1–3"),
        ("sme_score", 101, "超出范围 0–100 分", "outside of 0–100 分"),
        ("blacklisted", "false", "写 true 或 false", "write true or false"),
        ("blacklisted", 0, "而非数字", "not a number"),
        ("founded_on", "2021-13-01", "不是日期", "is no date"),
        ("founded_on", "2021/1/1", "不是日期", "is no date"),
        ("founded_on", "20210101", "不是日期", "is no date"),
        ("founded_on", "２０２１-01-01", "不是日期", "is no date"),
        ("founded_on", 2021, "须为日期，而非数字", "must be a date, not a number"),
        ("founded_on", datetime(2021, 1, 1), "须为日期", "must be a date"),  # noqa: DTZ001 - any instant is refused
        ("founded_on", "1021-01-01", "检查年份", "check the year"),
        ("founded_on", date(2200, 1, 1), "检查年份", "check the year"),
        ("region", 1, "须为文字", "must be a text"),
        ("region", "  ", "须为 1 至 200 个可读字符", "1 to 200 readable characters"),
        ("region", "武" * 201, "须为 1 至 200 个可读字符", "1 to 200 readable characters"),
        ("region", "武\x00汉", "须为 1 至 200 个可读字符", "1 to 200 readable characters"),
        ("region", "\ud800", "须为 1 至 200 个可读字符", "1 to 200 readable characters"),
        ("contract_type", "采购", "可用：开发、转让、许可、咨询、服务", "the values are 开发, 转让"),
        ("contract_type", ["开发"], "须为文字，而非列表", "must be a text, not a list"),
        ("seller_kind", "universty", "是否为 university", "did you mean university"),
        ("labels", "高新技术企业", '写作 ["高新技术企业"]', 'write ["高新技术企业"]'),
        ("labels", ["高新技术企业", 3], "须为文字，而非数字", "must be a text, not a number"),
        ("labels", ["黑马"], "没有“黑马”这个值", "“黑马” is no value of it"),
        ("labels", [["高新技术企业"]], "而非列表", "not a list"),
        ("labels", {"高新技术企业": True}, "须为列表", "must be a list"),
    ],
)  # fmt: skip
def test_what_is_no_such_fact_is_refused_with_the_reason_and_the_way_out(key, value, zh, en):
    sentences = refused(**{key: value})
    assert list(sentences) == [key]
    assert says(sentences[key], zh, en), sentences[key].zh + str(sentences[key])


def test_an_integer_that_python_cannot_spell_is_refused():
    assert says(refused(revenue=10**5000)["revenue"], "不是有限的数", "is no finite number")


def test_every_problem_is_said_and_nothing_is_read():
    sentences = refused(revenue="8000", staff_total=2.5, region="武汉市", labels="x")
    assert list(sentences) == ["revenue", "staff_total", "labels"]


def test_the_refusal_says_its_problems_to_an_answer_and_to_a_terminal():
    with pytest.raises(FactsRefused) as caught:
        read_facts({"revenue": "8000"})
    assert caught.value.code == "facts_invalid"
    assert [error["field"] for error in caught.value.data["errors"]] == ["revenue"]
    zh, en = caught.value.in_both_languages().splitlines()
    assert zh.startswith("revenue：须为数字")
    assert en.startswith("revenue: must be a number")


@pytest.mark.parametrize("whole", [[], "revenue", None, 3])
def test_what_is_no_mapping_is_no_set_of_facts(whole):
    with pytest.raises(FactsRefused, match="facts_invalid"):
        read_facts(whole)


def test_a_key_that_would_steer_a_terminal_is_shown_without_its_power():
    assert list(refused(**{"\x1b[31m" + "x" * 100: 1})) == ["�[31m" + "x" * 34 + "…"]


@given(st.sampled_from(sorted(key for key in DICTIONARY if DICTIONARY[key].kind in NUMERIC)), st.floats())
def test_a_number_is_kept_exactly_or_refused(key, value):
    try:
        found = read_facts({key: value}).of(key)
    except FactsRefused:
        return
    assert float(found) == value
    assert DICTIONARY[key].least <= found <= (DICTIONARY[key].most or MOST_OF_ALL)


@given(
    st.sampled_from(sorted(DICTIONARY)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    ),
)
def test_whatever_is_given_it_is_read_or_refused_in_both_languages(key, value):
    try:
        found = read_facts({key: value}).of(key)
    except FactsRefused as refusal:
        said = [each.sentence() for each in refusal.problems]
    else:
        said = []
    if said:
        assert all(sentence.zh and sentence for sentence in said)
        return
    wanted = {Kind.FLAG: bool, Kind.DATE: date, Kind.TEXT: str, Kind.CHOICE: str, Kind.SET: frozenset}
    assert found is Gap.ABSENT or isinstance(found, wanted.get(DICTIONARY[key].kind, Decimal))
