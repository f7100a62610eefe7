from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backbone.actor import Role
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from ground_net.contracts import service
from ground_net.contracts.delivery.service import accept_delivery, deliver_contract
from ground_net.contracts.errors import (
    ContractAgreed,
    ContractDisputed,
    ContractUndisputed,
    ContractUnpaid,
    SameSide,
)
from ground_net.contracts.events import ContractCancelled, ContractClosed, ContractTerminated
from ground_net.contracts.facts import matters_of
from ground_net.contracts.receipts.errors import ReceiptOnRecord
from ground_net.contracts.registration.errors import NotInForce
from ground_net.contracts.registration.service import register_contract
from ground_net.contracts.signing import amend_contract, sign_contract
from policy_pack.engine.facts import Gap
from policy_pack.subjects.models import PolicyFact
from policy_pack.subjects.service import facts_of
from sky_net.needs.models import Need
from sky_net.needs.service import withdraw_need
from tests.factories.contracts import (
    SIGNED_AT,
    SIGNED_ON,
    a_cash_receipt,
    a_contract,
    a_filing,
    contract_entry,
)
from tests.factories.directory import an_enterprise
from tests.factories.events import heard
from tests.factories.identity import an_actor, of, operator, zone
from tests.factories.invitations import an_exchange
from tests.made_once import made_once

LATER = SIGNED_AT + timedelta(days=1)


@made_once
def exchange(session):
    return an_exchange(session)


@made_once
def contract(session, exchange):
    return a_contract(exchange, seller_enterprise_id=an_enterprise(session).id)


def standing(session, key):
    return session.scalars(select(PolicyFact).filter_by(key=key, retracted_at=None)).all()


# --- agreed, or not ---


def test_each_other_party_confirms_for_itself_and_twice_changes_nothing(session, exchange, contract):
    seller = an_actor(session, (Role.ENTERPRISE_MEMBER, of(contract.seller_enterprise)))
    service.confirm_contract(session, exchange.poster, contract.id, now=LATER)
    service.confirm_contract(session, exchange.poster, contract.id, now=LATER + timedelta(hours=1))
    assert (contract.confirmed_parties, contract.confirmed_at) == (["buyer"], None)
    (told,) = session.scalars(select(AuditEvent).filter_by(action="confirm_contract")).all()
    assert (told.before, told.after) == ({"confirmed_parties": []}, {"confirmed_parties": ["buyer"]})
    service.confirm_contract(session, seller, contract.id, now=LATER + timedelta(hours=2))
    service.confirm_contract(session, seller, contract.id, now=LATER + timedelta(days=1))
    assert contract.confirmed_at == LATER + timedelta(hours=2)


def test_nobody_confirms_anothers_days_away(session, exchange, contract):
    """One confirmation was everybody's, so that an enterprise named as the seller could not say that it had signed nothing."""
    seller = an_actor(session, (Role.ENTERPRISE_MEMBER, of(contract.seller_enterprise)))
    service.confirm_contract(session, exchange.poster, contract.id, now=LATER)
    with pytest.raises(ContractAgreed):
        service.dispute_contract(session, exchange.poster, contract.id, reason="反悔", now=LATER)
    service.dispute_contract(session, seller, contract.id, reason="没有签过", now=LATER)
    service.settle_contract(session, exchange.operator, contract.id, stands=True, now=LATER)
    with pytest.raises(ContractAgreed):
        service.dispute_contract(session, seller, contract.id, reason="没有签过", now=LATER)


def test_a_supplement_is_confirmed_by_each_anew(session, exchange, contract):
    seller = an_actor(session, (Role.ENTERPRISE_MEMBER, of(contract.seller_enterprise)))
    for actor in (exchange.poster, seller):
        service.confirm_contract(session, actor, contract.id, now=LATER)
    amend_contract(session, exchange.office, contract, {"title": "补充协议"}, now=LATER)
    assert (contract.confirmed_parties, contract.confirmed_at) == ([], None)
    service.confirm_contract(session, exchange.poster, contract.id, now=LATER)
    service.dispute_contract(session, seller, contract.id, reason="没有这份补充协议", now=LATER)
    assert contract.disputed_at == LATER


def test_an_institute_that_is_the_enterprise_it_sells_through_is_one_party(session, exchange):
    itself = an_enterprise(session, credit_code=exchange.institute.credit_code)
    contract = a_contract(exchange, by=exchange.operator)
    assert (contract.seller_enterprise_id, contract.recorded_parties) == (itself.id, [])
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(itself)))
    service.confirm_contract(session, member, contract.id, now=LATER)
    assert (contract.confirmed_parties, contract.confirmed_at) == (["institute"], None)
    service.confirm_contract(session, exchange.poster, contract.id, now=LATER)
    assert contract.confirmed_at == LATER


def test_nobody_confirms_what_the_own_side_wrote(session, exchange, contract):
    with pytest.raises(SameSide) as refused:
        service.confirm_contract(session, exchange.office, contract.id, now=LATER)
    assert refused.value.sentence().zh == "合同由卖方登记，须由另一方确认"
    with pytest.raises(Forbidden):
        service.confirm_contract(session, exchange.operator, contract.id, now=LATER)


def test_in_dispute_it_counts_for_no_policy_until_it_is_settled(session, exchange, contract):
    def known():
        matter = matters_of(session, contract)[exchange.enterprise.id]
        return facts_of(session, exchange.enterprise.id, LATER.date(), matter)[0].of("contract_type")

    service.dispute_contract(session, exchange.poster, contract.id, reason="金额不符", now=LATER)
    assert known() is Gap.DISPUTED
    with pytest.raises(ContractDisputed):
        a_cash_receipt(exchange, contract, now=LATER)
    service.settle_contract(session, exchange.operator, contract.id, stands=True, now=LATER)
    assert known() == "开发"
    assert (contract.disputed_at, contract.confirmed_at) == (None, LATER)


@pytest.mark.parametrize("is_delivered", [False, True])
def test_a_contract_that_was_never_signed_like_this_is_cancelled_and_can_be_signed_again(
    session, exchange, contract, is_delivered
):
    a_cash_receipt(exchange, contract)
    if is_delivered:  # handed over at once, it would else take the others' days away
        deliver_contract(session, exchange.office, contract.id, now=LATER)
    service.dispute_contract(session, exchange.poster, contract.id, reason="没有签过", now=LATER)
    with heard(ContractCancelled) as events:
        service.settle_contract(session, exchange.operator, contract.id, stands=False, now=LATER)
    assert [event.contract for event in events] == [contract]
    assert (contract.state, contract.follow_up_on, contract.received_fen) == ("cancelled", None, 10_000_000)
    assert session.get_one(Need, exchange.need.id).state == "selected"
    assert session.scalars(select(PolicyFact).filter_by(said_by="platform", retracted_at=None)).all() == []
    anew = sign_contract(session, exchange.poster, contract.proposal_id, contract_entry(), now=LATER)
    assert anew.number != contract.number
    assert session.get_one(Need, exchange.need.id).state == "contracted"


def test_the_days_for_a_dispute_end_and_what_is_confirmed_or_registered_is_agreed(
    session, exchange, contract
):
    def dispute(now=LATER):
        return service.dispute_contract(session, exchange.poster, contract.id, reason="不符", now=now)

    with pytest.raises(ContractAgreed):
        dispute(now=contract.disputable_until + timedelta(seconds=1))
    service.confirm_contract(session, exchange.poster, contract.id, now=LATER)
    with pytest.raises(ContractAgreed):
        dispute()
    contract.confirmed_parties = []
    register_contract(session, exchange.operator, contract.id, {"register_number": "HB-1"}, now=LATER)
    with pytest.raises(ContractAgreed):
        dispute()


def test_nothing_is_settled_that_nobody_disputes_and_only_by_the_zones_operator(session, exchange, contract):
    with pytest.raises(ContractUndisputed):
        service.settle_contract(session, exchange.operator, contract.id, stands=True, now=LATER)
    far = an_actor(session, (Role.OPERATOR, zone("420500")))
    with pytest.raises(NotFound):
        service.settle_contract(session, far, contract.id, stands=True, now=LATER)
    with pytest.raises(Forbidden):
        service.settle_contract(session, exchange.poster, contract.id, stands=True, now=LATER)


def test_a_second_dispute_waits_for_the_first(session, exchange, contract):
    service.dispute_contract(session, exchange.poster, contract.id, reason="一", now=LATER)
    with pytest.raises(ContractDisputed):
        service.dispute_contract(session, exchange.office, contract.id, reason="二", now=LATER)


# --- ended ---


def end(session, exchange, contract, by=None, **said):
    said = {"reason_code": "agreed"} | said
    return service.terminate_contract(session, by or exchange.office, contract.id, said, now=LATER)


def test_what_ended_unregistered_cannot_be_registered_any_more(session, exchange, contract):
    with heard(ContractTerminated) as events:
        end(session, exchange, contract)
    assert len(events) == 1
    assert (contract.state, contract.ended_on, contract.follow_up_on) == (
        "terminated",
        date(2026, 3, 11),
        None,
    )
    assert {fact.value["flag"] for fact in standing(session, "contract_registered")} == {False}
    with pytest.raises(NotInForce):
        register_contract(session, exchange.operator, contract.id, {"register_number": "HB-1"},
                          now=LATER + timedelta(days=1))  # fmt: skip


@pytest.mark.parametrize("who", ["office", "seller", "poster", "operator"])
def test_the_need_of_what_ended_waits_for_its_enterprise_again(session, exchange, who):
    company = an_enterprise(session)
    contract = a_contract(exchange, seller_enterprise_id=company.id)
    seller = an_actor(session, (Role.ENTERPRISE_MEMBER, of(company)))
    end(session, exchange, contract, by=seller if who == "seller" else getattr(exchange, who))
    session.refresh(exchange.need)
    assert (exchange.need.state, contract.state) == ("selected", "terminated")
    withdraw_need(session, exchange.poster, exchange.need.id, now=LATER)
    assert exchange.need.state == "withdrawn"


def test_a_station_may_have_registered_it_before_it_ended(session, exchange, contract):
    end(session, exchange, contract)
    said = {"register_number": "HB-1", "registered_on": SIGNED_ON}
    register_contract(session, exchange.operator, contract.id, said, now=LATER + timedelta(days=3))
    matter = matters_of(session, contract)[exchange.enterprise.id]
    facts, _ = facts_of(session, exchange.enterprise.id, date(2026, 3, 14), matter)
    assert facts.of("contract_registered") is True


def test_a_filing_that_is_open_is_not_prejudged_by_the_end(session, exchange, contract):
    a_filing(exchange, contract)
    end(session, exchange, contract)
    assert standing(session, "contract_registered") == []


@pytest.mark.parametrize("ended_on", [date(2026, 3, 9), date(2026, 3, 12)])
def test_it_ends_between_its_signing_and_today(session, exchange, contract, ended_on):
    with pytest.raises(Invalid):
        end(session, exchange, contract, ended_on=ended_on)


def test_it_is_closed_once_it_is_accepted_and_paid_or_somebody_says_why_not(session, exchange, contract):
    with pytest.raises(StateConflict):
        service.close_contract(session, exchange.operator, contract.id, now=LATER)
    deliver_contract(session, exchange.office, contract.id, now=LATER)
    accept_delivery(session, exchange.poster, contract.id, now=LATER)
    a_cash_receipt(exchange, contract, amount_fen=50_000_000)
    with pytest.raises(ContractUnpaid) as refused:
        service.close_contract(session, exchange.operator, contract.id, now=LATER)
    assert refused.value.data["open_fen"] == 10_000_000
    with heard(ContractClosed) as events:
        service.close_contract(session, exchange.operator, contract.id, message="设备款抵质保金", now=LATER)
    assert [event.contract.state for event in events] == ["closed"]
    assert contract.follow_up_on is None


def test_a_paid_contract_closes_without_a_word_and_records_no_voucher_twice(session, exchange, contract):
    deliver_contract(session, exchange.office, contract.id, now=LATER)
    accept_delivery(session, exchange.poster, contract.id, now=LATER)
    a_cash_receipt(exchange, contract, amount_fen=60_000_000, technology_fen=50_000_000)
    service.close_contract(session, exchange.poster, contract.id, now=LATER)
    with pytest.raises(ReceiptOnRecord):
        a_cash_receipt(exchange, contract, amount_fen=1)


def test_an_operator_closes_in_the_own_zone_alone(client, session, exchange, contract):
    deliver_contract(session, exchange.office, contract.id, now=LATER)
    accept_delivery(session, exchange.poster, contract.id, now=LATER)
    path, body = f"/api/contracts/{contract.id}/closing", {"message": "办结"}
    assert client.post(path, json=body, headers=operator(session, zone("420500"))).status_code == 404
    assert client.post(path, json=body, headers=operator(session, zone("420100"))).status_code == 200
