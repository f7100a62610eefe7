"""`sanwang sla why` and `what-if` on a database."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from backbone.actor import Role
from sanwang.cli import app
from sky_net.needs import review, service
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of, zone

COMPLETE = {
    "title": "低温抖动", "problem": "抖动过大", "industry": "opto", "contact_name": "甲", "contact_phone": "027-1",
}  # fmt: skip
SUBMITTED = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def number(committed_database):
    """A need that was submitted and returned at once."""
    with committed_database.transaction() as session:
        poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
        made = service.draft_need(session, poster, COMPLETE, now=SUBMITTED)
        service.submit_need(session, poster, made.id, now=SUBMITTED)
        reviewer = an_actor(session, (Role.OPERATOR, zone()))
        review.return_need(
            session, reviewer, made.id, missing=["indicators"], message="请补充", now=SUBMITTED
        )
        return made.number


@pytest.fixture
def run(tmp_path, monkeypatch, committed_database):
    monkeypatch.chdir(tmp_path)  # away from the developer's .env

    def call(*words, **more):
        said = {"DATABASE_URL": committed_database.url, "COLUMNS": "200", **more}
        return CliRunner().invoke(app, ["sla", *words], env=said)

    return call


def refused(result):
    assert (result.exit_code, result.stdout) == (2, "")
    return json.loads(result.stderr)["error"]["code"]


def test_why_prints_the_card_of_each_stage_or_of_the_one_asked_for(run, number):
    result = run("why", number)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("首次提交：2026-03-10（周二）10:00") == 3
    assert "暂停（退回补充；平台运营）" in result.stdout
    one = json.loads(run("why", number, "--stage", "propose", "--json").stdout)
    assert list(one) == ["propose"]
    assert one["propose"]["proof"][0]["code"] == "began"


def test_why_speaks_like_due(run, number):
    answer = json.loads(run("why", number, "--json").stdout)
    assert list(answer) == ["confirm", "communicate", "propose"]
    assert {tuple(stage) for stage in answer.values()} == {("due_at", "provisional", "proof")}


def test_what_if_says_what_an_answer_would_change(run, number):
    result = run("what-if", number, "--answered", "2026-03-11T10:00")
    assert result.exit_code == 0, result.stderr
    assert "若于 2026-03-11（周三）10:00 答复，期限为 2026-03-12（周四）10:00" in result.stdout
    assert "届时未超 / the answer is due by then: in time" in result.stdout
    late = run("what-if", number, "--answered", "2026-03-20 10:00")
    assert "届时已超 / the answer will be overdue" in late.stdout
    found = json.loads(run("what-if", number, "--answered", "2026-03-11T02:00Z", "--json").stdout)
    assert found["items"][0]["then"]["due_at"] == "2026-03-12T02:00:00Z"


def test_what_is_not_there_is_named_with_exit_status_2(run, number, committed_database):
    assert refused(run("why", "XQ-1999-000001", "--json")) == "need_unknown"
    assert refused(run("why", number, "--stage", "nonsense", "--json")) == "stage_unknown"
    assert refused(run("what-if", number, "--answered", "soon", "--json")) == "instant_unreadable"
    assert (
        refused(run("what-if", number, "--answered", "2026-03-01", "--json")) == "pause_ends_before_it_starts"
    )
    assert refused(run("what-if", number, "--answered", "2200-03-01", "--json")) == "calendar_not_published"
    assert refused(run("why", number, "--json", DATABASE_URL="")) == "database_not_set"
    with committed_database.transaction() as session:
        poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
        draft = service.draft_need(session, poster, COMPLETE, now=SUBMITTED).number
    assert refused(run("why", draft, "--json")) == "clocks_not_open"
    empty = run("what-if", draft, "--answered", "2026-03-11")
    assert "尚未提交" in empty.stdout


def test_a_database_that_does_not_answer_is_a_sentence(run):
    result = run(
        "why", "XQ-2026-000001", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1"
    )
    assert result.exit_code == 2
    assert "数据库" in result.output
