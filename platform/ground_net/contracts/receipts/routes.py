"""Cash received over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from ground_net.contracts.receipts import reading, schemas, service

routes = Routes(
    "cash_receipts", __name__, url_prefix="/api", description="合同到账 / cash received for contracts"
)
OF_CONTRACT = "/contracts/<uuid:contract_id>/receipts"


@routes.operation(
    "POST", OF_CONTRACT, "recordReceipt", Bilingual("登记到账", "Record cash received for a contract"),
    body=schemas.ReceiptEntry, answer=schemas.CashReceiptView, status=201,
)  # fmt: skip
def record_receipt(call: Call, contract_id: UUID) -> Answer:
    return Answer(service.record_receipt(call.session, call.actor, contract_id, call.body, now=call.now))


@routes.operation(
    "GET", OF_CONTRACT, "listContractReceipts", Bilingual("合同到账列表", "List the cash received for a contract"),
    query=schemas.CashReceiptQuery, answer=schemas.CashReceiptView, listed=True,
)  # fmt: skip
def list_contract_receipts(call: Call, contract_id: UUID) -> Any:
    return reading.list_receipts(call.session, call.actor, contract_id, call.query)


@routes.operation(
    "POST", "/cash-receipts/<uuid:cash_receipt_id>/reversal", "reverseReceipt",
    Bilingual("冲正到账", "Reverse a receipt that does not count"),
    body=schemas.ReceiptReversal, answer=schemas.CashReceiptView, status=201,
)  # fmt: skip
def reverse_receipt(call: Call, cash_receipt_id: UUID) -> Answer:
    return Answer(
        service.reverse_receipt(call.session, call.actor, cash_receipt_id, **call.body, now=call.now)
    )
