"""A new release of the calendar's data reaches the rows without anybody asking."""

from sqlalchemy import select

from backbone.jobs import jobs
from sky_net.sla import jobs as sla_jobs
from sky_net.sla import projection
from sky_net.sla.calendar import published_calendar
from sky_net.sla.models import SlaClock
from tests.factories.sla import opened


def test_the_job_makes_the_rows_of_another_calendar_anew(session, clock):
    opened(session, now=clock.now())
    projection.rebuild(session, published_calendar().with_rows([], "older"))
    sla_jobs.refresh(timestamp=0)
    session.expire_all()
    assert set(session.scalars(select(SlaClock.calendar_version))) == {published_calendar().version}


def test_the_job_is_one_of_the_application_and_runs_once_at_a_time_every_day(application):
    task = jobs.tasks["sla.refresh"]
    assert task.queueing_lock == "sla.refresh"
    assert [entry.cron for entry in jobs.periodic_registry.periodic_tasks.values() if entry.task is task] == [
        "7 0 * * *"
    ]
