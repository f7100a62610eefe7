"""`sanwang calendar` and `sanwang sla replay`, as whoever runs a platform calls them."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from backbone.clock import SHANGHAI
from sanwang.cli import app
from sky_net.sla.calendars.in_use import calendar_for
from sky_net.sla.calendars.models import CalendarVersion
from sky_net.sla.models import SlaClock, SlaEvent
from tests.conftest import DIGEST_KEY, PERSONAL_DATA_KEY
from tests.factories.calendars import a_text
from tests.factories.sla import a_longer_policy, opened


@pytest.fixture
def platform(committed_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", committed_database.url)
    monkeypatch.setenv("DIGEST_KEY", DIGEST_KEY)
    monkeypatch.setenv("PERSONAL_DATA_KEY", PERSONAL_DATA_KEY)
    return committed_database


@pytest.fixture
def notice(tmp_path):
    file = tmp_path / "order.json"
    row = {"date": "2026-11-10", "kind": "closed", "name": "停工"}
    file.write_text(a_text([row], year=None), "utf-8")
    return str(file)


def run(*words):
    return CliRunner().invoke(app, words)


def versions(database):
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(CalendarVersion))


def written(database):
    """What the log and the clocks say, in full."""
    with database.transaction() as session:
        events = session.execute(select(SlaEvent.__table__).order_by(SlaEvent.subject_id, SlaEvent.seq)).all()
        return events, session.execute(select(SlaClock.__table__).order_by(SlaClock.id)).all()


@pytest.fixture
def longer(monkeypatch):
    return a_longer_policy(monkeypatch).version


def test_a_notice_is_checked_without_a_trace_then_loaded_once(platform, notice):
    with platform.transaction() as session:
        subject = opened(session, now=datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI))
    before = written(platform)
    checked = run("calendar", "check", notice)
    assert (checked.exit_code, versions(platform)) == (0, 0)
    assert written(platform) == before
    assert subject.number in checked.output
    assert run("calendar", "load", notice).exit_code == 0
    again = run("calendar", "load", notice)
    assert (again.exit_code, versions(platform)) == (0, 1)
    assert "loaded before" in again.output


def test_a_date_is_set_by_hand_for_one_zone(platform):
    for words in (("2026-03-11", "--off"), ("2026-03-12", "--hours", "13:30-17:30")):
        assert run("calendar", "set", *words, "--source", "测试令", "--zone", "420100").exit_code == 0
    with platform.transaction() as session:
        wuhan, away = calendar_for(session, "420100"), calendar_for(session, "420200")
        assert not wuhan.day(date(2026, 3, 11)).is_workday
        assert wuhan.day(date(2026, 3, 12)).segments == ((810, 1050),)
        assert away.day(date(2026, 3, 11)).is_workday


@pytest.mark.parametrize(
    ("words", "is_workday", "name"),
    [
        ((), False, "停工"),
        (("--off",), False, "停工"),
        (("--open",), True, "开工"),
        (("--hours", "13:30-17:30"), True, "调整作息"),
        (("--open", "--hours", "13:30-17:30"), True, "调整作息"),
        (("--off", "--name", "台风停工"), False, "台风停工"),
        (("--hours", "13:30-17:30", "--name", "台风后复工"), True, "台风后复工"),
    ],
)
def test_a_date_set_by_hand_is_called_what_it_is(platform, words, is_workday, name):
    assert run("calendar", "set", "2026-03-11", *words, "--source", "测试令").exit_code == 0
    with platform.transaction() as session:
        day = calendar_for(session, "420100").day(date(2026, 3, 11))
    assert (day.is_workday, day.name) == (is_workday, name)


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        (("calendar", "load", "/no/such/file"), "无法读取", "cannot read"),
        (("calendar", "load", "/dev/zero"), "无法读取", "cannot read"),
        (("sla", "due", "--opened", "2026-02-13T16:50", "--calendar", "/dev/zero"), "/dev/zero", "/dev/zero"),
        (("calendar", "set", "soon", "--source", "令"), "日期", "date"),
        (("calendar", "set", "2026-03-11", "--source", "令", "--zone", "999"), "没有区域", "no region"),
        (("calendar", "set", "2026-03-11", "--source", "令", "--off", "--hours", "9:00-12:00"), "停工日没有作息", "not both"),
        (("calendar", "set", "2026-03-11", "--source", "令", "--hours", "17:30-13:30"), "互不重叠", "in order"),
        (("calendar", "set", "2026-03-11", "--source", "令", "--hours", ""), "互不重叠", "in order"),
        (("calendar", "check", __file__, "--zone", "999"), "没有区域", "no region"),
        (("calendar", "show", "--year", "2026", "--zone", "999"), "没有区域", "no region"),
        (("calendar", "show", "--year", "2300"), "2300", "2300"),
        (("sla", "replay", "--policy", "response-1-5-15.v1", "--zone", "999"), "没有区域", "no region"),
        (("sla", "replay", "--policy", "nope"), "策略", "policy"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_both_languages_and_ends_with_2_and_nothing_written(
    platform, words, chinese, english
):
    ended = run(*words)
    assert (ended.exit_code, versions(platform)) == (2, 0)
    assert chinese in ended.output
    assert english in ended.output


def test_a_need_from_a_host_whose_clock_was_ahead_keeps_the_calendar_from_nobody(platform, notice):
    """Its start lies three weeks ahead of this machine's time, since that was set back."""
    with platform.transaction() as session:
        ahead = opened(session, now=datetime.now(SHANGHAI) + timedelta(days=21))
        other = opened(session, now=datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI))
    assert run("calendar", "load", notice).exit_code == 0
    with platform.transaction() as session:
        found = session.execute(select(SlaClock.subject_id, SlaClock.calendar_version))
        versions_of = {subject_id: version for subject_id, version in found}
    assert versions_of[ahead.id] == versions_of[other.id]


def test_a_broken_file_is_named_by_line_and_writes_nothing(platform, tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text("source: 通知\nrows:\n  - {date: 2027-13-01, kind: holiday}\n", "utf-8")
    ended = run("calendar", "load", str(file))
    assert (ended.exit_code, versions(platform)) == (2, 0)
    assert "Line 3" in ended.output


@pytest.mark.parametrize("command", [("calendar", "load", __file__), ("sla", "replay", "--policy", "x")])
def test_without_a_database_it_says_what_to_set(monkeypatch, command):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ended = run(*command)
    assert ended.exit_code == 2
    assert "DATABASE_URL" in ended.output


def test_a_year_is_shown_with_and_without_a_database(monkeypatch, platform):
    with_it = run("calendar", "show", "--year", "2026")
    monkeypatch.delenv("DATABASE_URL")
    without = run("calendar", "show", "--year", "2026")
    assert (with_it.exit_code, without.exit_code) == (0, 0)
    assert "2026-12" in without.output


def test_under_the_policy_that_they_have_a_replay_moves_nothing(platform):
    with platform.transaction() as session:
        opened(session, now=datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI))
    before = written(platform)
    same = run("sla", "replay", "--policy", "response-1-5-15.v1")
    assert (same.exit_code, same.output) == (0, "期限变动 moved: 0\n")
    assert written(platform) == before


def test_a_replay_is_seen_first_then_done_once_and_in_its_zone_alone(platform, longer):
    with platform.transaction() as session:
        here = opened(session, now=datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI), zone_code="420100")
        away = opened(session, now=datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI), zone_code="420500")
    before = written(platform)
    words = ("sla", "replay", "--policy", longer, "--zone", "420100")
    seen = run(*words, "--dry-run")
    assert (seen.exit_code, written(platform)) == (0, before)
    assert "would move: 3" in seen.output
    assert (here.number in seen.output, away.number in seen.output) == (True, False)
    assert "moved: 3" in run(*words).output
    assert "moved: 0" in run(*words).output
    with platform.transaction() as session:
        found = session.execute(select(SlaClock.subject_id, SlaClock.policy_version))
        under = {subject_id: version for subject_id, version in found}
    assert (under[here.id], under[away.id]) == (longer, "response-1-5-15.v1")
