"""Authority over time: a role that ends while a write is under way, with real threads on committed data."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, text

from backbone import db
from backbone.actor import PROVINCE, Held, Role
from backbone.audit import AuditEvent
from backbone.db import Database
from backbone.errors import Unauthenticated
from backbone.identity import service
from backbone.identity.bearer import authenticate
from backbone.identity.models import Membership, Token
from sky_net.needs.models import Need
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_account, headers_of, of, zone
from tests.factories.needs import a_need

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
PATIENCE_S = 30


@pytest.mark.parametrize("hold", [False, True])
def test_holding_authority_makes_the_same_actor(session, clock, hold):
    enterprise = an_enterprise(session)
    account = an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)), (Role.BROKER, zone()))
    _, secret = service.issue_token_for(session, account, days=1, now=clock.now())
    _, narrow = service.issue_token_for(session, account, roles=["broker"], days=1, now=clock.now())
    actor = authenticate(session, secret, clock.now(), hold=hold)
    assert actor.held == {Held(Role.ENTERPRISE_MEMBER, of(enterprise)), Held(Role.BROKER, zone())}
    assert authenticate(session, narrow, clock.now(), hold=hold).held == {Held(Role.BROKER, zone())}


@pytest.mark.parametrize("hold", [False, True])
def test_an_account_without_roles_is_still_somebody(session, clock, hold):
    account = an_account(session)
    _, secret = service.issue_token_for(session, account, days=1, now=clock.now())
    assert authenticate(session, secret, clock.now(), hold=hold).account_id == account.id
    with pytest.raises(Unauthenticated):
        authenticate(session, secret[:-1], clock.now(), hold=hold)


class Office:
    """A poster with a submitted need, and two administrators; requests run in threads."""

    def __init__(self, application: Any, database: Database) -> None:
        self.database, self._application = database, application
        self._pool = ThreadPoolExecutor(4)
        with database.transaction() as session:
            enterprise = an_enterprise(session)
            poster = an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
            self.poster = headers_of(session, poster)
            self.need = a_need(session, enterprise, state="draft").id
            self.membership = self._membership(session, poster)
            self.token = session.scalar(select(Token.id).where(Token.account_id == poster.id))
            chiefs = [an_account(session, (Role.ADMINISTRATOR, PROVINCE)) for _ in range(2)]
            self.chiefs = [headers_of(session, chief) for chief in chiefs]
            self.of_chiefs = [self._membership(session, chief) for chief in chiefs]

    @staticmethod
    def _membership(session: Any, account: Any) -> Any:
        return session.scalar(select(Membership.id).where(Membership.account_id == account.id))

    def post(self, path: str, headers: dict[str, str], body: Any = None) -> "Future[Any]":
        client = self._application.test_client()
        return self._pool.submit(client.post, f"/api{path}", json=body, headers=headers)

    def withdraws(self) -> "Future[Any]":
        return self.post(f"/needs/{self.need}/withdrawal", self.poster, {})

    def ends_the_role(self) -> "Future[Any]":
        return self.post(f"/memberships/{self.membership}/end", self.chiefs[0])

    def until_waiting(self, number: int) -> None:
        """Return once so many sessions wait for a lock."""
        deadline = time.monotonic() + PATIENCE_S
        while self._ask(WAITING) < number:
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.01)

    def actions(self) -> list[str]:
        """What was done, in the order of the commits that this test brings about."""
        with self.database.transaction() as session:
            return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))

    def has_ended(self) -> bool:
        return self._ask(select(Membership.ended_at).where(Membership.id == self.membership)) is not None

    def state(self) -> str:
        return str(self._ask(select(Need.state).where(Need.id == self.need)))

    def _ask(self, query: Any) -> Any:
        with self.database.transaction() as session:
            return session.scalar(query)


@pytest.fixture
def office(application, committed_database, clock):
    db.bind(committed_database)
    application.extensions["clock"] = clock
    return Office(application, committed_database)


def locked(session, kind, row_id):
    return session.execute(select(kind).where(kind.id == row_id).with_for_update()).one()


def test_a_role_ends_only_after_the_write_that_began_under_it(office: Office):
    with office.database.transaction() as session:
        locked(session, Need, office.need)
        write = office.withdraws()
        office.until_waiting(1)
        ending = office.ends_the_role()
        office.until_waiting(2)
        assert not office.has_ended()
    assert write.result(PATIENCE_S).status_code == 200
    assert ending.result(PATIENCE_S).status_code == 200
    assert (office.state(), office.has_ended()) == ("withdrawn", True)


def test_a_write_that_comes_while_its_role_ends_is_refused_and_writes_nothing(office: Office, clock):
    before = office.actions()
    with office.database.transaction() as session:
        locked(session, Membership, office.membership)
        session.get_one(Membership, office.membership).ended_at = clock.now()
        session.flush()
        write = office.withdraws()
        office.until_waiting(1)
    assert write.result(PATIENCE_S).status_code == 404
    assert office.state() == "draft"
    assert office.actions() == before


def test_a_plain_update_of_the_membership_is_waited_for_as_well(office: Office, clock):
    """Whoever ends a role by hand locks nothing first: an UPDATE must be enough."""
    with office.database.transaction() as session:
        session.execute(
            text("UPDATE memberships SET ended_at = now() WHERE id = :id"), {"id": office.membership}
        )
        write = office.withdraws()
        office.until_waiting(1)
    assert write.result(PATIENCE_S).status_code == 404


def test_a_token_revoked_in_mid_request_ends_after_the_write(office: Office):
    with office.database.transaction() as session:
        locked(session, Need, office.need)
        write = office.withdraws()
        office.until_waiting(1)
        revoking = office.post(f"/tokens/{office.token}/revocation", office.poster)
        office.until_waiting(2)
    answers = write.result(PATIENCE_S), revoking.result(PATIENCE_S)
    assert [answer.status_code for answer in answers] == [200, 200]
    assert office.withdraws().result(PATIENCE_S).status_code == 401


def test_a_read_waits_for_nobody(office: Office, application):
    with office.database.transaction() as session:
        locked(session, Membership, office.membership)
        locked(session, Token, office.token)
        read = application.test_client().get(f"/api/needs/{office.need}", headers=office.poster)
    assert read.status_code == 200


@pytest.mark.parametrize("turn", range(3))
def test_of_two_administrators_who_end_each_other_one_does(office: Office, turn: int):
    first = office.post(f"/memberships/{office.of_chiefs[1]}/end", office.chiefs[0])
    second = office.post(f"/memberships/{office.of_chiefs[0]}/end", office.chiefs[1])
    statuses = sorted(answer.result(PATIENCE_S).status_code for answer in (first, second))
    assert statuses == [200, 404]


def test_an_administrator_may_end_the_own_role(office: Office):
    answer = office.post(f"/memberships/{office.of_chiefs[0]}/end", office.chiefs[0])
    assert answer.result(PATIENCE_S).status_code == 200


def test_writes_of_one_account_do_not_wait_for_each_other(office: Office, clock):
    """Share locks are shared: a person's many requests run side by side."""
    with office.database.transaction() as session:
        authenticate(session, office.poster["Authorization"].removeprefix("Bearer "), clock.now(), hold=True)
        assert office.withdraws().result(PATIENCE_S).status_code == 200
