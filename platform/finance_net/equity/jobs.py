"""What happens to deals by itself: every morning their managers learn of what is due."""

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from finance_net.equity.reminding import remind


@jobs.periodic(cron="25 0 * * *")  # 08:25 in Wuhan
@jobs.task(name="finance_net.remind_of_calls", queueing_lock="finance_net.remind_of_calls")
def remind_of_calls(timestamp: int) -> None:
    """A morning that was missed is made up for by the next: whatever was told before is not told again."""
    with transaction() as session:
        remind(session, now=SystemClock().now())
