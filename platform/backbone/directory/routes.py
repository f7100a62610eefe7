"""The directory over HTTP."""

from typing import Any
from uuid import UUID

from backbone.directory import counting, schemas, service
from backbone.directory.industries import GROUPS, INDUSTRIES
from backbone.directory.models import Enterprise, Institute
from backbone.directory.regions import REGION_GROUPS, REGIONS
from backbone.errors import Bilingual
from backbone.fields import Schema
from backbone.http import Answer, Call, Routes, path_of

routes = Routes(
    "directory",
    __name__,
    url_prefix="/api",
    description="机构、区域与产业 / organisations, regions, industries",
)


@routes.operation(
    "POST", "/enterprises", "registerEnterprise", Bilingual("登记企业", "Register an enterprise"),
    body=schemas.EnterpriseEntry, answer=schemas.EnterpriseView, status=201,
)  # fmt: skip
def register_enterprise(call: Call) -> Answer:
    row = service.register_enterprise(call.session, call.actor, call.body, now=call.now)
    return Answer(row, location=path_of("/enterprises/<enterprise_id>", enterprise_id=row.id))


@routes.operation(
    "GET", "/enterprises", "listEnterprises", Bilingual("企业列表", "List enterprises"),
    query=schemas.OrganisationQuery, answer=schemas.EnterpriseMasked, listed=True,
)  # fmt: skip
def list_enterprises(call: Call) -> Any:
    return service.list_enterprises(call.session, call.actor, call.query)


@routes.operation(
    "GET", "/enterprises/<uuid:enterprise_id>", "showEnterprise", Bilingual("查看企业", "Show an enterprise"),
    answer=schemas.EnterpriseView, or_answers=(schemas.EnterpriseMasked,),
)  # fmt: skip
def show_enterprise(call: Call, enterprise_id: UUID) -> Answer:
    row = service.show_enterprise(call.session, call.actor, enterprise_id)
    return _shown(call, row, schemas.EnterpriseView, schemas.EnterpriseMasked)


@routes.operation(
    "PATCH", "/enterprises/<uuid:enterprise_id>", "amendEnterprise", Bilingual("修改企业", "Amend an enterprise"),
    body=schemas.EnterpriseAmendment, answer=schemas.EnterpriseView, guarded=True,
)  # fmt: skip
def amend_enterprise(call: Call, enterprise_id: UUID) -> Any:
    row = service.show_enterprise(call.session, call.actor, enterprise_id)
    call.expect(row)
    return service.amend(call.session, call.actor, row, call.body, now=call.now)


@routes.operation(
    "POST", "/institutes", "registerInstitute", Bilingual("登记院所", "Register an institute"),
    body=schemas.InstituteEntry, answer=schemas.InstituteView, status=201,
)  # fmt: skip
def register_institute(call: Call) -> Answer:
    row = service.register_institute(call.session, call.actor, call.body, now=call.now)
    return Answer(row, location=path_of("/institutes/<institute_id>", institute_id=row.id))


@routes.operation(
    "GET", "/institutes", "listInstitutes", Bilingual("院所列表", "List institutes"),
    query=schemas.OrganisationQuery, answer=schemas.InstituteMasked, listed=True,
)  # fmt: skip
def list_institutes(call: Call) -> Any:
    return service.list_institutes(call.session, call.query)


@routes.operation(
    "GET", "/institutes/<uuid:institute_id>", "showInstitute", Bilingual("查看院所", "Show an institute"),
    answer=schemas.InstituteView, or_answers=(schemas.InstituteMasked,),
)  # fmt: skip
def show_institute(call: Call, institute_id: UUID) -> Answer:
    row = service.institute_named(call.session, institute_id)
    return _shown(call, row, schemas.InstituteView, schemas.InstituteMasked)


@routes.operation(
    "PATCH", "/institutes/<uuid:institute_id>", "amendInstitute", Bilingual("修改院所", "Amend an institute"),
    body=schemas.InstituteAmendment, answer=schemas.InstituteView, guarded=True,
)  # fmt: skip
def amend_institute(call: Call, institute_id: UUID) -> Any:
    row = service.institute_named(call.session, institute_id)
    call.expect(row)
    return service.amend(call.session, call.actor, row, call.body, now=call.now)


@routes.operation(
    "GET",
    "/regions",
    "listRegions",
    Bilingual("区域", "List regions"),
    answer=schemas.RegionsView,
    public=True,
)
def list_regions(call: Call) -> Any:
    return {"items": list(REGIONS.values())}


@routes.operation(
    "GET", "/region-groups", "listRegionGroups", Bilingual("区域组（创新走廊）", "List region groups"),
    answer=schemas.RegionGroupsView, public=True,
)  # fmt: skip
def list_region_groups(call: Call) -> Any:
    return {"items": list(REGION_GROUPS.values())}


@routes.operation(
    "GET", "/organisations/counts", "countOrganisations", Bilingual("各地机构数", "Count organisations by area"),
    answer=schemas.OrganisationCounts,
)  # fmt: skip
def count_organisations(call: Call) -> Any:
    return {"items": counting.count_organisations(call.session, call.actor)}


@routes.operation(
    "GET", "/industries", "listIndustries", Bilingual("产业", "List industries"),
    answer=schemas.IndustriesView, public=True,
)  # fmt: skip
def list_industries(call: Call) -> Any:
    return {"items": [_industry(code) for code in INDUSTRIES]}


def _shown(call: Call, row: Enterprise | Institute, full: type[Schema], masked: type[Schema]) -> Answer:
    if service.may_read_contact(call.actor, row):
        return Answer(row, schema=full)
    return Answer(row, schema=masked, view="masked")


def _industry(code: str) -> dict[str, str]:
    leaf = INDUSTRIES[code]
    group = GROUPS[leaf.group]
    return {"code": code, "zh": leaf.label.zh, "en": str(leaf.label), "group": leaf.group, "group_zh": group.zh,
            "group_en": str(group)}  # fmt: skip
