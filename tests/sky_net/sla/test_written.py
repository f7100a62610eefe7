"""Instants and pauses as people write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sky_net.sla.errors import ClockRefusal, PauseEndsBeforeItStarts
from sky_net.sla.prefix import SHANGHAI
from sky_net.sla.written import InstantUnreadable, PauseUnreadable, read_instant, read_pause


def shanghai(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-13T16:50", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13 16:50", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13t16:50", shanghai(2026, 2, 13, 16, 50)),
        ("  2026-02-13  16:50\n", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13T16:50:07", shanghai(2026, 2, 13, 16, 50, 7)),
        ("2026-02-13T16:50:07.5", shanghai(2026, 2, 13, 16, 50, 7, 500_000)),
        ("2026-02-13T16:50:07,000001", shanghai(2026, 2, 13, 16, 50, 7, 1)),
        ("2026-02-13", shanghai(2026, 2, 13)),
        ("2024-02-29T10:00", shanghai(2024, 2, 29, 10)),
        ("2026-02-13T24:00", shanghai(2026, 2, 14)),
        ("2026-02-28T24:00:00.0", shanghai(2026, 3, 1)),
        ("2026-02-13T08:50Z", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13T08:50z", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13T08:50+00:00", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13T08:50-00:00", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13T16:50+08:00", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13T16:50 +0800", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13T16:50+08", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13T14:35+05:45", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13T03:50-05:00", shanghai(2026, 2, 13, 16, 50)),
        ("2026-02-13T24:00Z", shanghai(2026, 2, 14, 8)),
    ],
)
def test_an_instant_is_shanghais_unless_its_offset_says_otherwise(text, expected):
    assert read_instant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "T", "yesterday", "2026", "2026-02", "2026-2-3", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10",
        "0000-01-01", "02/13/2026", "20260213T1650", "2026-W07-5", "2026-02-13T", "2026-02-13T16", "2026-02-13T9:05",
        "2026-02-13T25:00", "2026-02-13T24:01", "2026-02-13T24:00:02", "2026-02-13T24:00:00.4", "2026-02-13T16:60",
        "2026-02-13T16:50:60", "2026-02-13T16:50:00.1234567", "2026-02-13x16:50", "2026-02-13T16:50+24:00",
        "2026-02-13T16:50+08:60", "2026-02-13T16:50+8", "2026-02-13T16:50 Asia/Shanghai", "2026-02-13T16:50[CST]",
        "２０２６-02-13T16:50", "2026-02-13+08:00", "9999-12-31T24:00", "-2026-02-13", "2026-02-13T16:50ZZ", "nan", "1e5",
    ],
)  # fmt: skip
def test_what_is_no_instant_is_refused_in_both_languages(text):
    with pytest.raises(InstantUnreadable) as refusal:
        read_instant(text)
    assert refusal.value.code == "instant_unreadable"
    assert "不是时间" in refusal.value.zh
    assert "is no time" in refusal.value.en


@given(
    some.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001 - the zone is drawn beside it
    some.none() | some.integers(-23 * 60 - 59, 23 * 60 + 59),
    some.sampled_from("T "),
)
def test_what_is_written_is_what_is_read(naive, offset, separator):
    zone = SHANGHAI if offset is None else timezone(timedelta(minutes=offset))
    at = naive.replace(tzinfo=zone)
    text = (naive if offset is None else at).isoformat(separator)
    assert read_instant(text) == at


def test_a_pause_is_two_instants_each_with_its_own_offset():
    pause = read_pause("2026-02-14T10:00/2026-02-24T02:30Z")
    assert pause.start == shanghai(2026, 2, 14, 10)
    assert pause.end == datetime(2026, 2, 24, 2, 30, tzinfo=UTC)
    assert read_pause(" 2026-02-14 10:00 / 2026-02-24 10:30 ") == pause


def test_a_pause_of_no_length_is_one():
    pause = read_pause("2026-02-14T10:00/2026-02-14T10:00")
    assert pause.start == pause.end


@pytest.mark.parametrize(
    "text", ["", "2026-02-14T10:00", "a/b/c", "2026-02-14T10:00--2026-02-15T10:00", "/ /"]
)
def test_what_is_no_pair_is_no_pause(text):
    with pytest.raises(PauseUnreadable) as refusal:
        read_pause(text)
    assert refusal.value.code == "pause_unreadable"


@pytest.mark.parametrize("text", ["/", "2026-02-14T10:00/", "/2026-02-14T10:00", "2026-02-14T10:00/P1D"])
def test_a_pause_needs_both_of_its_instants(text):
    with pytest.raises(InstantUnreadable):
        read_pause(text)


def test_a_pause_that_ends_before_it_starts_is_seen_across_offsets():
    with pytest.raises(PauseEndsBeforeItStarts):
        read_pause("2026-02-14T10:00/2026-02-14T02:00+00:30")


@given(some.text(max_size=40) | some.from_regex(r"[0-9TZ:./+ -]{0,40}", fullmatch=True))
def test_no_text_does_anything_but_read_or_be_refused(text):
    for read in (read_instant, read_pause):
        try:
            read(text)
        except ClockRefusal as refusal:
            assert_bilingual(refusal)


def assert_bilingual(refusal):
    assert refusal.zh
    assert refusal.en
