"""The audit over HTTP."""

from typing import Any

from backbone.auditing import schemas, service
from backbone.errors import Bilingual
from backbone.http import Call, Routes

routes = Routes("auditing", __name__, url_prefix="/api", description="审计 / the audit")


@routes.operation(
    "GET", "/audit-events", "listAuditEvents", Bilingual("审计记录", "List events of the audit"),
    query=schemas.AuditQuery, answer=schemas.AuditEventView, listed=True,
)  # fmt: skip
def list_audit_events(call: Call) -> Any:
    return service.list_audit_events(call.session, call.actor, call.query)
