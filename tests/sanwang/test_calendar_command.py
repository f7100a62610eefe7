"""`sanwang calendar` and `sanwang sla replay`, as whoever runs a platform calls them."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from backbone.clock import SHANGHAI
from sanwang.cli import app
from sky_net.sla.calendars.in_use import calendar_for
from sky_net.sla.calendars.models import CalendarVersion
from tests.conftest import DIGEST_KEY, PERSONAL_DATA_KEY
from tests.factories.calendars import a_text
from tests.factories.sla import opened


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


def test_a_notice_is_checked_without_a_trace_then_loaded_once(platform, notice):
    with platform.transaction() as session:
        subject = opened(session, now=datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI))
    checked = run("calendar", "check", notice)
    assert (checked.exit_code, versions(platform)) == (0, 0)
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
    ("words", "says"),
    [
        (("load", "/no/such/file"), "无法读取"),
        (("set", "soon", "--source", "令"), "date"),
        (("set", "2026-03-11", "--source", "令", "--zone", "999"), "没有区域"),
        (("show", "--year", "2300"), "2300"),
    ],
)
@pytest.mark.usefixtures("platform")
def test_what_is_wrong_is_said_and_ends_with_2(words, says):
    ended = run("calendar", *words)
    assert ended.exit_code == 2
    assert says in ended.output


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


def test_a_replay_names_an_unknown_policy_and_moves_nothing_under_the_same(platform):
    assert run("sla", "replay", "--policy", "nope").exit_code == 2
    same = run("sla", "replay", "--policy", "response-1-5-15.v1", "--dry-run")
    assert (same.exit_code, "0" in same.output) == (0, True)
