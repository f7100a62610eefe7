"""Operators of a zone see and act on that zone alone, the province on all: every operation an operator may call.

Each row of OPERATIONS makes its subject in one zone and calls the operation as an operator of some zone. An operation
that is neither here nor in NOT_BY_ZONE fails the test: whoever adds one says which it is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from backbone.db import new_id
from policy_pack.batches.models import PolicyBatch
from policy_pack.policies.reading import in_force_on
from policy_pack.receipts.models import EvaluationReceipt
from policy_pack.subjects.models import PolicyFact
from sky_net.disputes.models import ProposalDispute
from sky_net.findings.models import Finding
from sky_net.needs.models import Need
from sky_net.needs.service import draft_need, submit_need
from tests.architecture.zones_of_ground_net import ACTS as GROUND_ACTS
from tests.factories.attachments import BYTES, upload
from tests.factories.contracts import contract_body
from tests.factories.directory import a_chain, a_credit_code, a_part, an_enterprise, an_institute
from tests.factories.endings import FINDING
from tests.factories.files import a_pdf
from tests.factories.ground import a_broker, a_figure_target, a_mandate
from tests.factories.identity import an_account, bearer, of, operator, zone
from tests.factories.invitations import SUBMITTED_AT
from tests.factories.leads import an_outreach
from tests.factories.notices import a_duty
from tests.factories.policy_facts import a_batch, a_policy_fact
from tests.factories.policy_office import a_published_version, a_receipt, an_office
from tests.factories.routing import a_handover
from tests.factories.table_files import a_csv
from tests.factories.zones import ZoneUnderTest, a_zone

OPERATIONS_FILE = Path(__file__).with_name("operations.txt")
WUHAN, DONGHU, HUANGSHI, GBA = "420100", "420100-donghu", "420200", "outside-gba"
SCOPES = {
    "武汉": zone(WUHAN), "东湖": zone(DONGHU), "黄石": zone(HUANGSHI), "湖北": zone("420000"), "大湾区": zone(GBA),
    "省外": zone("outside"), "海外": zone("outside-overseas"), "全省": PROVINCE,
}  # fmt: skip
REACHED_FROM = {
    WUHAN: {"武汉", "湖北", "全省"},
    DONGHU: {"东湖", "武汉", "湖北", "全省"},
    GBA: {"大湾区", "省外", "全省"},
}

Headers = dict[str, str]
Call = Callable[[Any, ZoneUnderTest, Headers], Any]
OK, REFUSED = {200, 201, 204}, {403, 404}
UNKNOWN = {"grantMembership": 422}
"""Where the body names what the caller may not know of: refused like something that does not exist."""


def get(path: Callable[[ZoneUnderTest], str]) -> Call:
    return lambda client, place, headers: client.get(f"/api{path(place)}", headers=headers)


def post(
    path: Callable[[ZoneUnderTest], str], body: Callable[[ZoneUnderTest], dict[str, Any]] | None = None
) -> Call:
    return lambda client, place, headers: client.post(
        f"/api{path(place)}", json=body(place) if body else {}, headers=headers
    )


def patch(path: Callable[[ZoneUnderTest], str], body: dict[str, Any]) -> Call:
    return lambda client, place, headers: client.patch(
        f"/api{path(place)}", json=body, headers=headers | {"If-Match": "*"}
    )


def entry(place: ZoneUnderTest) -> dict[str, Any]:
    return {"name": "新来的", "credit_code": a_credit_code(), "region_code": place.code}


def contact(place: ZoneUnderTest) -> dict[str, Any]:
    people = [{"name": "甲", "side": "enterprise"}, {"name": "乙", "side": "institute"}]
    return {
        "kind": "call", "happened_on": "2026-03-10", "institute_id": str(place.invitation.institute_id), "people": people,
        "result": "方案可行", "next_step": "寄样片",
    }  # fmt: skip


def _finding(place: ZoneUnderTest) -> Any:
    """The finding of the zone's confirmed need, made once."""
    known = place.session.scalar(select(Finding.id).where(Finding.need_id == place.confirmed.id))
    if known is not None:
        return known
    finding = Finding(need_id=place.confirmed.id, created_at=SUBMITTED_AT, updated_at=SUBMITTED_AT, **FINDING)
    place.session.add(finding)
    place.session.flush()
    return finding.id


def _dispute(place: ZoneUnderTest) -> Any:
    """A dispute of the zone's proposal, made once."""
    proposal = place.proposal
    known = place.session.scalar(select(ProposalDispute.id).where(ProposalDispute.proposal_id == proposal.id))
    if known is not None:
        return known
    dispute = ProposalDispute(
        proposal_id=proposal.id,
        need_id=proposal.need_id,
        reason_code="other",
        message="无关",
        disputed_at=SUBMITTED_AT,
    )
    place.session.add(dispute)
    place.session.flush()
    return dispute.id


def _owner_of_disputed(place: ZoneUnderTest) -> str:
    _dispute(place)
    owner = an_account(place.session)
    place.session.get_one(Need, place.proposal.need_id).owner_id = owner.id
    place.session.flush()
    return str(owner.id)


def _policy_fact(place: ZoneUnderTest, **values: Any) -> Any:
    """A fact that somebody stated of the zone's enterprise, made once."""
    stated = PolicyFact.enterprise_id == place.enterprise.id, PolicyFact.retracted_at.is_(None)
    known = place.session.scalar(select(PolicyFact.id).where(*stated).limit(1))
    return known or a_policy_fact(place.session, place.enterprise, **values).id


def _routable(place: ZoneUnderTest) -> str:
    """A need that nothing answers, and a broker of its zone."""
    a_broker(place.session, zones=[place.confirmed.zone_code])
    return f"/needs/{place.confirmed.id}/routing"


def _disputed(place: ZoneUnderTest) -> Any:
    return _policy_fact(place, disputed_at=LONG_AGO, dispute="不符")


def _batch(place: ZoneUnderTest) -> Any:
    """A batch over the zone, made once."""
    known = place.session.scalar(select(PolicyBatch.id).where(PolicyBatch.region_code == place.code))
    return known or a_batch(place.session, region_code=place.code).id


def _one_policy(place: ZoneUnderTest) -> dict[str, Any]:
    if not in_force_on(place.session, LONG_AGO.date(), ["P801"]):
        a_published_version(an_office(place.session))
    return {"policy_id": "P801"}


def of_enterprise(what: str) -> Callable[[ZoneUnderTest], str]:
    return lambda place: f"/enterprises/{place.enterprise.id}/{what}"


def of_fact(what: str) -> Callable[[ZoneUnderTest], str]:
    return lambda place: f"/policy-facts/{_policy_fact(place)}/{what}"


def _receipt(place: ZoneUnderTest) -> Any:
    """A receipt of the zone's enterprise, made once."""
    known = place.session.scalar(
        select(EvaluationReceipt.id).where(EvaluationReceipt.enterprise_id == place.enterprise.id)
    )
    return known or a_receipt(place.session, place.enterprise).id


def of_contract(what: str, name: str = "contract") -> Callable[[ZoneUnderTest], str]:
    return lambda place: f"/contracts/{getattr(place, name).id}{what}"


MONEY = {"amount_fen": 5, "technology_fen": 5, "received_on": "2026-03-10", "voucher": "回单二"}
PLANNED = {"title": "样机", "deliverable": "样机", "criterion": "按合同", "due_on": "2026-06-30"}


ACTS: dict[str, Call] = GROUND_ACTS | {
    "recordVisit": post(
        lambda place: "/leads",
        lambda place: {
            "node_key": place.desk.node.key,
            "enterprise_name": "测试精工",
            "words": "太慢",
            "happened_at": "2026-03-09T06:00:00Z",
        },
    ),
    "showLead": get(lambda place: f"/leads/{place.lead.id}"),
    "amendLead": patch(lambda place: f"/leads/{place.lead.id}", {"words": "改"}),
    "claimLead": post(lambda place: f"/leads/{place.lead.id}/claim"),
    "nextQuestions": get(lambda place: f"/leads/{place.lead.id}/questions"),
    "answerInterview": post(
        lambda place: f"/leads/{place.lead.id}/answers", lambda place: {"answers": {"scene": "产线"}}
    ),
    "routeNeed": post(lambda place: _routable(place)),
    "findLeadDuplicates": get(lambda place: f"/leads/{place.lead.id}/near-duplicates"),
    "promoteLead": post(
        lambda place: f"/leads/{place.lead.id}/promotion", lambda place: {"despite_duplicates": True}
    ),
    "closeLead": post(
        lambda place: f"/leads/{place.lead.id}/closing", lambda place: {"reason_code": "no_need"}
    ),
    "showProvenance": get(lambda place: f"/needs/{place.submitted.id}/provenance"),
    "recordOutreach": post(
        lambda place: "/outreaches",
        lambda place: {
            "node_key": place.desk.node.key,
            "title": f"对接会{new_id()}",
            "held_on": "2026-03-09",
        },
    ),
    "importLeads": lambda client, place, headers: client.post(
        f"/api/lead-imports?node={place.desk.node.key}&name=a.csv",
        data=a_csv([["时间", "企业名称", "原话"], ["2026-03-09", "测试", "太慢"]]),
        headers=headers | BYTES,
    ),
    "showLeadImport": get(lambda place: f"/lead-imports/{place.lead_import.id}"),
    "listLeadImportFaults": get(lambda place: f"/lead-imports/{place.lead_import.id}/faults"),
    "downloadRefusedLeads": get(lambda place: f"/lead-imports/{place.lead_import.id}/refused?format=csv"),
    "signContract": post(
        lambda place: f"/proposals/{place.chosen.id}/contract", lambda place: contract_body()
    ),
    "showContract": get(of_contract("")),
    "amendContract": patch(of_contract(""), {"valid_to": "2027-12-31"}),
    "disputeContract": post(of_contract("/dispute"), lambda place: {"reason": "金额不符"}),
    "settleContract": post(of_contract("/settlement", "unsettled"), lambda place: {"stands": True}),
    "terminateContract": post(of_contract("/termination"), lambda place: {"reason_code": "agreed"}),
    "recordReceipt": post(of_contract("/receipts"), lambda place: MONEY),
    "listContractReceipts": get(of_contract("/receipts")),
    "reverseReceipt": post(
        lambda place: f"/cash-receipts/{place.cash.id}/reversal", lambda place: {"reason_code": "mistaken"}
    ),
    "registerContract": post(
        of_contract("/registration/approval"), lambda place: {"register_number": f"HB-{place.code}"}
    ),
    "planMilestones": post(of_contract("/milestones"), lambda place: {"milestones": [PLANNED]}),
    "listMilestones": get(of_contract("/milestones")),
    "listRewards": get(of_contract("/rewards")),
    "recordFollowUp": post(of_contract("/follow-ups"), lambda place: {"note": "已催款"}),
    "openPolicyMatter": post(
        of_enterprise("policy-matters"),
        lambda place: {"kind": "contract", "reference": "HT-1", "title": "合同"},
    ),
    "listPolicyMatters": get(of_enterprise("policy-matters")),
    "recordPolicyFacts": post(
        of_enterprise("policy-facts"),
        lambda place: {"facts": {"service_spend": 40}, "as_of_on": "2026-03-01", "source": "走访"},
    ),
    "listPolicyFacts": get(of_enterprise("policy-facts")),
    "showKnownFacts": get(of_enterprise("known-facts")),
    "retractPolicyFact": post(of_fact("retraction"), lambda place: {"reason_code": "mistaken"}),
    "disputePolicyFact": post(of_fact("dispute"), lambda place: {"reason": "不符"}),
    "settlePolicyFact": post(
        lambda place: f"/policy-facts/{_disputed(place)}/settlement", lambda place: {"stands": True}
    ),
    "attachPolicyEvidence": lambda client, place, headers: client.post(
        f"/api/policy-facts/{_policy_fact(place)}/evidence?name=a.pdf",
        data=a_pdf("合同"),
        headers=headers | BYTES,
    ),
    "answerPolicyQuestion": post(
        of_enterprise("policy-answers"), lambda place: {"key": "service_spend", "value": 40, "source": "走访"}
    ),
    "listPolicyNews": get(of_enterprise("policy-news")),
    "showLadder": get(of_enterprise("ladder")),
    "tryPolicies": post(of_enterprise("policy-trials")),
    "stackPolicies": post(of_enterprise("policy-stacks")),
    "nextPolicyQuestion": post(of_enterprise("policy-questions")),
    "explainPolicy": post(of_enterprise("policy-explanations"), _one_policy),
    "advisePolicy": post(of_enterprise("policy-advice"), _one_policy),
    "startPolicyBatch": post(lambda place: "/policy-batches", lambda place: {"region_code": place.code}),
    "showPolicyBatch": get(lambda place: f"/policy-batches/{_batch(place)}"),
    "listPolicyBatchResults": get(lambda place: f"/policy-batches/{_batch(place)}/results"),
    "checkPolicies": post(lambda place: f"/enterprises/{place.enterprise.id}/policy-checks"),
    "listReceipts": get(lambda place: f"/enterprises/{place.enterprise.id}/policy-receipts"),
    "showReceipt": get(lambda place: f"/policy-receipts/{_receipt(place)}"),
    "replayReceipt": get(lambda place: f"/policy-receipts/{_receipt(place)}/replay"),
    "registerEnterprise": post(lambda place: "/enterprises", entry),
    "registerInstitute": post(
        lambda place: "/institutes", lambda place: entry(place) | {"type": "university"}
    ),
    "amendEnterprise": patch(lambda place: f"/enterprises/{place.enterprise.id}", {"park": "新园区"}),
    "amendInstitute": patch(lambda place: f"/institutes/{place.institute.id}", {"level": "省属"}),
    "showEnterprise": get(lambda place: f"/enterprises/{place.enterprise.id}"),
    "recordFact": post(
        lambda place: f"/enterprises/{place.enterprise.id}/facts",
        lambda place: {"kind": "staff_total", "value": 9, "as_of_on": "2026-03-01", "source": "走访"},
    ),
    "listFacts": get(lambda place: f"/enterprises/{place.fact.enterprise_id}/facts"),
    "retractFact": post(
        lambda place: f"/enterprise-facts/{place.fact.id}/retraction",
        lambda place: {"reason_code": "mistaken"},
    ),
    "showAccount": get(lambda place: f"/accounts/{place.member.id}"),
    "grantMembership": post(
        lambda place: f"/accounts/{an_account(place.session).id}/memberships",
        lambda place: {
            "role": "enterprise_member",
            "scope": {"kind": "organisation", "id": str(place.enterprise.id)},
        },
    ),
    "endMembership": post(lambda place: f"/memberships/{place.member.memberships[0].id}/end"),
    "returnNeed": post(
        lambda place: f"/needs/{place.submitted.id}/return",
        lambda place: {"missing": ["indicators"], "message": "请补充"},
    ),
    "confirmNeed": post(
        lambda place: f"/needs/{place.submitted.id}/confirmation", lambda place: {"complexity": "ordinary"}
    ),
    "rejectNeed": post(
        lambda place: f"/needs/{place.submitted.id}/rejection", lambda place: {"reason_code": "duplicate"}
    ),
    "parkNeed": post(lambda place: f"/needs/{place.confirmed.id}/parking", lambda place: {"message": "难题"}),
    "resumeNeed": post(lambda place: f"/needs/{place.parked.id}/resumption"),
    "listClockEvents": get(lambda place: f"/needs/{place.submitted.id}/clock-events"),
    "listFindings": get(lambda place: f"/needs/{place.submitted.id}/findings"),
    "draftFinding": post(lambda place: f"/needs/{place.confirmed.id}/findings", lambda place: FINDING),
    "amendFinding": lambda client, place, headers: client.patch(
        f"/api/findings/{_finding(place)}", json={"why_not": "改"}, headers=headers | {"If-Match": "*"}
    ),
    "showFinding": get(lambda place: f"/findings/{_finding(place)}"),
    "ruleOnDispute": post(
        lambda place: f"/proposal-disputes/{_dispute(place)}/ruling",
        lambda place: {"upheld": False, "message": "已构成方案"},
    ),
    "listCalls": get(lambda place: f"/needs/{place.submitted.id}/calls"),
    "showNeed": get(lambda place: f"/needs/{place.submitted.id}"),
    "showNeedHistory": get(lambda place: f"/needs/{place.submitted.id}/history"),
    "showClocks": get(lambda place: f"/needs/{place.submitted.id}/clocks"),
    "explainClock": get(lambda place: f"/needs/{place.submitted.id}/clocks/propose/proof"),
    "foretellClocks": get(
        lambda place: f"/needs/{place.submitted.id}/clocks/what-if?answered_at=2026-03-20T10:00:00Z"
    ),
    "assessNeed": get(lambda place: f"/needs/{place.submitted.id}/completeness"),
    "listNearDuplicates": get(lambda place: f"/needs/{place.submitted.id}/near-duplicates"),
    "browseMatches": get(lambda place: f"/needs/{place.submitted.id}/matches"),
    "gradeMatch": post(
        lambda place: f"/needs/{place.submitted.id}/match-grades",
        lambda place: {"achievement_id": str(place.achievement.id), "grade": 2},
    ),
    "listMatchGrades": get(lambda place: f"/needs/{place.submitted.id}/match-grades"),
    "inviteInstitute": post(
        lambda place: f"/needs/{place.confirmed.id}/invitations",
        lambda place: {"institute_id": str(place.institute.id)},
    ),
    "listInvitations": get(lambda place: f"/needs/{place.invitation.need_id}/invitations"),
    "showInvitation": get(lambda place: f"/invitations/{place.invitation.id}"),
    "recordContact": post(lambda place: f"/needs/{place.invitation.need_id}/contacts", contact),
    "listContacts": get(lambda place: f"/needs/{place.contact.need_id}/contacts"),
    "showContact": get(lambda place: f"/contacts/{place.contact.id}"),
    "showTerms": get(lambda place: f"/needs/{place.invitation.need_id}/terms"),
    "listTermsAcceptances": get(lambda place: f"/needs/{place.invitation.need_id}/terms/acceptances"),
    "sendMessage": post(
        lambda place: f"/needs/{place.invitation.need_id}/messages",
        lambda place: {
            "institute_id": str(place.invitation.institute_id),
            "text": "请约时间",
        },
    ),
    "listMessages": get(
        lambda place: (
            f"/needs/{place.invitation.need_id}/messages?institute_id={place.invitation.institute_id}"
        )
    ),
    "markMessagesRead": post(
        lambda place: f"/needs/{place.message.need_id}/messages/reading",
        lambda place: {
            "institute_id": str(place.message.institute_id),
            "message_id": str(place.message.id),
        },
    ),
    "askQuestion": post(
        lambda place: f"/needs/{place.invitation.need_id}/questions",
        lambda place: {
            "asked_side": "enterprise",
            "text": "样片多大？",
        },
    ),
    "listQuestions": get(lambda place: f"/needs/{place.question.need_id}/questions"),
    "showQuestion": get(lambda place: f"/questions/{place.question.id}"),
    "shareQuestion": post(lambda place: f"/questions/{place.answered.id}/sharing"),
    "withdrawQuestion": post(lambda place: f"/questions/{place.question.id}/withdrawal"),
    "listNextSteps": get(lambda place: f"/needs/{place.contact.need_id}/next-steps"),
    "completeStep": post(lambda place: f"/next-steps/{place.contact.steps[0].id}/completion"),
    "listProposals": get(lambda place: f"/needs/{place.proposal.need_id}/proposals"),
    "compareProposals": get(lambda place: f"/needs/{place.proposal.need_id}/proposal-comparison"),
    "showProposal": get(lambda place: f"/proposals/{place.proposal.id}"),
    "attachFile": lambda client, place, headers: upload(client, place.confirmed, headers),
    "listAttachments": get(lambda place: f"/needs/{place.attachment.need_id}/attachments"),
    "showAttachment": get(lambda place: f"/attachments/{place.attachment.id}"),
    "downloadAttachment": get(lambda place: f"/attachments/{place.attachment.id}/content"),
    "removeAttachment": lambda client, place, headers: client.delete(
        f"/api/attachments/{place.attachment.id}", headers=headers | {"If-Match": "*"}
    ),
    "hideAchievement": post(
        lambda place: f"/achievements/{place.achievement.id}/hiding", lambda place: {"reason": "待核实"}
    ),
    "revokeConsent": post(lambda place: f"/experts/{place.expert.id}/consents/revocation"),
    "publishAchievement": post(lambda place: f"/achievements/{place.hidden.id}/publication"),
    "showAchievement": get(lambda place: f"/achievements/{place.hidden.id}"),
}

LONG_AGO = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
YEAR = "from_on=2026-01-01&to_on=2026-12-31"


def overdue(place: ZoneUnderTest) -> Need:
    """A need that should have been confirmed days ago."""
    values = {
        "title": "晶圆键合机对准精度不足",
        "problem": "两片晶圆键合后的对准误差超出工艺窗口，导致返工。",
        "industry": "opto",
        "contact_name": "联系人",
        "contact_phone": "027-00000000",
    }
    drafted = draft_need(place.session, place.poster, values, now=LONG_AGO)
    return submit_need(place.session, place.poster, drafted.id, now=LONG_AGO)


LISTS: dict[str, tuple[str, Callable[[ZoneUnderTest], str]]] = {
    "listLeads": ("/leads?limit=100", lambda place: place.lead.number),
    "exportLeads": ("/leads/file?format=csv", lambda place: place.lead.number),
    "listOutreaches": ("/outreaches", lambda place: an_outreach(place.desk).number),
    "listEnterprises": ("/enterprises", lambda place: str(place.enterprise.id)),
    "listContracts": ("/contracts", lambda place: str(place.contract.id)),
    "exportContracts": ("/contracts/export", lambda place: place.contract.number),
    "listRegistrations": ("/contract-registrations", lambda place: str(place.filing.id)),
    "listFollowUps": ("/contract-follow-ups", lambda place: str(place.contract.id)),
    "listNeeds": ("/needs", lambda place: str(place.submitted.id)),
    "listOwnNextSteps": ("/next-steps", lambda place: str(place.contact.steps[0].id)),
    "watchClocks": ("/clocks", lambda place: str(place.submitted.id)),
    "listAchievements": ("/achievements", lambda place: str(place.hidden.id)),
    "countOrganisations": (
        "/organisations/counts",
        lambda place: f'"code": "{place.enterprise.region_code}"',
    ),
    "reportCompliance": (
        f"/reports/compliance?by=zone&{YEAR}",
        lambda place: f'"key": "{place.submitted.zone_code}"',
    ),
    "reportFunnel": (
        f"/reports/funnel?by=zone&{YEAR}",
        lambda place: f'"key": "{place.submitted.zone_code}"',
    ),
    "reportGroundNet": (
        f"/reports/ground-net?by=zone&{YEAR}",
        lambda place: f'"key": "{place.lead.zone_code}"',
    ),
    "exportGroundNet": (
        f"/reports/ground-net/export?by=zone&{YEAR}",
        lambda place: f"\n{place.lead.zone_code},",
    ),
    "listFigureTargets": (
        "/figure-targets",
        lambda place: str(a_figure_target(place.session, place.code).id),
    ),
    "listAtRisk": ("/reports/at-risk?limit=100", lambda place: str(overdue(place).id)),
    "forecastBreaches": ("/reports/forecast", lambda place: str(place.submitted.id)),
    "listDisputes": ("/proposal-disputes", lambda place: str(_dispute(place))),
    "countDisputes": ("/proposal-disputes/counts", lambda place: _owner_of_disputed(place)),
    "listDuties": (
        "/duties",
        lambda place: str(a_duty(place.session, an_account(place.session), zone_code=place.code).id),
    ),
    "listHandovers": (
        "/need-handovers",
        lambda place: str(a_handover(place.session, place.confirmed, an_account(place.session).id).id),
    ),
    "listMandates": (
        "/mandates",
        lambda place: str(a_mandate(place.session, enterprise_id=place.enterprise.id).id),
    ),
    "countNeeds": ("/needs/counts", lambda place: f'"code": "{place.submitted.zone_code}"'),
}

NOT_BY_ZONE: dict[str, set[str]] = {
    "everybody's to read": {
        "showCalendar", "listCalendarVersions", "listPolicies", "showPolicy", "showPolicyVersion", "diffPolicyVersions",
        "listOriginals", "downloadOriginal", "downloadLeadTemplate",
        "listRegions", "listRegionGroups", "listIndustries", "listFactKinds", "listPolicyFactKinds", "listInstitutes", "showInstitute", "listChains",
        "listFundingDirectory", "reportFunding", "listRounds", "showRound", "listAnnouncements", "showAnnouncement", "objectToGrant",
        "listCreditProducts", "showChain", "showNetwork", "listNodes", "showNode", "listBrokers", "showBroker", "listCentres", "showCentre",
        "listPublishedFigures",
        "listProviders", "showProvider", "listExperts", "showExpert", "showResponseRecord", "showQuota",
    },
    "by zone, within a run: tests/sky_net/assignments/test_reading.py": {"listAssignments"},
    "numbers of the province that name nobody": {"listAssignmentRuns", "showAssignmentRun"},
    "the province's alone": {
        "openFund", "listFunds", "showFund", "replayFund", "openEnvelope", "showEnvelope", "listHolds", "reserveFunds", "approveTranche",
        "voidHold", "listTransfers", "showTransfer", "verifyLedger", "commitFunds", "payTranche", "recoverPayment", "changeLimit",
        "adjustEnvelope", "reverseTransfer", "approveOrder", "declineOrder", "listOrders", "showOrder", "openPublishedFunds",
        "draftRound", "openRound", "closeRound", "cancelRound", "admitApplication", "rejectApplication", "assignReviewer", "selectGrants",
        "listSelections", "showSelection", "approveSelection", "announceGrants", "decideGrants", "ruleOnObjection",
        "recordCapital", "showCapital", "openGrantPools", "showCase", "exportCase",
        "planAward", "closeAward", "decideTranche", "instructPayments", "listBatches", "decideBatch", "downloadBankFile", "importBankAnswer",
        "importStatement", "listReconciliation", "resolveDifference", "proposeClawback", "decideClawback", "recordRecovery",
        "setCommittee", "confirmCommittee", "showCommittee", "sourceDeal", "listDeals", "showDeal", "examineDeal", "settleDiligence", "conveneCommittee",
        "closeMeeting", "showMinutes", "fulfilCondition", "declineDeal", "agreeDeal", "callCapital", "enterDealEntry", "decideDealEntry",
        "loadScorecard", "listScorecards", "scoreEnterprise", "handOverCredit", "answerCredit",
        "signFinding", "setQuota", "uploadPolicy", "reviewPolicy", "publishPolicy", "repealPolicy", "attachOriginal", "verifyPolicy",
        "estimateImpact", "showImpact",
        "loadCalendar", "waiveClock", "correctClockEvent",
        "listDeliveries", "retryDelivery", "openWebhook", "listWebhooks", "closeWebhook", "appointDuty", "relieveDuty",
        "openChain", "amendChain", "closeChain", "appointChainLead", "appointChainMaster", "admitChainInnovator", "endChainPart",
    },
    "a member's of the committee": {"castVote"},
    "the enterprise's, and the province's to read": {"listCreditScores", "listCreditHandovers", "matchCredit"},
    "sums over the own zones that name none: tests/sky_net/monitoring": {"reportTrend", "reportOverrun"},
    "of whoever applied, and the province's: tests/finance_net/cases/test_routes.py": {
        "listCases", "draftApplication", "listApplications", "showApplication", "amendApplication", "submitApplication",
        "confirmApplication", "withdrawApplication", "explainSelection",
    },
    "the beneficiary's, and the province's to read: tests/isolation/award_cases.py": {
        "listAwards", "showAward", "attachEvidence", "downloadEvidence", "withdrawEvidence", "claimTranche", "enterBankAccount",
        "showBankAccount", "listPayments", "listClawbacks", "listEffects", "reportEffect",
    },
    "the reviewer's own, and the province's: tests/finance_net/grants": {"listReviews", "showReview", "submitReview", "declareConflict"},
    "of whoever signed, and the province's: tests/finance_net/grants": {"listObjections", "showObjection"},
    "one's own": {"issueToken", "listTokens", "revokeToken", "showMe", "listOwnInvitations", "giveEmail", "listMyNotices", "readNotice",
                  "recordAbsence", "listAbsences", "cancelAbsence", "saveSearch", "listSavedSearches", "deleteSavedSearch",
                  "listSearchFinds"},
    "an account without any role yet": {"openAccount"},
    "the enterprise's": {
        "draftNeed", "amendNeed", "submitNeed", "withdrawNeed", "acceptTerms", "answerQuestion", "agreeContact", "disputeContact", "acceptProposal",
        "declineProposal", "listNeedReaders", "disputeProposal", "askCredit", "withdrawCredit",
    },
    "by its zone, of a fact that is proven: tests/policy_pack/subjects/test_routes.py": {"downloadPolicyEvidence"},
    "counted as far as the reader knows: tests/ground_net/chain_needs/test_board.py": {"showChainBoard"},
    "of whoever is to take it": {"acceptHandover", "declineHandover"},
    "of the organisation and its broker": {"confirmMandate", "endMandate"},
    "of the enterprises that are asked": {"listBackingRequests", "consentToBack", "declineToBack"},
    "one side's": {"confirmContract", "fileRegistration", "acceptMilestone", "deliverContract", "acceptDelivery", "recordRewards"},
    "the station's, where the seller lies: tests/ground_net/contracts/registration": {"returnRegistration", "refuseRegistration"},
    "by its zone, of one that was accepted: tests/ground_net/contracts/test_service.py": {"closeContract"},
    "the institute's": {
        "registerAchievement", "amendAchievement", "withdrawAchievement", "reconfirmAchievement", "acceptInvitation",
        "declineInvitation", "enterExpert", "amendExpert", "removeExpert", "recordConsent", "draftProposal", "amendProposal",
        "releaseProposal", "withdrawProposal", "browseFittingNeeds", "listSuggestedNeeds",
    },
}  # fmt: skip


def events(session: Any) -> int:
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_every_operation_is_either_here_or_not_a_matter_of_zones():
    known = {line.split()[0] for line in OPERATIONS_FILE.read_text("utf-8").splitlines()}
    elsewhere = set().union(*NOT_BY_ZONE.values())
    assert ACTS.keys() | LISTS.keys() | elsewhere == known
    assert len(ACTS) + len(LISTS) + sum(map(len, NOT_BY_ZONE.values())) == len(known), (
        "one stands in two lists"
    )


@pytest.fixture
def operators(session: Session) -> dict[str, Headers]:
    """An operator of each scope; of Hubei as a zone, which reaches what lies in it as the others do."""
    return {name: operator(session, scope) for name, scope in SCOPES.items()}


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """What is written within is gone afterwards, so that the next one finds the same zone."""
    session.flush()
    savepoint = session.connection().begin_nested()
    yield
    savepoint.rollback()
    session.expire_all()


@pytest.mark.parametrize("operation", ACTS)
def test_an_operator_acts_in_the_own_zone_and_in_no_other(client, session, operators, operation):
    call = ACTS[operation]
    for code, reached in REACHED_FROM.items():
        place = a_zone(session, code)
        call(client, place, operators["黄石"])  # makes the subject
        before = events(session)
        for name, headers in operators.items():
            with taken_back(session):
                answer = call(client, place, headers)
                allowed = OK if name in reached else {*REFUSED, UNKNOWN.get(operation)}
                assert answer.status_code in allowed, (code, name, answer.text)
                left = events(session) - before
                assert name in reached or not left, f"{name} was refused and left an event"


@pytest.mark.parametrize("operation", LISTS)
def test_an_operators_lists_and_counts_show_the_own_zone_and_no_other(client, session, operators, operation):
    path, shown = LISTS[operation]
    marks = {code: shown(a_zone(session, code)) for code in REACHED_FROM}
    for name, headers in operators.items():
        answer = client.get(f"/api{path}", headers=headers)
        assert answer.status_code == 200
        for code, mark in marks.items():
            assert (mark in answer.text) == (name in REACHED_FROM[code]), (code, name)


def test_an_operator_of_two_zones_acts_in_both_and_in_nothing_between(client, session):
    headers = bearer(session, (Role.OPERATOR, zone(DONGHU)), (Role.OPERATOR, zone(GBA)))
    for code, status in ((DONGHU, 200), (GBA, 200), (WUHAN, 404), (HUANGSHI, 404)):
        assert ACTS["showEnterprise"](client, a_zone(session, code), headers).status_code == status


def test_an_operators_other_roles_reach_no_further_with_the_operators_verbs(client, session):
    """A broker of the province who operates one zone confirms in that zone alone."""
    headers = bearer(
        session, (Role.OPERATOR, zone(DONGHU)), (Role.BROKER, PROVINCE), (Role.AUDITOR, PROVINCE)
    )
    assert ACTS["confirmNeed"](client, a_zone(session, DONGHU), headers).status_code == 200
    place = a_zone(session, HUANGSHI)
    assert ACTS["confirmNeed"](client, place, headers).status_code == 403
    assert session.get(Need, place.submitted.id).state == "submitted"


def test_a_zone_given_to_an_operator_elsewhere_is_not_its_to_hand_on(client, session):
    """The owner of a confirmed need is an operator who reaches its zone."""
    place = a_zone(session, DONGHU)
    stranger = an_account(session, (Role.OPERATOR, zone(HUANGSHI)))
    body = {"complexity": "ordinary", "owner_id": str(stranger.id)}
    answer = client.post(
        f"/api/needs/{place.submitted.id}/confirmation", json=body, headers=operator(session, zone(DONGHU))
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("role", ["operator", "auditor", "broker", "administrator"])
@pytest.mark.parametrize("scope", [{"kind": "zone", "id": DONGHU}, {"kind": "province"}], ids=str)
def test_no_operator_makes_operators(client, session, role, scope):
    address = f"/api/accounts/{an_account(session).id}/memberships"
    for own in (zone(DONGHU), PROVINCE):
        answer = client.post(address, json={"role": role, "scope": scope}, headers=operator(session, own))
        assert answer.status_code == 403


def test_an_institute_of_another_zone_is_invited_to_a_need_of_the_own(client, session):
    """Zones part who is responsible, never who may find whom."""
    place, elsewhere = a_zone(session, DONGHU), an_institute(session, region_code=GBA)
    body = {"institute_id": str(elsewhere.id)}
    answer = client.post(
        f"/api/needs/{place.confirmed.id}/invitations", json=body, headers=operator(session, zone(DONGHU))
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("name", [name for name in SCOPES if name != "全省"])
def test_chains_are_the_provinces_alone(client, session, name):
    chain = a_chain(session)
    part, enterprise, headers = (
        a_part(session, chain),
        an_enterprise(session),
        operator(session, SCOPES[name]),
    )
    since = {"since_on": "2026-03-01", "source": "测试"}
    entry = {"name": "新链", "industries": ["opto"], "source": "测试", "as_of_on": "2026-03-01"}
    calls = [
        client.post("/api/chains", json=entry, headers=headers),
        client.patch(f"/api/chains/{chain.id}", json={"summary": "x"}, headers=headers | {"If-Match": "*"}),
        client.post(f"/api/chains/{chain.id}/closing", headers=headers),
        client.post(
            f"/api/chains/{chain.id}/leads",
            json={"title": "x", "organisation": "y", **since},
            headers=headers,
        ),
        client.post(
            f"/api/chains/{chain.id}/masters",
            json={"enterprise_id": str(enterprise.id), **since},
            headers=headers,
        ),
        client.post(
            f"/api/chains/{chain.id}/innovators", json={"organisation": "z", **since}, headers=headers
        ),
        client.post(f"/api/chain-parts/{part.id}/end", headers=headers),
    ]
    assert [answer.status_code for answer in calls] == [403] * 7


def test_a_member_role_is_held_in_the_own_zones_organisations_alone(client, session):
    place, account = a_zone(session, HUANGSHI), an_account(session)
    body = {"role": "institute_member", "scope": {"kind": "organisation", "id": str(place.institute.id)}}
    address = f"/api/accounts/{account.id}/memberships"
    assert client.post(address, json=body, headers=operator(session, zone(DONGHU))).status_code == 403
    assert client.post(address, json=body, headers=operator(session, zone(HUANGSHI))).status_code == 201
    held = client.get("/api/me", headers=bearer(session, (Role.INSTITUTE_MEMBER, of(place.institute))))
    assert held.status_code == 200
