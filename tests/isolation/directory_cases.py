"""The isolation table of the directory: organisations, their facts, chains, experts and reports by area."""

from typing import Any

from tests.factories.directory import a_credit_code
from tests.isolation.cases import ANY_VERSION, Case, Factory, Sent, about, all_may, except_for, plain
from tests.isolation.people import (
    ADMINISTRATOR,
    ANY_OPERATOR,
    AUDITORS,
    HOME,
    INVITED,
    OPERATORS,
    POSTER,
    SPECIALIST,
)
from tests.isolation.planted import EXPERTISE, PRIVATE, RIVALRY
from tests.isolation.world import World

NEW_ENTERPRISE = {"name": "新企业", "credit_code": a_credit_code(1), "region_code": HOME, "industry": "opto"}
NEW_INSTITUTE = {"name": "新院所", "type": "university", "region_code": HOME}
NEW_CHAIN = {"name": "新链", "industries": ["opto"], "source": "公开文件", "as_of_on": "2026-03-01"}
NEW_FACT = {"kind": "staff_total", "value": 80, "as_of_on": "2025-12-31", "source": "走访"}
SINCE = {"since_on": "2026-03-01", "source": "公开文件"}
SIGNED = {"given_on": "2026-03-01", "evidence": "同意书 7 号"}

OF_THE_ZONE = OPERATORS | ADMINISTRATOR
OF_THE_PROVINCE = frozenset({"supervisor"}) | ADMINISTRATOR
REPORTED_TO = ANY_OPERATOR | AUDITORS | {"far_auditor"} | ADMINISTRATOR
OF_THE_EXPERT = INVITED | SPECIALIST
"""The institute of both experts, and the one who is the expert without consent and has an account."""


def enterprise(body: Any = None, **more: Any) -> Factory:
    return about("enterprise_id", "enterprise", body, **more)


def institute(body: Any = None, **more: Any) -> Factory:
    return about("institute_id", "institute", body, **more)


def expert(name: str, body: Any = None, **more: Any) -> Factory:
    return about("expert_id", f"experts.{name}", body, **more)


def chain(body: Any = None, **more: Any) -> Factory:
    return about("chain_id", "chain", body, **more)


def _master(world: World) -> Sent:
    return Sent({"chain_id": world.chain.id}, SINCE | {"enterprise_id": str(world.enterprise.id)})


def _expert_of_institute(world: World) -> Sent:
    return Sent({}, {"institute_id": str(world.institute.id), "name": "新专家", "industries": ["opto"]})


CASES = [
    # organisations: an enterprise is known to few, an institute to all
    Case("registerEnterprise", "in the first zone", plain(NEW_ENTERPRISE), may=OF_THE_ZONE, otherwise=403),
    all_may("listEnterprises", "all", plain()),
    Case("showEnterprise", "the poster's", enterprise(), may=POSTER | OF_THE_ZONE | AUDITORS),
    Case("amendEnterprise", "the poster's", enterprise({"park": "光谷"}, headers=ANY_VERSION), may=POSTER | OF_THE_ZONE,
         knows=AUDITORS),
    Case("registerInstitute", "in the first zone", plain(NEW_INSTITUTE), may=OF_THE_ZONE, otherwise=403),
    all_may("listInstitutes", "all", plain()),
    all_may("showInstitute", "the invited one", institute()),
    Case("amendInstitute", "the invited one", institute({"labs": ["新实验室"]}, headers=ANY_VERSION),
         may=INVITED | OF_THE_ZONE, otherwise=403),
    Case("countOrganisations", "all", plain(), may=REPORTED_TO, otherwise=403),
    # words that everybody reads
    all_may("listRegions", "all", plain(), public=True),
    all_may("listRegionGroups", "all", plain(), public=True),
    all_may("listIndustries", "all", plain(), public=True),
    all_may("listFactKinds", "all", plain(), public=True),
    # facts: as hidden as their enterprise
    Case("recordFact", "the poster's", enterprise(NEW_FACT), may=POSTER | OF_THE_ZONE, knows=AUDITORS),
    Case("listFacts", "the poster's", enterprise(), may=POSTER | OF_THE_ZONE | AUDITORS),
    Case("retractFact", "the poster's", about("fact_id", "fact", {"reason_code": "mistaken"}), may=POSTER | OF_THE_ZONE,
         knows=AUDITORS),
    # chains: public, and the province's to set up, since they cross zones
    Case("openChain", "a new one", plain(NEW_CHAIN), may=OF_THE_PROVINCE, otherwise=403),
    all_may("listChains", "all", plain()),
    all_may("showChain", "an open one", chain()),
    Case("amendChain", "an open one", chain({"summary": "新简介"}, headers=ANY_VERSION), may=OF_THE_PROVINCE, otherwise=403),
    Case("appointChainLead", "an open one", chain(SINCE | {"title": "测试局长", "organisation": "测试局"}), may=OF_THE_PROVINCE,
         otherwise=403),
    Case("appointChainMaster", "an open one", _master, may=OF_THE_PROVINCE, otherwise=403),
    Case("admitChainInnovator", "an open one", chain(SINCE | {"organisation": "测试联盟"}), may=OF_THE_PROVINCE, otherwise=403),
    Case("endChainPart", "a master's", about("part_id", "part"), may=OF_THE_PROVINCE, otherwise=403),
    Case("closeChain", "an open one", chain(), may=OF_THE_PROVINCE, otherwise=403),
    # experts: without a consent there is nobody, except for the institute and the expert
    Case("enterExpert", "an own institute", _expert_of_institute, may=INVITED, otherwise=403),
    all_may("listExperts", "all", plain(), hides={EXPERTISE: except_for(OF_THE_EXPERT)}),
    all_may("showExpert", "one who consents", expert("listed"),
            hides={PRIVATE: except_for(INVITED), RIVALRY: except_for(INVITED, OPERATORS)}),
    Case("showExpert", "one without consent", expert("hidden"), may=OF_THE_EXPERT, by_account=True),
    Case("amendExpert", "one who consents", expert("listed", {"title": "教授"}, headers=ANY_VERSION), may=INVITED, otherwise=403),
    Case("amendExpert", "one without consent", expert("hidden", {"title": "教授"}, headers=ANY_VERSION), may=OF_THE_EXPERT,
         by_account=True),
    Case("removeExpert", "one who consents", expert("listed", headers=ANY_VERSION), may=INVITED, otherwise=403),
    Case("removeExpert", "one without consent", expert("hidden", headers=ANY_VERSION), may=INVITED, knows=SPECIALIST),
    # A second consent beside one that stands is a conflict for those who may give it.
    Case("recordConsent", "one who consents", expert("listed", SIGNED), may=INVITED, otherwise=403,
         told=dict.fromkeys(INVITED, 409)),
    Case("recordConsent", "one without consent", expert("hidden", SIGNED), may=OF_THE_EXPERT, by_account=True),
    Case("revokeConsent", "one who consents", expert("listed"), may=INVITED | OPERATORS, otherwise=403),
    Case("revokeConsent", "one without consent", expert("hidden"), may=OF_THE_EXPERT, by_account=True),
]  # fmt: skip
