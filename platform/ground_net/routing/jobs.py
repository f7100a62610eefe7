"""What happens to hand-overs without anybody asking."""

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from ground_net.routing.lapsing import lapse_overdue


@jobs.periodic(cron="* * * * *")
@jobs.task(name="routing.lapse", queueing_lock="routing.lapse")
def lapse(timestamp: int) -> None:
    """Let the offers lapse that nobody answered, in rounds of one transaction each, until none is left."""
    while True:
        with transaction() as session:
            lapsed = lapse_overdue(session, now=SystemClock().now())
        if not lapsed:
            return
