"""Reading payments and their batches; the bank's file is opened for managers alone, and each time on record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from backbone import audit
from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.http_binary import Download
from backbone.pages import Page, read_page
from backbone.spreadsheets import CSV
from finance_net.awards.payments.models import BankAccount, Payment, PaymentBatch
from finance_net.awards.permissions import may_read_all, own_of, require_manager, require_reader

SORTS = {"created_at": Payment.created_at, "reference": Payment.reference}
BATCH_SORTS = {"created_at": PaymentBatch.created_at, "number": PaymentBatch.number}


def list_payments(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Any]:
    """A page of payments with the last digits of their accounts: every one, or those to the own enterprises."""
    query = select(Payment, BankAccount.tail).join(BankAccount, BankAccount.id == Payment.account_id)
    if not may_read_all(actor):
        query = query.where(Payment.enterprise_id.in_(own_of(actor)))
    for name in ("award_id", "batch_id", "enterprise_id", "reference", "amount_fen"):
        if asked.get(name):
            query = query.where(getattr(Payment, name) == asked[name])
    if asked.get("state"):
        query = query.where(Payment.state.in_(asked["state"]))
    return read_page(session, query, asked, SORTS, Payment.id, payment_view)


def payment_view(payment: Payment, tail: str) -> dict[str, Any]:
    """A payment as it is shown."""
    return {"payment": payment, "account": masked(tail)}


def masked(tail: str) -> str:
    """An account's number as it is shown."""
    return f"****{tail}"


def list_batches(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[PaymentBatch]:
    """A page of batches; raises Forbidden."""
    require_reader(actor)
    query = select(PaymentBatch)
    for name in ("fund_id", "state"):
        if asked.get(name):
            query = query.where(getattr(PaymentBatch, name) == asked[name])
    return read_page(session, query, asked, BATCH_SORTS, PaymentBatch.id)


def download_file(session: Session, actor: Actor, batch_id: UUID, *, now: datetime) -> Download:
    """The bytes that went to the bank, the same each time; raises Forbidden, NotFound while there are none."""
    require_manager(actor)
    query = select(PaymentBatch).where(PaymentBatch.id == batch_id).options(undefer(PaymentBatch.file_sealed))
    batch = session.scalar(query)
    content = None if batch is None else batch.file
    if batch is None or content is None:
        raise NotFound()
    audit.record(session, actor, "read_bank_file", batch, now=now, after={"sha256": batch.sha256})
    return Download(f"{batch.number}.csv", CSV, batch.sha256 or "", lambda: content)
