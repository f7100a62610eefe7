"""Answers kept for retries are forgotten by a job of every night."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import forgetting
from backbone.clock import SystemClock
from backbone.idempotency import IdempotencyKey, claim
from backbone.jobs import jobs
from backbone.settings import load_settings


def test_answers_past_their_days_go_and_younger_ones_stay(session: Session):
    now, days, account = SystemClock().now(), load_settings().idempotency_days, uuid4()
    for key, age in (("old", timedelta(days=days, minutes=1)), ("young", timedelta(days=days - 1))):
        claim(session, account, key, "hmac:x", now - age, authority="a")
    forgetting.forget_answers(timestamp=0)
    kept = select(IdempotencyKey.key).where(IdempotencyKey.account_id == account)
    assert session.scalars(kept).all() == ["young"]


def test_the_job_waits_once_and_runs_every_night():
    task = jobs.tasks["backbone.forget_answers"]
    assert task.queueing_lock == "backbone.forget_answers"
    crons = [each.cron for each in jobs.periodic_registry.periodic_tasks.values() if each.task is task]
    assert crons == ["41 2 * * *"]
