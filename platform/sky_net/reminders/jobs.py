"""What calls people without anybody asking."""

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from sky_net.needs.silence import set_aside_silent
from sky_net.reminders import service


@jobs.periodic(cron="* * * * *")
@jobs.task(name="reminders.call", queueing_lock="reminders.call")
def call(timestamp: int) -> None:
    """Call about every clock whose time has come, in rounds of one transaction each, until none is left.

    Needs whose enterprise is silent are set aside first: nobody is called about a promise that waits for an answer.
    """
    with transaction() as session:
        set_aside_silent(session, now=SystemClock().now())
    while True:
        with transaction() as session:
            looked_at = service.call_about_clocks(session, now=SystemClock().now())
        if not looked_at:
            return
