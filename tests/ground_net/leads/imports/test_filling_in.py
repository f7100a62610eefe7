"""A row becomes the form, or every fault of it is named with its column."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.table_files.rows import Row, TableRefused
from ground_net.leads.imports import spelling
from ground_net.leads.imports.columns import COLUMNS, key_of
from ground_net.leads.imports.filling_in import Headings, fill_in

HEADINGS = Headings.of(Row(1, tuple(f"{column.heading.zh} {column.heading}" for column in COLUMNS)))
LEAST = {"happened_at": "2026-03-09 14:30", "enterprise_name": "测试精工", "words": "焊接太慢"}


def a_row(number=2, **cells):
    given_cells = LEAST | cells
    return Row(number, tuple(given_cells.get(column.key) for column in COLUMNS))


def filled(**cells):
    return fill_in(a_row(**cells), HEADINGS, "T-1", {})


def test_three_cells_are_a_lead():
    said = filled().said
    assert said["happened_at"] == datetime(2026, 3, 9, 6, 30, tzinfo=UTC)
    assert (said["node_key"], said["enterprise_name"], said["words"]) == ("T-1", "测试精工", "焊接太慢")


def test_every_column_becomes_its_field():
    said = filled(
        channel="电话", contact_name="王测试", contact_phone="027-88880001", consent_by="王测试", consent_how="口头",
        consented_at="2026年3月9日", consent_covers="保存联系方式、提交平台", title="飞溅", problem="卡住", scene="产线",
        present_state="现状", tried="试过", indicators="飞溅|22|≤5|个/米|高速摄像；节拍||≤18|s", wanted_on="2026/12/31",
        budget="50-80", decision_owner="李总", industry="高端装备制造", trl_required="７",
    ).said  # fmt: skip
    assert said["channel"] == "call"
    assert said["contact"] == {"name": "王测试", "phone": "027-88880001"}
    assert said["consent"]["how"] == "spoken"
    assert said["consent"]["covers"] == ["keep_contact", "pass_on"]
    answers = said["answers"]
    assert [each["name"] for each in answers["indicators"]] == ["飞溅", "节拍"]
    assert answers["indicators"][1]["target"] == "≤18"
    assert "now" not in answers["indicators"][1]
    assert (answers["budget_kind"], answers["budget_min_fen"], answers["budget_max_fen"]) == (
        "range",
        50_000_000,
        80_000_000,
    )
    assert (answers["wanted_on"], answers["industry"], answers["trl_required"]) == (
        date(2026, 12, 31),
        "equipment",
        7,
    )


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"happened_at": None}, "时间"), ({"happened_at": "上周三"}, "时间"), ({"happened_at": "2026-02-30"}, "时间"),
        ({"words": None}, "原话"), ({"enterprise_name": None}, "企业名称"), ({"channel": "微信"}, "渠道"),
        ({"credit_code": "123"}, "统一社会信用代码"), ({"budget": "几十万"}, "预算（万元）"), ({"budget": "80-50"}, "预算（万元）"),
        ({"industry": "飞碟"}, "所属产业"), ({"trl_required": "12"}, "要求成熟度"), ({"indicators": "|22|5"}, "核心指标"),
        ({"event": "HD-1"}, "活动编号"), ({"client_id": "x"}, "客户端编号"), ({"words": "字" * 4001}, "原话"),
        ({"consent_by": "王"}, "同意方式"), ({"wanted_on": "年底"}, "期望完成日期"), ({"contact_phone": "1"}, "联系人"),
    ],
    ids=str,
)  # fmt: skip
def test_each_kind_of_broken_cell_is_named_by_its_heading_in_both_languages(cells, column):
    row = filled(**cells)
    assert row.said is None
    headings = [fault.heading for fault in row.faults]
    assert any(heading and heading.startswith(column) for heading in headings), row.faults
    for fault in row.faults:
        assert fault.problem.zh != str(fault.problem)


def test_all_faults_of_a_row_are_named_at_once():
    assert len(filled(happened_at="?", channel="?", budget="?").faults) == 3


def test_the_same_row_has_the_same_client_id_and_another_node_another():
    assert filled().said["client_id"] == fill_in(a_row(9), HEADINGS, "T-1", {}).said["client_id"]
    assert filled().said["client_id"] != fill_in(a_row(), HEADINGS, "T-2", {}).said["client_id"]
    assert filled().said["client_id"] != filled(words="别的").said["client_id"]


def test_headings_are_known_in_chinese_in_english_and_starred_and_unknown_ones_refuse_the_file():
    assert [key_of(each) for each in ("时间*", " 企业 名称 ", "Words", "credit_code", "原话 words")] == [
        "happened_at", "enterprise_name", "words", "credit_code", "words",
    ]  # fmt: skip
    with pytest.raises(TableRefused) as unknown:
        Headings.of(Row(1, ("时间", "企业名称", "原话", "备注栏")))
    assert "备注栏" in unknown.value.data["errors"][0]["problem"].zh
    with pytest.raises(TableRefused) as lacking:
        Headings.of(Row(1, ("时间", "企业名称")))
    assert "原话" in lacking.value.data["errors"][0]["problem"].zh
    with pytest.raises(TableRefused):
        Headings.of(Row(1, ("时间", "when", "企业名称", "原话")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-03-09 9:05", "2026-03-09T09:05:00+08:00"), ("2026/3/9", "2026-03-09T00:00:00+08:00"),
        ("2026年3月9日 14时30分", "2026-03-09T14:30:00+08:00"), ("２０２６．３．９", "2026-03-09T00:00:00+08:00"),
        ("20260309", "2026-03-09T00:00:00+08:00"), ("46090", "2026-03-09T00:00:00+08:00"),
        ("46090.5", "2026-03-09T12:00:00+08:00"), ("2026-03-09T14:30:00", "2026-03-09T14:30:00+08:00"),
        ("3/9/2026", None), ("2026-13-01", None), ("昨天", None), ("2026-03-09 25:00", None),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them_and_never_guessed(text, said):
    assert spelling.instant(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("50", {"kind": "fixed", "min_fen": 50_000_000, "max_fen": 50_000_000}),
        ("50～80万元", {"kind": "range", "min_fen": 50_000_000, "max_fen": 80_000_000}),
        ("0.5", {"kind": "fixed", "min_fen": 500_000, "max_fen": 500_000}), ("面议", {"kind": "negotiable"}),
        ("五十", None), ("-5", None), ("9" * 30, None),
    ],
)  # fmt: skip
def test_money_is_read_in_wan(text, said):
    assert spelling.budget(text) == said


@given(st.dictionaries(st.sampled_from([column.key for column in COLUMNS]), st.text(max_size=40)))
def test_no_cells_make_a_row_fail_in_another_way(cells):
    row = fill_in(Row(2, tuple(cells.get(column.key) or None for column in COLUMNS)), HEADINGS, "T-1", {})
    assert (row.said is None) == bool(row.faults)
