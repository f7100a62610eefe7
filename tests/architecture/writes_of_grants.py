"""The writing operations of grants; see `writes`."""

from datetime import timedelta
from typing import Any

from backbone.actor import Actor
from backbone.directory.models import Enterprise
from finance_net.grants.applications.models import GrantApplication
from tests.architecture.writes import Write, for_operation
from tests.factories.directory import an_enterprise
from tests.factories.grants import (
    CRITERIA,
    SIGNER,
    Season,
    a_first_use,
    a_review,
    a_season,
    an_application,
    announced,
    application_entry,
    closed,
    computed,
    member_of,
    objected,
    round_entry,
    scored_all,
    selected,
)
from tests.factories.identity import an_account, an_actor
from tests.factories.invitations import Exchange

ROUND, APPLICATION, REVIEW = ("grant_rounds",), ("grant_applications",), ("grant_reviews",)


def on_round(name: str, prepare: Any, writes: tuple[str, ...], body: Any = None) -> None:
    @for_operation(name)
    def made(exchange: Exchange) -> Write:
        season = prepare(exchange)
        return Write(season.first, {"round_id": season.round.id}, writes, body)


def _closable(exchange: Exchange) -> Season:
    season = a_season(exchange.session)
    season.round.closes_at -= timedelta(days=365)
    exchange.session.flush()
    return season


def _scored(exchange: Exchange) -> Season:
    season = a_season(exchange.session)
    scored_all(season, 80)
    return season


on_round("openRound", lambda exchange: a_season(exchange.session, is_open=False), ROUND)
on_round("closeRound", _closable, ROUND)
on_round("cancelRound", lambda exchange: a_season(exchange.session), ROUND)
on_round("selectGrants", _scored, ROUND)


@for_operation("draftRound")
def draft_round(exchange: Exchange) -> Write:
    season = a_season(exchange.session)
    body = round_entry(season.treasury, season.pools) | {"fund_id": str(season.treasury.fund.id)}
    body["categories"] = [{**each, "envelope_id": str(each["envelope_id"])} for each in body["categories"]]
    return Write(season.first, {}, ROUND, body | {"closes_at": "2026-12-31T09:30:00Z"})


@for_operation("draftApplication")
def draft_application(exchange: Exchange) -> Write:
    season, applicant = a_season(exchange.session), an_enterprise(exchange.session)
    body = {
        name: str(value) if name.endswith("_id") and value else value
        for name, value in application_entry(season, applicant).items()
    }
    return Write(member_of(exchange.session, applicant), {"round_id": season.round.id}, APPLICATION, body)


def _owner(season: Season, row: GrantApplication) -> Actor:
    return member_of(season.session, season.session.get_one(Enterprise, row.applicant_id))


def on_application(name: str, state: str, body: Any = None, *, by_owner: bool = False) -> None:
    @for_operation(name)
    def made(exchange: Exchange) -> Write:
        season = a_season(exchange.session)
        row = an_application(season, state=state)
        return Write(
            _owner(season, row) if by_owner else season.first, {"application_id": row.id}, APPLICATION, body
        )


on_application("amendApplication", "draft", {"title": "另一标题"}, by_owner=True)
on_application("submitApplication", "draft", by_owner=True)
on_application("withdrawApplication", "submitted", by_owner=True)
on_application("admitApplication", "submitted")
on_application("rejectApplication", "submitted", {"reason": "材料不全"})
on_application("excludeApplication", "admitted", {"reason": "材料不实"})


@for_operation("confirmApplication")
def confirm_application(exchange: Exchange) -> Write:
    season = a_season(exchange.session)
    row = a_first_use(season)
    user = member_of(exchange.session, exchange.session.get_one(Enterprise, row.user_id))
    return Write(user, {"application_id": row.id}, APPLICATION)


@for_operation("assignReviewer")
def assign_reviewer(exchange: Exchange) -> Write:
    season = a_season(exchange.session)
    row = an_application(season, state="admitted")
    closed(season)
    return Write(
        season.first,
        {"application_id": row.id},
        REVIEW,
        {"reviewer_id": str(an_account(exchange.session).id)},
    )


def on_review(name: str, body: Any) -> None:
    @for_operation(name)
    def made(exchange: Exchange) -> Write:
        season = a_season(exchange.session)
        review = a_review(season, an_application(season, state="admitted"))
        return Write(Actor(review.reviewer_id, ""), {"review_id": review.id}, REVIEW, body)


on_review(
    "submitReview", {"scores": [{"key": each["key"], "points": 80} for each in CRITERIA], "comment": "可行"}
)
on_review("declareConflict", {"reason": "曾合作"})


@for_operation("approveSelection")
def approve_selection(exchange: Exchange) -> Write:
    season = _scored(exchange)
    return Write(season.second, {"selection_id": computed(season).id}, (*ROUND, "fund_transfers"))


@for_operation("announceGrants")
def announce_grants(exchange: Exchange) -> Write:
    season = _scored(exchange)
    return Write(season.first, {"selection_id": selected(season).id}, ("announcements",))


@for_operation("objectToGrant")
def object_to(exchange: Exchange) -> Write:
    season = _scored(exchange)
    row = announced(season)
    body = {"application_id": str(_only(season).id), "grounds": "数据不实", "signer": SIGNER}
    return Write(an_actor(exchange.session), {"announcement_id": row.id}, ("objections",), body)


@for_operation("ruleOnObjection")
def rule_on_objection(exchange: Exchange) -> Write:
    season = _scored(exchange)
    row = announced(season)
    objection = objected(
        exchange.session, an_actor(exchange.session), row.id, _only(season).id, "不实", now=row.starts_at
    )
    body = {"upheld": True, "ruling": "属实"}
    return Write(season.second, {"objection_id": objection.id}, ("objections", "fund_transfers"), body)


@for_operation("decideGrants")
def decide_grants(exchange: Exchange) -> Write:
    season = _scored(exchange)
    row = announced(season)
    row.starts_at, row.ends_at = (each - timedelta(days=365) for each in (row.starts_at, row.ends_at))
    exchange.session.flush()
    return Write(season.second, {"announcement_id": row.id}, ("announcements", "fund_transfers", "awards"))


def _only(season: Season) -> GrantApplication:
    return season.session.query(GrantApplication).filter_by(round_id=season.round.id).one()
