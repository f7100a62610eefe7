"""Every write leaves exactly one audit event for each thing that it changes, and a repetition leaves none.

A new writing operation appears in one of the modules `writes_of_*`: how it is made to succeed once, and of what
kinds of thing it writes.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

import tests.architecture.writes_of_assignments
import tests.architecture.writes_of_awards
import tests.architecture.writes_of_contracts
import tests.architecture.writes_of_equity
import tests.architecture.writes_of_funds
import tests.architecture.writes_of_grants
import tests.architecture.writes_of_ground_net
import tests.architecture.writes_of_leads
import tests.architecture.writes_of_policies
import tests.architecture.writes_of_policy_facts
import tests.architecture.writes_of_routing
import tests.architecture.writes_of_talks  # noqa: F401  # adds its rows to the table
from backbone.audit import AuditEvent
from backbone.db import Database, new_id
from backbone.identity.models import Account
from sky_net.matching.engine import Engine
from tests.architecture import writes_of_backbone  # noqa: F401  # fills PREPARED
from tests.architecture.test_operations import OPERATIONS
from tests.architecture.writes import PREPARED
from tests.architecture.writes_of_sky_net import UNCONFIRMED
from tests.conftest import RolledBack, rolling_back, standing_database
from tests.databases import TestDatabases
from tests.factories.attachments import BYTES
from tests.factories.identity import an_actor, headers_of
from tests.factories.invitations import Exchange, an_exchange
from tests.factories.matching import an_engine, installed

WRITING = [line.split() for line in OPERATIONS.read_text("utf-8").splitlines() if " GET " not in line]


@pytest.fixture
def engine(tmp_path) -> Engine:
    with installed(an_engine(tmp_path)) as made:
        yield made


@dataclass(frozen=True)
class Standing:
    """What every test of this module finds, made once in a database of its own: each test's writes are taken back."""

    database: Database
    confirmed: Exchange
    submitted: Exchange

    def exchange_for(self, operation: str, session) -> Exchange:
        exchange = self.submitted if operation in UNCONFIRMED else self.confirmed
        return exchange.met_by(session)


@pytest.fixture(scope="module")
def standing(databases: TestDatabases, tmp_path_factory) -> Iterator[Standing]:
    with standing_database(databases) as made:
        with installed(an_engine(tmp_path_factory.mktemp("engine"))), made.transaction() as session:
            confirmed, submitted = (
                an_exchange(session, confirmed=is_confirmed, visibility="masked")
                for is_confirmed in (True, False)
            )
        yield Standing(made, confirmed, submitted)


@pytest.fixture
def rolled_back(standing: Standing) -> Iterator[RolledBack]:
    with rolling_back(standing.database) as transactions:
        yield transactions


def events_since(session, known):
    session.flush()
    found = session.execute(
        select(AuditEvent.id, AuditEvent.subject_kind, AuditEvent.subject_id, AuditEvent.action)
    )
    return [row for row in found if row.id not in known]


def headers_for(session, actor):
    return headers_of(session, session.get_one(Account, actor.account_id)) if actor else {}


def test_every_writing_operation_is_tried_here():
    assert sorted(PREPARED) == sorted(name for name, _, _ in WRITING)


@pytest.mark.parametrize(("name", "method", "path"), WRITING, ids=[name for name, _, _ in WRITING])
def test_a_write_leaves_one_event_for_each_thing_that_it_changes(
    client, session, engine, standing, name, method, path
):  # fmt: skip
    write = PREPARED[name](standing.exchange_for(name, session))
    headers = headers_for(session, write.actor)
    headers |= {"If-Match": "*"} if method in {"PATCH", "DELETE"} else {"Idempotency-Key": str(new_id())}
    sent = write.more or ({"json": write.body} if write.body is not None else {})
    headers |= BYTES if write.more else {}
    known = {row.id for row in events_since(session, set())}

    def send():
        return client.open(path.format(**write.path), method=method, headers=headers, **sent)

    answer = send()
    assert answer.status_code in {200, 201, 204}, answer.text
    left = events_since(session, known)
    assert Counter(row.subject_kind for row in left) == Counter(write.writes), [row.action for row in left]
    # One thing is never told of twice with the same words.
    assert len({(row.subject_id, row.action) for row in left}) == len(left)
    if method == "POST" and write.actor:
        assert send().headers["Idempotency-Replayed"] == "true"
        assert len(events_since(session, known)) == len(left)


ONES_OWN = {"giveEmail", "readNotices", "recordAbsence", "objectToGrant"}
"""What every account may do: no stranger is refused, because none is one."""
REFUSABLE = [row for row in WRITING if row[0] not in ONES_OWN]


@pytest.mark.parametrize(("name", "method", "path"), REFUSABLE, ids=[name for name, _, _ in REFUSABLE])
def test_a_write_that_is_refused_leaves_none(
    client, session, engine, standing, name, method, path
):  # fmt: skip
    write = PREPARED[name](standing.exchange_for(name, session))
    if write.actor is None:
        write.body = write.body | {"password": "wrong" * 4}
    nobody = an_actor(session)
    headers = (
        headers_for(session, nobody if write.actor else None)
        | {"If-Match": "*"}
        | (BYTES if write.more else {})
    )
    known = {row.id for row in events_since(session, set())}
    sent = write.more or ({"json": write.body} if write.body is not None else {})
    answer = client.open(path.format(**write.path), method=method, headers=headers, **sent)
    assert answer.status_code in {401, 403, 404}, answer.text
    assert events_since(session, known) == []
