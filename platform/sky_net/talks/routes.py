"""Contacts over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from sky_net.talks import reading, schemas, service

routes = Routes("talks", __name__, url_prefix="/api", description="对接记录 / contacts on record")


@routes.operation(
    "POST", "/needs/<uuid:need_id>/contacts", "recordContact", Bilingual("登记对接", "Put a contact on record"),
    body=schemas.ContactEntry, answer=schemas.ContactView, status=201,
)  # fmt: skip
def record_contact(call: Call, need_id: UUID) -> Answer:
    row = service.record_contact(call.session, call.actor, need_id, call.body, now=call.now)
    return Answer(row, location=path_of("/contacts/<contact_id>", contact_id=row.id))


@routes.operation(
    "GET", "/needs/<uuid:need_id>/contacts", "listContacts", Bilingual("需求的对接记录", "List the contacts of a need"),
    query=schemas.ContactQuery, answer=schemas.ContactView, listed=True,
)  # fmt: skip
def list_contacts(call: Call, need_id: UUID) -> Any:
    return reading.list_contacts(call.session, call.actor, need_id, call.query)


@routes.operation(
    "GET", "/contacts/<uuid:contact_id>", "showContact", Bilingual("查看对接记录", "Show a contact"),
    answer=schemas.ContactView,
)  # fmt: skip
def show_contact(call: Call, contact_id: UUID) -> Any:
    return reading.show_contact(call.session, call.actor, contact_id)


@routes.operation(
    "POST", "/contacts/<uuid:contact_id>/agreement", "agreeContact",
    Bilingual("确认对接属实", "Agree that the contact took place"), answer=schemas.ContactView,
)  # fmt: skip
def agree_contact(call: Call, contact_id: UUID) -> Any:
    return service.agree_contact(call.session, call.actor, contact_id, now=call.now)


@routes.operation(
    "POST", "/contacts/<uuid:contact_id>/dispute", "disputeContact",
    Bilingual("对接记录有异议", "Dispute that the contact took place"),
    body=schemas.ContactDispute, answer=schemas.ContactView,
)  # fmt: skip
def dispute_contact(call: Call, contact_id: UUID) -> Any:
    return service.dispute_contact(call.session, call.actor, contact_id, call.body["message"], now=call.now)
