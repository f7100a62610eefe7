"""Explanations are worked out apart, kept with the exact selection, and read: on time, twice, after a kill, when overtaken, or in vain."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from backbone.directory.models import Enterprise
from backbone.errors import NotFound
from backbone.jobs import run_pending
from finance_net.grants import service as rounds
from finance_net.grants.announcements import service as announcing
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.explanations import jobs, service
from finance_net.grants.explanations.models import GrantExplaining, GrantExplanation
from finance_net.grants.explanations.reading import explain
from finance_net.grants.selections import service as selecting
from finance_net.grants.selections.modelling import read
from finance_net.grants.selections.reading import result_of
from finance_net.rounds.explaining import why_not
from tests.factories.grants import (
    AFTER,
    a_season,
    an_application,
    announced,
    computed,
    member_of,
    objected,
    scored,
    scored_all,
)
from tests.factories.identity import an_actor
from tests.factories.ledger import WAN
from tests.made_once import made_once

LATER = AFTER + timedelta(minutes=5)


@made_once
def season(session):
    """Sixty for four who want forty each, and at least thirty: the third and the fourth get nothing."""
    season = a_season(session, pool_fen=60 * WAN)
    scored_all(season, 90, 80, 70, 60, least_fen=30 * WAN)
    return season


def by_score(season):
    rows = season.session.query(GrantApplication).filter_by(round_id=season.round.id)
    return rows.order_by(GrantApplication.score.desc()).all()


def answered(season, row, application, actor=None):
    return explain(season.session, actor or season.first, row.id, application.id)


def explain_all(season, row):
    """What the jobs do, part by part; how many there were."""
    parts = 0
    while question := service.next_question(season.session, row.id, now=AFTER):
        told = why_not(question.asked, question.selection, question.number)
        service.keep(season.session, question, told, now=AFTER)
        parts += 1
    return parts


def test_an_answer_says_how_far_it_is_until_it_is_kept(season):
    session, row = season.session, computed(season)
    best, second, third, fourth = by_score(season)
    waiting = answered(season, row, fourth)
    assert (waiting["state"], waiting["done"], waiting["total"], waiting["score_lost"]) == (
        "queued",
        0,
        2,
        None,
    )
    question = service.next_question(session, row.id, now=AFTER)
    assert question.number == third.number
    told = why_not(question.asked, question.selection, question.number)
    assert service.keep(session, question, told, now=AFTER)
    assert service.keep(session, question, told, now=AFTER)  # worked out twice, kept once
    waiting = answered(season, row, fourth)
    assert (waiting["state"], waiting["done"]) == ("running", 1)
    assert answered(season, row, third) == {
        "state": "explained", "model_sha256": row.model_sha256, "done": 1, "total": 2, "score_lost": 1_000, "displaced": [second.number],
        "joining": [], "cut": [], "conflict": [], "explained_at": AFTER,
    }  # fmt: skip
    assert explain_all(season, row) == 1
    assert (answered(season, row, fourth)["score_lost"], session.get_one(GrantExplaining, row.id).state) == (
        2_000,
        "done",
    )
    assert answered(season, row, best)["state"] == "funded"
    late = an_application_of_the_round_that_took_no_part(season)
    assert answered(season, row, late)["state"] == "absent"


def an_application_of_the_round_that_took_no_part(season):
    row = by_score(season)[-1]
    values = {
        each.key: getattr(row, each.key)
        for each in GrantApplication.__mapper__.column_attrs
        if each.key != "id"
    }
    other = GrantApplication(**{**values, "number": "SB-2026-999999", "state": "rejected"})
    season.session.add(other)
    season.session.flush()
    return other


def test_what_is_kept_is_what_the_selection_itself_answers_and_the_hash_binds_it(season):
    session, row = season.session, computed(season)
    explain_all(season, row)
    asked, found = read(bytes(row.model)), result_of(row)
    for application in by_score(season)[2:]:
        kept = session.get_one(GrantExplanation, (row.id, application.id))
        told = why_not(asked, found, application.number)
        assert (kept.score_lost, kept.displaced, kept.conflict) == (told.score_lost, list(told.displaced), [])
    with pytest.raises(IntegrityError, match="fk_grant_explainings"), session.begin_nested():
        session.execute(text("UPDATE grant_explainings SET model_sha256 = :other"), {"other": "0" * 64})


def test_what_rules_an_application_out_is_kept_as_its_minimal_conflict(session):
    season = a_season(session, pool_fen=60 * WAN)
    season.round.categories = [{**each, "min_fen": 10 * WAN} for each in season.round.categories]
    season.round.groups = [{"key": "battery", "max_selected": 0}]
    scored(season, out := an_application(season, state="admitted", groups=["battery"]), 50)
    infeasible = computed(season)
    assert explain_all(season, infeasible) == 1
    assert answered(season, infeasible, out)["conflict"] == [
        "category:F:min"
    ]  # what the round itself contradicts
    season.round.categories = [{**each, "min_fen": 0} for each in season.round.categories]
    row = computed(season, now=LATER)
    explain_all(season, row)
    said = answered(season, row, out)
    assert (said["state"], said["conflict"]) == ("explained", ["group:battery", f"must:{out.number}"])


def test_a_selection_that_nobody_can_approve_any_more_is_not_explained_further(season):
    session, row = season.session, computed(season)
    again = computed(season, now=LATER)
    third = by_score(season)[2]
    assert service.next_question(session, row.id, now=LATER) is None
    assert answered(season, row, third)["state"] == "overtaken"
    selecting.approve_selection(session, season.second, again.id, now=LATER)
    rounds.cancel_round(session, season.first, season.round.id, now=LATER)
    assert service.next_question(session, again.id, now=LATER) is None


def test_one_that_was_announced_is_explained_to_its_end_beside_its_successor(season, run_jobs):
    session, row = season.session, announced(season)
    best, _, third, fourth = by_score(season)
    objection = objected(session, an_actor(session), row.id, best.id, "不实", now=AFTER)
    announcing.rule_on_objection(session, season.second, objection.id, upheld=True, ruling="属实", now=AFTER)
    again = computed(season, now=LATER)
    jobs.explain_what_waits(0)
    assert run_jobs().count("grants.explain") == 2 + 1
    for selection_id, total in ((row.selection_id, 2), (again.id, 1)):
        explaining = session.get_one(GrantExplaining, selection_id)
        assert (explaining.state, explaining.total) == ("done", total)
    assert third.number in result_of(again).amounts
    beside = explain(session, season.first, again.id, fourth.id)
    assert (beside["state"], beside["displaced"]) == ("explained", [third.number])


def test_a_solver_that_comes_to_nothing_is_told_of_and_does_not_go_round_for_ever(
    season, run_jobs, monkeypatch
):
    row = computed(season)

    def astray(*_):
        raise AssertionError("neither an optimum nor a proof")

    monkeypatch.setattr(jobs, "why_not", astray)
    jobs.queue_explaining(season.session, row.id, row.round_id)
    assert run_jobs().count("grants.explain") == 1
    assert answered(season, row, by_score(season)[2])["state"] == "failed"
    jobs.explain_what_waits(0)
    assert "grants.explain" not in run_jobs()


def test_who_applied_reads_it_once_the_selection_is_announced_and_nobody_else_does(season):
    session, row = season.session, computed(season)
    explain_all(season, row)
    third, fourth = by_score(season)[2:]
    member = member_of(session, session.get_one(Enterprise, third.applicant_id))
    with pytest.raises(NotFound):
        answered(season, row, third, member)
    selecting.approve_selection(session, season.second, row.id, now=AFTER)
    with pytest.raises(NotFound):
        answered(season, row, third, member)
    shown = announcing.announce_grants(session, season.first, row.id, now=AFTER)
    assert answered(season, row, third, member)["score_lost"] == 1_000
    for stranger, application in ((member, fourth), (an_actor(session), third)):
        with pytest.raises(NotFound):
            answered(season, row, application, stranger)
    objection = objected(session, an_actor(session), shown.id, by_score(season)[0].id, "不实", now=AFTER)
    announcing.rule_on_objection(session, season.second, objection.id, upheld=True, ruling="属实", now=AFTER)
    again = computed(season, now=LATER)  # solved, and shown to nobody outside yet
    with pytest.raises(NotFound):
        answered(season, again, fourth, member_of(session, session.get_one(Enterprise, fourth.applicant_id)))


def test_a_job_killed_over_its_work_is_repeated_and_nothing_is_kept_twice(committed_database, monkeypatch):
    """Killed before it kept anything, and after it kept everything but before its receipt: both leave the job to be run again."""
    with committed_database.transaction() as session:
        season = a_season(session, pool_fen=60 * WAN)
        scored_all(season, 90, 80, 70, 60, least_fen=30 * WAN)
        row = computed(season)
        selection_id, round_id = row.id, row.round_id
        jobs.queue_explaining(session, selection_id, round_id)

    class Killed(BaseException):
        pass

    solve, deaths = why_not, iter((True, False, False, False))

    def die_once(*asked):
        if next(deaths):
            raise Killed
        return solve(*asked)

    monkeypatch.setattr(jobs, "why_not", die_once)
    arguments = {"selection_id": str(selection_id), "round_id": str(round_id)}
    with pytest.raises(Killed):
        jobs.explain_next(**arguments)
    jobs.explain_next(**arguments)  # all of it was done, and its worker killed before the receipt
    run_pending(committed_database.url)
    with committed_database.transaction() as session:
        assert session.query(GrantExplanation).count() == 2
        explaining = session.get_one(GrantExplaining, selection_id)
        assert (explaining.done, explaining.total, explaining.state) == (2, 2, "done")
        assert session.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar() == 0
