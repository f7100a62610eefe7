"""Hand-overs over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from finance_net.credit.handovers import schemas, service

routes = Routes("credit_handovers", __name__, url_prefix="/api", description="银行对接 / hand-overs to banks")
ONE = "/credit-handovers/<uuid:credit_id>"


@routes.operation(
    "POST", "/enterprises/<uuid:enterprise_id>/credit-handovers", "askCredit",
    Bilingual("同意并申请银行对接", "Consent to a hand-over to a bank"), body=schemas.CreditAskEntry, answer=schemas.CreditHandoverView,
    status=201,
)  # fmt: skip
def ask_credit(call: Call, enterprise_id: UUID) -> Answer:
    return Answer(service.ask_credit(call.session, call.actor, enterprise_id, call.body, now=call.now))


@routes.operation(
    "GET", "/credit-handovers", "listCreditHandovers", Bilingual("银行对接列表", "List hand-overs to banks"),
    query=schemas.CreditHandoverQuery, answer=schemas.CreditHandoverView, listed=True,
)  # fmt: skip
def list_credit_handovers(call: Call) -> Any:
    return service.list_handovers(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "POST", f"{ONE}/bank", "handOverCredit", Bilingual("交给银行", "Hand it over to a bank"), body=schemas.BankEntry,
    answer=schemas.CreditHandoverView,
)  # fmt: skip
def hand_over_credit(call: Call, credit_id: UUID) -> Any:
    return service.hand_over_credit(call.session, call.actor, credit_id, **call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/answer", "answerCredit", Bilingual("登记银行答复", "Record the bank's answer"), body=schemas.BankAnswer,
    answer=schemas.CreditHandoverView,
)  # fmt: skip
def answer_credit(call: Call, credit_id: UUID) -> Any:
    return service.answer_credit(call.session, call.actor, credit_id, **call.body, now=call.now)


@routes.operation(
    "POST",
    f"{ONE}/withdrawal",
    "withdrawCredit",
    Bilingual("撤回同意", "Withdraw the consent"),
    answer=schemas.CreditHandoverView,
)
def withdraw_credit(call: Call, credit_id: UUID) -> Any:
    return service.withdraw_credit(call.session, call.actor, credit_id, now=call.now)
