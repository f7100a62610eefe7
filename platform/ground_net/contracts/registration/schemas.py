"""What HTTP may say of registration."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from backbone.errors import Bilingual
from backbone.fields import (
    Choice,
    Day,
    Fen,
    Flag,
    Identifier,
    Instant,
    Schema,
    Several,
    Text,
)
from backbone.pages import PageQuery, sort_field
from ground_net.contracts.registration.models import FILED_AS
from ground_net.contracts.registration.reasons import DOCUMENTS, REFUSALS
from ground_net.contracts.schemas import LARGEST_FEN
from ground_net.contracts.vocabulary import KINDS, REGISTRATION_STATES

SAY_WHY = Bilingual("选择“其他”时必须写明原因", "With the reason other, say why")


class RegistrationEntry(Schema):
    """What the seller hands in."""

    documents = Several(
        Choice(DOCUMENTS),
        len(DOCUMENTS),
        distinct=True,
        load_default=list,
    )


class RegistrationReturn(Schema):
    """What is missing."""

    missing_items = Several(Text(200), 20, required=True)
    message = Text(2000, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def name_something(self, values: dict[str, Any], **_: object) -> None:
        """A return that names nothing could not be answered."""
        if not values["missing_items"]:
            raise ValidationError({"missing_items": [Bilingual("至少写明一项", "Name at least one thing")]})


class RegistrationDecision(Schema):
    """What the station has registered."""

    register_number = Text(
        64, required=True, metadata={"description": "登记证明上的编号 / as on the certificate"}
    )
    registered_on = Day(allow_none=True, metadata={"description": "缺省为今天 / today by default"})
    kind = Choice(
        KINDS, allow_none=True, metadata={"description": "站点认定的类型 / as the station classified it"}
    )
    technology_income_fen = Fen(
        0,
        LARGEST_FEN,
        allow_none=True,
        metadata={
            "description": "核定技术性收入，单位分 / income of technology as the station sets it, in fen"
        },
    )


class RegistrationRefusal(Schema):
    """Why it is not registered."""

    reason_code = Choice(REFUSALS, required=True)
    message = Text(2000, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def explain_other(self, values: dict[str, Any], **_: object) -> None:
        """`other` alone would be silence with a code."""
        if values["reason_code"] == "other" and not values.get("message"):
            raise ValidationError({"message": [SAY_WHY]})


class RegistrationView(Schema):
    """A filing: by whom and in which capacity, until when it is decided, and what came of it."""

    id = Identifier()
    contract_id = Identifier()
    contract_number = Text(attribute="contract.number")
    contract_kind = Choice(KINDS, attribute="contract.kind")
    amount_fen = Fen(attribute="contract.amount_fen")
    technology_fen = Fen(attribute="contract.technology_fen")
    state = Choice(REGISTRATION_STATES)
    filed_by = Identifier()
    filed_as = Choice(FILED_AS)
    filed_at = Instant()
    documents = Several(Choice(DOCUMENTS))
    expert_review = Flag()
    due_at = Instant(metadata={"description": "工作日期限 / in working days"})
    missing_items = Several(Text())
    decided_by = Identifier()
    decided_as = Choice(FILED_AS)
    decided_at = Instant()
    reason_code = Choice(REFUSALS)
    message = Text()
    register_number = Text(attribute="registered.register_number", dump_default=None)
    registered_on = Day(attribute="registered.registered_on", dump_default=None)
    registered_kind = Choice(KINDS, attribute="registered.registered_kind", dump_default=None)
    technology_income_fen = Fen(attribute="registered.technology_income_fen", dump_default=None)


class RegistrationQuery(PageQuery):
    """Filters of the filings."""

    sort = sort_field(["due_at", "filed_at"], "due_at")
    state = Several(Choice(REGISTRATION_STATES), len(REGISTRATION_STATES), distinct=True)
    contract_id = Identifier()
    overdue = Flag(spelled=True)
