"""Many at once on real PostgreSQL: the last fen, twins, killed connections, what expires while others ask."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backbone.db import Database, new_id
from backbone.errors import Conflict
from finance_net.ledger.errors import (
    EnvelopeExceeded,
    HoldClosed,
    HoldExpired,
    ReversedAlready,
    TransferIdReused,
)
from finance_net.ledger.expiring import lock_fund, release_expired
from finance_net.ledger.models import Envelope, Hold, Transfer, balances_of
from finance_net.ledger.proving import prove
from finance_net.ledger.service import approve_tranche, commit, pay, recover, reserve, reverse, void
from finance_net.ledger.steps import Bucket
from tests.factories.ledger import AT, Treasury, a_treasury, an_envelope

LATER = AT + timedelta(hours=2)
Work = Callable[[Session], Any]


@pytest.fixture
def wide(committed_database: Database) -> Iterator[Database]:
    """The same database for as many at once as the test has callers."""
    database = Database(committed_database.url, pool_size=50)
    yield database
    database.close()


def treasury_in(database: Database, limit_fen: int, *envelopes: int) -> tuple[Treasury, list[Envelope]]:
    with database.transaction() as session:
        treasury = a_treasury(session, limit_fen=limit_fen)
        return treasury, [an_envelope(treasury, treasury.root, limit_fen=each) for each in envelopes]


def at_once(database: Database, *works: Work) -> list[Any]:
    """Each in a transaction of its own, all at the same moment: what they came to, or how they were refused."""
    start = Barrier(len(works))

    def run(work: Work) -> Any:
        start.wait(30)
        try:
            with database.transaction() as session:
                return work(session)
        except Conflict as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def left_in(database: Database, envelope: Envelope) -> dict[Bucket, int]:
    with database.transaction() as session:
        assert prove(session).differences == []
        return balances_of(session.get_one(Envelope, envelope.id))


def test_of_fifty_who_want_the_last_fen_one_gets_it(wide: Database):
    treasury, (project,) = treasury_in(wide, 1, 1_000)

    def take(session: Session) -> Transfer:
        return reserve(session, treasury.first, project.id, 1, reason="最后一分", now=AT)

    came_to = at_once(wide, *[take] * 50)
    assert sum(isinstance(each, Transfer) for each in came_to) == 1
    refused = [each for each in came_to if isinstance(each, EnvelopeExceeded)]
    assert len(refused) == 49
    assert {each.data["envelope_id"] for each in refused} == {treasury.root.id}
    assert left_in(wide, treasury.root)[Bucket.AVAILABLE] == 0


def test_nobody_is_refused_what_would_have_fitted(wide: Database):
    treasury, projects = treasury_in(wide, 500, 200, 200, 200, 200)
    draw = random.Random(7)
    wanted = [(draw.choice(projects), draw.randint(5, 60)) for _ in range(24)]

    def take(project: Envelope, amount: int) -> Work:
        return lambda session: reserve(session, treasury.first, project.id, amount, reason="测试", now=AT)

    came_to = at_once(wide, *(take(*each) for each in wanted))
    for (project, amount), outcome in zip(wanted, came_to, strict=True):
        if isinstance(outcome, EnvelopeExceeded):
            left = min(left_in(wide, each)[Bucket.AVAILABLE] for each in (treasury.root, project))
            assert left < amount
    assert sum(isinstance(each, Transfer) for each in came_to) >= 8


def test_twins_are_one_transfer_and_all_are_told_of_it(wide: Database):
    treasury, (project,) = treasury_in(wide, 1_000, 1_000)
    key = new_id()

    def take(session: Session) -> UUID:
        return reserve(session, treasury.first, project.id, 70, reason="同一笔", transfer_id=key, now=AT).id

    def another(session: Session) -> UUID:
        return reserve(session, treasury.first, project.id, 71, reason="同一笔", transfer_id=key, now=AT).id

    came_to = at_once(wide, *[take] * 12)
    assert came_to == [key] * 12
    (refused,) = at_once(wide, another)
    assert isinstance(refused, TransferIdReused)
    assert left_in(wide, project)[Bucket.RESERVED] == 70


def test_a_hold_is_resolved_once_by_whoever_comes_first(wide: Database):
    treasury, (project,) = treasury_in(wide, 1_000, 1_000)
    with wide.transaction() as session:
        held = reserve(session, treasury.first, project.id, 100, reason="测试", expires_at=LATER, now=AT)
    two = {"approver": treasury.second, "reason": "测试"}
    came_to = at_once(
        wide,
        *[lambda session: commit(session, treasury.first, held.id, 60, **two, now=AT)] * 6,
        *[lambda session: void(session, treasury.first, held.id, reason="测试", now=AT)] * 6,
        *[lambda session: release(session, treasury)] * 4,
    )
    assert sum(isinstance(each, Transfer) for each in came_to) + sum(each == 1 for each in came_to) == 1
    assert {type(each) for each in came_to} <= {Transfer, HoldClosed, HoldExpired, int}
    assert left_in(wide, project)[Bucket.RESERVED] == 0


def release(session: Session, treasury: Treasury) -> int:
    lock_fund(session, treasury.fund.id)
    return release_expired(session, treasury.fund.id, now=LATER)


def test_what_has_expired_is_taken_by_those_who_need_it_with_and_without_a_sweeper(wide: Database):
    treasury, projects = treasury_in(wide, 90, 90, 90, 90)
    with wide.transaction() as session:
        for project in projects:
            reserve(session, treasury.first, project.id, 30, reason="将到期", expires_at=LATER, now=AT)

    def take(project: Envelope) -> Work:
        return lambda session: reserve(session, treasury.first, project.id, 30, reason="测试", now=LATER)

    sweepers = [lambda session: release(session, treasury)] * 3
    came_to = at_once(wide, *(take(each) for each in projects * 3), *sweepers)
    assert sum(isinstance(each, Transfer) for each in came_to) == 3
    assert sum(isinstance(each, EnvelopeExceeded) for each in came_to) == 6
    assert left_in(wide, treasury.root)[Bucket.AVAILABLE] == 0


def test_a_recovery_is_reversed_once(wide: Database):
    treasury, (project,) = treasury_in(wide, 1_000, 1_000)
    one = {"reason": "测试", "now": AT}
    two = one | {"approver": treasury.second}
    with wide.transaction() as session:
        held = reserve(session, treasury.first, project.id, 100, **one)
        promised = commit(session, treasury.first, held.id, **two)
        paid = pay(
            session,
            treasury.first,
            approve_tranche(session, treasury.first, promised.id, 100, **one).id,
            **two,
        )
        back = [recover(session, treasury.first, paid.id, 20, **two) for _ in range(2)]
    came_to = at_once(wide, *[lambda session: reverse(session, treasury.first, back[0].id, **two)] * 6)
    assert [type(each) for each in came_to].count(Transfer) == 1
    assert [type(each) for each in came_to].count(ReversedAlready) == 5
    assert left_in(wide, project)[Bucket.RECOVERED] == 20


class Killed(Exception):
    """The caller does not know whether it was done."""


@contextmanager
def perhaps_killed(database: Database, draw: random.Random) -> Iterator[Session]:
    """A transaction whose connection dies before its commit, or whose answer is lost after it, or which goes well."""
    fate = draw.random()
    with database.sessions() as session:
        yield session
        if fate < 0.3:
            driver: Any = session.connection().connection.driver_connection
            driver.pgconn.finish()
        session.commit()
        if fate > 0.7:
            raise Killed


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
def test_whoever_repeats_until_told_is_served_exactly_once(wide: Database, seed: int):
    treasury, projects = treasury_in(wide, 400, 150, 150, 150)
    one = {"reason": "测试", "now": AT}
    two = one | {"approver": treasury.second}

    def until_told(draw: random.Random, work: Work) -> Any:
        while True:
            try:
                with perhaps_killed(wide, draw) as session:
                    return work(session)
            except (Killed, DBAPIError):
                continue
            except Conflict as refusal:
                return refusal

    def life(number: int) -> int:
        """Reserve, commit, and have half of it paid; what was committed in the end."""
        draw, keys = random.Random(seed * 100 + number), [new_id() for _ in range(4)]
        project, amount = projects[number % 3], draw.randint(2, 30)

        def reserved(session: Session) -> Any:
            return reserve(session, treasury.first, project.id, amount, transfer_id=keys[0], **one)

        if isinstance(until_told(draw, reserved), Conflict):
            return 0
        until_told(
            draw, lambda session: commit(session, treasury.first, keys[0], amount, transfer_id=keys[1], **two)
        )
        until_told(
            draw,
            lambda session: approve_tranche(
                session, treasury.first, keys[1], amount // 2, transfer_id=keys[2], **one
            ),
        )
        until_told(draw, lambda session: pay(session, treasury.first, keys[2], transfer_id=keys[3], **two))
        return amount

    with ThreadPoolExecutor(12) as pool:
        granted = list(pool.map(life, range(18)))
    whole = left_in(wide, treasury.root)
    assert whole[Bucket.COMMITTED] + whole[Bucket.PAID] == sum(granted)
    assert (whole[Bucket.RESERVED], whole[Bucket.APPROVED]) == (0, 0)
    with wide.transaction() as session:
        served = sum(amount > 0 for amount in granted)
        assert session.query(Transfer).filter(Transfer.kind != "raise_limit").count() == 4 * served
        assert session.query(Hold).count() == 4 * served
