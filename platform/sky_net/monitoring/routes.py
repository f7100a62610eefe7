"""Monitoring over HTTP."""

from typing import Any

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from backbone.spreadsheets import CSV, XLSX
from sky_net.monitoring import schemas, service
from sky_net.monitoring.answering import answer, whole_list

routes = Routes("monitoring", __name__, url_prefix="/api", description="监测 / monitoring")
FILES = (CSV, XLSX)


@routes.operation(
    "GET", "/reports/compliance", "reportCompliance", Bilingual("按时率报表", "Compliance with the promises"),
    query=schemas.ComplianceQuery, answer=schemas.ComplianceView, gives_bytes=FILES,
)  # fmt: skip
def report_compliance(call: Call) -> Any:
    found = service.report_compliance(call.session, call.actor, call.query, now=call.now)
    return answer("compliance", found, call.query, call.now)


@routes.operation(
    "GET", "/reports/trend", "reportTrend", Bilingual("按时率趋势", "Compliance by month or week"),
    query=schemas.TrendQuery, answer=schemas.TrendView, gives_bytes=FILES,
)  # fmt: skip
def report_trend(call: Call) -> Any:
    found = service.report_trend(call.session, call.actor, call.query, now=call.now)
    return answer("trend", found, call.query, call.now)


@routes.operation(
    "GET", "/reports/overrun", "reportOverrun", Bilingual("超时归属", "Over-runs by party"),
    query=schemas.OverrunQuery, answer=schemas.OverrunView, gives_bytes=FILES,
)  # fmt: skip
def report_overrun(call: Call) -> Any:
    found = service.report_overrun(call.session, call.actor, call.query, now=call.now)
    return answer("overrun", found, call.query, call.now)


@routes.operation(
    "GET", "/reports/funnel", "reportFunnel", Bilingual("需求漏斗", "How far needs have come"),
    query=schemas.FunnelQuery, answer=schemas.FunnelView, gives_bytes=FILES,
)  # fmt: skip
def report_funnel(call: Call) -> Any:
    found = service.report_funnel(call.session, call.actor, call.query, now=call.now)
    return answer("funnel", found, call.query, call.now)


@routes.operation(
    "GET", "/reports/at-risk", "listAtRisk", Bilingual("预警清单", "Clocks at risk or overdue"),
    query=schemas.AtRiskQuery, answer=schemas.AtRiskView, gives_bytes=FILES, listed=True,
)  # fmt: skip
def list_at_risk(call: Call) -> Any:
    found = service.list_at_risk(call.session, call.actor, whole_list(call.query), now=call.now)
    return answer("at-risk", found, call.query, call.now)


@routes.operation(
    "GET", "/reports/forecast", "forecastBreaches", Bilingual("超时预测", "Forecast of breaches"),
    query=schemas.ForecastQuery, answer=schemas.ForecastView, gives_bytes=FILES,
)  # fmt: skip
def forecast_breaches(call: Call) -> Any:
    found = service.forecast_breaches(call.session, call.actor, call.query, now=call.now)
    return answer("forecast", found, call.query, call.now)
