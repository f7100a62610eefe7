"""Workers killed over a selection and its explanations: each application is explained once, by what the certificate itself answers."""

from random import Random

from sqlalchemy import func, select, text

from backbone.db import Database
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.explanations.models import DONE, OVERTAKEN, GrantExplaining, GrantExplanation
from finance_net.grants.selections.jobs import queue_selection
from finance_net.grants.selections.modelling import read
from finance_net.grants.selections.models import GrantSelection
from finance_net.grants.selections.reading import latest_of, result_of
from finance_net.grants.selections.service import select_grants
from finance_net.rounds.explaining import why_not
from tests.crash.conftest import Raise
from tests.crash.evidence import audited, wait_until_gone
from tests.crash.seeds import seeds
from tests.factories.grants import AFTER, a_season, closed, scored_all
from tests.factories.ledger import WAN

DEATHS = 3
LATEST_MOMENT = 160


@seeds(10, always=0)
def test_each_application_is_explained_once_wherever_the_workers_were_killed(
    seed: int, committed_database: Database, victim: Raise
):
    rng = Random(seed)
    with committed_database.transaction() as session:
        season = a_season(session, pool_fen=60 * WAN)
        scored_all(season, 90, 80, 70, 60, least_fen=30 * WAN)
        round_id = closed(season).id
        select_grants(session, season.first, round_id, now=AFTER)
        queue_selection(session, round_id, season.first)
    deaths = 0
    while victim("jobs", rng.randint(1, LATEST_MOMENT) if deaths < DEATHS else 0).hear() is None:
        assert deaths < DEATHS, "a worker that nobody kills has failed"
        deaths += 1
        wait_until_gone(committed_database)
    with committed_database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
        newest = session.get_one(GrantSelection, latest_of(session, round_id))
        every = list(session.scalars(select(GrantExplaining)))
        assert audited(session)["compute_selection"] == len(
            every
        )  # one killed over its receipt certifies twice
        assert session.scalar(select(func.count()).select_from(GrantExplanation)) == sum(
            each.done for each in every
        )
        states = {each.selection_id: each.state for each in every}
        assert states.pop(newest.id) == DONE
        assert set(states.values()) <= {DONE, OVERTAKEN}
        asked, found = read(bytes(newest.model)), result_of(newest)
        kept = select(GrantApplication.number, GrantExplanation).join(
            GrantApplication, GrantApplication.id == GrantExplanation.application_id
        )
        rows = session.execute(kept.where(GrantExplanation.selection_id == newest.id)).all()
        assert len(rows) == 2
        for number, row in rows:
            told = why_not(asked, found, number)
            assert (row.score_lost, row.displaced) == (told.score_lost, list(told.displaced))
