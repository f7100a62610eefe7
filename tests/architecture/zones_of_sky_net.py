"""What an operator does with needs, talks, proposals and achievements of the own zone: rows of `test_zones`."""

from typing import Any

from sqlalchemy import select

from sky_net.disputes.models import ProposalDispute
from sky_net.findings.models import Finding
from tests.architecture.zones import Call, get, post
from tests.factories.attachments import upload
from tests.factories.endings import FINDING
from tests.factories.invitations import SUBMITTED_AT
from tests.factories.zones import ZoneUnderTest


def contact(place: ZoneUnderTest) -> dict[str, Any]:
    people = [{"name": "甲", "side": "enterprise"}, {"name": "乙", "side": "institute"}]
    return {
        "kind": "call", "happened_on": "2026-03-10", "institute_id": str(place.invitation.institute_id), "people": people,
        "result": "方案可行", "next_step": "寄样片",
    }  # fmt: skip


def finding_of(place: ZoneUnderTest) -> Any:
    """The finding of the zone's confirmed need, made once."""
    known = place.session.scalar(select(Finding.id).where(Finding.need_id == place.confirmed.id))
    if known is not None:
        return known
    finding = Finding(need_id=place.confirmed.id, created_at=SUBMITTED_AT, updated_at=SUBMITTED_AT, **FINDING)
    place.session.add(finding)
    place.session.flush()
    return finding.id


def dispute(place: ZoneUnderTest) -> Any:
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


ACTS: dict[str, Call] = {
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
        f"/api/findings/{finding_of(place)}", json={"why_not": "改"}, headers=headers | {"If-Match": "*"}
    ),
    "showFinding": get(lambda place: f"/findings/{finding_of(place)}"),
    "ruleOnDispute": post(
        lambda place: f"/proposal-disputes/{dispute(place)}/ruling",
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
