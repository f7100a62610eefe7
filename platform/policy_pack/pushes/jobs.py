"""Evaluating an enterprise anew when something of it changed. The job may run twice: what was told is not told again."""

from uuid import UUID

from procrastinate import RetryStrategy
from sqlalchemy.orm import Session

from backbone import events
from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.directory.changing import EnterpriseChanged
from backbone.jobs import defer, jobs
from policy_pack.pushes.service import tell_news
from policy_pack.subjects.changing import FactsChanged


@jobs.task(name="policy_pack.tell_news", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def tell_enterprise(enterprise_id: str) -> None:
    """Evaluate and tell in one transaction."""
    with transaction() as session:
        tell_news(session, [UUID(enterprise_id)], now=SystemClock().now())


@events.on(FactsChanged)
def after_facts(session: Session, event: FactsChanged) -> None:
    """However many facts change before it runs, one job looks at the enterprise."""
    _look_again(session, event.enterprise_id)


@events.on(EnterpriseChanged)
def after_record(session: Session, event: EnterpriseChanged) -> None:
    """As after facts of policies: the directory's are read as well."""
    _look_again(session, event.enterprise_id)


def _look_again(session: Session, enterprise_id: UUID) -> None:
    defer(
        session,
        tell_enterprise,
        once=f"policy_pack.tell_news:{enterprise_id}",
        enterprise_id=str(enterprise_id),
    )
