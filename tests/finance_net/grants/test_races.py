"""Two people at once on one round, with real commits: money is set aside once, and for nobody who has withdrawn."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier

import pytest

from backbone.directory.models import Enterprise
from backbone.errors import Conflict
from finance_net.grants.applications.service import withdraw_application
from finance_net.grants.selections import service
from finance_net.grants.selections.models import GrantAllocation, GrantApproval
from finance_net.ledger.models import Envelope
from finance_net.ledger.service import reserve
from tests.factories.grants import AFTER, a_season, computed, member_of, scored_all
from tests.factories.ledger import WAN


@pytest.fixture
def solved(committed_database):
    """A round solved by its first manager: both of two are funded, thirty each."""
    with committed_database.transaction() as session:
        season = a_season(session, pool_fen=60 * WAN)
        rows = scored_all(season, 90, 80, least_fen=30 * WAN)
        return season, computed(season).id, rows


def refused_or_done(database, verb):
    try:
        with database.transaction() as session:
            verb(session)
    except Conflict as refused:
        return refused.code
    return "done"


def set_aside(database, season):
    with database.transaction() as session:
        reserved = session.get_one(Envelope, season.pools["R"].id).reserved_fen
        return session.query(GrantApproval).count(), session.query(GrantAllocation).count(), reserved


def test_of_two_who_approve_one_selection_at_once_one_does(committed_database, solved):
    season, selection_id, _ = solved
    start = Barrier(2)

    def approve(_):
        start.wait(30)
        return refused_or_done(
            committed_database,
            lambda session: service.approve_selection(session, season.second, selection_id, now=AFTER),
        )

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, range(2))) == ["done", "wrong_state"]
    assert set_aside(committed_database, season) == (1, 2, 60 * WAN)


def test_nobody_withdraws_while_the_money_is_being_set_aside(committed_database, solved, monkeypatch):
    season, selection_id, (row, _) = solved
    with committed_database.transaction() as session:
        member = member_of(session, session.get_one(Enterprise, row.applicant_id))
    came_to = []

    def withdraw():
        verb = lambda other: withdraw_application(other, member, row.id, now=AFTER)  # noqa: E731
        return refused_or_done(committed_database, verb)

    def reserve_beside_it(*given, **said):
        """The first reservation waits for a withdrawal begun just before, as far as that gets."""
        if not came_to:
            came_to.append(pool.submit(withdraw))
            wait(came_to, 0.3)
        return reserve(*given, **said)

    monkeypatch.setattr(service, "reserve", reserve_beside_it)
    with ThreadPoolExecutor(1) as pool:
        with committed_database.transaction() as session:
            service.approve_selection(session, season.second, selection_id, now=AFTER)
        assert came_to[0].result(30) == "round_closed"
    assert set_aside(committed_database, season) == (1, 2, 60 * WAN)
