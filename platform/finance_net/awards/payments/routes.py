"""Accounts, payments and the bank's file over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from backbone.spreadsheets import CSV
from finance_net.awards.payments import accounts, reading, schemas, service

routes = Routes(
    "payments", __name__, url_prefix="/api", description="付款与银行文件 / payments and the bank's file"
)
ACCOUNT, BATCH = "/enterprises/<uuid:enterprise_id>/bank-account", "/payment-batches/<uuid:batch_id>"


@routes.operation(
    "POST", ACCOUNT, "enterBankAccount", Bilingual("登记收款账户", "Give the account to be paid to"), body=schemas.BankAccountEntry,
    answer=schemas.BankAccountView, status=201,
)  # fmt: skip
def enter_bank_account(call: Call, enterprise_id: UUID) -> Any:
    return accounts.enter_account(call.session, call.actor, enterprise_id, call.body, now=call.now)


@routes.operation(
    "GET",
    ACCOUNT,
    "showBankAccount",
    Bilingual("查看收款账户（遮盖）", "Show the account, masked"),
    answer=schemas.BankAccountView,
)
def show_bank_account(call: Call, enterprise_id: UUID) -> Any:
    return accounts.account_of(call.session, call.actor, enterprise_id)


@routes.operation(
    "POST", "/payment-batches", "instructPayments", Bilingual("提出付款", "Order payments"), body=schemas.BatchEntry,
    answer=schemas.BatchView, status=201,
)  # fmt: skip
def instruct_payments(call: Call) -> Any:
    return service.instruct_payments(call.session, call.actor, **call.body, now=call.now)


@routes.operation(
    "GET", "/payment-batches", "listBatches", Bilingual("付款批次列表", "List batches of payments"), query=schemas.BatchQuery,
    answer=schemas.BatchView, listed=True,
)  # fmt: skip
def list_batches(call: Call) -> Any:
    return reading.list_batches(call.session, call.actor, call.query)


@routes.operation(
    "POST", f"{BATCH}/decision", "decideBatch", Bilingual("复核付款：送银行或撤回", "Send a batch to the bank, or withdraw it"),
    body=schemas.BatchDecision, answer=schemas.BatchView,
)  # fmt: skip
def decide_batch(call: Call, batch_id: UUID) -> Any:
    decide = service.export_batch if call.body["is_approved"] else service.withdraw_batch
    return decide(call.session, call.actor, batch_id, now=call.now)


@routes.operation(
    "GET",
    f"{BATCH}/file",
    "downloadBankFile",
    Bilingual("下载银行文件", "Download the bank's file"),
    answer=None,
    gives_bytes=(CSV,),
)
def download_bank_file(call: Call, batch_id: UUID) -> Answer:
    return Answer(reading.download_file(call.session, call.actor, batch_id, now=call.now))


@routes.operation(
    "GET", "/payments", "listPayments", Bilingual("付款列表", "List payments"), query=schemas.PaymentQuery,
    answer=schemas.PaymentView, listed=True,
)  # fmt: skip
def list_payments(call: Call) -> Any:
    return reading.list_payments(call.session, call.actor, call.query)
