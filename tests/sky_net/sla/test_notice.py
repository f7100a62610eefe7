"""Notices as people write them: what each kind of row does to the calendar, and how every fault is named."""

import json
import textwrap
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sky_net.sla import notice as module
from sky_net.sla.calendar import DEFAULT_HOURS, Origin, published_calendar
from sky_net.sla.errors import CalendarInvalid, CalendarNotPublished
from sky_net.sla.notice import NoticeInvalid, RowKind, read_notice

CALENDAR = published_calendar()
NEXT = CALENDAR.horizon.year + 1
AFTERNOON = ((810, 1050),)
SUMMER = ((540, 720), (840, 1080))


def order(*rows, **top):
    """A notice as JSON, one row a line from the second on."""
    head = {"source": "演示通知", **top}
    listed = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": [\n' + listed + "]}"


def after(*rows, **top):
    return read_notice(order(*rows, **top)).applied_to(CALENDAR)


def refused(text):
    with pytest.raises(NoticeInvalid) as refusal:
        read_notice(text)
    return refusal.value


def line_of_fault(text):
    """1 for a text that is a notice."""
    try:
        read_notice(text)
    except NoticeInvalid as fault:
        return fault.line
    return 1


# -- what a notice does ------------------------------------------------------------------------------------


def test_the_example_of_the_documentation_publishes_its_year():
    example = textwrap.dedent(module.__doc__.split("paper.\n\n")[1].split("\n\n``holiday``")[0])
    read = read_notice(example)
    loaded = read.applied_to(CALENDAR)
    assert (read.year, loaded.horizon) == (2027, date(2027, 12, 31))
    assert loaded.version == "state-council-2027"
    assert loaded.day(date(2027, 1, 2)).origin is Origin.STATUTORY
    assert loaded.day(date(2026, 12, 26)).is_workday
    assert loaded.day(date(2027, 8, 3)).source == "市防汛抗旱指挥部通告"
    assert loaded.day(date(2027, 8, 4)).segments == AFTERNOON
    assert loaded.day(date(2027, 8, 5)).segments == SUMMER


def test_yaml_and_json_say_the_same():
    as_json = read_notice(order({"date": f"{NEXT}-01-01", "kind": "holiday", "name": "元旦"}, year=NEXT))
    as_yaml = read_notice(
        f"source: 演示通知\nyear: {NEXT}\nrows:\n - {{date: {NEXT}-01-01, kind: holiday, name: 元旦}}\n"
    )
    assert [(row.on, row.until, row.kind, row.name) for row in as_json.rows] == [
        (row.on, row.until, row.kind, row.name) for row in as_yaml.rows
    ]
    assert (as_json.year, as_json.source) == (as_yaml.year, as_yaml.source)


def test_json_indented_with_tabs_is_read_too():
    text = json.dumps(
        {"source": "演示", "rows": [{"date": "2026-09-10", "kind": "closed"}]},
        indent="\t",
        ensure_ascii=False,
    )
    assert read_notice(text).rows[0].on == date(2026, 9, 10)


def test_a_notice_of_a_year_fills_its_other_dates_by_the_ordinary_week():
    loaded = after(
        {"date": f"{NEXT}-05-01", "to": f"{NEXT}-05-05", "kind": "holiday", "name": "劳动节"}, year=NEXT
    )
    days = list(loaded.days(date(NEXT, 1, 1), date(NEXT, 12, 31)))
    off = {row.on for row in days if row.origin is Origin.STATUTORY}
    assert off == {date(NEXT, 5, day) for day in range(1, 6)}
    assert all(row.is_workday == (row.on.weekday() < 5) for row in days if row.on not in off)
    assert {row.source for row in days} == {"演示通知"}


def test_an_order_without_a_year_moves_no_horizon():
    changed = after({"date": "2026-09-10", "kind": "closed", "name": "台风停工"})
    assert changed.horizon == CALENDAR.horizon
    assert not changed.day(date(2026, 9, 10)).is_workday
    assert changed.day(date(2026, 9, 10)).origin is Origin.LOCAL_OVERRIDE


def test_a_date_is_opened_at_the_ordinary_hours_unless_it_names_others():
    changed = after(
        {"date": "2026-09-12", "kind": "open"},
        {"date": "2026-09-13", "kind": "open", "hours": ["13:30-17:30"]},
    )
    assert changed.day(date(2026, 9, 12)).segments == DEFAULT_HOURS
    assert changed.day(date(2026, 9, 13)).segments == AFTERNOON


def test_seasonal_hours_leave_days_off_alone_and_keep_a_make_up_day_what_it_is():
    changed = after(
        {"date": "2026-02-09", "to": "2026-02-28", "kind": "hours", "hours": ["09:00-12:00", "14:00-18:00"], "name": "演示作息"}
    )  # fmt: skip
    days = {row.on: row for row in changed.days(date(2026, 2, 9), date(2026, 2, 28))}
    assert [on for on, row in days.items() if row.is_workday] == [
        on for on in days if CALENDAR.day(on).is_workday
    ]
    assert {row.segments for row in days.values() if row.is_workday} == {SUMMER}
    assert days[date(2026, 2, 14)].origin is Origin.MAKE_UP
    assert days[date(2026, 2, 14)].name == "春节调休上班、演示作息"
    assert days[date(2026, 2, 10)].origin is Origin.SEASONAL_HOURS


def test_seasonal_hours_leave_a_day_with_hours_of_its_own_alone():
    hours = {
        "date": "2026-09-07",
        "to": "2026-09-20",
        "kind": "hours",
        "hours": ["09:00-12:00", "14:00-18:00"],
    }
    changed = after(
        hours,
        {"date": "2026-09-10", "kind": "open", "hours": ["13:30-17:30"]},
        {"date": "2026-09-12", "kind": "make_up", "hours": ["13:30-17:30"]},
        {"date": "2026-09-19", "kind": "make_up"},
    )
    assert changed.day(date(2026, 9, 10)).segments == AFTERNOON
    assert changed.day(date(2026, 9, 12)).segments == AFTERNOON
    assert changed.day(date(2026, 9, 19)).segments == SUMMER
    typhoon = after({"date": "2026-09-10", "kind": "open", "hours": ["13:30-17:30"]})
    assert read_notice(order(hours)).applied_to(typhoon).day(date(2026, 9, 10)).segments == AFTERNOON


def test_a_row_may_name_its_own_source_and_else_has_the_notices():
    rows = read_notice(
        order(
            {"date": "2026-09-10", "kind": "closed", "source": "市通告"},
            {"date": "2026-09-11", "kind": "closed"},
        )
    ).rows
    assert [row.source for row in rows] == ["市通告", "演示通知"]


def test_the_version_follows_the_text_unless_the_notice_names_it():
    first, second = (order({"date": f"2026-09-{day}", "kind": "closed"}) for day in (10, 11))
    assert read_notice(first).version == read_notice(first).version != read_notice(second).version
    assert read_notice(order(version="v7")).version == "v7"
    assert read_notice(order(year=NEXT)).version.startswith(f"{NEXT}-")


def test_a_notice_for_another_year_than_the_next_is_refused_when_applied():
    for year in (NEXT - 1, NEXT + 1):
        with pytest.raises(CalendarInvalid):
            read_notice(order(year=year)).applied_to(CALENDAR)
    with pytest.raises(CalendarNotPublished):
        after({"date": "1999-01-01", "kind": "closed"})


@given(
    some.dates(date(2005, 1, 1), date(2026, 6, 1)),
    some.integers(0, 40),
    some.sampled_from([kind for kind in RowKind if kind is not RowKind.MAKE_UP]),
)
def test_only_the_dates_of_the_notice_change(on, length, kind):
    until = on + timedelta(days=length)
    row = {"date": str(on), "to": str(until), "kind": kind.value}
    if kind is RowKind.HOURS:
        row["hours"] = ["10:00-11:00"]
    changed = after(row)
    window = CALENDAR.days(on - timedelta(days=5), until + timedelta(days=5))
    for before in window:
        now = changed.day(before.on)
        if not on <= before.on <= until or (kind is RowKind.HOURS and not before.is_workday):
            assert now == before
        else:
            assert now.is_workday == (kind in (RowKind.OPEN, RowKind.HOURS))


# -- how faults are named ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"date": "2026-02-30", "kind": "holiday"}, "date"),
        ({"date": "2026-2-3", "kind": "holiday"}, "date"),
        ({"date": 20260203, "kind": "holiday"}, "date"),
        ({"date": ["2026-02-03"], "kind": "holiday"}, "date"),
        ({"kind": "holiday"}, "date"),
        ({"date": None, "kind": "holiday"}, "date"),
        ({"date": "2026-09-10"}, "kind"),
        ({"date": "2026-09-10", "kind": "feiertag"}, "kind"),
        ({"date": "2026-09-10", "kind": "closed", "to": "2026-09-09"}, "to"),
        ({"date": "2026-09-10", "kind": "closed", "to": "2126-09-09"}, "to"),
        ({"date": "9999-12-31", "kind": "closed", "to": "2026-09-09"}, "to"),
        ({"date": "2026-09-10", "kind": "closed", "naem": "台风"}, "naem"),
        ({"date": "2026-09-10", "kind": "closed", "name": " "}, "name"),
        ({"date": "2026-09-10", "kind": "make_up"}, "date"),
        ({"date": "2026-09-12", "to": "2026-09-14", "kind": "make_up"}, "date"),
        ({"date": "2026-09-10", "kind": "hours"}, "hours"),
        ({"date": "2026-09-10", "kind": "closed", "hours": ["09:00-12:00"]}, "hours"),
        ({"date": "2026-09-10", "kind": "open", "hours": []}, "hours"),
        ({"date": "2026-09-10", "kind": "open", "hours": "09:00-12:00"}, "hours"),
        ({"date": "2026-09-10", "kind": "open", "hours": ["12:00-09:00"]}, "hours"),
        ({"date": "2026-09-10", "kind": "open", "hours": ["09:60-12:00"]}, "hours"),
        ({"date": "2026-09-10", "kind": "open", "hours": ["09:00-24:01"]}, "hours"),
        ({"date": "2026-09-10", "kind": "open", "hours": ["09:00-12:00", "11:00-13:00"]}, "hours"),
        ({"date": "2026-09-10", "kind": "open", "hours": [540]}, "hours"),
        ({"date": "2026-09-10", "kind": "open", "hours": [["09:00-12:00"]]}, "hours"),
    ],
)
def test_a_wrong_row_is_named_by_its_line_and_field(row, field):
    fault = refused(order({"date": "2026-09-01", "kind": "closed"}, row))
    assert (fault.line, fault.field) == (3, f"rows[1].{field}")
    assert fault.code == "notice_invalid"
    assert "第 3 行" in fault.zh
    assert "Line 3" in fault.en


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("", 1, "(top)"),
        ("- 1", 1, "(top)"),
        ("source: x", 1, "rows"),
        ("rows: []", 1, "source"),
        ("source: x\n\nrows: 3", 3, "rows"),
        ("source: x\nrows:\n  - 7", 3, "rows[0]"),
        ("source: x\nrows: []\nyear: 27", 3, "year"),
        ("source: x\nrows: []\nyear: twenty", 3, "year"),
        ("source: x\nrows: []\nyears: 2027", 3, "years"),
        ("source: x\nsource: y\nrows: []", 2, "source"),
        ("source: [x]\nrows: []", 1, "source"),
        ("source: x\nrows: [", 2, "(file)"),
        ("source: x\n---\nsource: y", 2, "(file)"),
        ("\x00", 1, "(file)"),
        ("[" * 5000, 1, "(file)"),
    ],
)
def test_a_wrong_file_is_named_by_its_line_and_field(text, line, field):
    fault = refused(text)
    assert (fault.line, fault.field) == (line, field)


def test_two_statements_on_one_date_contradict_each_other():
    fault = refused(
        order(
            {"date": "2026-09-01", "to": "2026-09-09", "kind": "closed"},
            {"date": "2026-09-05", "kind": "open"},
        )
    )
    assert (fault.line, fault.field) == (3, "rows[1].date")
    assert "2026-09-05" in fault.en
    assert "rows[0]" in fault.en


def test_rows_on_one_line_are_told_apart_all_the_same():
    row = {"date": "2026-09-05", "kind": "closed"}
    fault = refused(json.dumps({"source": "演示", "rows": [row, row]}))
    assert fault.field == "rows[1].date"


def test_the_notice_of_a_year_speaks_of_that_year_and_the_december_before():
    for stray in (f"{NEXT - 1}-11-30", f"{NEXT + 1}-01-01"):
        fault = refused(order({"date": stray, "kind": "holiday"}, year=NEXT))
        assert fault.field == "rows[0].date"
    read_notice(order({"date": f"{NEXT - 1}-12-31", "kind": "holiday"}, year=NEXT))


@given(some.text(max_size=80) | some.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_no_text_at_all_does_anything_but_read_or_be_refused(text):
    assert line_of_fault(text) >= 1


@given(
    some.recursive(
        some.none() | some.booleans() | some.integers() | some.sampled_from(["2026-01-01", "holiday", "x"]),
        lambda inner: (
            some.lists(inner, max_size=3)
            | some.dictionaries(
                some.sampled_from(["source", "rows", "year", "date", "kind", "hours", "to"]), inner
            )
        ),
        max_leaves=12,
    )
)
def test_no_document_does_anything_but_read_or_be_refused(document):
    assert line_of_fault(json.dumps(document)) == 1
