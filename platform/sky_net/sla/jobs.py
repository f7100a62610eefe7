"""What happens to clocks without anybody asking."""

from backbone.db import transaction
from backbone.jobs import jobs
from sky_net.sla import projection


@jobs.periodic(cron="7 0 * * *")
@jobs.task(name="sla.refresh", queueing_lock="sla.refresh")
def refresh(timestamp: int) -> None:
    """Make the rows of the clocks anew if this release of the platform knows another calendar than they do."""
    with transaction() as session:
        projection.refresh(session)
