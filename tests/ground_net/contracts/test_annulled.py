"""What was delivered and never accepted: the need goes on, kept promises stay kept, nothing is counted as a success or twice."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backbone.audit import AuditEvent
from backbone.clock import SHANGHAI
from backbone.errors import StateConflict
from ground_net.contracts.delivery.service import (
    accept_delivery,
    accept_milestone,
    deliver_contract,
    plan_milestones,
)
from ground_net.contracts.errors import ContractExists
from ground_net.contracts.events import ContractTerminated
from ground_net.contracts.models import Contract
from ground_net.contracts.service import terminate_contract
from ground_net.contracts.signing import sign_contract
from ground_net.contracts.states import ANNULLED, ENDED, LIFE
from sky_net.monitoring.compliance import report_compliance
from sky_net.monitoring.funnel import report_funnel
from sky_net.needs import service as needs
from sky_net.needs.clocks import clocks
from sky_net.needs.counting import count_needs
from sky_net.needs.events import NeedContractAnnulled
from sky_net.needs.models import NeedTransition
from sky_net.needs.owning import loads_of, records_of
from sky_net.needs.review import confirm_need
from sky_net.sla.clocks import ClockState
from tests.factories.contracts import SIGNED_AT, a_cash_receipt, a_contract, contract_entry
from tests.factories.events import heard
from tests.factories.invitations import INDICATORS, an_exchange
from tests.made_once import made_once

DELIVERED_AT = datetime(2026, 9, 1, 10, 0, tzinfo=SHANGHAI)
ENDED_AT = datetime(2026, 9, 15, 10, 0, tzinfo=SHANGHAI)
LATER = datetime(2026, 9, 21, 10, 0, tzinfo=SHANGHAI)
YEAR = {"from_on": date(2026, 1, 1), "to_on": date(2026, 12, 31)}
BREACH = {"reason_code": "breach", "message": "样机未达指标"}
TERMS = {"signed_on": date(2026, 9, 20), "valid_to": date(2027, 12, 31)}


@made_once
def exchange(session):
    return an_exchange(session)


@made_once
def contract(exchange):
    """One of two milestones was accepted, and the whole handed over."""
    contract = a_contract(exchange)
    plan = [
        {"title": title, "deliverable": title, "criterion": "按附件", "due_on": date(2026, 8, 1)}
        for title in ("样机", "联调")
    ]
    first, _ = plan_milestones(exchange.session, exchange.office, contract.id, plan, now=SIGNED_AT)
    accept_milestone(exchange.session, exchange.poster, first.id, now=DELIVERED_AT)
    return deliver_contract(exchange.session, exchange.office, contract.id, now=DELIVERED_AT)


def terminate(exchange, contract, by=None):
    return terminate_contract(exchange.session, by or exchange.poster, contract.id, BREACH, now=ENDED_AT)


def sign_anew(exchange, contract, **values):
    return sign_contract(
        exchange.session, exchange.office, contract.proposal_id, contract_entry(**TERMS | values), now=LATER
    )


def posted_again(exchange):
    """Withdrawn, and the same need posted a week later."""
    session, poster = exchange.session, exchange.poster
    needs.withdraw_need(session, poster, exchange.need.id, now=ENDED_AT)
    text = {name: getattr(exchange.need, name) for name in ("title", "problem", "industry")}
    contact = {"contact_name": "测试联系人", "contact_phone": "027-00000000", "indicators": INDICATORS}
    again = needs.draft_need(session, poster, text | contact, now=LATER)
    return needs.submit_need(session, poster, again.id, now=LATER)


def read(exchange, need, now=LATER):
    return {
        each.stage: each for each in clocks(exchange.session, exchange.operator, need.id, now=now)["items"]
    }


# --- the need ---


@pytest.mark.parametrize("who", ["office", "poster", "operator"])
def test_each_side_and_the_operator_free_the_need_of_what_was_delivered(session, exchange, contract, who):
    with heard(ContractTerminated) as ended, heard(NeedContractAnnulled) as annulled:
        terminate(exchange, contract, getattr(exchange, who))
    assert (exchange.need.state, contract.state) == ("selected", "terminated")
    assert ([each.contract for each in ended], [each.need for each in annulled]) == (
        [contract],
        [exchange.need],
    )
    assert contract.delivered_at == DELIVERED_AT


def test_the_history_and_the_audit_tell_of_the_step_back(session, exchange, contract):
    terminate(exchange, contract)
    steps = select(NeedTransition).filter_by(need_id=exchange.need.id, action="annul_contract")
    step = session.scalars(steps).one()
    assert (step.from_state, step.to_state, step.actor_role, step.occurred_at) == (
        "delivered", "selected", "poster", ENDED_AT,
    )  # fmt: skip
    event = session.scalars(select(AuditEvent).filter_by(action="annul_contract_need")).one()
    assert (event.before, event.after) == ({"state": "delivered"}, {"state": "selected"})
    assert event.actor_id == exchange.poster.account_id


def test_what_was_accepted_as_a_whole_is_not_undone(session, exchange):
    contract = a_contract(exchange)
    deliver_contract(session, exchange.office, contract.id, now=DELIVERED_AT)
    accept_delivery(session, exchange.poster, contract.id, now=DELIVERED_AT)
    with pytest.raises(StateConflict):
        terminate(exchange, contract)
    assert exchange.need.state == "accepted"


# --- the promises ---


def test_promises_that_were_kept_stay_kept_whatever_the_need_comes_to(session, exchange, contract):
    before = read(exchange, exchange.need, now=DELIVERED_AT)
    assert {before[stage].state for stage in ("confirm", "propose")} == {ClockState.MET}
    terminate(exchange, contract)
    posted_again(exchange)
    after = read(exchange, exchange.need)
    for stage in ("confirm", "propose"):
        assert (after[stage].state, after[stage].stopped_at) == (ClockState.MET, before[stage].stopped_at)


def test_posted_again_it_is_owed_anew_from_where_it_stood_and_the_contracts_months_count_for_nobody(
    session, exchange, contract
):
    kept = read(exchange, exchange.need, now=DELIVERED_AT)
    terminate(exchange, contract)
    again = posted_again(exchange)
    owed = read(exchange, again)
    assert again.inherits_id == exchange.need.id
    for stage in ("confirm", "propose"):
        assert (owed[stage].state, owed[stage].consumed) == (ClockState.RUNNING, kept[stage].consumed)
        assert owed[stage].started_at == kept[stage].started_at
        assert owed[stage].due_at > LATER


def test_a_kept_promise_is_counted_once_until_the_new_need_is_answered_too(session, exchange, contract):
    def told(now):
        asked = YEAR | {"party": "platform", "by": [], "stage": ["confirm"]}
        return report_compliance(session, exchange.operator, asked, now=now).total

    terminate(exchange, contract)
    again = posted_again(exchange)
    after = told(LATER)
    assert (after.states["met"], after.states["running"], after.compliance) == (1, 1, 1)
    confirm_need(session, exchange.operator, again.id, complexity="ordinary", now=LATER + timedelta(hours=1))
    assert told(LATER + timedelta(hours=2)).states["met"] == 2


# --- the proposal ---


def test_the_two_sign_anew_for_the_same_proposal_and_go_on_to_the_end(session, exchange, contract):
    terminate(exchange, contract)
    anew = sign_anew(exchange, contract)
    assert (anew.proposal_id, anew.number != contract.number) == (contract.proposal_id, True)
    assert exchange.need.state == "contracted"
    with pytest.raises(StateConflict):
        terminate(exchange, contract)
    deliver_contract(session, exchange.office, anew.id, now=LATER)
    accept_delivery(session, exchange.poster, anew.id, now=LATER)
    assert (exchange.need.state, contract.state) == ("accepted", "terminated")


def test_a_proposal_has_one_contract_at_a_time(session, exchange, contract):
    terminate(exchange, contract)
    anew = sign_anew(exchange, contract)
    with pytest.raises(ContractExists) as refused:
        sign_anew(exchange, contract)
    assert refused.value.data["number"] == anew.number
    assert "terminateContract" in refused.value.advice.zh
    assert "terminateContract" in str(refused.value.advice)


def test_the_database_itself_keeps_a_second_contract_away_unless_the_first_was_annulled(
    session, exchange, contract
):
    def store_another():
        values = {
            column.key: getattr(contract, column.key)
            for column in Contract.__table__.columns
            if column.key not in ("id", "version")
        }
        values |= {"number": "T-HT-2", "state": "signed", "follow_up_on": LATER.date()}
        session.add(Contract(**values | {"ended_on": None, "end_reason": None}))
        session.flush()

    with pytest.raises(IntegrityError, match="uq_contracts_proposal"), session.begin_nested():
        store_another()
    terminate(exchange, contract)
    store_another()


def test_only_what_was_not_performed_is_annulled():
    assert set(ANNULLED) == set(ENDED) - {LIFE.after("close")}


# --- the figures ---


def test_it_is_no_success_of_whoever_answers_for_the_need_but_work_in_hand(session, exchange, contract):
    owner = exchange.need.owner_id
    assert (records_of(session, [owner])[owner].contracted, loads_of(session, [owner])) == (1, {owner: 0})
    terminate(exchange, contract)
    assert (records_of(session, [owner])[owner].contracted, loads_of(session, [owner])) == (0, {owner: 1})
    sign_anew(exchange, contract)
    assert (records_of(session, [owner])[owner].contracted, loads_of(session, [owner])) == (1, {owner: 0})


def test_reports_show_it_where_it_stands_now_and_each_need_once(session, exchange, contract):
    def states():
        [row] = [
            each
            for each in count_needs(session, exchange.operator, {})
            if each.area.code == exchange.need.zone_code
        ]
        return {each["state"]: each["needs"] for each in row.states}

    def furthest():
        total = report_funnel(session, exchange.operator, YEAR | {"by": []}, now=LATER).total
        return [step.needs for step in total]

    before = furthest()
    assert states() == {"delivered": 1}
    terminate(exchange, contract)
    assert states() == {"selected": 1}
    sign_anew(exchange, contract)
    assert states() == {"contracted": 1}
    assert furthest() == before == [1] * 6


def test_money_that_came_before_the_end_stays_with_the_contract_that_it_was_paid_for(
    session, exchange, contract
):
    a_cash_receipt(exchange, contract)
    terminate(exchange, contract)
    anew = sign_anew(exchange, contract)
    assert (contract.received_fen, anew.received_fen) == (10_000_000, 0)
