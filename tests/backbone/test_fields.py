from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some
from marshmallow import ValidationError

from backbone.errors import Bilingual
from backbone.fields import (
    LARGEST,
    Choice,
    Day,
    DayText,
    Fen,
    Flag,
    Identifier,
    Instant,
    Number,
    Text,
    Whole,
)


def problem(field, value):
    with pytest.raises(ValidationError) as refused:
        field.deserialize(value)
    (message,) = refused.value.messages
    assert isinstance(message, Bilingual)
    assert message.zh != str(message)
    return message


# --- text ---


@pytest.mark.parametrize("given_text", ["需求", "漢字", "１２", " 两端空格 ", "a\nb", "😀", "e\u0301"])
def test_text_is_kept_exactly_as_given(given_text):
    assert Text().deserialize(given_text) == given_text


@pytest.mark.parametrize("value", [1, 1.5, True, [], {}, b"x"])
def test_text_must_be_a_string(value):
    assert problem(Text(), value).zh == "应为文字（字符串）"


@pytest.mark.parametrize(("value", "at"), [("\0", 0), ("ab\0", 2), ("a\ud800b", 1), ("\udfff", 0)])
def test_nul_and_lone_surrogates_are_refused_with_their_position(value, at):
    assert f"位置 {at}" in problem(Text(), value).zh


@pytest.mark.parametrize("value", ["", " ", "\n\t", "\u3000"])
def test_blank_text_is_refused(value):
    assert "不能为空" in problem(Text(), value).zh


def test_blank_text_is_accepted_where_nothing_is_needed():
    assert Text(shortest=0).deserialize("") == ""


def test_ten_megabytes_of_text_are_refused_by_their_length():
    message = problem(Text(5000), "长" * 10_000_000)
    assert message.zh == "共 10000000 字，最多 5000 字"
    assert str(message) == "10000000 characters, at most 5000 allowed"


def test_text_of_exactly_the_longest_length_passes():
    assert len(Text(5).deserialize("一二三四五")) == 5


@given(some.text(max_size=60))
def test_whatever_text_passes_can_be_stored(value):
    try:
        accepted = Text(60).deserialize(value)
    except ValidationError:
        return
    assert accepted == value
    assert "\0" not in accepted
    accepted.encode("utf-8")


# --- choices ---


@pytest.mark.parametrize("value", ["Fixed", "fixed ", "", 1, None, ["fixed"], {"fixed": 1}])
def test_what_is_not_one_of_the_words_is_refused(value):
    message = problem(Choice(["fixed", "range"]), value)
    assert "fixed, range" in message or message.zh == "不能为 null"


def test_a_word_of_the_list_passes():
    assert Choice(["fixed", "range"]).deserialize("range") == "range"


# --- numbers ---


@pytest.mark.parametrize("value", ["1", "１２", 1.0, 1.5, True, False, [], {}, float("nan"), float("inf")])
def test_only_whole_numbers_are_whole(value):
    assert "应为整数" in problem(Whole(), value).zh


@pytest.mark.parametrize("value", [0, 10, -1, 10**30, -(10**30), 2**63])
def test_numbers_outside_the_range_are_refused_naming_it(value):
    assert problem(Whole(1, 9), value).zh == "应在 1 至 9 之间"


def test_the_largest_number_of_the_database_passes_and_one_more_does_not():
    assert Whole().deserialize(LARGEST) == LARGEST
    assert "应在" in problem(Whole(), LARGEST + 1).zh


def test_money_is_never_negative():
    assert "应在 0 至" in problem(Fen(), -1).zh


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("007", 7), ("-3", -3), (5, 5)])
def test_spelled_numbers_are_read_from_ascii_digits(value, number):
    assert Whole(-5, 9, spelled=True).deserialize(value) == number


@pytest.mark.parametrize("value", ["１２", "1.0", "+1", " 1", "1e3", "", "0x1", "١", "1" * 20, "--1", "1_0"])
def test_spelled_numbers_take_no_other_spelling(value):
    assert "应为整数" in problem(Whole(spelled=True), value).zh


# --- flags ---


@pytest.mark.parametrize("value", [0, 1, "true", "yes", None, [], {}])
def test_only_true_and_false_are_flags(value):
    problem(Flag(), value)


@pytest.mark.parametrize(("value", "flag"), [(True, True), (False, False)])
def test_flags_pass(value, flag):
    assert Flag().deserialize(value) is flag


@pytest.mark.parametrize(("value", "flag"), [("true", True), ("false", False), (True, True)])
def test_spelled_flags_are_read_from_their_words(value, flag):
    assert Flag(spelled=True).deserialize(value) is flag


@pytest.mark.parametrize("value", ["True", "1", "on", "ｔｒｕｅ"])
def test_spelled_flags_take_no_other_word(value):
    problem(Flag(spelled=True), value)


# --- time ---


@pytest.mark.parametrize("value", ["1990-01-01", "2026-02-28", "2200-12-31"])
def test_days_pass_from_1990_to_2200(value):
    assert Day().deserialize(value) == date.fromisoformat(value)


@pytest.mark.parametrize("value", ["1989-12-31", "2201-01-01", "0001-01-01", "9999-12-31"])
def test_days_outside_are_refused(value):
    assert "1990" in problem(Day(), value).zh


@pytest.mark.parametrize("value", ["2026-02-30", "2026-2-3", "20260203", "２０２６-01-01", "2026-W01-1", "", 20260101,
                                   "2026-01-01T00:00:00Z", True])  # fmt: skip
def test_only_real_days_in_the_one_spelling_pass(value):
    assert "YYYY-MM-DD" in problem(Day(), value).zh


def test_days_leave_as_iso_text_and_nothing_stays_nothing():
    assert Day()._serialize(date(2026, 3, 10), None, None) == "2026-03-10"
    assert Day()._serialize(None, None, None) is None


def test_a_day_kept_as_text_is_checked_but_stays_text():
    assert DayText().deserialize("2041-05-01") == "2041-05-01"
    assert DayText()._serialize("2041-05-01", None, None) == "2041-05-01"
    assert "YYYY-MM-DD" in problem(DayText(), "2041-13-01").zh


@pytest.mark.parametrize(("value", "utc"), [
    ("2026-03-02T09:00:00+08:00", datetime(2026, 3, 2, 1, tzinfo=UTC)),
    ("2026-03-02T09:00:00Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
])  # fmt: skip
def test_instants_arrive_in_utc(value, utc):
    assert Instant().deserialize(value) == utc
    assert Instant().deserialize(value).utcoffset().total_seconds() == 0


@pytest.mark.parametrize("value", ["2026-03-02T09:00:00", "2026-03-02", "now", 1772413200, "２026-03-02T09:00:00Z",
                                   "2026-03-02T09:00:00+99:00", "2026-03-02T25:00:00Z", "2" * 50])  # fmt: skip
def test_instants_need_their_offset_and_the_one_spelling(value):
    assert "时区" in problem(Instant(), value).zh


@pytest.mark.parametrize(
    "value", ["1989-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"]
)
def test_instants_outside_the_years_are_refused(value):
    assert "1990" in problem(Instant(), value).zh


def test_instants_leave_as_utc():
    assert Instant()._serialize(datetime(2026, 3, 2, 1, tzinfo=UTC), None, None) == "2026-03-02T01:00:00Z"
    assert Instant()._serialize(None, None, None) is None


@given(
    some.datetimes(datetime(1991, 1, 1), datetime(2199, 1, 1)),  # noqa: DTZ001 - bounds; the offset is drawn below
    some.integers(-23 * 60, 23 * 60),
)
def test_an_instant_survives_the_way_out_and_back_from_any_offset(moment, minutes):
    instant = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert Instant().deserialize(Instant()._serialize(instant, None, None)) == instant
    assert Instant().deserialize(instant.isoformat()) == instant


# --- identifiers ---


def test_a_uuid_passes_in_either_case_and_leaves_in_lower_case():
    read = Identifier().deserialize("01A20830-6A35-7290-9892-CE11616C8308")
    assert read == UUID("01a20830-6a35-7290-9892-ce11616c8308")
    assert Identifier()._serialize(read, None, None) == "01a20830-6a35-7290-9892-ce11616c8308"
    assert Identifier()._serialize(None, None, None) is None


@pytest.mark.parametrize("value", ["", "1", 7, "01a208306a3572909892ce11616c8308", "{01a20830-6a35-7290-9892-ce11616c8308}",
                                   "０1a20830-6a35-7290-9892-ce11616c8308", "01a20830-6a35-7290-9892-ce11616c8308\n"])  # fmt: skip
def test_other_spellings_of_a_uuid_are_refused(value):
    assert "UUID" in problem(Identifier(), value)


# --- fractions ---


def test_a_fraction_is_answered_and_never_taken():
    assert Number().serialize("share", {"share": 0.25}) == 0.25
    assert Number().serialize("share", {"share": None}) is None
    for value in (0.25, "0.25", 1):
        assert problem(Number(), value).zh
