from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from backbone.actor import Role
from backbone.directory.models import Enterprise
from backbone.errors import Forbidden, Invalid, NotFound
from backbone.notices.models import Notice
from ground_net.contracts.events import ContractRegistered
from ground_net.contracts.reading import read_contract
from ground_net.contracts.registration import service
from ground_net.contracts.registration.errors import (
    NotFiled,
    NotInForce,
    RegisterNumberTaken,
    RegistrationOnFile,
)
from ground_net.contracts.registration.reading import list_registrations
from ground_net.contracts.registration.schemas import RegistrationView
from policy_pack.subjects.models import PolicyFact
from tests.factories.contracts import SIGNED_AT, SIGNED_ON, a_contract, a_filing, a_registrar
from tests.factories.directory import an_enterprise
from tests.factories.events import heard
from tests.factories.identity import an_actor, of
from tests.factories.invitations import an_exchange
from tests.made_once import made_once

LATER = SIGNED_AT + timedelta(days=1)
ASKED = {"sort": "due_at", "limit": 20, "address": "test"}


@made_once
def exchange(session):
    return an_exchange(session)


@made_once
def contract(session, exchange):
    return a_contract(exchange, seller_enterprise_id=an_enterprise(session).id)


@pytest.fixture
def registrar(exchange):
    return a_registrar(exchange)


def said_of(session, key):
    return [fact.value for fact in session.scalars(select(PolicyFact).filter_by(key=key, retracted_at=None))]


def register(session, actor, contract, number="HB-1", now=LATER, **more):
    return service.register_contract(session, actor, contract.id, {"register_number": number} | more, now=now)


# --- filing ---


def test_it_is_decided_in_ten_working_days(exchange, contract):
    filing = a_filing(exchange, contract)
    # Tuesday 10 March: ten working days end with Tuesday the 24th at 17:30.
    assert (filing.state, filing.expert_review) == ("filed", False)
    assert filing.due_at == datetime(2026, 3, 24, 9, 30, tzinfo=UTC)
    assert (contract.registration_state, contract.filed_at) == ("filed", SIGNED_AT)


@pytest.mark.parametrize(
    ("kind", "amount", "by_experts"),
    [
        ("development", 10**9 + 1, True), ("transfer", 10**9 + 1, True), ("development", 10**9, False),
        ("service", 10**9 + 1, False), ("licence", 10**9 + 1, False),
    ],
)  # fmt: skip
def test_a_large_development_or_transfer_is_checked_by_experts_in_thirty(exchange, kind, amount, by_experts):
    filing = a_filing(exchange, a_contract(exchange, kind=kind, amount_fen=amount))
    assert filing.expert_review is by_experts
    assert filing.due_at.date() == (date(2026, 4, 22) if by_experts else date(2026, 3, 24))


def test_the_seller_files_and_nobody_else(session, exchange, contract, registrar):
    for who in (exchange.poster, exchange.operator, exchange.researcher):
        with pytest.raises(Forbidden):
            service.file_registration(session, who, contract.id, {"documents": []}, now=SIGNED_AT)
    with pytest.raises(NotFound):
        service.file_registration(session, registrar, contract.id, {"documents": []}, now=SIGNED_AT)


def test_after_its_end_it_is_refused_with_both_days(exchange, session, contract):
    after = SIGNED_AT.replace(year=2027, month=1, day=4)
    with pytest.raises(NotInForce) as refused:
        a_filing(exchange, contract, now=after)
    data = refused.value.data
    assert (data["valid_from"], data["valid_to"], data["day"]) == ("2026-03-10", "2026-12-31", "2027-01-04")
    assert contract.registration_state is None


def test_a_contract_is_filed_once(exchange, contract):
    a_filing(exchange, contract)
    with pytest.raises(RegistrationOnFile):
        a_filing(exchange, contract)


def test_the_registrar_where_the_seller_lies_sees_it_from_the_filing_on(
    session, exchange, contract, registrar
):
    with pytest.raises(NotFound):
        read_contract(session, registrar, contract.id)
    filing = a_filing(exchange, contract)
    assert read_contract(session, registrar, contract.id) == (contract, "full")
    assert list_registrations(session, registrar, ASKED, now=LATER).items == [filing]
    far = a_registrar(exchange, "420500")
    with pytest.raises(NotFound):
        read_contract(session, far, contract.id)
    assert list_registrations(session, far, ASKED, now=LATER).items == []


# --- back and forth ---


def test_what_is_sent_back_is_filed_again_and_its_days_begin_anew(session, exchange, contract, registrar):
    filing = a_filing(exchange, contract)
    seller = an_actor(
        session, (Role.ENTERPRISE_MEMBER, of(session.get(Enterprise, contract.seller_enterprise_id)))
    )
    missing = {"missing_items": ["技术性收入核定表"], "message": "请补"}
    service.return_registration(session, registrar, contract.id, missing, now=LATER)
    assert (filing.state, filing.missing_items, contract.registration_state) == (
        "returned",
        ["技术性收入核定表"],
        "returned",
    )
    told = select(Notice.recipient_id).where(Notice.kind == "registration_answered")
    assert set(session.scalars(told)) == {seller.account_id, exchange.office.account_id}
    due = filing.due_at
    again = a_filing(exchange, contract, now=LATER + timedelta(days=1))
    assert (again.id, again.state, again.missing_items) == (filing.id, "filed", [])
    assert again.due_at > due


def test_nothing_is_decided_that_was_not_filed(session, exchange, contract, registrar):
    with pytest.raises(NotFiled):
        service.refuse_registration(
            session, exchange.operator, contract.id, {"reason_code": "incomplete"}, now=LATER
        )
    with pytest.raises(Forbidden):
        service.return_registration(
            session, exchange.poster, contract.id, {"missing_items": ["x"]}, now=LATER
        )


def test_a_refusal_has_its_reason_and_policies_know_it(session, exchange, contract, registrar):
    filing = a_filing(exchange, contract)
    service.refuse_registration(
        session, registrar, contract.id, {"reason_code": "incomplete", "message": "缺附件"}, now=LATER
    )
    assert (filing.state, filing.reason_code, filing.decided_as) == ("refused", "incomplete", "registrar")
    assert said_of(session, "contract_registered") == [{"flag": False}] * 2
    anew = a_filing(exchange, contract, now=LATER)
    assert anew.id != filing.id
    register(session, registrar, contract, now=LATER + timedelta(days=1))
    assert contract.registration_state == "registered"
    shown = RegistrationView().dump([filing, anew], many=True)
    assert [each["register_number"] for each in shown] == [None, "HB-1"]


@pytest.mark.parametrize("verb", ["return", "refuse"])
def test_only_the_sellers_station_sends_back(session, exchange, contract, verb):
    a_filing(exchange, contract)
    far, office = a_registrar(exchange, "420500"), exchange.office
    verbs = {
        "return": lambda who: service.return_registration(
            session, who, contract.id, {"missing_items": ["x"]}, now=LATER
        ),
        "refuse": lambda who: service.refuse_registration(
            session, who, contract.id, {"reason_code": "other"}, now=LATER
        ),
    }
    with pytest.raises(NotFound):
        verbs[verb](far)
    with pytest.raises(Forbidden):
        verbs[verb](office)


# --- registered ---


def test_a_number_a_day_and_a_kind_and_policies_know_them(session, exchange, contract, registrar):
    a_filing(exchange, contract)
    with heard(ContractRegistered) as events:
        filing = register(session, registrar, contract, kind="transfer", technology_income_fen=40_000_000)
    assert [event.contract for event in events] == [contract]
    assert (filing.filed_as, filing.decided_as, filing.state) == ("seller", "registrar", "registered")
    assert (contract.register_number, contract.registered_on) == ("HB-1", date(2026, 3, 11))
    assert (contract.registered_kind, contract.technology_income_fen) == ("transfer", 40_000_000)
    assert said_of(session, "contract_registered") == [{"flag": True}] * 2
    assert {value["text"] for value in said_of(session, "contract_type")} == {"开发", "转让"}
    with pytest.raises(RegistrationOnFile):
        register(session, registrar, contract, "HB-2")


@pytest.mark.parametrize("who", ["registrar", "operator"])
def test_what_was_not_filed_is_filed_and_decided_at_once_and_says_by_whom(
    session, exchange, contract, registrar, who
):
    actor = registrar if who == "registrar" else exchange.operator
    filing = register(session, actor, contract)
    assert (filing.filed_as, filing.decided_as, filing.filed_by) == (who, who, actor.account_id)
    assert contract.registration_state == "registered"


def test_the_parties_and_stations_elsewhere_register_nothing(session, exchange, contract):
    for who, refusal in (
        (exchange.office, Forbidden),
        (exchange.poster, Forbidden),
        (a_registrar(exchange, "420500"), NotFound),
    ):
        with pytest.raises(refusal):
            register(session, who, contract)


def test_a_number_is_one_contracts(session, exchange, contract, registrar):
    register(session, registrar, contract, "HB-7")
    other = an_exchange(session)
    with pytest.raises(RegisterNumberTaken):
        register(session, registrar, a_contract(other), "HB-7")


def test_a_decision_after_the_end_is_good_where_it_was_filed_in_time(session, exchange, contract, registrar):
    contract.valid_to = SIGNED_ON
    a_filing(exchange, contract)
    assert register(session, registrar, contract).state == "registered"


@pytest.mark.parametrize("day", [date(2026, 3, 9), date(2026, 3, 12)])
def test_it_was_registered_between_its_signing_and_today(session, exchange, contract, registrar, day):
    with pytest.raises(Invalid):
        register(session, registrar, contract, registered_on=day)


def test_the_income_lies_within_the_technology(session, registrar, contract):
    with pytest.raises(Invalid) as refused:
        register(session, registrar, contract, technology_income_fen=50_000_001)
    assert refused.value.data["errors"][0]["field"] == "technology_income_fen"


def test_what_is_overdue_can_be_asked(session, exchange, contract, registrar):
    filing = a_filing(exchange, contract)
    late = ASKED | {"overdue": True}
    assert list_registrations(session, registrar, late, now=filing.due_at).items == []
    assert list_registrations(session, registrar, late, now=filing.due_at + timedelta(minutes=1)).items == [
        filing
    ]
    register(session, registrar, contract, now=filing.due_at + timedelta(minutes=1))
    assert list_registrations(session, registrar, late, now=filing.due_at + timedelta(days=1)).items == []
