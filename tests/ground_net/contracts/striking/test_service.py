"""A supplement is struck, and the contract is back at the terms before it: in all that was said, told and added on its account."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from backbone.actor import Role
from backbone.audit import AuditEvent
from backbone.errors import Conflict, DomainError, Forbidden, NotFound, StateConflict
from ground_net.contracts.changing import TERMS
from ground_net.contracts.delivery.service import accept_milestone, deliver_contract, plan_milestones
from ground_net.contracts.errors import (
    AmountBelowReceipts,
    ContractAgreed,
    ContractDisputed,
    ContractFiled,
    ContractUndisputed,
)
from ground_net.contracts.facts import matters_of
from ground_net.contracts.follow_ups.service import list_follow_ups
from ground_net.contracts.receipts.service import reverse_receipt
from ground_net.contracts.registration.service import (
    file_registration,
    register_contract,
    return_registration,
)
from ground_net.contracts.rewards.service import record_rewards
from ground_net.contracts.service import confirm_contract, dispute_contract, settle_contract
from ground_net.contracts.signing import amend_contract
from ground_net.contracts.striking.errors import SupplementAgreed, SupplementRewarded
from ground_net.contracts.striking.service import strike_supplement
from ground_net.contracts.supplements.reading import list_supplements
from ground_net.contracts.vocabulary import TECHNOLOGY_KINDS
from policy_pack.engine.facts import Gap
from policy_pack.subjects.models import PolicyFact
from policy_pack.subjects.service import facts_of
from sky_net.needs.models import Need
from tests.factories.contracts import (
    SIGNED_AT,
    a_cash_receipt,
    a_contract,
    a_filing,
    a_registrar,
    a_supplement,
)
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of, zone
from tests.factories.invitations import an_exchange
from tests.factories.notices import accounts, heard

DAY = timedelta(days=1)
LATER = SIGNED_AT + DAY
GROUND = "未见双方签章的补充协议"


@pytest.fixture
def exchange(session):
    return an_exchange(session)


@pytest.fixture
def contract(session, exchange):
    return a_contract(exchange, seller_enterprise_id=an_enterprise(session).id)


def agreed(session, exchange, contract, seller=None, now=SIGNED_AT):
    seller = seller or an_actor(session, (Role.ENTERPRISE_MEMBER, of(contract.seller_enterprise)))
    for actor in (exchange.poster, seller):
        confirm_contract(session, actor, contract.id, now=now)
    return contract


def dispute(exchange, contract, now=LATER):
    dispute_contract(exchange.session, exchange.poster, contract.id, reason="没有这份补充协议", now=now)


def strike(exchange, supplement, by=None, now=LATER):
    return strike_supplement(exchange.session, by or exchange.operator, supplement.id, ground=GROUND, now=now)


def terms(contract):
    parties = [(row.organisation, row.duties, row.share_basis_points) for row in contract.parties]
    return {name: getattr(contract, name) for name in TERMS} | {"parties": parties}


def known(session, contract, enterprise_id, key):
    matter = matters_of(session, contract)[enterprise_id]
    return facts_of(session, enterprise_id, LATER.date(), matter)[0].of(key)


EVERYTHING = {
    "kind": "transfer", "title": "补充协议", "valid_from": date(2026, 3, 11), "valid_to": date(2027, 12, 31),
    "amount_fen": 90_000_000, "technology_fen": 70_000_000, "ip_clause": {"owner": "solver", "words": "归卖方"},
    "related_to_transfer": True, "technology_kind": TECHNOLOGY_KINDS[0], "ownership_transferred": True, "licence_years": 6,
    "parties": [{"organisation": "丙", "duties": "担保"}],
}  # fmt: skip


# --- the contract ---


def test_all_that_a_supplement_changes_is_as_it_was_and_the_contract_goes_on(session, exchange, contract):
    amend_contract(
        session, exchange.office, contract, {"parties": [{"organisation": "甲", "duties": "验证", "share_basis_points": 1}]},
        now=SIGNED_AT,
    )  # fmt: skip
    agreed(session, exchange, contract)
    before = terms(contract)
    supplement = a_supplement(exchange, contract, **EVERYTHING)
    assert terms(contract) != before
    dispute(exchange, contract)
    assert strike(exchange, supplement) is contract
    session.expire(contract)
    assert terms(contract) == before
    assert (contract.state, contract.disputed_at, contract.dispute) == ("signed", None, None)
    assert session.get_one(Need, exchange.need.id).state == "contracted"


def test_it_is_kept_on_record_with_who_when_and_the_ground(session, exchange, contract):
    supplement = a_supplement(exchange, contract, title="新名称")
    dispute(exchange, contract)
    strike(exchange, supplement)
    (row,) = list_supplements(session, exchange.office, contract.id)
    assert (row.state, row.struck_at, row.struck_by, row.ground, row.dispute) == (
        "struck", LATER, exchange.operator.account_id, GROUND, "没有这份补充协议",
    )  # fmt: skip
    assert row.terms_after == {"title": "新名称"}
    told = session.scalars(select(AuditEvent).filter_by(action="strike_supplement")).one()
    assert (told.actor_id, told.after["state"]) == (exchange.operator.account_id, "struck")
    assert GROUND not in str(told.after)
    settled = session.scalars(select(AuditEvent).filter_by(action="settle_contract")).one()
    assert {"title", "disputed_at", "recorded_at"} & settled.after.keys() == {"title", "disputed_at"}
    assert "新名称" not in str((settled.before, settled.after))


def test_a_contract_that_was_agreed_before_is_agreed_again_and_nobody_disputes_it(
    session, exchange, contract
):
    agreed(session, exchange, contract)
    until, by = contract.disputable_until, contract.confirmed_by
    supplement = a_supplement(exchange, contract, by=exchange.poster, now=LATER, title="新名称")
    dispute_contract(session, exchange.operator, contract.id, reason="核查发现", now=LATER)
    strike(exchange, supplement)
    assert (contract.recorded_side, contract.confirmed_at, contract.confirmed_by) == ("seller", SIGNED_AT, by)
    assert (contract.confirmed_parties, contract.disputable_until) == (["buyer", "seller_enterprise"], until)
    with pytest.raises(ContractAgreed):
        dispute(exchange, contract)


def test_a_contract_whose_days_had_passed_undisputed_has_no_new_ones(exchange, contract):
    until = contract.disputable_until
    supplement = a_supplement(exchange, contract, now=until + DAY, title="新名称")
    dispute(exchange, contract, now=until + 2 * DAY)
    strike(exchange, supplement, now=until + 3 * DAY)
    assert (contract.confirmed_at, contract.disputable_until) == (None, until)
    with pytest.raises(ContractAgreed):
        dispute(exchange, contract, now=until + 3 * DAY)


def test_days_that_a_supplement_stood_in_front_of_begin_anew(session, exchange, contract):
    supplement = a_supplement(exchange, contract, now=LATER, title="新名称")
    dispute(exchange, contract, now=LATER)
    struck_at = contract.disputable_until + 10 * DAY
    strike(exchange, supplement, now=struck_at)
    assert contract.disputable_until > struck_at
    dispute(exchange, contract, now=struck_at + DAY)
    assert contract.disputed_at == struck_at + DAY


def test_what_was_delivered_by_then_stays_delivered(session, exchange, contract):
    supplement = a_supplement(exchange, contract, title="新名称")
    deliver_contract(session, exchange.office, contract.id, now=LATER)
    dispute(exchange, contract)
    strike(exchange, supplement)
    assert (contract.state, contract.delivered_at, contract.title) == (
        "delivered", LATER, "双光栅莫尔对准模块开发合同",
    )  # fmt: skip


def test_milestones_are_a_plan_of_their_own_and_an_installments_day_follows(session, exchange, contract):
    supplement = a_supplement(
        exchange, contract, payment_plan=[{"amount_fen": 60_000_000, "due_on": "2026-12-01"}]
    )
    plan = [{"title": "样机", "deliverable": "样机", "criterion": "按附件", "due_on": LATER.date()}]
    (milestone,) = plan_milestones(session, exchange.office, contract.id, plan, now=LATER)
    accept_milestone(session, exchange.poster, milestone.id, now=LATER)
    dispute(exchange, contract)
    strike(exchange, supplement)
    assert (contract.state, milestone.accepted_at) == ("in_delivery", LATER)
    (followed,) = list_follow_ups(
        session, exchange.operator, {"limit": 10, "sort": "follow_up_on"}, now=LATER + 60 * DAY
    ).items
    installments = [each for each in followed.overdue if each.what == "installment"]
    assert [(each.due_on, each.open_fen) for each in installments] == [(date(2026, 4, 30), 60_000_000)]


# --- which ---


def test_what_was_built_on_it_falls_with_it_and_the_last_falls_alone(session, exchange, contract):
    first = a_supplement(exchange, contract, title="一", licence_years=3)
    second = a_supplement(exchange, contract, title="二", now=SIGNED_AT + timedelta(hours=1))
    third = a_supplement(exchange, contract, title="三", now=SIGNED_AT + timedelta(hours=2))
    dispute(exchange, contract)
    strike(exchange, third)
    assert (contract.title, third.state, second.state) == ("二", "struck", "recorded")
    dispute(exchange, contract)
    strike(exchange, first)
    assert (contract.title, contract.licence_years) == ("双光栅莫尔对准模块开发合同", None)
    assert {first.state, second.state, third.state} == {"struck"}
    events = session.scalars(select(AuditEvent).filter_by(action="strike_supplement")).all()
    assert {event.subject_id for event in events} == {first.id, second.id, third.id}


def test_one_that_was_agreed_is_not_struck_by_a_dispute_of_the_next(session, exchange, contract):
    first = a_supplement(exchange, contract, title="一")
    agreed(session, exchange, contract)
    second = a_supplement(exchange, contract, now=LATER, title="二")
    dispute(exchange, contract)
    with pytest.raises(SupplementAgreed) as refused:
        strike(exchange, first)
    assert contract.number in refused.value.sentence().zh
    assert contract.title == "二"
    strike(exchange, second)
    assert (contract.title, contract.confirmed_at) == ("一", SIGNED_AT)


def test_a_supplement_is_struck_once(exchange, contract):
    supplement = a_supplement(exchange, contract, title="一")
    dispute(exchange, contract)
    strike(exchange, supplement)
    with pytest.raises(StateConflict):
        strike(exchange, supplement)


def test_after_it_the_parties_agree_on_another(exchange, contract):
    struck = a_supplement(exchange, contract, title="一")
    dispute(exchange, contract)
    strike(exchange, struck)
    anew = a_supplement(exchange, contract, by=exchange.poster, now=LATER, title="一")
    assert (anew.position, anew.state, contract.title) == (1, "recorded", "一")


# --- who, and when ---


def test_nothing_is_struck_that_nobody_disputes_and_only_by_the_zones_operator(session, exchange, contract):
    supplement = a_supplement(exchange, contract, title="一")
    with pytest.raises(ContractUndisputed):
        strike(exchange, supplement)
    dispute(exchange, contract)
    for party in (exchange.poster, exchange.office, exchange.researcher, exchange.auditor):
        with pytest.raises(Forbidden):
            strike(exchange, supplement, by=party)
    for stranger in (exchange.rival_office, an_actor(session, (Role.OPERATOR, zone("420500")))):
        with pytest.raises(NotFound):
            strike(exchange, supplement, by=stranger)
    assert (supplement.state, contract.title) == ("recorded", "一")


@pytest.mark.parametrize("stands", [True, False])
def test_the_other_ways_to_settle_are_as_they_were(session, exchange, contract, stands):
    supplement = a_supplement(exchange, contract, title="一")
    dispute(exchange, contract)
    settle_contract(session, exchange.operator, contract.id, stands=stands, now=LATER)
    assert (contract.state, contract.title, supplement.state) == (
        "signed" if stands else "cancelled", "一", "recorded",
    )  # fmt: skip
    with pytest.raises(ContractUndisputed):
        strike(exchange, supplement)


def test_over_http_the_operator_says_why_and_sees_the_contract(client, exchange, contract):
    supplement = a_supplement(exchange, contract, title="一")
    dispute(exchange, contract, now=SIGNED_AT)
    path = f"/api/contract-supplements/{supplement.id}/striking"
    headers = exchange.headers(exchange.operator)
    assert client.post(path, json={}, headers=headers).status_code == 422
    answer = client.post(path, json={"ground": GROUND}, headers=headers)
    assert (answer.status_code, answer.json["title"]) == (200, "双光栅莫尔对准模块开发合同")
    again = client.post(path, json={"ground": GROUND}, headers={**headers, "Accept-Language": "en"})
    assert (again.status_code, again.json["code"]) == (409, "wrong_state")
    assert "struck" in again.json["detail"]


# --- cash and rewards ---


def test_money_above_the_terms_before_goes_back_first_and_that_is_possible_in_dispute(
    session, exchange, contract
):
    a_cash_receipt(exchange, contract, amount_fen=50_000_000)
    supplement = a_supplement(exchange, contract, amount_fen=90_000_000, technology_fen=80_000_000)
    more = a_cash_receipt(exchange, contract, amount_fen=20_000_000, voucher="测试回单-2")
    dispute(exchange, contract)
    with pytest.raises(AmountBelowReceipts) as refused:
        strike(exchange, supplement)
    assert (refused.value.data["received_technology_fen"], refused.value.data["technology_fen"]) == (
        70_000_000, 50_000_000,
    )  # fmt: skip
    assert (supplement.state, contract.amount_fen) == ("recorded", 90_000_000)
    with pytest.raises(ContractDisputed):
        a_cash_receipt(exchange, contract, amount_fen=1, voucher="测试回单-3", now=LATER)
    reverse_receipt(session, exchange.office, more.id, reason_code="returned", now=LATER)
    strike(exchange, supplement)
    assert (contract.amount_fen, contract.received_fen, contract.equipment_fen) == (
        60_000_000, 50_000_000, 10_000_000,
    )  # fmt: skip


def test_money_that_the_terms_before_hold_stays_received(exchange, contract):
    supplement = a_supplement(exchange, contract, amount_fen=90_000_000, technology_fen=80_000_000)
    a_cash_receipt(exchange, contract, amount_fen=50_000_000)
    dispute(exchange, contract)
    strike(exchange, supplement)
    assert (contract.received_fen, contract.technology_fen) == (50_000_000, 50_000_000)


def test_rewards_out_of_what_the_supplement_added_keep_it_from_being_struck(session, exchange, contract):
    supplement = a_supplement(exchange, contract, amount_fen=90_000_000, technology_fen=80_000_000)
    a_cash_receipt(exchange, contract, amount_fen=60_000_000)
    share = {
        "income_fen": 60_000_000, "costs_fen": 0, "inventors_fen": 42_000_000,
        "inventors": [{"inventor": "测试完成人", "weight": 1}],
    }  # fmt: skip
    record_rewards(session, exchange.office, contract.id, share, now=LATER)
    dispute(exchange, contract)
    with pytest.raises(SupplementRewarded) as refused:
        strike(exchange, supplement)
    assert "600,000.00" in refused.value.sentence().zh
    assert "500,000.00" in str(refused.value.sentence())
    settle_contract(session, exchange.operator, contract.id, stands=True, now=LATER)
    assert contract.confirmed_at == LATER


# --- registration ---


def test_what_was_filed_by_it_goes_back_to_the_seller_first(session, exchange, contract):
    supplement = a_supplement(exchange, contract, kind="transfer")
    a_filing(exchange, contract)
    dispute(exchange, contract)
    with pytest.raises(ContractFiled) as refused:
        strike(exchange, supplement)
    assert refused.value.data["fields"] == "kind"
    assert "returnRegistration" in refused.value.advice.zh
    said = {"missing_items": ["补充协议文本"]}
    return_registration(session, a_registrar(exchange), contract.id, said, now=LATER)
    strike(exchange, supplement)
    assert (contract.kind, contract.registration_state) == ("development", "returned")
    file_registration(session, exchange.office, contract.id, {"documents": []}, now=LATER)
    assert contract.registration_state == "filed"


def test_what_the_registrar_does_not_look_at_follows_below_a_filing(exchange, contract):
    supplement = a_supplement(exchange, contract, title="新名称", valid_to=date(2027, 12, 31))
    a_filing(exchange, contract)
    dispute(exchange, contract)
    strike(exchange, supplement)
    assert (contract.valid_to, contract.registration_state) == (date(2026, 12, 31), "filed")


def test_a_contract_that_was_in_force_by_the_supplement_alone_when_it_was_filed_is_returned_first(
    session, exchange
):
    contract = a_contract(exchange, valid_to=date(2026, 3, 10))
    supplement = a_supplement(exchange, contract, now=LATER, valid_to=date(2026, 12, 31))
    a_filing(exchange, contract, now=LATER)
    dispute(exchange, contract)
    with pytest.raises(ContractFiled) as refused:
        strike(exchange, supplement)
    assert refused.value.data["fields"] == "valid_to"
    said = {"missing_items": ["有效期"]}
    return_registration(session, a_registrar(exchange), contract.id, said, now=LATER)
    strike(exchange, supplement)
    with pytest.raises(Conflict) as again:
        file_registration(session, exchange.office, contract.id, {"documents": []}, now=LATER)
    assert again.value.code == "contract_not_in_force"


def test_it_is_registered_by_the_terms_before(session, exchange, contract):
    supplement = a_supplement(exchange, contract, kind="transfer")
    dispute(exchange, contract)
    strike(exchange, supplement)
    register_contract(session, exchange.operator, contract.id, {"register_number": "HB-1"}, now=LATER)
    assert contract.registered_kind == "development"
    assert known(session, contract, exchange.enterprise.id, "contract_type") == "开发"


# --- policies ---


def test_policies_know_the_terms_before_and_what_was_never_said_no_more(session, exchange, contract):
    buyer, seller = exchange.enterprise.id, contract.seller_enterprise_id
    supplement = a_supplement(
        exchange, contract, kind="licence", licence_years=6, amount_fen=70_000_000, technology_fen=60_000_000
    )
    assert known(session, contract, seller, "licence_years") == 6
    dispute(exchange, contract)
    assert known(session, contract, buyer, "contract_type") is Gap.DISPUTED
    strike(exchange, supplement)
    for enterprise_id, side in ((buyer, "buyer"), (seller, "seller")):
        assert known(session, contract, enterprise_id, "contract_type") == "开发"
        assert known(session, contract, enterprise_id, "technology_transaction_amount") == 50
        assert known(session, contract, enterprise_id, "contract_side") == side
        assert known(session, contract, enterprise_id, "licence_years") is Gap.UNKNOWN
    unproven = session.scalars(select(PolicyFact.key).filter_by(retraction="unproven")).all()
    assert sorted(unproven) == sorted(["contract_type", "technology_transaction_amount", "licence_years"] * 2)
    assert session.scalars(select(PolicyFact).where(PolicyFact.disputed_at.is_not(None), PolicyFact.retracted_at.is_(None))).all() == []  # fmt: skip


def test_cash_counts_again_as_it_stands_and_what_was_reversed_meanwhile_does_not(session, exchange, contract):
    a_cash_receipt(exchange, contract, amount_fen=40_000_000)
    more = a_cash_receipt(exchange, contract, amount_fen=10_000_000, voucher="测试回单-2")
    supplement = a_supplement(exchange, contract, title="新名称")
    dispute(exchange, contract)
    reverse_receipt(session, exchange.office, more.id, reason_code="returned", now=LATER)
    assert known(session, contract, contract.seller_enterprise_id, "cash_received") is Gap.DISPUTED
    strike(exchange, supplement)
    assert known(session, contract, contract.seller_enterprise_id, "cash_received") == 40


@pytest.mark.parametrize("stands", [True, False])
def test_what_was_reversed_in_dispute_is_settled_with_all_the_rest(session, exchange, contract, stands):
    receipt = a_cash_receipt(exchange, contract, amount_fen=40_000_000)
    dispute(exchange, contract)
    reverse_receipt(session, exchange.office, receipt.id, reason_code="mistaken", now=LATER)
    fact = session.scalars(select(PolicyFact).filter_by(key="cash_received", retracted_at=None)).one()
    assert (fact.disputed_at, fact.disputed_by) == (LATER, exchange.poster.account_id)
    settle_contract(session, exchange.operator, contract.id, stands=stands, now=LATER + DAY)
    cash = known(session, contract, contract.seller_enterprise_id, "cash_received")
    assert cash == 0 if stands else cash is Gap.UNKNOWN


def test_nothing_is_reversed_of_a_contract_that_was_cancelled(session, exchange, contract):
    receipt = a_cash_receipt(exchange, contract)
    dispute(exchange, contract)
    settle_contract(session, exchange.operator, contract.id, stands=False, now=LATER)
    with pytest.raises(StateConflict):
        reverse_receipt(session, exchange.office, receipt.id, reason_code="mistaken", now=LATER)


# --- who is told ---


def test_both_sides_and_whoever_answers_for_the_need_hear_of_it(session, exchange, contract):
    seller = an_actor(session, (Role.ENTERPRISE_MEMBER, of(contract.seller_enterprise)))
    exchange.need.owner_id = exchange.broker.account_id
    agreed(session, exchange, contract, seller)
    supplement = a_supplement(exchange, contract, now=LATER, title="一")
    asked = heard(session, "contract_recorded")
    dispute(exchange, contract)
    strike(exchange, supplement)
    assert heard(session, "supplement_struck") == accounts(
        exchange.poster, exchange.office, seller, exchange.broker
    )
    assert heard(session, "contract_upheld") == heard(session, "contract_cancelled") == []
    assert heard(session, "contract_recorded") == asked


def test_who_may_dispute_the_terms_before_anew_is_told_until_when(session, exchange, contract):
    supplement = a_supplement(exchange, contract, by=exchange.poster, title="一")
    dispute_contract(session, exchange.office, contract.id, reason="没有", now=LATER)
    asked = heard(session, "contract_recorded").count(exchange.poster.account_id)
    strike(exchange, supplement)
    # The transfer office recorded the contract: it is the buyer's to say whether it was signed like this.
    assert heard(session, "contract_recorded").count(exchange.poster.account_id) == asked + 1


# --- in any order ---


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_amended_confirmed_and_settled_a_strike_goes_back_to_terms_that_stood(
    session, exchange, contract, seed
):
    """The model keeps the terms before each supplement; whatever a strike leaves has to be those of the first one that fell."""
    random, now, before = Random(seed), SIGNED_AT, {}
    struck = 0
    for count in range(60):
        now += timedelta(hours=random.choice([1, 30]))
        person = random.choice([exchange.poster, exchange.office])
        verb = random.choice(["amend", "amend", "confirm", "dispute", "stands", "strike", "strike"])
        rows = list_supplements(session, exchange.operator, contract.id)
        was = terms(contract)
        try:
            with session.begin_nested():
                if verb == "amend":
                    amount = random.randrange(50_000_000, 90_000_000)
                    said = {"amount_fen": amount, "licence_years": random.randint(1, 9), "title": f"第{count}号",
                            "parties": [{"organisation": f"第{count}方", "duties": "验证"}]}  # fmt: skip
                    row = a_supplement(exchange, contract, by=person, now=now,
                                       **dict(random.sample(sorted(said.items(), key=str), 2)))  # fmt: skip
                    before[row.id] = was
                elif verb == "confirm":
                    confirm_contract(session, person, contract.id, now=now)
                elif verb == "dispute":
                    dispute_contract(session, person, contract.id, reason="不符", now=now)
                elif verb == "stands":
                    settle_contract(session, exchange.operator, contract.id, stands=True, now=now)
                elif rows:
                    chosen = random.choice(rows)
                    strike(exchange, chosen, now=now)
                    assert terms(contract) == before[chosen.id]
                    struck += 1
        except DomainError:
            session.expire_all()
            assert terms(contract) == was
    assert struck
