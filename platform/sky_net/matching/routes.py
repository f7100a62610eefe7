"""Matches over HTTP. Importing this also registers the search that every submission runs (`runs`)."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from sky_net.matching import fitting, runs, schemas, service

routes = Routes("matching", __name__, url_prefix="/api", description="供需匹配 / matching")
HANDLERS = (runs.match_submitted,)


@routes.operation(
    "POST", "/needs/<uuid:need_id>/submission", "submitNeed", Bilingual("提交需求", "Submit a need"),
    query=schemas.SubmissionQuery, answer=schemas.NeedSubmitted,
)  # fmt: skip
def submit_need(call: Call, need_id: UUID) -> Answer:
    submitted = service.submit_need(
        call.session, call.actor, need_id, matches=call.query["matches"], now=call.now
    )
    return Answer(submitted, row=submitted.need)


@routes.operation(
    "GET", "/needs/<uuid:need_id>/matches", "browseMatches",
    Bilingual("浏览匹配的成果与院所", "Browse matching achievements and institutes"),
    query=schemas.MatchesQuery, answer=schemas.MatchesView,
)  # fmt: skip
def browse_matches(call: Call, need_id: UUID) -> Any:
    return service.browse_matches(call.session, call.actor, need_id, call.query, now=call.now)


@routes.operation(
    "GET", "/achievements/<uuid:achievement_id>/fitting-needs", "browseFittingNeeds",
    Bilingual("浏览适合本成果的需求", "Browse the needs that an achievement fits"),
    query=schemas.FittingNeedsQuery, answer=schemas.FittingNeedsView,
)  # fmt: skip
def browse_fitting_needs(call: Call, achievement_id: UUID) -> Any:
    return fitting.browse_fitting_needs(call.session, call.actor, achievement_id, call.query, now=call.now)
