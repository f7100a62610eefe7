"""Contracts over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from backbone.spreadsheets import CSV, XLSX
from ground_net.contracts import exporting, reading, schemas, service, signing
from ground_net.contracts.models import Contract
from ground_net.contracts.permissions import FULL

routes = Routes("contracts", __name__, url_prefix="/api", description="技术合同 / technology contracts")
ONE = "/contracts/<uuid:contract_id>"


@routes.operation(
    "POST", "/proposals/<uuid:proposal_id>/contract", "signContract",
    Bilingual("登记已签合同", "Put the signed contract of an accepted proposal on record"),
    body=schemas.ContractEntry, answer=schemas.ContractView, status=201,
)  # fmt: skip
def sign_contract(call: Call, proposal_id: UUID) -> Answer:
    row = signing.sign_contract(call.session, call.actor, proposal_id, call.body, now=call.now)
    return Answer(
        reading.seen(call.session, row), location=path_of("/contracts/<contract_id>", contract_id=row.id)
    )


@routes.operation(
    "GET", "/contracts", "listContracts", Bilingual("合同列表", "List contracts"),
    query=schemas.ContractQuery, answer=schemas.ContractView, or_answers=(schemas.ContractOutline,), listed=True,
)  # fmt: skip
def list_contracts(call: Call) -> Any:
    return reading.list_contracts(call.session, call.actor, call.query)


@routes.operation(
    "GET", "/contracts/export", "exportContracts", Bilingual("导出合同", "Export contracts as CSV or XLSX"),
    query=schemas.ContractExportQuery, answer=None, gives_bytes=(CSV, XLSX),
)  # fmt: skip
def export_contracts(call: Call) -> Any:
    return exporting.export_contracts(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "GET", ONE, "showContract", Bilingual("查看合同", "Show a contract"),
    answer=schemas.ContractView, or_answers=(schemas.ContractOutline,),
)  # fmt: skip
def show_contract(call: Call, contract_id: UUID) -> Answer:
    row, view = reading.read_contract(call.session, call.actor, contract_id)
    if view != FULL:
        return Answer(reading.outline_of(row), schema=schemas.ContractOutline, view=view)
    return Answer(reading.seen(call.session, row))


@routes.operation(
    "PATCH", ONE, "amendContract", Bilingual("变更合同", "Change a contract by a supplement"),
    body=schemas.ContractAmendment, answer=schemas.ContractView, guarded=True,
)  # fmt: skip
def amend_contract(call: Call, contract_id: UUID) -> Any:
    row = reading.locked_contract(call.session, call.actor, contract_id)
    call.expect(row)
    return _shown(call, signing.amend_contract(call.session, call.actor, row, call.body, now=call.now))


@routes.operation(
    "POST", f"{ONE}/confirmation", "confirmContract", Bilingual("确认合同", "Confirm what the other side recorded"),
    answer=schemas.ContractView,
)  # fmt: skip
def confirm_contract(call: Call, contract_id: UUID) -> Any:
    return _shown(call, service.confirm_contract(call.session, call.actor, contract_id, now=call.now))


@routes.operation(
    "POST", f"{ONE}/dispute", "disputeContract", Bilingual("对合同提出异议", "Say that it was not signed like this"),
    body=schemas.DisputeOfContract, answer=schemas.ContractView,
)  # fmt: skip
def dispute_contract(call: Call, contract_id: UUID) -> Any:
    return _shown(
        call, service.dispute_contract(call.session, call.actor, contract_id, **call.body, now=call.now)
    )


@routes.operation(
    "POST", f"{ONE}/settlement", "settleContract", Bilingual("裁定合同异议", "Settle a dispute about a contract"),
    body=schemas.SettlementOfContract, answer=schemas.ContractView,
)  # fmt: skip
def settle_contract(call: Call, contract_id: UUID) -> Any:
    return _shown(
        call, service.settle_contract(call.session, call.actor, contract_id, **call.body, now=call.now)
    )


@routes.operation(
    "POST", f"{ONE}/termination", "terminateContract", Bilingual("解除合同", "Put on record that a contract ended early"),
    body=schemas.Termination, answer=schemas.ContractView,
)  # fmt: skip
def terminate_contract(call: Call, contract_id: UUID) -> Any:
    return _shown(
        call, service.terminate_contract(call.session, call.actor, contract_id, call.body, now=call.now)
    )


@routes.operation(
    "POST", f"{ONE}/closing", "closeContract", Bilingual("办结合同", "Close a contract"),
    body=schemas.Closing, answer=schemas.ContractView,
)  # fmt: skip
def close_contract(call: Call, contract_id: UUID) -> Any:
    return _shown(
        call, service.close_contract(call.session, call.actor, contract_id, **call.body, now=call.now)
    )


def _shown(call: Call, row: Contract) -> reading.ContractInView:
    return reading.seen(call.session, row)
