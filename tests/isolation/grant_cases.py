"""The isolation table of grants: managers run rounds, enterprises apply for themselves, reviewers score what they were asked for."""

from typing import Any

from tests.factories.grants import CRITERIA, SIGNER
from tests.isolation.cases import ANY_VERSION, Case, Factory, Sent, about, all_may
from tests.isolation.fund_cases import MANAGER, READS, acts, reads
from tests.isolation.people import EVERYONE, POSTER, SPECIALIST
from tests.isolation.world import World

SIGNED = frozenset({"researcher"})


def of_round(name: str, body: Any = None) -> Factory:
    return about("round_id", f"grants.{name}", body)


def applied(name: str, body: Any = None, **more: Any) -> Factory:
    return about("application_id", f"grants.{name}", body, **more)


def selection(name: str, **more: Any) -> Factory:
    return about("selection_id", f"grants.{name}", **more)


def review(body: Any = None) -> Factory:
    return about("review_id", "grants.review", body)


def announcement(name: str, body: Any = None) -> Factory:
    return about("announcement_id", f"grants.{name}", body)


def _apply(world: World) -> Sent:
    return Sent({"round_id": world.grants["open"].id}, world.grants["application_entry"])


def _why_not(world: World) -> Sent:
    return Sent(
        {"selection_id": world.grants["selection"].id}, query={"application_id": world.grants["left"].id}
    )


def _object(world: World) -> Sent:
    body = {"application_id": world.grants["announced"].id, "grounds": "数据不实", "signer": SIGNER}
    return Sent({"announcement_id": world.grants["announcement"].id}, body)


def _assign(world: World) -> Sent:
    return Sent({"application_id": world.grants["admitted"].id}, {"reviewer_id": world.accounts["nobody"].id})


def by_owner(operation: str, on: str, sent: Factory) -> Case:
    return Case(operation, on, sent, may=POSTER, knows=READS)


def by_manager(operation: str, on: str, sent: Factory, *, also: frozenset[str] = POSTER) -> Case:
    return Case(operation, on, sent, may=MANAGER, knows=(READS | also) - MANAGER)


SCORES = {"scores": [{"key": each["key"], "points": 80} for each in CRITERIA], "comment": "可行"}
CASES = [
    acts("draftRound", "a new one", lambda world: Sent({}, world.grants["round_entry"])),
    all_may("listRounds", "all", lambda world: Sent()),
    all_may("showRound", "an open one", of_round("open")),
    Case("showRound", "a draft", of_round("drafted"), may=READS),
    acts("openRound", "a draft", of_round("drafted")),
    acts("closeRound", "one that is over", of_round("closing")),
    acts("cancelRound", "an open one", of_round("open")),
    Case("draftApplication", "for the own enterprise", _apply, may=POSTER, otherwise=403),
    all_may("listApplications", "all", lambda world: Sent()),
    Case("showApplication", "a draft", applied("draft"), may=POSTER | READS),
    by_owner("amendApplication", "a draft", applied("draft", {"title": "另一标题"}, headers=ANY_VERSION)),
    by_owner("submitApplication", "a draft", applied("draft")),
    by_owner("withdrawApplication", "submitted", applied("submitted")),
    Case("confirmApplication", "as its user", applied("first_use"), may=POSTER, knows=READS | {"neighbour"}),
    by_manager("admitApplication", "submitted", applied("submitted")),
    by_manager("rejectApplication", "submitted", applied("submitted", {"reason": "材料不全"})),
    by_manager("excludeApplication", "admitted", applied("admitted", {"reason": "材料不实"})),
    by_manager("assignReviewer", "admitted", _assign),
    all_may("listReviews", "all", lambda world: Sent()),
    Case("showReview", "one's own", review(), may=READS | SPECIALIST),
    Case("submitReview", "one's own", review(SCORES), may=SPECIALIST, knows=READS, by_account=True),
    Case("declareConflict", "one's own", review({"reason": "曾合作"}), may=SPECIALIST, knows=READS, by_account=True),
    acts("selectGrants", "reviewed", of_round("scored")),
    reads("listSelections", "all", lambda world: Sent()),
    reads("showSelection", "one", selection("computed")),
    acts("approveSelection", "of another", selection("computed")),
    Case("explainSelection", "of the own application", _why_not, may=READS | POSTER),
    acts("announceGrants", "approved", selection("approved")),
    all_may("listAnnouncements", "all", lambda world: Sent()),
    all_may("showAnnouncement", "one", announcement("announcement")),
    acts("decideGrants", "of another", announcement("over")),
    Case("objectToGrant", "announced", _object, may=EVERYONE - SIGNED, told={"researcher": 409}, by_account=True),
    all_may("listObjections", "all", lambda world: Sent()),
    Case("showObjection", "of an announced one", about("objection_id", "grants.objection"), may=READS | SIGNED),
    Case("ruleOnObjection", "of another", about("objection_id", "grants.objection", {"upheld": True, "ruling": "属实"}),
         may=MANAGER, knows=(READS | SIGNED) - MANAGER),
]  # fmt: skip
