"""Needs that were stuck in `delivered` are free after the upgrade, on record; a way back that would lose a contract is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from backbone import migrate
from backbone.audit import AuditEvent
from ground_net.contracts.delivery.service import deliver_contract
from ground_net.contracts.service import terminate_contract
from ground_net.contracts.signing import sign_contract
from sky_net.needs.models import Need, NeedTransition
from tests.factories.chain import seal_now, verdict_of
from tests.factories.contracts import SIGNED_AT, a_contract, contract_entry
from tests.factories.invitations import an_exchange

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
BEFORE = "0040"
LATER = SIGNED_AT + timedelta(days=1)
AS_IT_WAS = text("UPDATE needs SET state = 'delivered' WHERE id = :id")


def test_a_stuck_need_is_freed_with_its_history_and_what_stands_is_left_alone(owner, committed_database):
    with committed_database.transaction() as session:
        stuck, standing = an_exchange(session), an_exchange(session)
        contracts = [a_contract(each) for each in (stuck, standing)]
        for each, contract in zip((stuck, standing), contracts, strict=True):
            deliver_contract(session, each.office, contract.id, now=LATER)
        terminate_contract(session, stuck.office, contracts[0].id, {"reason_code": "breach"}, now=LATER)
    committed_database.engine.dispose()
    migrate.downgrade(owner.url, BEFORE)
    with owner.transaction() as session:
        session.execute(AS_IT_WAS, {"id": stuck.need.id})
    owner.engine.dispose()
    migrate.upgrade(owner.url)
    with committed_database.transaction() as session:
        need = session.get_one(Need, stuck.need.id)
        assert (need.state, session.get_one(Need, standing.need.id).state) == ("selected", "delivered")
        steps = select(NeedTransition).filter_by(
            need_id=need.id, action="annul_contract", actor_role="system"
        )
        step = session.scalars(steps).one()
        assert (step.from_state, step.to_state) == ("delivered", "selected")
        events = select(AuditEvent).filter_by(subject_id=need.id, action="annul_contract_need", actor_id=None)
        assert session.scalars(events).one().before == {"state": "delivered"}
        sign_contract(session, stuck.office, contracts[0].proposal_id, contract_entry(), now=LATER)
        assert need.state == "contracted"
    seal_now(committed_database)
    assert verdict_of(committed_database).findings == []
    committed_database.engine.dispose()
    with pytest.raises(DBAPIError, match="contracted anew"):
        migrate.downgrade(owner.url, BEFORE)
