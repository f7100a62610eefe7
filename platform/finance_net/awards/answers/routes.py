"""The bank's answers over HTTP."""

from typing import Any

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from finance_net.awards.answers import schemas, service
from finance_net.awards.lines import MOST_BYTES

routes = Routes("bank_answers", __name__, url_prefix="/api", description="银行回盘 / the bank's answers")


@routes.operation(
    "POST", "/payment-answers", "importBankAnswer", Bilingual("导入银行回盘（CSV、XLSX）", "Import the bank's answer (CSV, XLSX)"),
    answer=schemas.BankAnswerView, status=201, takes_bytes=MOST_BYTES,
)  # fmt: skip
def import_bank_answer(call: Call) -> Any:
    return service.import_answer(call.session, call.actor, call.content, now=call.now)
