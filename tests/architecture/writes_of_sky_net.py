"""The writing operations of the sky net; see `writes`."""

from datetime import timedelta
from typing import Any

from backbone.actor import PROVINCE, Actor, Role
from sky_net.needs import review
from sky_net.sla.reading import events_of
from tests.architecture.writes import Write, for_operation
from tests.factories.achievements import an_achievement, an_entry
from tests.factories.attachments import an_attachment
from tests.factories.calendars import a_text
from tests.factories.directory import an_institute
from tests.factories.endings import FINDING, a_dispute, a_finding
from tests.factories.files import a_pdf
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.invitations import SUBMITTED_AT, Exchange, an_exchange, an_invitation
from tests.factories.needs import a_need, a_need_body
from tests.factories.notices import a_duty
from tests.factories.proposals import a_proposal, proposal_entry
from tests.factories.talks import a_contact, contact_entry


@for_operation("submitNeed")
def submit_need(exchange: Exchange) -> Write:
    need = a_need(exchange.session, exchange.enterprise, state="draft", visibility="masked")
    return Write(exchange.poster, {"need_id": need.id}, ("needs", "sla_events"))


@for_operation("amendNeed")
def amend_need(exchange: Exchange) -> Write:
    need = a_need(exchange.session, exchange.enterprise, state="draft", visibility="masked")
    return Write(exchange.poster, {"need_id": need.id}, ("needs",), {"title": "另一个标题"})


@for_operation("nameContactPerson")
def name_contact_person(exchange: Exchange) -> Write:
    return Write(
        exchange.poster, {"need_id": exchange.need.id}, ("needs",), {"name": "新联系人", "phone": "027-1"}
    )


@for_operation("withdrawNeed")
def withdraw_need(exchange: Exchange) -> Write:
    return Write(exchange.poster, {"need_id": exchange.need.id}, ("needs", "sla_events"), {})


def a_review(name: str, body: Any, *before: tuple[str, Any], clocks: int = 1) -> None:
    """A step by the operator, after these steps before; `clocks` is the number of clock events that it brings."""

    @for_operation(name)
    def prepare(exchange: Exchange) -> Write:
        for verb, values in before:
            step = getattr(review, verb)
            step(exchange.session, exchange.operator, exchange.need.id, **values, now=SUBMITTED_AT)
        return Write(
            exchange.operator, {"need_id": exchange.need.id}, ("needs", *["sla_events"] * clocks), body
        )


CONFIRM = ("confirm_need", {"complexity": "ordinary"})
a_review("returnNeed", {"missing": ["indicators"], "message": "请补充指标"}, clocks=2)
a_review("confirmNeed", {"complexity": "ordinary"})
a_review("rejectNeed", {"reason_code": "duplicate"}, clocks=2)
a_review("parkNeed", {"message": "暂无团队"}, CONFIRM)
a_review("resumeNeed", None, CONFIRM, ("park_need", {"message": "暂无团队"}))


@for_operation("draftNeed")
def draft_need(exchange: Exchange) -> Write:
    return Write(exchange.poster, {}, ("needs",), a_need_body())


@for_operation("attachFile")
def attach_file(exchange: Exchange) -> Write:
    sent = {"data": a_pdf(), "query_string": {"name": "说明.pdf", "level": "public"}}
    return Write(exchange.operator, {"need_id": exchange.need.id}, ("attachments",), more=sent)


@for_operation("removeAttachment")
def remove_attachment(exchange: Exchange) -> Write:
    attachment = an_attachment(exchange.session, exchange.need)
    return Write(exchange.operator, {"attachment_id": attachment.id}, ("attachments",))


def supervisor(exchange: Exchange) -> Actor:
    return an_actor(exchange.session, (Role.OPERATOR, PROVINCE))


@for_operation("loadCalendar")
def load_calendar(exchange: Exchange) -> Write:
    return Write(supervisor(exchange), {}, ("calendar_versions",), {"notice": a_text()})


@for_operation("waiveClock")
def waive_clock(exchange: Exchange) -> Write:
    late = an_exchange(exchange.session, confirmed=False, since=SUBMITTED_AT - timedelta(days=60))
    path = {"need_id": late.need.id, "stage": "propose"}
    return Write(supervisor(exchange), path, ("sla_events",), {"reason_code": "other", "message": "测试"})


@for_operation("correctClockEvent")
def correct_clock_event(exchange: Exchange) -> Write:
    said = {"moved_to": SUBMITTED_AT.isoformat(), "reason_code": "mistaken", "message": "测试"}
    first = events_of(exchange.session, exchange.need.id)[0]["id"]
    return Write(
        supervisor(exchange), {"need_id": exchange.need.id, "event_id": first}, ("sla_events",), said
    )


@for_operation("disputeProposal")
def dispute_proposal(exchange: Exchange) -> Write:
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    proposal = a_proposal(exchange)
    said = {"reason_code": "off_topic", "message": "无关"}
    return Write(exchange.poster, {"proposal_id": proposal.id}, ("proposal_disputes",), said)


@for_operation("ruleOnDispute")
def rule_on_dispute(exchange: Exchange) -> Write:
    dispute = a_dispute(exchange)
    said = {"upheld": False, "message": "已构成方案"}
    return Write(supervisor(exchange), {"dispute_id": dispute.id}, ("proposal_disputes",), said)


@for_operation("draftFinding")
def draft_finding(exchange: Exchange) -> Write:
    return Write(exchange.operator, {"need_id": exchange.need.id}, ("findings",), FINDING)


@for_operation("amendFinding")
def amend_finding(exchange: Exchange) -> Write:
    return Write(exchange.operator, {"finding_id": a_finding(exchange).id}, ("findings",), {"why_not": "改"})


@for_operation("signFinding")
def sign_finding(exchange: Exchange) -> Write:
    for _ in range(3):
        an_invitation(
            exchange.session,
            exchange.need,
            an_institute(exchange.session),
            state="declined",
            reason_code="capacity",
        )
    return Write(
        supervisor(exchange),
        {"finding_id": a_finding(exchange).id},
        ("findings", "needs", "sla_events", "sla_events"),
    )


@for_operation("gradeMatch")
def grade_match(exchange: Exchange) -> Write:
    offer = an_achievement(exchange.session, institute=exchange.institute)
    said = {"achievement_id": str(offer.id), "grade": 2}
    return Write(exchange.broker, {"need_id": exchange.need.id}, ("match_grades",), said)


@for_operation("appointDuty")
def appoint_duty(exchange: Exchange) -> Write:
    officer = an_account(exchange.session, (Role.OPERATOR, zone(exchange.need.zone_code)))
    said = {"zone_code": exchange.need.zone_code, "level": "supervisor", "account_id": str(officer.id)}
    return Write(an_actor(exchange.session, (Role.ADMINISTRATOR, PROVINCE)), {}, ("duties",), said)


@for_operation("relieveDuty")
def relieve_duty(exchange: Exchange) -> Write:
    duty = a_duty(exchange.session, an_account(exchange.session))
    return Write(
        an_actor(exchange.session, (Role.ADMINISTRATOR, PROVINCE)), {"duty_id": duty.id}, ("duties",)
    )


@for_operation("inviteInstitute")
def invite_institute(exchange: Exchange) -> Write:
    said = {"institute_id": str(exchange.institute.id)}
    return Write(
        exchange.operator,
        {"need_id": exchange.need.id},
        ("invitations", "needs", "needs", "sla_events"),
        said,
    )


@for_operation("acceptInvitation")
def accept_invitation(exchange: Exchange) -> Write:
    invitation = an_invitation(exchange.session, exchange.need, exchange.institute)
    return Write(exchange.office, {"invitation_id": invitation.id}, ("invitations",))


@for_operation("declineInvitation")
def decline_invitation(exchange: Exchange) -> Write:
    invitation = an_invitation(exchange.session, exchange.need, exchange.institute)
    return Write(
        exchange.office,
        {"invitation_id": invitation.id},
        ("invitations", "needs"),
        {"reason_code": "capacity"},
    )


@for_operation("recordContact")
def record_contact(exchange: Exchange) -> Write:
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    entry = contact_entry(exchange.institute)
    said = entry | {"happened_on": str(entry["happened_on"]), "institute_id": str(entry["institute_id"])}
    return Write(exchange.operator, {"need_id": exchange.need.id}, ("contacts", "needs", "sla_events"), said)


@for_operation("agreeContact")
def agree_contact(exchange: Exchange) -> Write:
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    return Write(exchange.poster, {"contact_id": a_contact(exchange).id}, ("contacts", "sla_events"))


@for_operation("disputeContact")
def dispute_contact(exchange: Exchange) -> Write:
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    return Write(
        exchange.poster,
        {"contact_id": a_contact(exchange).id},
        ("contacts", "sla_events"),
        {"message": "当日没有通话"},
    )


@for_operation("draftProposal")
def draft_proposal(exchange: Exchange) -> Write:
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    return Write(exchange.office, {"need_id": exchange.need.id}, ("proposals",), proposal_entry())


def a_proposal_write(name: str, who: str, released: bool, writes: tuple[str, ...], body: Any = None) -> None:
    @for_operation(name)
    def prepare(exchange: Exchange) -> Write:
        for institute in (exchange.institute, exchange.rival):
            an_invitation(exchange.session, exchange.need, institute, state="accepted")
        if released:
            a_proposal(exchange, by=exchange.rival_office)
        proposal = a_proposal(exchange, released=released)
        return Write(getattr(exchange, who), {"proposal_id": proposal.id}, writes, body)


a_proposal_write("amendProposal", "office", False, ("proposals",), {"title": "另一方案"})
a_proposal_write("releaseProposal", "office", False, ("proposals", "needs", "sla_events"))
a_proposal_write("withdrawProposal", "office", False, ("proposals",))
a_proposal_write("declineProposal", "poster", True, ("proposals",), {"reason_code": "price"})
# The one chosen, the one passed over, and the need.
a_proposal_write("acceptProposal", "poster", True, ("proposals", "proposals", "needs"))


def an_offer_write(name: str, state: str, body: Any = None) -> None:
    @for_operation(name)
    def prepare(exchange: Exchange) -> Write:
        offer = an_achievement(exchange.session, institute=exchange.institute, state=state)
        who = exchange.operator if state == "hidden" or name == "hideAchievement" else exchange.office
        return Write(who, {"achievement_id": offer.id}, ("achievements",), body)


an_offer_write("amendAchievement", "visible", {"title": "另一成果"})
an_offer_write("withdrawAchievement", "visible")
an_offer_write("hideAchievement", "visible", {"reason": "权属有争议"})
an_offer_write("publishAchievement", "hidden")
an_offer_write("reconfirmAchievement", "visible", {})


@for_operation("registerAchievement")
def register_achievement(exchange: Exchange) -> Write:
    return Write(exchange.office, {}, ("achievements",), an_entry(exchange.institute))


UNCONFIRMED = {"returnNeed", "confirmNeed", "rejectNeed", "parkNeed", "resumeNeed"}
"""Those of them whose need is not confirmed yet."""
