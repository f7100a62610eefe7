"""Reconciliation over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from finance_net.awards.lines import MOST_BYTES
from finance_net.awards.reconciliation import schemas, service, withdrawing

routes = Routes(
    "reconciliation", __name__, url_prefix="/api", description="银行对账 / reconciliation with the bank"
)


@routes.operation(
    "POST", "/funds/<uuid:fund_id>/bank-statements", "importStatement", Bilingual("导入银行对账单（CSV、XLSX）", "Import a bank's statement (CSV, XLSX)"),
    query=schemas.StatementEntry, answer=schemas.StatementView, status=201, takes_bytes=MOST_BYTES,
)  # fmt: skip
def import_statement(call: Call, fund_id: UUID) -> Any:
    return service.import_statement(
        call.session, call.actor, fund_id, call.content, **call.query, now=call.now
    )


@routes.operation(
    "POST", "/bank-statements/<uuid:statement_id>/withdrawal", "withdrawStatement", Bilingual("撤回误导入的对账单", "Withdraw a statement"),
    body=schemas.WithdrawalEntry, answer=schemas.StatementView,
)  # fmt: skip
def withdraw_statement(call: Call, statement_id: UUID) -> Any:
    return withdrawing.withdraw_statement(call.session, call.actor, statement_id, **call.body, now=call.now)


@routes.operation(
    "GET", "/reconciliation-items", "listReconciliation", Bilingual("对账结果", "List what statements came to"),
    query=schemas.ItemQuery, answer=schemas.ItemView, listed=True,
)  # fmt: skip
def list_reconciliation(call: Call) -> Any:
    return service.list_items(call.session, call.actor, call.query)


@routes.operation(
    "POST", "/reconciliation-items/<uuid:item_id>/resolution", "resolveDifference", Bilingual("说明并了结差异", "Resolve a difference"),
    body=schemas.ResolutionEntry, answer=schemas.ItemView,
)  # fmt: skip
def resolve_difference(call: Call, item_id: UUID) -> Any:
    return service.resolve_difference(call.session, call.actor, item_id, **call.body, now=call.now)
