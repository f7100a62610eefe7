"""YAML and JSON whose values know their line."""

import pytest

from sky_net.sla.errors import CalendarInvalid
from sky_net.sla.notice_file import NoticeInvalid, read_fields


def test_each_value_is_read_as_what_it_must_be():
    fields = read_fields(
        "name: 元旦\nyear: 2027\non: 2027-01-01\nhours: [09:00-12:00, 13:30-24:00]\nkind: a\nrows:\n - {x: 1}\n - {x: 2}\n"
    )
    assert fields.text("name") == "元旦"
    assert fields.year("year") == 2027
    assert fields.on("on").isoformat() == "2027-01-01"
    assert fields.hours("hours") == ((540, 720), (810, 1440))
    assert fields.choice("kind", ("a", "b")) == "a"
    assert [(each.path, each.line, each.text("x")) for each in fields.records("rows")] == [
        ("rows[0]", 7, "1"),
        ("rows[1]", 8, "2"),
    ]


def test_a_field_that_is_null_is_not_there():
    fields = read_fields("a: null\nb: ~\nc: x\n")
    assert [name in fields for name in ("a", "b", "c", "d")] == [False, False, True, False]


def test_yaml_reads_no_value_by_its_own_mind():
    """YAML 1.1 takes 12:30 for a number of base 60, no for false and 010 for 8."""
    fields = read_fields("a: 12:30\nb: no\nc: 010\n")
    assert [fields.text(name) for name in "abc"] == ["12:30", "no", "010"]


def test_unknown_and_missing_fields_are_named():
    fields = read_fields("a: 1\nb: 2\n")
    fields.expect(required=("a",), optional=("b", "c"))
    with pytest.raises(NoticeInvalid) as unknown:
        fields.expect(required=("a",), optional=())
    assert (unknown.value.line, unknown.value.field) == (2, "b")
    with pytest.raises(NoticeInvalid) as lacking:
        fields.expect(required=("a", "c"), optional=("b",))
    assert (lacking.value.line, lacking.value.field) == (1, "c")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("''", "text"), ("' '", "text"), ("[x]", "text"), ("{x: 1}", "text"), ("27", "year"), ("1899", "year"), ("2200", "year"),
        ("2027-1-1", "on"), ("2027-02-29", "on"), ("20270101", "on"), ("09:00-12:00", "hours"), ("[]", "hours"),
        ("[9-12]", "hours"), ("[09:00-09:00]", "hours"), ("[12:00-09:00]", "hours"), ("[09:00-24:01]", "hours"),
        ("[09:61-10:00]", "hours"), ("[09:00-12:00, 11:59-13:00]", "hours"), ("[[09:00-12:00]]", "hours"), ("x", "records"),
    ],
)  # fmt: skip
def test_what_is_something_else_is_refused_where_it_stands(value, read):
    fields = read_fields(f"# a comment\nit: {value}\n")
    with pytest.raises(NoticeInvalid) as fault:
        getattr(fields, read)("it")
    assert (fault.value.line, fault.value.field) == (2, "it")
    assert fault.value.zh.startswith("第 2 行 it")
    assert fault.value.en.startswith("Line 2, it: ")


def test_a_fault_is_one_of_the_calendar():
    """So that whoever refuses a calendar that contradicts itself refuses a notice that cannot be read."""
    assert issubclass(NoticeInvalid, CalendarInvalid)
    assert NoticeInvalid.code == "notice_invalid"


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter():
    fields = read_fields("\ufeffa: 1\r\nb: 2\r\n")
    assert (fields.text("a"), fields.text("b")) == ("1", "2")


def test_tabs_may_indent_json_and_not_yaml():
    assert read_fields('{\n\t"a": "1"\n}').text("a") == "1"
    with pytest.raises(NoticeInvalid):
        read_fields("a:\n\t- 1\n")


def test_a_mapping_given_twice_by_an_alias_is_read_twice():
    fields = read_fields("rows:\n - &one {x: 1}\n - *one\n")
    assert [each.text("x") for each in fields.records("rows")] == ["1", "1"]
