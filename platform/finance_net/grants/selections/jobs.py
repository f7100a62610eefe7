"""Solving rounds without anybody waiting. Run twice it certifies twice: the later certificate is the one that can be approved."""

from uuid import UUID

from procrastinate import RetryStrategy
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.identity.service import actor_of
from backbone.jobs import defer, jobs
from finance_net.grants.explanations.jobs import queue_explaining
from finance_net.grants.selections.service import compute


@jobs.task(name="grants.select", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def select_round(round_id: str, account_id: str) -> None:
    """Solve the round for whoever asked, if that account is still somebody's."""
    with transaction() as session:
        actor = actor_of(session, UUID(account_id))
        if actor is not None:
            row = compute(session, actor, UUID(round_id), now=SystemClock().now())
            queue_explaining(session, row.id, row.round_id)


def queue_selection(session: Session, round_id: UUID, actor: Actor) -> None:
    """Queue it; two of one round never run at the same time, and of those that somebody asks for again one waits."""
    defer(
        session,
        select_round,
        lock=f"grants.select:{round_id}",
        once=f"grants.select:{round_id}:{actor.account_id}",
        round_id=str(round_id),
        account_id=str(actor.account_id),
    )
