"""Sealers killed at a random statement, several at once, while others write: every event is linked once, without a gap.

A seed decides how much is written, how many seal and at which statement each dies. `CRASH_SEED=17` runs seed 17 alone.
"""

from random import Random
from uuid import UUID

from sqlalchemy import select

from backbone.audit import CHAIN
from backbone.chain.models import ChainLink
from backbone.db import Database
from tests.crash.conftest import Raise, Victim
from tests.crash.seeds import seeds
from tests.factories.chain import seal_now, verdict_of, wait_until_due, write

ROUNDS = 4
SEALERS = 3
LATEST_MOMENT = 60


@seeds(50)
def test_every_event_is_linked_once_whichever_sealer_was_killed(
    seed: int, committed_database: Database, victim: Raise
):
    rng = Random(seed)
    written: list[UUID] = []
    for _ in range(ROUNDS):
        written += write(committed_database, rng.randint(1, 8))
        wait_until_due(committed_database)
        sealers = [victim("sealing", rng.randint(1, LATEST_MOMENT)) for _ in range(SEALERS)]
        for number in range(rng.randint(1, 3)):
            for sealer in sealers:
                sealer.tell("seal")
            written += write(committed_database, number)
            listen_to(sealers)
        the_chain_holds_as_far_as_it_goes(committed_database)
    seal_now(committed_database)
    assert verdict_of(committed_database).findings == []
    assert linked(committed_database) == [(number, row) for number, row in enumerate(written, 1)]


def listen_to(sealers: list[Victim]) -> None:
    """Hear that each has done what it was told, so that none is at work any more; the dead are left out from now on."""
    sealers[:] = [sealer for sealer in sealers if sealer.hear() is not None]


def the_chain_holds_as_far_as_it_goes(database: Database) -> None:
    verdict = verdict_of(database)
    assert verdict.findings == []
    assert [position for position, _ in linked(database)] == list(range(1, verdict.sealed + 1))


def linked(database: Database) -> list[tuple[int, UUID]]:
    """(position, row) of every link."""
    query = select(ChainLink.position, ChainLink.row_id).where(ChainLink.chain == CHAIN.name)
    with database.transaction() as session:
        return [(position, row) for position, row in session.execute(query.order_by(ChainLink.position))]
