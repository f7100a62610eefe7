"""The job that makes an estimate. It may run twice: it begins anew unless the estimate has ended."""

import logging
from uuid import UUID

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from policy_pack.impacts import service

log = logging.getLogger(__name__)


@jobs.task(name="policy_pack.estimate_impact")
def estimate(impact_id: str) -> None:
    """Evaluate every enterprise on record under the draft and under what counts now; a failure is told in the row."""
    clock, wanted = SystemClock(), UUID(impact_id)
    try:
        with transaction() as session:
            course = service.start(session, wanted, now=clock.now())
        if course is None:
            return
        while True:
            with transaction() as session:
                if not service.advance(session, course, now=clock.now(), at_once=service.AT_ONCE):
                    service.finish(session, course, now=clock.now())
                    return
    except Exception as error:
        log.exception("impact %s came to nothing", impact_id)
        with transaction() as session:
            service.fail(session, wanted, error, now=clock.now())
