"""Deliveries as jobs: one for each attempt, and one that finds those whose job was lost."""

from uuid import UUID

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import defer, jobs
from backbone.notices import delivery


@jobs.task(name="notices.deliver")
def deliver(delivery_id: str) -> None:
    """Try one delivery; a further attempt is queued with the failure of this one."""
    with transaction() as session:
        tried = delivery.attempt(session, UUID(delivery_id), now=SystemClock().now())
        if tried is not None and tried.state == "waiting":
            defer(session, deliver, not_before=tried.next_attempt_at, delivery_id=delivery_id)


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="notices.deliver_overdue", queueing_lock="notices.deliver_overdue")
def deliver_overdue(timestamp: int) -> None:
    """Queue anew what should have been tried minutes ago."""
    with transaction() as session:
        for delivery_id in delivery.overdue(session, now=SystemClock().now()):
            defer(session, deliver, once=f"notices.deliver/{delivery_id}", delivery_id=str(delivery_id))
