"""Money, dates, maturity, who decides and what was tried, each by its words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground_net.leads.extraction.dates import dates_in
from ground_net.leads.extraction.proposing import proposed_fields

DAY = date(2026, 5, 12)
WAN = 1_000_000


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("预算三五十万", 30, 50), ("预算七八十万，分两年给", 70, 80), ("愿意出20-40万", 20, 40), ("预算三百万到五百万", 300, 500), ("经费80万左右", 80, 80),
        ("预算二十万打住", None, 20), ("最多批20万", None, 20), ("预算50万起", 50, None), ("预算20个", 20, 20), ("预算50w", 50, 50),
        ("报价120万，他们心里价位六七十万", 60, 70), ("预算2.5亿", 25000, 25000),
    ],
)  # fmt: skip
def test_a_sum_to_spend_is_a_budget(text: str, low: int | None, high: int | None):
    expected = (low and low * WAN, high and high * WAN)
    assert proposed_fields(text, DAY).budget_fen == expected


@pytest.mark.parametrize(
    "text", ["预算几十万", "缺贷款500万", "去年营收1.2亿", "罚了15万", "报价120万", "政府补贴50万", "一年电费60万", "融资刚到账一千万"]
)  # fmt: skip
def test_other_money_is_none(text: str):
    assert proposed_fields(text, DAY).budget_fen is None


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("年底前要出样机", date(2026, 12, 31)), ("明年三月前交样", date(2027, 3, 31)), ("下个月要送样", date(2026, 6, 30)), ("半年内出样机", date(2026, 11, 12)),
        ("三个月内要给客户演示", date(2026, 8, 12)), ("国庆前能出个可行性", date(2026, 9, 30)), ("明年五一前量产", date(2027, 4, 30)), ("明年三季度装车", date(2027, 9, 30)),
        ("后年结题", date(2028, 12, 31)), ("3月要上线", date(2027, 3, 31)), ("10月中旬要送样", date(2026, 10, 20)), ("2027年6月底前完成", date(2027, 6, 30)),
        ("8.15之前交付", date(2026, 8, 15)), ("90天内完成", date(2026, 8, 10)),
    ],
)  # fmt: skip
def test_a_day_that_something_is_wanted_by_is_a_deadline(text: str, on: date):
    assert proposed_fields(text, DAY).deadline == on


@pytest.mark.parametrize(
    "text", ["越快越好", "明年春节前上线", "年底厂里要搬新区", "月底前能派人来看看", "去年10月试过一次，没成", "底盘要改", "三个月就坏", "今年3月送样没通过"]
)  # fmt: skip
def test_other_days_are_none(text: str):
    assert proposed_fields(text, DAY).deadline is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 99))
def test_spans_count_from_the_visit(visited_on: date, days: int):
    (found,) = dates_in(f"{days}天内", visited_on)
    assert found.on == visited_on + timedelta(days=days)


@given(
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.text("年月底前内半下个上中旬季度0123456789十一二三国庆明后今", max_size=12),
)
def test_no_date_and_no_words_make_it_fail(visited_on: date, text: str):
    dates_in(text, visited_on)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("只有想法，还没做实验", (1, 2)), ("还在实验室阶段", (3, 4)), ("小试做了三批", (3, 4)), ("中试五吨罐跑通了", (5, 6)), ("样机在两个客户产线上试用", (7, 7)),
        ("设计冻结，小批量供了", (8, 8)), ("产品已经量产", (9, 9)), ("老产品量产了，新的还在实验室里调", (3, 4)), ("想明年量产", None), ("没进中试", None),
        ("样件在台架上跑", None), ("量产时间明年五一前", None), ("问有没有中试平台", None),
    ],
)  # fmt: skip
def test_words_fix_the_maturity_or_leave_it_open(text: str, level: tuple[int, int] | None):
    assert proposed_fields(text, DAY).trl == level


@pytest.mark.parametrize(
    ("text", "is_said"),
    [("总工拍板", True), ("钱要厂长签字", True), ("最后要董事会过会", True), ("谁拍板不清楚", False), ("联系人小刘，做不了主", False), ("定制的", False)],
)  # fmt: skip
def test_a_note_says_who_decides_or_does_not(text: str, is_said: bool):
    assert proposed_fields(text, DAY).decision_owner_said is is_said


@pytest.mark.parametrize(
    ("text", "is_said"),
    [("试过两家国产胶", True), ("换了五种配方", True), ("找过设计院", True), ("没试过", False), ("想试试", False), ("问了报价", False), ("料没换过", False)],
)  # fmt: skip
def test_a_note_says_what_was_tried_or_does_not(text: str, is_said: bool):
    assert (proposed_fields(text, DAY).tried is not None) is is_said
