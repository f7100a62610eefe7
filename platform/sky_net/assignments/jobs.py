"""What happens every night without anybody asking."""

from procrastinate import RetryStrategy

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from sky_net.assignments import service
from sky_net.saved_searches.alerts import tell_what_is_new


@jobs.periodic(cron="30 21 * * *")  # 05:30 in Wuhan
@jobs.task(
    name="assignments.assign_day", queueing_lock="assignments.assign_day",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
)  # fmt: skip
def assign_day(timestamp: int) -> None:
    """Assign the day, in one transaction, then tell whoever saved a search what is new, in rounds of one each.

    A second run of the same day assigns nothing and tells nobody twice.

    Tried again later where the search is not ready: a catalogue just imported waits for its index.
    """
    with transaction() as session:
        service.assign_day(session, now=SystemClock().now())
    last = None
    while True:
        with transaction() as session:
            last = tell_what_is_new(session, now=SystemClock().now(), after=last)
        if last is None:
            return
