"""What identity does by itself."""

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.identity import login_limit
from backbone.jobs import jobs


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="identity.forget_attempts", queueing_lock="identity.forget_attempts")
def forget_attempts(timestamp: int) -> None:
    """Drop what was counted of attempts to log in once it no longer limits anything."""
    with transaction() as session:
        login_limit.forget_lapsed(session, SystemClock().now())
