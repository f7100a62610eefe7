"""What happens to needs without anybody asking."""

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from sky_net.needs import service, silence


@jobs.periodic(cron="11 * * * *")
@jobs.task(name="needs.expire", queueing_lock="needs.expire")
def expire(timestamp: int) -> None:
    """Close the needs that outlived their own validity, in transactions of at most 200, each looked at once."""
    last = None
    while True:
        with transaction() as session:
            looked_at = service.expire_needs(session, now=SystemClock().now(), after=last)
        if not looked_at:
            return
        last = looked_at[-1]


@jobs.periodic(cron="* * * * *")
@jobs.task(name="needs.set_aside_silent", queueing_lock="needs.set_aside_silent")
def set_aside_silent(timestamp: int) -> None:
    """Set aside the needs whose enterprise has answered nothing for as long as the policy waits."""
    with transaction() as session:
        silence.set_aside_silent(session, now=SystemClock().now())
