"""Clawbacks over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from finance_net.awards.clawbacks import schemas, service, withdrawing

routes = Routes("clawbacks", __name__, url_prefix="/api", description="追回 / clawbacks")
ONE, View = "/clawbacks/<uuid:clawback_id>", schemas.ClawbackView


@routes.operation(
    "POST", "/payments/<uuid:payment_id>/clawbacks", "proposeClawback", Bilingual("提出追回", "Propose a clawback"),
    body=schemas.ClawbackEntry, answer=View, status=201,
)  # fmt: skip
def propose_clawback(call: Call, payment_id: UUID) -> Any:
    return service.propose_clawback(call.session, call.actor, payment_id, call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/decision", "decideClawback", Bilingual("决定追回", "Decide about a clawback"), body=schemas.ClawbackDecision,
    answer=View,
)  # fmt: skip
def decide_clawback(call: Call, clawback_id: UUID) -> Any:
    return service.decide_clawback(call.session, call.actor, clawback_id, **call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/recoveries", "recordRecovery", Bilingual("登记追回到账", "Book what came back"), body=schemas.RecoveredEntry,
    answer=View,
)  # fmt: skip
def record_recovery(call: Call, clawback_id: UUID) -> Any:
    return service.record_recovery(call.session, call.actor, clawback_id, **call.body, now=call.now)


@routes.operation(
    "POST", "/clawback-recoveries/<uuid:recovery_id>/withdrawal", "withdrawRecovery",
    Bilingual("撤销误登的追回到账", "Take a recovery back"), body=schemas.RecoveryWithdrawal, answer=View,
)  # fmt: skip
def withdraw_recovery(call: Call, recovery_id: UUID) -> Any:
    return withdrawing.withdraw_recovery(call.session, call.actor, recovery_id, **call.body, now=call.now)


@routes.operation(
    "GET", "/clawbacks", "listClawbacks", Bilingual("追回列表", "List clawbacks"), query=schemas.ClawbackQuery, answer=View,
    listed=True,
)  # fmt: skip
def list_clawbacks(call: Call) -> Any:
    return service.list_clawbacks(call.session, call.actor, call.query)
