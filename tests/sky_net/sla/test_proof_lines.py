"""One line of a card, as JSON."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from backbone.errors import Bilingual
from sky_net.sla.proof_lines import ProofLine

SAID = Bilingual("不计", "not counted")
AT = datetime(2026, 2, 14, 1, 30, tzinfo=UTC)


def test_a_line_speaks_both_languages():
    line = ProofLine("x", SAID)
    assert (line.zh, line.en) == ("不计", "not counted")
    assert type(line.en) is str
    assert line.as_json() == {"code": "x", "zh": "不计", "en": "not counted"}


def test_instants_are_shanghais_with_their_offset():
    line = ProofLine("x", SAID, on=AT, starts=AT, ends=AT + timedelta(microseconds=5)).as_json()
    assert line["on"] == line["from"] == "2026-02-14T09:30:00+08:00"
    assert line["to"] == "2026-02-14T09:30:00.000005+08:00"


@pytest.mark.parametrize(
    ("worked", "minutes"),
    [
        (timedelta(0), 0),
        (timedelta(hours=7), 420),
        (timedelta(seconds=90), 1.5),
        (timedelta(seconds=20), 0.333),
        (None, None),
    ],
)
def test_minutes_are_whole_where_they_can_be(worked, minutes):
    line = ProofLine("x", SAID, worked=worked)
    assert line.minutes == minutes
    assert line.as_json().get("minutes", None) == minutes


def test_a_line_goes_through_json_unchanged():
    line = ProofLine("x", SAID, on=AT, worked=timedelta(hours=1), source="《民法典》").as_json()
    assert json.loads(json.dumps(line, ensure_ascii=False)) == line
    assert line["source"] == "《民法典》"
