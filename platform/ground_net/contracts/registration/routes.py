"""Registration over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from ground_net.contracts.registration import reading, schemas, service

routes = Routes(
    "contract_registrations",
    __name__,
    url_prefix="/api",
    description="技术合同认定登记 / registration of technology contracts",
)
ONE = "/contracts/<uuid:contract_id>/registration"


@routes.operation(
    "POST", ONE, "fileRegistration", Bilingual("申报认定登记", "File a contract for registration"),
    body=schemas.RegistrationEntry, answer=schemas.RegistrationView, status=201,
)  # fmt: skip
def file_registration(call: Call, contract_id: UUID) -> Answer:
    return Answer(service.file_registration(call.session, call.actor, contract_id, call.body, now=call.now))


@routes.operation(
    "POST", f"{ONE}/return", "returnRegistration", Bilingual("退回补正", "Send a filing back for correction"),
    body=schemas.RegistrationReturn, answer=schemas.RegistrationView,
)  # fmt: skip
def return_registration(call: Call, contract_id: UUID) -> Any:
    return service.return_registration(call.session, call.actor, contract_id, call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/approval", "registerContract",
    Bilingual("登记合同（登记站认定）", "Register a contract under its number"),
    body=schemas.RegistrationDecision, answer=schemas.RegistrationView,
)  # fmt: skip
def register_contract(call: Call, contract_id: UUID) -> Any:
    return service.register_contract(call.session, call.actor, contract_id, call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/refusal", "refuseRegistration", Bilingual("未予登记", "Refuse to register a contract"),
    body=schemas.RegistrationRefusal, answer=schemas.RegistrationView,
)  # fmt: skip
def refuse_registration(call: Call, contract_id: UUID) -> Any:
    return service.refuse_registration(call.session, call.actor, contract_id, call.body, now=call.now)


@routes.operation(
    "GET", "/contract-registrations", "listRegistrations", Bilingual("登记申报列表", "List filings for registration"),
    query=schemas.RegistrationQuery, answer=schemas.RegistrationView, listed=True,
)  # fmt: skip
def list_registrations(call: Call) -> Any:
    return reading.list_registrations(call.session, call.actor, call.query, now=call.now)
