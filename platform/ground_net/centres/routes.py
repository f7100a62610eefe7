"""Centres over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from ground_net.centres import linking, reading, schemas, service
from ground_net.centres.published import PUBLISHED

routes = Routes(
    "centres", __name__, url_prefix="/api", description="在岸、离岸创新中心 / onshore and offshore innovation centres"
)  # fmt: skip
ONE = "/centres/<uuid:centre_id>"


@routes.operation(
    "POST", "/centres", "openCentre", Bilingual("设立创新中心", "Open a centre"),
    body=schemas.CentreEntry, answer=schemas.CentreView, status=201,
)  # fmt: skip
def open_centre(call: Call) -> Answer:
    centre = service.open_centre(call.session, call.actor, call.body, now=call.now)
    return Answer(centre, location=path_of(ONE, centre_id=centre.id))


@routes.operation(
    "GET", "/centres", "listCentres", Bilingual("创新中心列表", "List centres"),
    query=schemas.CentreQuery, answer=schemas.CentreView, listed=True,
)  # fmt: skip
def list_centres(call: Call) -> Any:
    return reading.list_centres(call.session, call.query)


@routes.operation(
    "GET", "/centres/published-figures", "listPublishedFigures",
    Bilingual("公开报道的创新中心数据", "List what public texts say of the centres"), answer=schemas.PublishedFiguresView,
)  # fmt: skip
def list_published_figures(call: Call) -> Any:
    return {"items": PUBLISHED}


@routes.operation(
    "GET", ONE, "showCentre", Bilingual("查看创新中心", "Show a centre"), answer=schemas.CentreWhole
)
def show_centre(call: Call, centre_id: UUID) -> Answer:
    shown = reading.show_centre(call.session, call.actor, centre_id)
    return Answer(shown, row=shown.row)


@routes.operation(
    "PATCH", ONE, "amendCentre", Bilingual("修改创新中心", "Amend a centre"),
    body=schemas.CentreAmendment, answer=schemas.CentreView, guarded=True,
)  # fmt: skip
def amend_centre(call: Call, centre_id: UUID) -> Any:
    centre = service.centre_named(call.session, centre_id)
    call.expect(centre)
    return service.amend_centre(call.session, call.actor, centre, call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/closing", "closeCentre", Bilingual("关闭创新中心", "Close a centre"), answer=schemas.CentreView
)  # fmt: skip
def close_centre(call: Call, centre_id: UUID) -> Any:
    return service.close_centre(call.session, call.actor, centre_id, now=call.now)


@routes.operation(
    "POST", f"{ONE}/institutes", "linkInstitute", Bilingual("链接院所", "Link an institute"),
    body=schemas.CentreInstituteEntry, answer=schemas.CentreInstituteView, status=201,
)  # fmt: skip
def link_institute(call: Call, centre_id: UUID) -> Any:
    link = linking.link_institute(call.session, call.actor, centre_id, **call.body, now=call.now)
    return reading.show_link(call.session, link)


@routes.operation(
    "POST", "/centre-institutes/<uuid:link_id>/end", "unlinkInstitute", Bilingual("结束链接", "End an institute's link"),
    answer=schemas.CentreInstituteView,
)  # fmt: skip
def unlink_institute(call: Call, link_id: UUID) -> Any:
    link = linking.unlink_institute(call.session, call.actor, link_id, now=call.now)
    return reading.show_link(call.session, link)


@routes.operation(
    "POST", f"{ONE}/projects", "addCentreProject", Bilingual("登记项目", "Add a project of a centre"),
    body=schemas.CentreProjectEntry, answer=schemas.CentreProjectView, status=201,
)  # fmt: skip
def add_centre_project(call: Call, centre_id: UUID) -> Any:
    project = linking.add_project(call.session, call.actor, centre_id, call.body, now=call.now)
    return Answer(reading.show_projects(call.session, call.actor, [project])[0], row=project)


@routes.operation(
    "PATCH", "/centre-projects/<uuid:project_id>", "amendCentreProject", Bilingual("修改项目", "Amend a project of a centre"),
    body=schemas.CentreProjectAmendment, answer=schemas.CentreProjectView, guarded=True,
)  # fmt: skip
def amend_centre_project(call: Call, project_id: UUID) -> Any:
    project = linking.project_to_amend(call.session, call.actor, project_id)
    call.expect(project)
    linking.amend_project(call.session, call.actor, project, call.body, now=call.now)
    return Answer(reading.show_projects(call.session, call.actor, [project])[0], row=project)


@routes.operation(
    "POST", f"{ONE}/figures", "recordCentreFigure", Bilingual("登记公开数据", "Record a published figure of a centre"),
    body=schemas.CentreFigureEntry, answer=schemas.CentreFigureView, status=201,
)  # fmt: skip
def record_centre_figure(call: Call, centre_id: UUID) -> Any:
    return linking.record_figure(call.session, call.actor, centre_id, call.body, now=call.now)
