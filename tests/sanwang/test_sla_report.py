"""Deadlines, cards and what-ifs on a terminal."""

import io
from datetime import date, datetime

import pytest
from rich.console import Console

from sanwang.sla_report import show_card, show_foretold, show_proofs
from sky_net.sla.calendar import SHANGHAI, published_calendar
from sky_net.sla.policy import policy_on
from sky_net.sla.proof import Proof
from sky_net.sla.proof_pauses import StatedPause
from sky_net.sla.working_time import Pause

POLICY = policy_on(date(2026, 3, 2))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def proof(stage="confirm", opened="2026-03-02T10:00", pauses=()):
    return Proof(POLICY.stages[stage], POLICY, published_calendar(), at(opened), at(opened), pauses)


def printed(show, *arguments, width=200):
    out = io.StringIO()
    show(*arguments, Console(file=out, width=width, soft_wrap=True))
    return out.getvalue()


@pytest.mark.parametrize(
    ("opened", "pauses", "standing", "due"),
    [
        ("2026-03-02T10:00", (), "确定 / final", "2026-03-03（周二）17:30"),
        ("2026-12-31T10:00", (), "暂定 / provisional", "2027-01-01（周五）17:30"),
        ("2026-03-02T10:00", (StatedPause(Pause(at("2026-03-02T11:00"))),), "暂停中 / paused", "—"),
    ],
)
def test_the_table_says_what_a_deadline_is_worth(opened, pauses, standing, due):
    shown = printed(show_proofs, [proof(opened=opened, pauses=pauses)])
    assert standing in shown
    assert due in shown


def test_each_line_of_a_card_has_its_english_and_its_source_below():
    lines = printed(show_card, proof().lines()).splitlines()
    where = next(number for number, line in enumerate(lines) if "为开始的当日，不计入" in line)
    assert "is the start day and does not count" in lines[where + 1]
    assert "依据 / source: 《中华人民共和国民法典》第二百零一条" in lines[where + 2]


def test_no_word_of_a_card_is_taken_for_markup():
    shown = printed(
        show_card, proof(pauses=[StatedPause(Pause(at("2026-03-03T09:00"), at("2026-03-03T10:00")))]).lines()
    )
    assert "扣除 60 分钟" in shown
    assert "\x1b" not in shown


def test_a_narrow_terminal_loses_no_word():
    whole = "".join(printed(show_card, proof().lines()).split())
    assert "".join(printed(show_card, proof().lines(), width=40).split()) == whole


@pytest.mark.parametrize(("in_time", "said"), [(True, "届时未超"), (False, "届时已超")])
def test_a_what_if_lists_each_stage_and_what_is_owed(in_time, said):
    found = {
        "answered_at": at("2026-03-20T10:00"),
        "items": [{"stage": "confirm", "zh": "答复不影响期限：—", "en": "No answer moves its deadline: —"}],
        "awaited": [{"due_at": at("2026-03-13T17:30"), "in_time": in_time}],
    }
    shown = printed(show_foretold, "XQ-2026-000123", found)
    assert "XQ-2026-000123：若于 2026-03-20（周五）10:00 答复" in shown
    assert "确认：答复不影响期限" in shown
    assert f"2026-03-13（周五）17:30，{said}" in shown


def test_a_need_that_was_never_submitted_has_nothing_to_foretell():
    found = {
        "answered_at": at("2026-03-20T10:00"),
        "items": [],
        "awaited": [{"due_at": None, "in_time": True}],
    }
    shown = printed(show_foretold, "XQ-2026-000123", found)
    assert "尚未提交" in shown
    assert "企业答复时限 —" in shown
