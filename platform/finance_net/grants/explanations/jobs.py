"""Explaining selections without anybody waiting: each application is a job of its own, which queues the next.

A job may run twice (its worker was killed over it): it takes up the first application that is not explained yet, and what was kept
is not kept again. No transaction is open while the solver works.
"""

import logging
from uuid import UUID

from procrastinate import RetryStrategy
from sqlalchemy.orm import Session

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import defer, jobs
from finance_net.grants.explanations import service
from finance_net.rounds.explaining import WhyNot, why_not

log = logging.getLogger(__name__)
AFTER_ALL_ELSE = -10
"""A round of hundreds takes hours: every other job that is due goes first."""


@jobs.task(
    name="grants.explain",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
    priority=AFTER_ALL_ELSE,
)
def explain_next(selection_id: str, round_id: str) -> None:
    """Explain the next application of the selection."""
    clock, wanted = SystemClock(), UUID(selection_id)
    with transaction() as session:
        question = service.next_question(session, wanted, now=clock.now())
    if question is None:
        return
    told = _worked_out(question)
    with transaction() as session:
        if isinstance(told, Exception):
            service.fail(session, wanted, told, now=clock.now())
        elif service.keep(session, question, told, now=clock.now()):
            queue_explaining(session, wanted, UUID(round_id))


@jobs.periodic(cron="41 17 * * *")  # 01:41 in Wuhan
@jobs.task(name="grants.explain_what_waits", queueing_lock="grants.explain_what_waits")
def explain_what_waits(timestamp: int) -> None:
    """Take up again what lost its job: given up after too many dead workers, or from before there were such jobs."""
    with transaction() as session:
        for selection_id, round_id in service.waiting(session):
            queue_explaining(session, selection_id, round_id)


def queue_explaining(session: Session, selection_id: UUID, round_id: UUID) -> None:
    """Queue the next part; one waits for each selection, and two of one round never run at the same time."""
    defer(
        session,
        explain_next,
        lock=f"grants.explain:{round_id}",
        once=f"grants.explain:{selection_id}",
        selection_id=str(selection_id),
        round_id=str(round_id),
    )


def _worked_out(question: service.Question) -> WhyNot | Exception:
    """The answer; or what the solver came to instead, which another try would come to as well."""
    try:
        return why_not(question.asked, question.selection, question.number)
    except Exception as error:
        log.exception("why %s was not funded came to nothing", question.number)
        return error
