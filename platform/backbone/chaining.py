"""Keeping every chain sealed, at most a second behind, and its head signed once a day.

Sealing is no job of the queue: a periodic one each second would write more rows than the chain itself, also when nothing
was written. Every worker looks once in half a second; a lock lets one of them seal.
"""

import logging
from datetime import datetime
from pathlib import Path

from backbone.chain.heads import private_key
from backbone.chain.models import declared_chains
from backbone.chain.sealing import AT_ONCE, seal
from backbone.chain.signing import sign_heads
from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import jobs
from backbone.settings import load_settings

log = logging.getLogger(__name__)


def seal_all() -> int:
    """Link everything that is due in every chain, a batch per transaction; returns how many rows."""
    sealed = 0
    for chain in declared_chains():
        while True:
            with transaction() as session:
                linked = seal(session, chain, now=SystemClock().now())
            sealed += linked
            if linked < AT_ONCE:
                break
    return sealed


def seal_and_sign(key: Path, folder: Path, *, now: datetime) -> list[Path]:
    """Seal what is due, then sign the heads; their files. Raises KeyUnreadable, ChainDiverged."""
    signing = private_key(key)
    seal_all()
    with transaction() as session:
        return sign_heads(session, declared_chains(), signing, folder, now=now)


@jobs.periodic(cron="53 15 * * *")  # 23:53 in Wuhan: the day's head speaks for nearly all of the day
@jobs.task(name="backbone.sign_heads", queueing_lock="backbone.sign_heads")
def sign_todays_heads(timestamp: int) -> None:
    """Sign and keep the heads; without a key and a directory there is nobody to rely on, which the log says every day."""
    settings = load_settings()
    if settings.audit_signing_key is None or settings.audit_heads_dir is None:
        log.warning(
            "AUDIT_SIGNING_KEY and AUDIT_HEADS_DIR are not set: no head of the audit was signed today"
        )
        return
    seal_and_sign(settings.audit_signing_key, settings.audit_heads_dir, now=SystemClock().now())
