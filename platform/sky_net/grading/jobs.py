"""What is learned every night."""

import logging

from procrastinate import RetryStrategy

from backbone.actor import SYSTEM
from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from sky_net.grading.teaching import learn_ranker
from sky_net.matching.engine import engine

log = logging.getLogger(__name__)


@jobs.periodic(cron="40 18 * * *")  # UTC: at 02:40 in Hubei
@jobs.task(
    name="matching.learn",
    queueing_lock="matching.learn",
    retry=RetryStrategy(max_attempts=5, exponential_wait=10),
)
def learn(timestamp: int) -> None:
    """Learn from what was graded, if anything was since the last time; several workers at once learn it once."""
    with transaction() as session:
        lesson = learn_ranker(session, SYSTEM, engine(), now=SystemClock().now())
        if lesson is not None and lesson.is_new and lesson.version is not None:
            log.info(
                "ranker %d learned from %d needs, gain at least %+.3f, %s", lesson.version.number, lesson.needs,
                lesson.version.low, "now in use" if lesson.went_live else "not put into use",
            )  # fmt: skip
