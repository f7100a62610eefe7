"""What happens to the ledger by itself: expired reservations are written off, and every night it is proven."""

import logging

from sqlalchemy import text

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from finance_net.ledger.expiring import AT_ONCE, funds_with_expired, lock_fund, release_expired
from finance_net.ledger.proving import prove

log = logging.getLogger(__name__)
ONE_INSTANT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


class LedgerBroken(Exception):
    """The proof found rows that are not as they were written: a person has to look, and the job stays failed until then."""


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="finance_net.release_expired", queueing_lock="finance_net.release_expired")
def release_what_expired(timestamp: int) -> None:
    """Nobody's answer waits for this: what has expired counts as released at once. A fund and a batch per transaction."""
    now = SystemClock().now()
    with transaction() as session:
        funds = funds_with_expired(session, now)
    for fund_id in funds:
        released = AT_ONCE
        while released == AT_ONCE:
            with transaction() as session:
                lock_fund(session, fund_id)
                released = release_expired(session, fund_id, now=now)


@jobs.periodic(cron="11 18 * * *")  # 02:11 in Wuhan
@jobs.task(name="finance_net.prove_ledger", queueing_lock="finance_net.prove_ledger")
def prove_ledger(timestamp: int) -> None:
    """Rebuild everything from the transfers and compare; raises LedgerBroken, which leaves the job failed."""
    with transaction() as session:
        session.execute(ONE_INSTANT)
        proof = prove(session)
    if not proof.is_intact:
        found = [str(each) for each in proof.findings]
        log.critical("the ledger is not what its transfers say: %s", "; ".join(found))
        raise LedgerBroken("; ".join(found[:5]))
    log.info("the ledger is intact: %d transfers, %d envelopes", proof.transfers, proof.envelopes)
