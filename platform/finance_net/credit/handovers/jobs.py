"""What happens to hand-overs by itself: every morning people learn which bank is late. That it is late depends on no job."""

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from finance_net.credit.handovers.reminding import remind


@jobs.periodic(cron="30 0 * * *")  # 08:30 in Wuhan
@jobs.task(name="finance_net.remind_of_banks", queueing_lock="finance_net.remind_of_banks")
def remind_of_banks(timestamp: int) -> None:
    """A morning that was missed is made up for by the next: whatever was told before is not told again."""
    with transaction() as session:
        remind(session, now=SystemClock().now())
