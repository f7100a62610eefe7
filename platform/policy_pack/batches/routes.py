"""Batches over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from backbone.http_requests import preferred_media
from backbone.spreadsheets import CSV, MEDIA, XLSX, export
from policy_pack.batches import results, schemas, service
from policy_pack.batches.models import PolicyBatch

routes = Routes(
    "policy_batches", __name__, url_prefix="/api", description="政策批量评估 / policies for all enterprises"
)
ONE = "/policy-batches/<uuid:batch_id>"
VARY = {"Vary": "Accept, Accept-Language, Authorization"}
ENDINGS = {CSV: "csv", XLSX: "xlsx"}


@routes.operation(
    "POST", "/policy-batches", "startPolicyBatch", Bilingual("批量评估企业", "Evaluate all enterprises"),
    body=schemas.PolicyBatchEntry, answer=schemas.PolicyBatchView, status=201,
)  # fmt: skip
def start_policy_batch(call: Call) -> Answer:
    return _shown(service.start_batch(call.session, call.actor, call.body, now=call.now))


@routes.operation(
    "GET",
    ONE,
    "showPolicyBatch",
    Bilingual("查看批量评估进度", "Show how far a batch is"),
    answer=schemas.PolicyBatchView,
)
def show_policy_batch(call: Call, batch_id: UUID) -> Answer:
    return _shown(service.show_batch(call.session, call.actor, batch_id))


@routes.operation(
    "GET", f"{ONE}/results", "listPolicyBatchResults", Bilingual("批量评估结果", "List or export what a batch answered"),
    query=schemas.BatchResultQuery, answer=schemas.BatchResultView, listed=True, gives_bytes=(CSV, XLSX),
)  # fmt: skip
def list_policy_batch_results(call: Call, batch_id: UUID) -> Answer:
    ending = call.query.get("format") or ENDINGS.get(preferred_media(MEDIA), "json")
    if ending == "json":
        return Answer(results.list_results(call.session, call.actor, batch_id, call.query), headers=VARY)
    return Answer(export(results.table_of(call.session, call.actor, batch_id, call.query), ending))


def _shown(batch: PolicyBatch) -> Answer:
    names = schemas.PolicyBatchView().fields.keys() - {"outcomes", "policy_ids"}
    said: dict[str, Any] = {name: getattr(batch, name) for name in names} | {"keys": batch.keys}
    said["outcomes"] = [{"outcome": name, "count": count} for name, count in batch.outcomes.items()]
    return Answer(said, row=batch)
