"""The isolation table of the sky net. All needs are of one enterprise in the first zone; see `world`."""

from typing import Any

from tests.factories.achievements import an_entry
from tests.factories.attachments import BYTES
from tests.factories.calendars import a_text
from tests.factories.endings import FINDING
from tests.factories.files import a_pdf
from tests.factories.needs import a_need_body
from tests.factories.proposals import proposal_entry
from tests.factories.talks import contact_entry
from tests.isolation.cases import (
    ANY_VERSION,
    Case,
    Factory,
    Sent,
    about,
    all_may,
    except_for,
    need,
    plain,
)
from tests.isolation.people import (
    ADMINISTRATOR,
    ANY_OPERATOR,
    AUDITORS,
    BROKER,
    HOME,
    INSTITUTES,
    INVITED,
    KNOWN,
    OPERATORS,
    POSTER,
    RIVAL,
    WHOLE,
)
from tests.isolation.planted import CONTACT, OFFER, RECORD, WORDS
from tests.isolation.world import World

WATCHERS = ANY_OPERATOR | AUDITORS | {"far_auditor"}
BRINGS_NEEDS = WATCHERS | BROKER | {"far_broker"} | POSTER | {"neighbour", "far_poster"}
OWN_OFFER = INVITED | OPERATORS  # the institute lies in the first zone
DECLINED = {"reason_code": "capacity"}


def _names_institute(world: World, body: dict[str, Any], name: str = "institute") -> dict[str, Any]:
    return body | {"institute_id": str(getattr(world, name).id)}


def _invite(world: World) -> Sent:
    return Sent({"need_id": world.needs["masked"].id}, _names_institute(world, {}, "rival"))


def _grade(world: World) -> Sent:
    return Sent(
        {"need_id": world.needs["masked"].id}, {"achievement_id": str(world.offers["visible"].id), "grade": 1}
    )


def _record(world: World) -> Sent:
    body = _names_institute(world, contact_entry(world.institute)) | {"happened_on": "2026-03-09"}
    return Sent({"need_id": world.needs["talking"].id}, body)


def _register(world: World) -> Sent:
    return Sent({}, an_entry(world.institute))


def _card(name: str) -> Factory:
    return lambda world: Sent({"need_id": world.needs[name].id, "stage": "propose"})


ANSWERED = {"answered_at": "2026-03-20T10:00:00+08:00"}


def _waiver(world: World) -> Sent:
    return Sent(
        {"need_id": world.needs["submitted"].id, "stage": "propose"},
        {"reason_code": "other", "message": "测试"},
    )


def _correction(world: World) -> Sent:
    said = {"moved_to": "2026-03-09T09:00:00+08:00", "reason_code": "mistaken", "message": "测试"}
    return Sent({"need_id": world.needs["masked"].id, "event_id": world.clock_event}, said)


def _duty(world: World) -> Sent:
    return Sent(
        {}, {"zone_code": HOME, "level": "zone_lead", "account_id": str(world.accounts["operator"].id)}
    )


SUPERVISOR = frozenset({"supervisor"})
MASKED_TO = {WORDS: BROKER | RIVAL, CONTACT: BROKER | RIVAL}
CASES = [
    # needs: reading
    Case("draftNeed", "an own enterprise", plain(a_need_body()), may=POSTER | {"neighbour", "far_poster"}, otherwise=403),
    all_may("listNeeds", "all", plain()),
    Case("showNeed", "a draft", need("draft"), may=POSTER),
    Case("showNeed", "one not confirmed yet", need("submitted"), may=WHOLE | BROKER, hides={WORDS: BROKER, CONTACT: BROKER}),
    Case("showNeed", "a public one", need("public"), may=KNOWN, hides={CONTACT: BROKER | INSTITUTES}),
    Case("showNeed", "a masked one", need("masked"), may=KNOWN,
         hides={WORDS: BROKER | INSTITUTES, CONTACT: BROKER | INSTITUTES}),
    Case("showNeed", "a masked one to the invited", need("asked"), may=KNOWN, hides=MASKED_TO),
    Case("showNeed", "one for the invited alone", need("invited"), may=WHOLE | BROKER, hides={WORDS: BROKER, CONTACT: BROKER}),
    Case("showNeed", "one for operators alone", need("operators"), may=WHOLE),
    Case("assessNeed", "a masked one", need("masked"), may=WHOLE, knows=BROKER | INSTITUTES),
    Case("assessNeed", "a draft", need("draft"), may=POSTER),
    Case("listNearDuplicates", "a masked one", need("masked"), may=WHOLE, knows=BROKER | INSTITUTES),
    Case("showClocks", "a masked one", need("masked"), may=WHOLE, knows=BROKER | INSTITUTES),
    Case("showClocks", "one for operators alone", need("operators"), may=WHOLE),
    Case("explainClock", "of a masked one", _card("masked"), may=WHOLE, knows=BROKER | INSTITUTES),
    Case("explainClock", "of one for operators alone", _card("operators"), may=WHOLE),
    Case("foretellClocks", "of a masked one", need("masked", query=ANSWERED), may=WHOLE, knows=BROKER | INSTITUTES),
    Case("foretellClocks", "of one for operators alone", need("operators", query=ANSWERED), may=WHOLE),
    Case("listClockEvents", "of a masked one", need("masked"), may=WHOLE, knows=BROKER | INSTITUTES),
    Case("waiveClock", "of a late one", _waiver, may=SUPERVISOR, knows=(WHOLE | BROKER) - SUPERVISOR),
    Case("correctClockEvent", "of a masked one", _correction, may=SUPERVISOR, knows=KNOWN - SUPERVISOR),
    Case("showCalendar", "a month", plain(query={"from_on": "2026-03-01", "to_on": "2026-03-31"}),
         may=WATCHERS | ADMINISTRATOR, otherwise=403),
    Case("listCalendarVersions", "all", plain(), may=WATCHERS | ADMINISTRATOR, otherwise=403),
    Case("loadCalendar", "a year", plain({"notice": a_text()}), may=SUPERVISOR | ADMINISTRATOR, otherwise=403),
    Case("disputeProposal", "one released", about("proposal_id", "released", {"reason_code": "other", "message": "测试"}),
         may=POSTER, knows=OPERATORS | AUDITORS | INVITED),
    Case("ruleOnDispute", "an open one", about("dispute_id", "dispute", {"upheld": False, "message": "测试"}), may=SUPERVISOR,
         knows=POSTER | {"operator"}),  # the operator owns the need
    Case("listDisputes", "all", plain(), may=WATCHERS | POSTER | {"neighbour", "far_poster"} | INSTITUTES, otherwise=403),
    Case("countDisputes", "all", plain(), may=WATCHERS, otherwise=403),
    Case("draftFinding", "of a masked need", need("masked", FINDING), may=OPERATORS, knows=KNOWN - OPERATORS),
    Case("listFindings", "of a masked need", need("masked"), may=KNOWN),
    Case("showFinding", "a draft", about("finding_id", "finding"), may=OPERATORS | AUDITORS),
    Case("showFinding", "a signed one", about("finding_id", "signed_finding"), may=WHOLE),
    Case("amendFinding", "a draft", about("finding_id", "finding", {"why_not": "改"}, headers=ANY_VERSION), may=OPERATORS,
         knows=AUDITORS),
    # The supervisor may, and is told what is missing: nobody was asked yet.
    Case("signFinding", "a draft", about("finding_id", "finding"), may=SUPERVISOR, knows=AUDITORS | {"operator"},
         told={"supervisor": 409}),
    Case("listCalls", "a masked one", need("masked"), may=WHOLE, knows=BROKER | INSTITUTES),
    Case("appointDuty", "an operator", _duty, may=SUPERVISOR | ADMINISTRATOR, otherwise=403),
    Case("listDuties", "all", plain(), may=WATCHERS | ADMINISTRATOR, otherwise=403),
    Case("relieveDuty", "one", about("duty_id", "duty"), may=SUPERVISOR | ADMINISTRATOR,
         knows=frozenset({"operator"}) | AUDITORS),
    Case("showNeedHistory", "a masked one", need("masked"), may=WHOLE, knows=BROKER | INSTITUTES),
    *(
        Case("listNeedReaders", f"one of level {level}", need(level), may=POSTER, knows=knows)
        for level, knows in {"draft": frozenset(), "masked": KNOWN - POSTER, "operators": WHOLE - POSTER}.items()
    ),
    Case("countNeeds", "all", plain(), may=WATCHERS | ADMINISTRATOR, otherwise=403),
    Case("watchClocks", "all", plain(), may=WATCHERS, otherwise=403),
    # monitoring: sums, and lists of needs by number, with no word of any
    *(
        Case(report, "the month", plain(query={"by": by}), may=WATCHERS | ADMINISTRATOR, otherwise=403)
        for report, by in {"reportCompliance": "operator", "reportTrend": "week", "reportFunnel": "industry", "reportOverrun": "kind"}.items()
    ),
    Case("listAtRisk", "all", plain(), may=WATCHERS, otherwise=403),
    Case("forecastBreaches", "all", plain(), may=WATCHERS, otherwise=403),
    Case("browseMatches", "a masked one", need("masked"), may=POSTER | OPERATORS, hides={RECORD: POSTER}),
    Case("gradeMatch", "of a masked need", _grade, may=OPERATORS | BROKER, knows=KNOWN - OPERATORS - BROKER),
    Case("listMatchGrades", "of a masked need", need("masked"), may=OPERATORS | BROKER | AUDITORS,
         knows=KNOWN - OPERATORS - BROKER - AUDITORS),
    # needs: acting
    Case("amendNeed", "a draft", need("draft", {"urgency": "urgent"}, headers=ANY_VERSION), may=POSTER),
    Case("nameContactPerson", "a masked one", need("masked", {"name": "新联系人", "phone": "027-1"}), may=POSTER, knows=KNOWN - POSTER),
    Case("submitNeed", "a draft", need("draft"), may=POSTER),
    Case("submitNeed", "a draft with its matches", need("draft", query={"matches": 5}), may=POSTER),
    Case("withdrawNeed", "a masked one", need("masked", {}), may=POSTER, knows=KNOWN - POSTER),
    Case("returnNeed", "one submitted", need("submitted", {"missing": ["scene"], "message": "请补充"}), may=OPERATORS,
         knows=POSTER | AUDITORS | BROKER),
    Case("confirmNeed", "one submitted", need("submitted", {"complexity": "ordinary"}), may=OPERATORS,
         knows=POSTER | AUDITORS | BROKER),
    Case("rejectNeed", "one submitted", need("submitted", {"reason_code": "duplicate"}), may=OPERATORS,
         knows=POSTER | AUDITORS | BROKER),
    Case("parkNeed", "a masked one", need("masked", {"message": "列为难题"}), may=OPERATORS, knows=KNOWN - OPERATORS),
    Case("resumeNeed", "one parked", need("parked"), may=OPERATORS, knows=KNOWN - OPERATORS),
    # attachments: their level narrows what the reader's view of the need shows
    Case("attachFile", "one submitted", need("submitted", query={"name": "新.pdf", "level": "public"}, headers=BYTES,
         content=a_pdf("new")), may=POSTER | OPERATORS, knows=AUDITORS | BROKER),
    Case("listAttachments", "a masked need", need("asked"), may=KNOWN, hides={WORDS: BROKER | RIVAL}),
    *(
        Case(operation, f"a file of level {level}", about("attachment_id", f"files.{level}"), may=readers)
        for operation in ("showAttachment", "downloadAttachment")
        for level, readers in {
            "public": WHOLE | INVITED, "masked": KNOWN, "invited": WHOLE | INVITED, "operators": POSTER | OPERATORS,
        }.items()
    ),
    Case("removeAttachment", "of one submitted", about("attachment_id", "files.submitted", headers=ANY_VERSION),
         may=POSTER | OPERATORS, knows=AUDITORS),
    # offers
    Case("registerAchievement", "an own institute", _register, may=INVITED, otherwise=403),
    all_may("listAchievements", "all", plain()),
    all_may("showAchievement", "a visible one", about("achievement_id", "offers.visible"), hides={OFFER: except_for(OWN_OFFER)}),
    Case("showAchievement", "a hidden one", about("achievement_id", "offers.hidden"), may=OWN_OFFER),
    Case("amendAchievement", "a visible one", about("achievement_id", "offers.visible", {"trl": 7}, headers=ANY_VERSION),
         may=INVITED, otherwise=403),
    Case("amendAchievement", "a hidden one", about("achievement_id", "offers.hidden", {"trl": 7}, headers=ANY_VERSION),
         may=INVITED, knows=OPERATORS),
    Case("withdrawAchievement", "a hidden one", about("achievement_id", "offers.hidden", headers=ANY_VERSION),
         may=INVITED, knows=OPERATORS),
    Case("hideAchievement", "a visible one", about("achievement_id", "offers.visible", {"reason": "核实"}), may=OWN_OFFER,
         otherwise=403),
    Case("publishAchievement", "a hidden one", about("achievement_id", "offers.hidden"), may=OWN_OFFER),
    Case("reconfirmAchievement", "a hidden one", about("achievement_id", "offers.hidden", {}), may=INVITED, knows=OPERATORS),
    Case("browseFittingNeeds", "a visible one", about("achievement_id", "offers.visible"), may=INVITED, otherwise=403),
    Case("browseFittingNeeds", "a hidden one", about("achievement_id", "offers.hidden"), may=INVITED, knows=OPERATORS),
    # invitations
    Case("inviteInstitute", "a masked need", _invite, may=POSTER | OPERATORS | BROKER, knows=AUDITORS | INSTITUTES),
    Case("listInvitations", "of a need", need("asked"), may=KNOWN, hides={WORDS: BROKER | RIVAL}),
    all_may("listOwnInvitations", "all", plain(), hides={WORDS: except_for(INVITED)}),
    Case("showInvitation", "an open one", about("invitation_id", "invitation"), may=WHOLE | BROKER | INVITED, hides={WORDS: BROKER}),
    Case("acceptInvitation", "an open one", about("invitation_id", "invitation"), may=INVITED, knows=WHOLE | BROKER),
    Case("declineInvitation", "an open one", about("invitation_id", "invitation", DECLINED), may=INVITED, knows=WHOLE | BROKER),
    # talks
    Case("recordContact", "a need", _record, may=POSTER | OPERATORS | BROKER | INVITED, knows=AUDITORS | RIVAL),
    Case("listContacts", "of a need", need("talking"), may=KNOWN, hides={WORDS: BROKER | RIVAL, OFFER: BROKER | RIVAL}),
    Case("showContact", "one on record", about("contact_id", "contact"), may=WHOLE | INVITED),
    Case("agreeContact", "one on record", about("contact_id", "contact"), may=POSTER, knows=OPERATORS | AUDITORS | INVITED),
    Case("disputeContact", "one on record", about("contact_id", "contact", {"message": "没有谈过"}), may=POSTER,
         knows=OPERATORS | AUDITORS | INVITED),
    # proposals
    Case("draftProposal", "a need", need("talking", proposal_entry()), may=INVITED, knows=WHOLE | BROKER | RIVAL),
    Case("listProposals", "with a draft", need("drafting"), may=KNOWN, hides={OFFER: KNOWN - INVITED}),
    Case("listProposals", "with a released one", need("proposed"), may=KNOWN, hides={OFFER: BROKER | RIVAL}),
    Case("compareProposals", "of a need", need("proposed"), may=WHOLE, knows=BROKER | INSTITUTES),
    Case("showProposal", "a draft", about("proposal_id", "drafted"), may=INVITED | OPERATORS | AUDITORS,
         hides={OFFER: OPERATORS | AUDITORS}),
    Case("showProposal", "a released one", about("proposal_id", "released"), may=WHOLE | INVITED),
    Case("amendProposal", "a draft", about("proposal_id", "drafted", {"trl": 7}, headers=ANY_VERSION), may=INVITED,
         knows=OPERATORS | AUDITORS),
    Case("releaseProposal", "a draft", about("proposal_id", "drafted"), may=frozenset({"office"}),
         knows=OPERATORS | AUDITORS | {"researcher"}),
    Case("acceptProposal", "a released one", about("proposal_id", "released"), may=POSTER, knows=(WHOLE | INVITED) - POSTER),
    Case("declineProposal", "a released one", about("proposal_id", "released", DECLINED), may=POSTER,
         knows=(WHOLE | INVITED) - POSTER),
    Case("showResponseRecord", "the invited one", about("institute_id", "institute"), may=INVITED | BRINGS_NEEDS,
         otherwise=403),
    Case("withdrawProposal", "a draft", about("proposal_id", "drafted"), may=INVITED, knows=OPERATORS | AUDITORS),
    Case("withdrawProposal", "a released one", about("proposal_id", "released"), may=frozenset({"office"}),
         knows=(WHOLE | INVITED) - {"office"}),
]  # fmt: skip
