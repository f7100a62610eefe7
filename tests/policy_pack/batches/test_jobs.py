"""Batches go on by themselves, survive the death of a worker, and follow every policy that moves."""

from datetime import date

import pytest
from sqlalchemy import func, select, text

from backbone.actor import PROVINCE, Role
from backbone.db import Database
from policy_pack.batches import jobs, service
from policy_pack.batches.models import BatchAnswer, PolicyBatch
from policy_pack.policies.service import repeal_policy
from policy_pack.pushes.models import PolicyNews
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor
from tests.factories.policy_facts import a_lasting_policy, a_policy_fact
from tests.factories.policy_office import an_office, an_original

SME = [{"name": "科技型中小企业"}]
ALL = {"region_code": None, "as_of_on": None, "policy_ids": None}


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(service.carry_on, "__kwdefaults__", {"at_once": 2})


def enterprises(session, count=5):
    return [an_enterprise(session, labels=SME) for _ in range(count)]


def test_a_batch_that_is_started_carries_itself_on_to_its_end(session, clock, run_jobs):
    enterprises(session)
    a_lasting_policy(session)
    session.execute(text("DELETE FROM procrastinate_jobs"))
    officer = an_actor(session, (Role.POLICY_OFFICER, PROVINCE))
    batch = service.start_batch(session, officer, ALL, now=clock.now())
    assert run_jobs() == ["policy_pack.carry_on_batch"] * 4
    session.refresh(batch)
    assert (batch.state, batch.done) == ("done", 5)


def test_a_published_policy_is_told_to_whoever_it_concerns(session, run_jobs):
    first, *_ = enterprises(session)
    a_policy_fact(session, first)
    a_lasting_policy(session)
    assert "policy_pack.tell_of_policy" in run_jobs()
    kinds = dict(session.execute(select(PolicyNews.enterprise_id, PolicyNews.kind)).all())
    assert (len(kinds), kinds[first.id]) == (5, "open")


def test_a_policy_that_is_verified_later_is_told_then(session, run_jobs):
    enterprises(session, 1)
    office = an_office(session)
    version = a_lasting_policy(session, office=office, grade="C")
    run_jobs()
    assert session.scalars(select(PolicyNews)).all() == []
    an_original(office, version, signed=True)
    run_jobs()
    assert [news.kind for news in session.scalars(select(PolicyNews))] == ["nearly"]


def test_a_repealed_policy_is_looked_at_and_told_no_more(session, clock, run_jobs):
    office = an_office(session)
    version = a_lasting_policy(session, office=office)
    repeal_policy(session, office.first, version.id, from_on=date(2026, 3, 1), reason="测试", now=clock.now())
    enterprises(session, 1)
    assert run_jobs().count("policy_pack.tell_of_policy") == 2
    assert session.scalars(select(PolicyNews)).all() == []


def test_a_draft_that_is_uploaded_and_reviewed_moves_nobody(session):
    from tests.factories.policy_office import a_reviewed_version

    a_reviewed_version(an_office(session))
    queued = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'policy_pack.tell%'")
    assert session.scalar(queued) == 0


def test_every_night_everybody_is_looked_at(session, run_jobs):
    a_lasting_policy(session)
    session.execute(text("DELETE FROM procrastinate_jobs"))
    enterprises(session, 3)
    jobs.tell_everybody(0)
    run_jobs()
    assert session.scalar(select(func.count()).select_from(PolicyNews)) == 3


class Killed(Exception):
    """A worker that dies."""


def test_a_part_that_dies_before_its_commit_leaves_nothing_and_is_done_anew(
    committed_database: Database, clock, monkeypatch
):
    with committed_database.transaction() as session:
        enterprises(session)
        a_lasting_policy(session)
        officer = an_actor(session, (Role.POLICY_OFFICER, PROVINCE))
        batch_id = service.start_batch(session, officer, ALL, now=clock.now()).id
    with monkeypatch.context() as deadly:
        deadly.setattr(jobs, "begin", _die)
        with pytest.raises(Killed):
            jobs.carry_on(str(batch_id))
    assert _written(committed_database) == (0, 0)
    for _ in range(8):  # more often than there are parts: a job may run twice
        jobs.carry_on(str(batch_id))
    assert _written(committed_database) == (5, 5)


def _die(*_):
    raise Killed


def _written(database):
    with database.transaction() as session:
        done = session.scalar(select(PolicyBatch.done))
        return done, session.scalar(select(func.count()).select_from(BatchAnswer))
