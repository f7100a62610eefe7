"""Coordinates of rows: names, areas and buckets."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import DateTime, literal, select

from backbone.directory.regions import REGIONS, regions_within
from backbone.tables import Column
from sky_net.monitoring.dimensions import (
    ALONE,
    BY,
    DIMENSIONS,
    DIVIDED,
    WHOLE,
    areas,
    areas_around,
    bucket,
    parts_of,
)
from sky_net.monitoring.periods import Period
from sky_net.monitoring.schemas import ComplianceQuery
from sky_net.monitoring.tables import compliance_table, funnel_table
from tests.factories.directory import an_institute
from tests.factories.identity import an_account

zones = st.one_of(st.none(), st.sampled_from(sorted(REGIONS)).map(regions_within))


@given(zones)
def test_the_wholes_at_the_top_of_what_one_sees_hold_every_region_once(own):
    around = areas_around(own)
    for code in REGIONS if own is None else own:
        assert f"{code}/{WHOLE}" in around[code]
        assert len(around[code]) == len(set(around[code]))
        assert (f"{code}/{ALONE}" in around[code]) == (code in DIVIDED)
    if own is not None:
        shown = {row.partition("/")[0] for rows in around.values() for row in rows}
        assert shown <= own, "a part that looks like the whole is shown to nobody"


def test_the_relation_is_the_same_as_the_table(session):
    relation = areas(None)
    rows = session.execute(select(relation.c.region, relation.c.area)).all()
    expected = {(code, area) for code, found in areas_around(None).items() for area in found}
    assert set(map(tuple, rows)) == expected
    assert len(rows) == len(expected)


@pytest.mark.parametrize(
    ("at", "month", "week"),
    [
        (datetime(2026, 2, 28, 15, 59, tzinfo=UTC), date(2026, 2, 1), date(2026, 2, 23)),
        (datetime(2026, 2, 28, 16, 0, tzinfo=UTC), date(2026, 3, 1), date(2026, 2, 23)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), date(2026, 3, 1), date(2026, 3, 2)),
    ],
)
def test_months_and_weeks_begin_at_midnight_in_wuhan(session, at, month, week):
    instant = literal(at, DateTime(timezone=True))
    period = Period(date(2026, 1, 15), date(2026, 4, 1))
    places = session.execute(select(bucket(instant, period, "month"), bucket(instant, period, "week"))).one()
    assert [
        list(period.buckets(size))[place - 1] for size, place in zip(("month", "week"), places, strict=True)
    ] == [month, week]


def test_everything_is_named_in_words(session):
    owner, institute = an_account(session, name="李运营").id, an_institute(session, name="测试大学").id
    named = parts_of(
        session,
        ["operator", "institute", "stage"],
        [(owner, institute, "confirm"), (None, None, "node_reply")],
    )
    assert [part.label.zh for part in named[owner, institute, "confirm"]] == ["李运营", "测试大学", "确认"]
    assert [part.label.zh for part in named[None, None, "node_reply"]] == ["未指定", "未指定", "node_reply"]
    ((zone, industry),) = parts_of(session, ["zone", "industry"], [("420100/whole", "opto")]).values()
    assert (zone.key, zone.scope, zone.label.zh, zone.within) == ("420100", "whole", "武汉市", "420000")
    assert industry.key == "opto"
    ((month,),) = parts_of(session, ["month"], [(date(2026, 3, 1),)]).values()
    assert month.key == "2026-03"


def test_somebody_who_is_gone_is_shown_by_the_id(session):
    gone = uuid4()
    ((part,),) = parts_of(session, ["operator"], [(gone,)]).values()
    assert part.label.zh == part.key == str(gone)


def test_a_report_can_be_asked_by_every_dimension_but_weeks():
    assert set(BY) == set(DIMENSIONS) - {"week"}
    loaded = ComplianceQuery().load({"by": list(BY[:3])})
    assert (loaded["by"], loaded["party"]) == (list(BY[:3]), "platform")
    assert ComplianceQuery().validate({"by": ["stage", "stage"]})
    assert ComplianceQuery().validate({"by": ["week"]})


# --- tables ---


def test_a_column_reads_a_path_and_stops_at_what_is_not_there():
    column = Column("owner.label.zh", DIMENSIONS["operator"])
    assert column.of({"owner": {"label": {"zh": "李"}}}) == "李"
    assert column.of({"owner": None}) is None
    assert column.of({}) is None


def test_tables_of_nothing_have_their_total_alone():
    tally = {"clocks": 0, "states": {}, "compliance": None}
    columns, rows = compliance_table({"rows": [], "total": tally})
    assert [len(row) for row in rows] == [len(columns)]
    steps = [
        {"label": {"zh": "已提交"}, "state": "submitted", "needs": 0, "conversion": None, "overall": None}
    ]
    columns, rows = funnel_table({"rows": [], "total": steps})
    assert rows == [["已提交", "submitted", 0, None, None]]
    assert len(columns) == 5


def test_rows_are_as_wide_as_their_headings():
    tally = {"clocks": 1, "states": {"met": 1}, "compliance": 1.0}
    group = [{"by": "stage", "key": "confirm", "label": {"zh": "确认"}, "scope": None}]
    columns, rows = compliance_table({"rows": [{"group": group, "tally": tally}], "total": tally})
    assert {len(row) for row in rows} == {len(columns)}
    assert rows[0][:3] == ["confirm", "确认", None]
    assert rows[1][:3] == ["合计", None, None]
