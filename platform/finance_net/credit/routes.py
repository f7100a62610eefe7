"""Scorecards, scores and loans over HTTP."""

from typing import Any
from uuid import UUID

from backbone.clock import local_date
from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from finance_net.credit import matching, schemas, service

routes = Routes(
    "credit", __name__, url_prefix="/api", description="信用评分与信贷产品 / credit scores and loans"
)
SCORES = "/enterprises/<uuid:enterprise_id>/credit-scores"


@routes.operation(
    "POST", "/credit-scorecards", "loadScorecard", Bilingual("载入评分卡", "Load a scorecard"), body=schemas.ScorecardEntry,
    answer=schemas.ScorecardView, status=201,
)  # fmt: skip
def load_scorecard(call: Call) -> Answer:
    return Answer(
        service.load_scorecard(call.session, call.actor, call.body["text"], file="text", now=call.now)
    )


@routes.operation(
    "GET", "/credit-scorecards", "listScorecards", Bilingual("评分卡列表", "List scorecards"), query=schemas.ScorecardQuery,
    answer=schemas.ScorecardView, listed=True,
)  # fmt: skip
def list_scorecards(call: Call) -> Any:
    return service.list_scorecards(call.session, call.actor, call.query)


@routes.operation(
    "POST", SCORES, "scoreEnterprise", Bilingual("为企业评分", "Score an enterprise"), body=schemas.ScoringEntry,
    answer=schemas.CreditScoreView, status=201,
)  # fmt: skip
def score_enterprise(call: Call, enterprise_id: UUID) -> Answer:
    return Answer(
        service.score_enterprise(call.session, call.actor, enterprise_id, **call.body, now=call.now)
    )


@routes.operation(
    "GET", SCORES, "listCreditScores", Bilingual("企业评分记录", "List an enterprise's scores"), query=schemas.CreditScoreQuery,
    answer=schemas.CreditScoreView, listed=True,
)  # fmt: skip
def list_credit_scores(call: Call, enterprise_id: UUID) -> Any:
    return service.list_scores(call.session, call.actor, enterprise_id, call.query)


@routes.operation(
    "GET", "/credit-products", "listCreditProducts", Bilingual("信贷产品目录", "Loans, as published"),
    query=schemas.CreditProductQuery, answer=schemas.CreditProductsView,
)  # fmt: skip
def list_credit_products(call: Call) -> Any:
    return matching.list_products(call.query, local_date(call.now))


@routes.operation(
    "GET", "/enterprises/<uuid:enterprise_id>/credit-products", "matchCredit", Bilingual("企业适配的信贷产品", "How the published loans fit an enterprise"),
    query=schemas.CreditMatchQuery, answer=schemas.CreditMatchesView,
)  # fmt: skip
def match_credit(call: Call, enterprise_id: UUID) -> Any:
    return matching.match_enterprise(call.session, call.actor, enterprise_id, call.query, now=call.now)
