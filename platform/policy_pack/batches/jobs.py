"""Carrying batches on: each part is a job and a transaction of its own, which queues the next. A part may run twice."""

from uuid import UUID

from procrastinate import RetryStrategy
from sqlalchemy.orm import Session

from backbone import events
from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import defer, jobs
from policy_pack.batches import service
from policy_pack.policies.moving import PolicyMoved

EVERY_NIGHT = "20 20 * * *"  # UTC: at 04:20 in Hubei


@jobs.task(name="policy_pack.carry_on_batch", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def carry_on(batch_id: str) -> None:
    """The next part, with its progress and the job of the part after it."""
    with transaction() as session:
        if service.carry_on(session, UUID(batch_id), now=SystemClock().now()):
            begin(session, UUID(batch_id))


@jobs.task(name="policy_pack.tell_of_policy", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def tell_of_policy(key: str) -> None:
    """Have every enterprise told what is news about one policy."""
    with transaction() as session:
        service.start_news(session, [key], now=SystemClock().now())


@jobs.periodic(cron=EVERY_NIGHT)
@jobs.task(name="policy_pack.tell_everybody", queueing_lock="policy_pack.tell_everybody")
def tell_everybody(timestamp: int) -> None:
    """Days pass without anybody's doing: policies begin and end, certificates expire, enterprises grow old enough."""
    with transaction() as session:
        service.start_news(session, None, now=SystemClock().now())


@events.on(PolicyMoved)
def after_policy(session: Session, event: PolicyMoved) -> None:
    """Whoever may apply for the policy as it is now is told."""
    defer(session, tell_of_policy, key=event.key)


def begin(session: Session, batch_id: UUID) -> None:
    """Queue the next part; two parts of one batch never run at the same time."""
    defer(session, carry_on, lock=f"policy_pack.batch:{batch_id}", batch_id=str(batch_id))
