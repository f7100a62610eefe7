"""What happens to needs without anybody asking."""

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from sky_net.needs import service


@jobs.periodic(cron="11 * * * *")
@jobs.task(name="needs.expire", queueing_lock="needs.expire")
def expire(timestamp: int) -> None:
    """Close the needs that outlived their own validity, in transactions of at most 200, until none moves any more."""
    moved = True
    while moved:
        with transaction() as session:
            moved = bool(service.expire_needs(session, now=SystemClock().now()))
