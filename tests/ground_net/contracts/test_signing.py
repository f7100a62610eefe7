from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from backbone.actor import Role
from backbone.errors import Conflict, Forbidden, Invalid, NotFound, StateConflict
from backbone.notices.models import Notice
from ground_net.contracts.errors import (
    AmountBelowReceipts,
    ContractDisputed,
    ContractExists,
    ContractFiled,
)
from ground_net.contracts.events import ContractSigned
from ground_net.contracts.models import Contract
from ground_net.contracts.service import dispute_contract
from ground_net.contracts.signing import amend_contract, sign_contract
from policy_pack.subjects.models import PolicyFact
from sky_net.needs.models import Need
from sky_net.proposals.service import accept_proposal
from tests.factories.contracts import (
    SIGNED_AT,
    SIGNED_ON,
    a_cash_receipt,
    a_chosen_proposal,
    a_contract,
    a_filing,
    contract_entry,
)
from tests.factories.directory import an_enterprise
from tests.factories.events import heard
from tests.factories.identity import an_actor, of
from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.proposals import a_proposal
from tests.made_once import made_once


@made_once
def exchange(session):
    return an_exchange(session)


def sign(exchange, proposal, by=None, **values):
    return sign_contract(
        exchange.session, by or exchange.office, proposal.id, contract_entry(**values), now=SIGNED_AT
    )


@pytest.mark.parametrize(
    ("who", "side"), [("office", "seller"), ("poster", "buyer"), ("operator", "operator")]
)
def test_each_side_and_the_operator_put_it_on_record(session, exchange, who, side):
    contract = sign(exchange, a_chosen_proposal(exchange), getattr(exchange, who))
    assert (contract.state, contract.recorded_side) == ("signed", side)
    assert contract.number.startswith("HT-2026-")
    assert (contract.amount_fen, contract.technology_fen, contract.equipment_fen) == (
        60_000_000,
        50_000_000,
        10_000_000,
    )
    assert session.get_one(Need, exchange.need.id).state == "contracted"


@pytest.mark.parametrize("who", ["researcher", "auditor"])
def test_who_only_reads_the_proposal_does_not_sign(exchange, who):
    with pytest.raises(Forbidden):
        sign(exchange, a_chosen_proposal(exchange), getattr(exchange, who))


def test_for_others_there_is_no_proposal(exchange):
    with pytest.raises(NotFound):
        sign(exchange, a_chosen_proposal(exchange), exchange.rival_office)


def test_a_proposal_that_nobody_accepted_has_no_contract(session, exchange):
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    with pytest.raises(StateConflict) as refused:
        sign(exchange, a_proposal(exchange))
    assert refused.value.data["state"] == "released"


def test_a_proposal_has_one_contract(exchange):
    contract = a_contract(exchange)
    with pytest.raises(ContractExists) as refused:
        sign_contract(
            exchange.session, exchange.poster, contract.proposal_id, contract_entry(), now=SIGNED_AT
        )
    assert refused.value.data["number"] == contract.number


def test_terms_that_cannot_be_write_nothing(session, exchange):
    proposal = a_chosen_proposal(exchange)
    with pytest.raises(Invalid) as refused:
        sign(exchange, proposal, signed_on=SIGNED_ON + timedelta(days=1), technology_fen=60_000_001)
    assert {each["field"] for each in refused.value.data["errors"]} == {"signed_on", "technology_fen"}
    assert session.scalar(select(Contract)) is None
    assert exchange.need.state == "selected"


def test_further_parties_stand_beside_the_two(exchange):
    parties = [{"organisation": "测试设计院", "duties": "工艺验证", "share_basis_points": 1_500}]
    contract = a_contract(exchange, parties=parties)
    assert [(row.organisation, row.share_basis_points) for row in contract.parties] == [("测试设计院", 1_500)]


# --- the seller ---


def test_an_institute_sells_through_an_enterprise_that_it_names(session, exchange):
    company = an_enterprise(session, region_code="420100-donghu")
    contract = a_contract(exchange, seller_enterprise_id=company.id)
    assert (contract.seller_enterprise_id, contract.seller_kind) == (company.id, "enterprise")
    assert contract.seller_region_code == "420100-donghu"


def test_an_institute_that_the_directory_knows_as_an_enterprise_too_sells_as_itself(session, exchange):
    own = an_enterprise(session, credit_code=exchange.institute.credit_code)
    contract = a_contract(exchange)
    assert (contract.seller_enterprise_id, contract.seller_kind) == (own.id, "university")


def test_an_institute_alone_is_no_subject_of_policies(session, exchange):
    contract = a_contract(exchange)
    assert contract.seller_enterprise_id is None
    assert {fact.enterprise_id for fact in session.scalars(select(PolicyFact))} == {exchange.enterprise.id}


def test_the_buyer_and_nobody_sell_nothing(exchange):
    proposal = a_chosen_proposal(exchange)
    for enterprise_id in (exchange.enterprise.id, exchange.institute.id):
        with pytest.raises(Invalid) as refused:
            sign(exchange, proposal, seller_enterprise_id=enterprise_id)
        assert refused.value.data["errors"][0]["field"] == "seller_enterprise_id"


# --- credit ---


def test_the_broker_who_invited_the_winner_is_credited(session, exchange):
    an_invitation(
        session, exchange.need, exchange.institute, state="accepted", invited_by=exchange.broker.account_id
    )
    proposal = a_proposal(exchange)
    accept_proposal(session, exchange.poster, proposal.id, now=SIGNED_AT)
    contract = sign(exchange, proposal)
    assert (contract.credited_to, contract.credited_as) == (exchange.broker.account_id, "inviter")


def test_the_broker_who_owns_the_need_comes_first(session, exchange):
    exchange.need.owner_id = exchange.broker.account_id
    assert a_contract(exchange).credited_as == "owner"


def test_nobody_is_credited_who_is_no_broker_of_the_zone(session, exchange):
    exchange.need.owner_id = exchange.operator.account_id
    assert a_contract(exchange).credited_to is None


# --- what is told ---


def test_both_sides_policies_know_it_at_once(session, exchange):
    company = an_enterprise(session)
    a_contract(exchange, seller_enterprise_id=company.id, licence_years=6)
    said = {(fact.enterprise_id, fact.key): fact for fact in session.scalars(select(PolicyFact))}
    assert said[exchange.enterprise.id, "contract_side"].value == {"text": "buyer"}
    assert said[company.id, "contract_side"].value == {"text": "seller"}
    assert said[company.id, "technology_transaction_amount"].value == {"number": "50"}
    assert said[company.id, "licence_years"].value == {"number": "6"}
    assert {fact.as_of_on for fact in said.values()} == {SIGNED_ON}
    assert not {"cash_received", "contract_registered"} & {key for _, key in said}


def test_the_other_side_is_told_until_when_it_can_say_no(session, exchange):
    contract = a_contract(exchange)
    told = session.scalars(select(Notice).where(Notice.kind == "contract_recorded")).all()
    assert [notice.recipient_id for notice in told] == [exchange.poster.account_id]
    assert told[0].payload == {"until_on": "2026-03-17"}  # five working days after Tuesday the 10th
    assert contract.follow_up_on == date(2026, 4, 8)  # twenty, with Tomb-sweeping Day in between


def test_the_packages_above_are_told(exchange):
    with heard(ContractSigned) as events:
        contract = a_contract(exchange)
    assert [event.contract for event in events] == [contract]


# --- changes ---


def amend(exchange, contract, by=None, **values):
    return amend_contract(
        exchange.session, by or exchange.poster, contract, values, now=SIGNED_AT + timedelta(days=1)
    )


def test_a_change_takes_the_equipment_along_and_opens_the_days_for_a_dispute_again(session, exchange):
    contract = a_contract(exchange)
    contract.confirmed_at, contract.confirmed_by = SIGNED_AT, exchange.poster.account_id
    until = contract.disputable_until
    amend(exchange, contract, technology_fen=40_000_000)
    assert (contract.equipment_fen, contract.confirmed_at, contract.recorded_side) == (
        20_000_000,
        None,
        "buyer",
    )
    assert contract.disputable_until > until
    stated = select(PolicyFact).filter_by(key="technology_transaction_amount", retracted_at=None)
    assert session.scalars(stated).one().value == {"number": "40"}


def test_the_same_again_changes_nothing(exchange):
    contract = a_contract(exchange)
    version = contract.version
    assert amend(exchange, contract, kind="development").version == version


def test_parties_are_replaced_as_a_whole(session, exchange):
    contract = a_contract(
        exchange, parties=[{"organisation": "甲", "duties": "验证"}, {"organisation": "乙", "duties": "担保"}]
    )
    amend(exchange, contract, parties=[{"organisation": "丙", "duties": "验证"}])
    session.expire(contract)
    assert [row.organisation for row in contract.parties] == ["丙"]


def test_an_amount_takes_its_payments_along(exchange):
    with pytest.raises(Invalid) as refused:
        amend(exchange, a_contract(exchange), amount_fen=61_000_000)
    assert refused.value.data["errors"][0]["field"] == "payment_plan"


def test_it_cannot_be_cut_below_what_was_received(exchange):
    contract = a_contract(exchange)
    a_cash_receipt(exchange, contract, amount_fen=30_000_000)
    with pytest.raises(AmountBelowReceipts) as refused:
        amend(exchange, contract, technology_fen=29_999_999)
    assert (refused.value.data["received_technology_fen"], refused.value.data["technology_fen"]) == (
        30_000_000,
        29_999_999,
    )


def test_what_the_registrar_looks_at_is_fixed_and_the_rest_is_not(exchange):
    contract = a_contract(exchange)
    a_filing(exchange, contract)
    with pytest.raises(ContractFiled) as refused:
        amend(exchange, contract, kind="transfer", title="新名称")
    assert refused.value.data["fields"] == "kind"
    assert amend(exchange, contract, title="新名称").title == "新名称"


def test_neither_delivered_nor_in_dispute_can_it_be_changed(session, exchange):
    contract = a_contract(exchange)
    dispute_contract(session, exchange.poster, contract.id, reason="金额不符", now=SIGNED_AT)
    with pytest.raises(ContractDisputed):
        amend(exchange, contract, title="新名称")
    contract.disputed_at = contract.disputed_by = contract.dispute = None
    contract.state = "delivered"
    with pytest.raises(StateConflict):
        amend(exchange, contract, title="新名称")


def test_members_of_the_institute_who_are_not_its_office_change_nothing(exchange):
    with pytest.raises(Forbidden):
        amend(exchange, a_contract(exchange), exchange.researcher, title="新名称")


def test_the_selling_enterprise_acts_for_the_seller(session, exchange):
    company = an_enterprise(session)
    contract = a_contract(exchange, seller_enterprise_id=company.id)
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(company)))
    assert amend(exchange, contract, member, title="新名称").recorded_side == "seller"


# --- at once ---


def test_of_two_who_sign_at_once_one_finds_it_signed(committed_database):
    with committed_database.transaction() as session:
        exchange = an_exchange(session)
        proposal = a_chosen_proposal(exchange)
    both, seen = Barrier(2), []

    def sign_as(actor):
        try:
            with committed_database.transaction() as session:
                both.wait()
                seen.append(
                    sign_contract(session, actor, proposal.id, contract_entry(), now=SIGNED_AT).number
                )
        except Conflict as refused:
            seen.append(refused.code)

    threads = [Thread(target=sign_as, args=(actor,)) for actor in (exchange.office, exchange.poster)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 2
    assert "contract_exists" in seen
    with committed_database.transaction() as session:
        assert len(session.scalars(select(Contract)).all()) == 1
