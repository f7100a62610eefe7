import logging

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import defer, run_pending
from policy_pack.impacts import service
from policy_pack.impacts.jobs import estimate
from policy_pack.impacts.models import ImpactEstimate
from policy_pack.impacts.service import ask_for_impact
from tests.factories.directory import a_fact, an_enterprise
from tests.factories.policy_office import AT, a_draft, an_office


def asked(session):
    office = an_office(session)
    return ask_for_impact(session, office.first, a_draft(office).id, as_of=None, now=AT)


def test_the_job_makes_the_estimate_a_batch_per_transaction(session, run_jobs, monkeypatch):
    monkeypatch.setattr(service, "AT_ONCE", 2)
    a_fact(session, an_enterprise(session, staff_total=80), kind="rd_expense")
    for _ in range(4):
        an_enterprise(session, staff_total=80)
    impact = asked(session)
    defer(session, estimate, impact_id=str(impact.id))
    assert run_jobs() == ["policy_pack.estimate_impact"]
    session.refresh(impact)
    assert (impact.state, impact.done, impact.result["newly_count"]) == ("done", 5, 1)


def test_a_job_that_runs_twice_makes_one_estimate(session, run_jobs):
    impact = asked(session)
    for _ in range(2):
        defer(session, estimate, impact_id=str(impact.id))
    assert len(run_jobs()) == 2
    session.refresh(impact)
    ended = impact.ended_at
    estimate(str(impact.id))
    session.refresh(impact)
    assert impact.ended_at == ended


def test_a_failure_is_told_in_the_row_and_in_the_log(session, run_jobs, monkeypatch, caplog):
    an_enterprise(session)
    impact = asked(session)

    def broken(*given):
        raise RuntimeError("the facts are gone")

    monkeypatch.setattr(service, "gather_subjects", broken)
    with caplog.at_level(logging.ERROR):
        estimate(str(impact.id))
    session.refresh(impact)
    assert (impact.state, impact.failure) == ("failed", "RuntimeError: the facts are gone")
    assert "came to nothing" in caplog.text


def test_a_worker_makes_it_with_real_commits(committed_database):
    with transaction() as session:
        an_enterprise(session)
        impact = asked(session)
        defer(session, estimate, impact_id=str(impact.id))
    assert run_pending(committed_database.url) == 1
    with transaction() as session:
        made = session.get_one(ImpactEstimate, impact.id)
        assert (made.state, made.total) == ("done", 1)
        assert made.started_at <= made.ended_at <= SystemClock().now()
