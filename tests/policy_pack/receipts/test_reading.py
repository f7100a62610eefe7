from datetime import date, timedelta

import pytest

from backbone.actor import PROVINCE, Role
from backbone.errors import NotFound
from policy_pack.receipts.reading import list_receipts, read_receipt, receipt_view
from policy_pack.receipts.service import check_policies
from tests.factories.directory import a_fact, an_enterprise
from tests.factories.identity import an_actor, of, zone
from tests.factories.policy_office import AT, Office, a_published_version, an_office, an_original

TODAY = date(2026, 3, 10)
ALL = {"sort": "-made_at", "limit": 100}


@pytest.fixture
def office(session) -> Office:
    return an_office(session)


@pytest.fixture
def enterprise(session):
    made = an_enterprise(session, staff_total=80)
    a_fact(session, made, kind="rd_expense", value=500_000_000)
    return made


@pytest.fixture
def member(session, enterprise):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


def checked(session, actor, enterprise, **given):
    return check_policies(session, actor, enterprise.id, **{"as_of": TODAY, "now": AT} | given).receipts


def test_an_enterprise_is_told_the_outcome_and_no_amount_of_what_nobody_verified(
    session, office, enterprise, member
):
    a_published_version(office)
    (receipt,) = checked(session, member, enterprise)
    said = receipt_view(session, receipt, member)
    assert (said["outcome"], said["verified"], said["withheld"]) == ("eligible", False, True)
    assert (said["amount"], said["statement"]) == (None, None)
    assert said["label"].zh == "待核实：example.test/1 (B)"
    assert [clause["text"].zh for clause in said["clauses"]] == ["职工总数不少于 10 人", "有研发费用"]


def test_whoever_is_in_office_is_told_the_amount_with_verified_false(session, office, enterprise, member):
    a_published_version(office)
    (receipt,) = checked(session, member, enterprise)
    for role in (Role.OPERATOR, Role.POLICY_OFFICER, Role.AUDITOR):
        said = receipt_view(session, receipt, an_actor(session, (role, zone("420100"))))
        assert (said["verified"], said["withheld"]) == (False, False)
        assert (said["amount"]["low_fen"], said["amount"]["high_fen"]) == (50_000_000, 50_000_000)
        assert said["statement"].startswith('{"amount":{')


def test_an_operator_of_another_zone_who_works_for_the_enterprise_is_told_as_the_enterprise_is(
    session, office, enterprise
):
    a_published_version(office)
    both = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)), (Role.OPERATOR, zone("420500")))
    (receipt,) = checked(session, both, enterprise)
    assert receipt_view(session, receipt, both)["withheld"]


def test_a_verified_amount_is_told_to_the_enterprise(session, office, enterprise, member):
    an_original(office, a_published_version(office), signed=True)
    (receipt,) = checked(session, member, enterprise)
    said = receipt_view(session, receipt, member)
    assert (said["verified"], said["withheld"], said["label"]) == (True, False, None)
    assert said["amount"]["low_fen"] == 50_000_000
    assert said["amount"]["formula"]["zh"]


def test_a_policy_without_a_formula_withholds_nothing(session, office, enterprise, member):
    a_published_version(office, amount=None)
    (receipt,) = checked(session, member, enterprise)
    said = receipt_view(session, receipt, member)
    assert (said["amount"], said["withheld"]) == (None, False)


def test_what_is_missing_is_told_by_the_names_of_the_facts(session, office, member, enterprise):
    poor = an_enterprise(session, staff_total=80)
    a_published_version(office)
    (receipt,) = checked(session, office.first, poor)
    said = receipt_view(session, receipt, office.first)
    assert (said["outcome"], said["missing"]) == ("missing_facts", [["rd_spend"]])
    assert [clause["result"] for clause in said["clauses"]] == ["true", "unknown"]
    assert said["clauses"][1]["waits_for"] == ["rd_spend"]


def test_receipts_are_listed_the_latest_first_and_filtered(session, office, enterprise, member):
    first = a_published_version(office)
    a_published_version(office, "P802", valid={"to": "2020-01-01"})
    checked(session, member, enterprise)
    checked(session, member, enterprise, as_of=TODAY - timedelta(days=1), now=AT + timedelta(hours=1))
    found = list_receipts(session, member, enterprise.id, ALL).items
    assert [row["as_of_on"] for row in found] == [TODAY - timedelta(days=1)] * 2 + [TODAY] * 2
    eligible = list_receipts(session, member, enterprise.id, ALL | {"outcome": ["eligible"]}).items
    assert {row["key"] for row in eligible} == {"P801"}
    of_one = list_receipts(session, member, enterprise.id, ALL | {"policy_id": first.policy_id}).items
    assert {row["key"] for row in of_one} == {"P801"}


def test_nobody_else_reads_an_enterprises_receipts(session, office, enterprise, member):
    a_published_version(office)
    (receipt,) = checked(session, member, enterprise)
    readers = [(Role.OPERATOR, zone("420100")), (Role.AUDITOR, PROVINCE), (Role.POLICY_OFFICER, PROVINCE)]
    for held in readers:
        actor = an_actor(session, held)
        assert read_receipt(session, actor, receipt.id) is receipt
        assert len(list_receipts(session, actor, enterprise.id, ALL).items) == 1
    others = [(Role.OPERATOR, zone("420500")), (Role.ADMINISTRATOR, PROVINCE), (Role.BROKER, PROVINCE),
              (Role.FUND_MANAGER, PROVINCE), (Role.ENTERPRISE_MEMBER, of(an_enterprise(session)))]  # fmt: skip
    for held in others:
        actor = an_actor(session, held)
        with pytest.raises(NotFound):
            read_receipt(session, actor, receipt.id)
        with pytest.raises(NotFound):
            list_receipts(session, actor, enterprise.id, ALL)
