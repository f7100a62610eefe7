"""What happens to clocks without anybody asking."""

from backbone.actor import SYSTEM
from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from sky_net.sla.revisions import revise_calendars


@jobs.periodic(cron="7 0 * * *")
@jobs.task(name="sla.refresh", queueing_lock="sla.refresh")
def refresh(timestamp: int) -> None:
    """Read open clocks anew if this release of the platform knows another calendar than they were read under."""
    with transaction() as session:
        revise_calendars(session, SYSTEM, None, now=SystemClock().now())
