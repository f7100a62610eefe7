from datetime import date, timedelta

import pytest

from backbone.actor import PROVINCE, Role
from backbone.clock import local_date
from backbone.jobs import jobs
from sky_net.needs import jobs as needs_jobs
from sky_net.needs import review, service
from sky_net.sla import service as sla
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of

MINIMUM = {"title": "题", "problem": "问题", "industry": "opto", "contact_name": "甲", "contact_phone": "1"}


@pytest.fixture
def confirmed(session, clock):
    """A builder of confirmed needs with their clocks open, valid until a day."""
    poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    operator = an_actor(session, (Role.OPERATOR, PROVINCE))

    def build(valid_until_on: date | None):
        values = MINIMUM | {"valid_until_on": valid_until_on}
        need = service.draft_need(session, poster, values, now=clock.now())
        service.submit_need(session, poster, need.id, now=clock.now())
        return review.confirm_need(session, operator, need.id, complexity="simple", now=clock.now())

    return build


def test_the_hourly_job_closes_everything_past_its_validity(session, confirmed, clock, monkeypatch):
    monkeypatch.setattr(needs_jobs, "SystemClock", lambda: clock)
    monkeypatch.setattr(service, "EXPIRED_AT_ONCE", 2)
    today = local_date(clock.now())
    past = [confirmed(today) for _ in range(3)]
    lasting = [confirmed(today + timedelta(days=1)), confirmed(None)]
    clock.advance(days=1)
    needs_jobs.expire(timestamp=0)
    assert {need.state for need in past} == {"expired"}
    assert {need.state for need in lasting} == {"confirmed"}
    read = sla.readings(session, [past[0].id], now=clock.now())[past[0].id]
    assert [str(reading.state) for reading in read] == ["met", "cancelled", "cancelled"]


def test_the_job_runs_once_at_a_time_and_every_hour():
    task = jobs.tasks["needs.expire"]
    assert task.queueing_lock == "needs.expire"
    assert [entry.cron for entry in jobs.periodic_registry.periodic_tasks.values() if entry.task is task] == [
        "11 * * * *"
    ]
