"""Imports of leads over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from backbone.spreadsheets import CSV, XLSX, export
from ground_net.leads.imports import jobs, refused, schemas, service

routes = Routes("lead_imports", __name__, url_prefix="/api", description="线索导入 / imports of leads")
IMPORTS, ONE = "/lead-imports", "/lead-imports/<uuid:import_id>"


@routes.operation(
    "POST", IMPORTS, "importLeads", Bilingual("导入线索文件（CSV、XLSX）", "Import a file of leads (CSV, XLSX)"),
    query=schemas.LeadImportEntry, answer=schemas.LeadImportView, status=201, takes_bytes=service.MOST_BYTES,
)  # fmt: skip
def import_leads(call: Call) -> Answer:
    wanted = {
        "node_key": call.query["node"],
        "name": call.query["name"],
        "only_check": call.query["only_check"],
    }
    started = service.start_import(call.session, call.actor, call.content, **wanted, now=call.now)
    jobs.queue_import(call.session, started.id)
    return Answer(started, location=path_of(ONE, import_id=started.id))


@routes.operation(
    "GET", f"{IMPORTS}/template", "downloadLeadTemplate", Bilingual("下载线索模板", "Download the form for leads"),
    query=schemas.FileQuery, answer=None, gives_bytes=(CSV, XLSX),
)  # fmt: skip
def download_lead_template(call: Call) -> Answer:
    return Answer(export(refused.template_table(now=call.now), call.query["format"]))


@routes.operation(
    "GET", ONE, "showLeadImport", Bilingual("查看导入进度", "Show how far an import is"), answer=schemas.LeadImportView,
)  # fmt: skip
def show_lead_import(call: Call, import_id: UUID) -> Any:
    return service.show_import(call.session, call.actor, import_id)


@routes.operation(
    "GET", f"{ONE}/faults", "listLeadImportFaults", Bilingual("导入中的问题", "List what is wrong with the rows"),
    query=schemas.FaultQuery, answer=schemas.FaultView, listed=True,
)  # fmt: skip
def list_lead_import_faults(call: Call, import_id: UUID) -> Any:
    return refused.list_faults(call.session, call.actor, import_id, call.query)


@routes.operation(
    "GET", f"{ONE}/refused", "downloadRefusedLeads", Bilingual("下载待修改的行", "Download the rows to be corrected"),
    query=schemas.FileQuery, answer=None, gives_bytes=(CSV, XLSX),
)  # fmt: skip
def download_refused_leads(call: Call, import_id: UUID) -> Answer:
    table = refused.refused_table(call.session, call.actor, import_id, now=call.now)
    return Answer(export(table, call.query["format"]))
