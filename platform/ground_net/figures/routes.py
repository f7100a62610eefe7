"""The ground network's figures over HTTP."""

from typing import Any

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from backbone.spreadsheets import CSV, XLSX
from ground_net.figures import exporting, schemas, service, targets

routes = Routes(
    "figures", __name__, url_prefix="/api", description="地网指标 / figures of the ground network"
)


@routes.operation(
    "GET", "/reports/ground-net", "reportGroundNet", Bilingual("地网指标报表", "Report on the ground network"),
    query=schemas.GroundNetQuery, answer=schemas.GroundNetReport,
)  # fmt: skip
def report_ground_net(call: Call) -> Any:
    return service.report_ground_net(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "GET", "/reports/ground-net/export", "exportGroundNet",
    Bilingual("导出地网指标", "Export the report on the ground network as CSV or XLSX"),
    query=schemas.GroundNetExportQuery, answer=None, gives_bytes=(CSV, XLSX),
)  # fmt: skip
def export_ground_net(call: Call) -> Any:
    return exporting.export_ground_net(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "POST", "/figure-targets", "setFigureTarget", Bilingual("设定目标", "Set the target of a region or a node"),
    body=schemas.FigureTargetEntry, answer=schemas.FigureTargetView, status=201,
)  # fmt: skip
def set_figure_target(call: Call) -> Any:
    return targets.set_target(call.session, call.actor, call.body, now=call.now)


@routes.operation(
    "GET", "/figure-targets", "listFigureTargets", Bilingual("目标列表", "List targets"),
    query=schemas.FigureTargetQuery, answer=schemas.FigureTargetView, listed=True,
)  # fmt: skip
def list_figure_targets(call: Call) -> Any:
    return targets.list_targets(call.session, call.actor, call.query)
