"""What if, why, what together, how to get there: nothing is kept, and what nobody verified says no amount to an enterprise."""

import json

import pytest
from sqlalchemy import func, select

from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from policy_pack.subjects.models import PolicyFact
from tests.factories.directory import a_fact, an_enterprise, an_institute
from tests.factories.identity import bearer, of, zone
from tests.factories.policy_facts import a_matter, a_policy_fact, a_shipped_policy
from tests.factories.policy_office import an_office, an_original

SME, HIGH_TECH = [{"name": "科技型中小企业"}], [{"name": "高新技术企业"}]
ASKED = ("policy-trials", "policy-explanations", "policy-stacks", "policy-advice", "policy-questions")


@pytest.fixture
def enterprise(session):
    return an_enterprise(session, labels=SME)


@pytest.fixture
def member(session, enterprise):
    return bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def officer(session):
    return bearer(session, (Role.POLICY_OFFICER, PROVINCE))


@pytest.fixture
def office(session):
    return an_office(session)


@pytest.fixture
def ask(client, enterprise):
    def call(headers, what, body=None, status=200):
        answer = client.post(f"/api/enterprises/{enterprise.id}/{what}", json=body or {}, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json

    return call


def rows(session):
    session.flush()
    return [session.scalar(select(func.count()).select_from(table)) for table in (PolicyFact, AuditEvent)]


# --- what if ---


def test_what_if_takes_assumed_facts_and_keeps_nothing(session, enterprise, member, ask, office):
    a_shipped_policy(session, "P8", office)
    before = rows(session)
    [without] = ask(member, "policy-trials")["items"]
    [with_it] = ask(member, "policy-trials", {"facts": {"service_spend": 40}})["items"]
    assert (without["outcome"], without["missing"]) == ("missing_facts", [["service_spend"]])
    assert (with_it["outcome"], with_it["amount"]["high_fen"]) == ("eligible", 12_000_000)
    assert (with_it["verified"], with_it["label"]) == (True, None)
    assert rows(session) == before


def test_assumed_facts_count_before_recorded_ones(session, enterprise, member, ask, office):
    a_shipped_policy(session, "P8", office)
    a_policy_fact(session, enterprise)
    [item] = ask(member, "policy-trials", {"facts": {"service_spend": 10, "labels": ["瞪羚"]}})["items"]
    assert item["outcome"] == "ineligible"


def test_an_answer_says_until_when_in_working_days_and_what_to_hand_in(session, member, ask, office):
    a_shipped_policy(session, "P8", office)
    [item] = ask(member, "policy-trials")["items"]
    assert (item["apply_from_on"], item["apply_until_on"]) == ("2025-10-05", "2027-12-31")
    assert isinstance(item["documents"], list)
    assert item["working_days_left"] is None or item["working_days_left"] > 400


def test_facts_of_a_contract_are_read_with_that_contract(session, enterprise, member, ask, office):
    a_shipped_policy(session, "P29", office)
    matter = a_matter(session, enterprise)
    a_policy_fact(session, enterprise, key="contract_registered", value={"flag": True}, matter_id=matter.id)
    a_policy_fact(session, enterprise, key="contract_type", value={"text": "开发"}, matter_id=matter.id)
    outcomes = [
        ask(member, "policy-trials", body)["items"][0]["outcome"]
        for body in ({}, {"matter_id": str(matter.id)})
    ]
    assert outcomes == ["missing_facts", "eligible"]


@pytest.mark.parametrize("body", [
    {"facts": {"no_such": 1}}, {"facts": {"revenue": "8000"}}, {"facts": []}, {"facts": {"is_sme": {"a": 1}}}, {"policy_ids": ["P999"]},
    {"as_of_on": "soon"}, {"matter_id": "01890000-0000-7000-8000-000000000000"}, {"facts": {f"k{n}": 1 for n in range(201)}},
])  # fmt: skip
def test_what_makes_no_sense_is_refused(member, ask, body):
    assert ask(member, "policy-trials", body, status=422)["errors"]


# --- unverified ---


@pytest.fixture
def unverified(session, office):
    """P31: ten per cent of R&D, read in a copy."""
    return a_shipped_policy(session, "P31", office)


QUALIFIES = {"software_firm": True, "rd_spend": 300, "revenue": 1000}


@pytest.mark.parametrize("what", ["policy-trials", "policy-explanations", "policy-stacks", "policy-advice"])
def test_an_unverified_policy_tells_an_enterprise_no_amount_and_says_so(member, ask, unverified, what):
    told = ask(
        member,
        what,
        {"facts": QUALIFIES, **({} if what in {"policy-trials", "policy-stacks"} else {"policy_id": "P31"})},
    )
    text = json.dumps(told, ensure_ascii=False)
    assert "待核实" in text
    assert "30000000" not in text
    assert "3,000" not in text
    assert '"amount": {' not in text


def test_those_in_office_see_the_amount_and_that_nobody_verified_it(officer, ask, unverified):
    [item] = ask(officer, "policy-trials", {"facts": QUALIFIES})["items"]
    assert (item["amount"]["high_fen"], item["verified"], item["withheld"]) == (30_000_000, False, False)
    assert item["label"].startswith("待核实：")


def test_once_it_is_verified_the_enterprise_is_told(member, ask, office, unverified):
    body = {"facts": QUALIFIES}
    [item] = ask(member, "policy-trials", body)["items"]
    assert (item["amount"], item["withheld"]) == (None, True)
    an_original(office, unverified, signed=True)
    [item] = ask(member, "policy-trials", body)["items"]
    assert (item["amount"]["high_fen"], item["withheld"], item["label"]) == (30_000_000, False, None)


# --- why ---


def test_an_explanation_speaks_both_languages_clause_by_clause(session, member, ask, office):
    a_shipped_policy(session, "P8", office)
    told = ask(member, "policy-explanations", {"policy_id": "P8", "facts": {"service_spend": 40}})
    assert told["outcome"] == "eligible"
    zh, en = ("\n".join(line[language] for line in told["lines"]) for language in ("zh", "en"))
    assert "科技创新券：符合条件" in zh
    assert "Innovation voucher: eligible" in en
    assert "P8.1" in zh
    assert "P8.2" in en


# --- together ---


def test_what_is_certain_and_what_is_possible_are_told_apart(session, enterprise, member, ask, office):
    for key in ("P8", "P9"):
        a_shipped_policy(session, key, office)
    told = ask(member, "policy-stacks", {"facts": {"service_spend": 40, "pilot_investment": 1000}})
    assert (told["certain"]["fen"], told["possible"]["fen"]) == (12_000_000, 112_000_000)
    assert [each["key"] for each in told["certain"]["taken"]] == ["P8"]
    assert [(each["key"], each["why"]) for each in told["certain"]["left_out"]] == [("P9", "not_certain")]


def test_unverified_policies_count_in_no_total_of_an_enterprise(member, officer, ask, unverified):
    body = {"facts": QUALIFIES}
    own, office = ask(member, "policy-stacks", body), ask(officer, "policy-stacks", body)
    assert (own["possible"]["fen"], office["possible"]["fen"]) == (0, 30_000_000)
    assert [each["key"] for each in own["unverified"]] == ["P31"]
    assert office["unverified"] == []


# --- how ---


def test_the_cheapest_way_is_told_step_by_step(session, enterprise, member, ask, office):
    a_shipped_policy(session, "P13", office)
    told = ask(
        member,
        "policy-advice",
        {"policy_id": "P13", "facts": {"total_investment": 1500, "equipment_rd_software_investment": 900}},
    )
    assert told["outcome"] == "ineligible"
    ways = [
        [(step["key"], step["act"], step["now"], step["to"]) for step in way["steps"]] for way in told["ways"]
    ]
    assert [("total_investment", "raise", 1500, 2000)] in ways
    assert [("labels", "gain", ["科技型中小企业"], ["专精特新", "科技型中小企业"])] in ways
    efforts = [way["effort"] for way in told["ways"]]
    assert efforts == sorted(efforts)


def test_what_cannot_be_had_says_why(session, member, ask, office):
    a_shipped_policy(session, "P23", office)
    told = ask(member, "policy-advice", {"policy_id": "P23", "facts": {"major_incident_last_year": True}})
    assert told["ways"] == []
    assert told["obstacles"][0]["text"]


# --- the ladder ---


@pytest.fixture
def ladder(client, session, enterprise, office):
    for key in ("P8", "P23", "P24", "P32", "P38"):
        a_shipped_policy(session, key, office)

    def show(headers, labels=None):
        if labels is not None:
            enterprise.labels = labels
            session.flush()
        answer = client.get(f"/api/enterprises/{enterprise.id}/ladder", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json

    return show


@pytest.mark.parametrize(("labels", "present", "above", "leads"), [
    ([], None, "technology_sme", "P24"), (SME, "technology_sme", "high_tech", "P23"), (HIGH_TECH, "high_tech", "new_species", "P32"),
    ([{"name": "独角兽"}], "new_species", "leading", None), ([{"name": "科技领军"}], "leading", None, None),
])  # fmt: skip
def test_the_present_tier_and_the_policy_that_leads_to_the_next(
    member, ladder, labels, present, above, leads
):
    told = ladder(member, labels)
    assert (told["present"], told["next"]) == (present, above)
    assert (told["next_policy"] or {}).get("key") == leads
    assert (told["next_ways"] is None) == (leads is None)


def test_a_label_that_has_expired_holds_no_rung(member, ladder):
    told = ladder(
        member, [{"name": "高新技术企业", "granted_on": "2019-12-01", "valid_until_on": "2022-12-01"}, *SME]
    )
    assert told["present"] == "technology_sme"


def test_services_are_what_is_published_of_the_tier(member, ladder):
    rungs = {rung["key"]: rung for rung in ladder(member)["rungs"]}
    assert [rung["reached"] for rung in rungs.values()] == [True, False, False, False]
    assert {each["key"] for each in rungs["technology_sme"]["services"]} == {"P8", "P38"}
    [support] = [each for each in rungs["leading"]["services"] if each["key"] == "P38"]
    assert support["label"].startswith("待核实：")


def test_a_tier_of_which_nothing_is_published_refers_to_the_notice(client, session, enterprise, member):
    rungs = client.get(f"/api/enterprises/{enterprise.id}/ladder", headers=member).json["rungs"]
    assert all(rung["see_notice"] and rung["services"] == [] for rung in rungs)


def test_the_way_to_the_next_tier_is_reckoned_from_what_is_on_record(session, enterprise, member, ladder):
    a_fact(session, enterprise, kind="innovation_score", value=6000)
    steps = {step["key"]: step for step in ladder(member)["next_ways"]["ways"][0]["steps"]}
    assert (steps["innovation_score"]["act"], steps["innovation_score"]["now"]) == ("raise", 60)
    assert steps["innovation_score"]["to"] > 70


# --- who ---


@pytest.mark.parametrize("what", ASKED)
def test_nobody_else_is_told_anything_of_an_enterprise(session, ask, what):
    others = (
        (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))), (Role.TRANSFER_OFFICE, of(an_institute(session))),
        (Role.OPERATOR, zone("420500")), (Role.BROKER, zone()),
    )  # fmt: skip
    for held in others:
        ask(
            bearer(session, held),
            what,
            {"policy_id": "P8"} if what in {"policy-explanations", "policy-advice"} else {},
            status=404,
        )


def test_a_token_that_only_reads_may_ask(session, enterprise, ask):
    reader = bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)), may_write=False)
    ask(reader, "policy-trials")
    ask(reader, "policy-answers", {"key": "is_sme", "value": True}, status=403)
