"""What is forgotten by itself: answers kept for retries, once nobody will retry any more."""

from backbone import idempotency
from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from backbone.settings import load_settings


@jobs.periodic(cron="41 2 * * *")
@jobs.task(name="backbone.forget_answers", queueing_lock="backbone.forget_answers")
def forget_answers(timestamp: int) -> None:
    """Drop the answers older than IDEMPOTENCY_DAYS."""
    with transaction() as session:
        idempotency.forget_older_than(session, SystemClock().now(), load_settings().idempotency_days)
