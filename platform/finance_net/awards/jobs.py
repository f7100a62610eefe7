"""What happens to awards by itself: every morning people learn of what is due."""

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from finance_net.awards.reminding import remind


@jobs.periodic(cron="20 0 * * *")  # 08:20 in Wuhan
@jobs.task(name="finance_net.remind_of_awards", queueing_lock="finance_net.remind_of_awards")
def remind_of_awards(timestamp: int) -> None:
    """A morning that was missed is made up for by the next: whatever was told before is not told again."""
    with transaction() as session:
        remind(session, now=SystemClock().now())
