"""Evaluations and their receipts over HTTP."""

from typing import Any
from uuid import UUID

from backbone.clock import local_date
from backbone.errors import Bilingual
from backbone.http import Call, Routes
from policy_pack.receipts import reading, schemas, service
from policy_pack.receipts.statement import ENGINE

routes = Routes("receipts", __name__, url_prefix="/api", description="政策评估凭据 / receipts of evaluations")
OF_ENTERPRISE, ONE = "/enterprises/<uuid:enterprise_id>", "/policy-receipts/<uuid:receipt_id>"


@routes.operation(
    "POST", f"{OF_ENTERPRISE}/policy-checks", "checkPolicies", Bilingual("评估企业可享政策", "Evaluate an enterprise, with receipts"),
    body=schemas.CheckEntry, answer=schemas.CheckView,
)  # fmt: skip
def check_policies(call: Call, enterprise_id: UUID) -> Any:
    check = service.check_policies(
        call.session,
        call.actor,
        enterprise_id,
        as_of=call.body["as_of_on"] or local_date(call.now),
        keys=call.body["policy_ids"],
        matter_id=call.body["matter_id"],
        now=call.now,
    )
    views = [reading.receipt_view(call.session, receipt, call.actor) for receipt in check.receipts]
    return {"as_of_on": check.as_of, "matter_id": check.matter_id, "items": views}


@routes.operation(
    "GET", f"{OF_ENTERPRISE}/policy-receipts", "listReceipts", Bilingual("评估凭据列表", "List the receipts of an enterprise"),
    query=schemas.ReceiptQuery, answer=schemas.ReceiptView, listed=True,
)  # fmt: skip
def list_receipts(call: Call, enterprise_id: UUID) -> Any:
    return reading.list_receipts(call.session, call.actor, enterprise_id, call.query)


@routes.operation(
    "GET", ONE, "showReceipt", Bilingual("查看评估凭据", "Show a receipt"), answer=schemas.ReceiptView
)
def show_receipt(call: Call, receipt_id: UUID) -> Any:
    receipt = reading.read_receipt(call.session, call.actor, receipt_id)
    return reading.receipt_view(call.session, receipt, call.actor)


@routes.operation(
    "GET", f"{ONE}/replay", "replayReceipt", Bilingual("重算评估凭据", "Replay a receipt from its stored text and facts"),
    answer=schemas.ReplayView,
)  # fmt: skip
def replay_receipt(call: Call, receipt_id: UUID) -> Any:
    replay = service.replay_receipt(call.session, call.actor, receipt_id)
    return {"receipt": replay.receipt, "same": replay.same, "sha256": replay.sha256, "engine_now": ENGINE}
