"""Seeing receipts: an enterprise its own, whoever is in office those of its zone; unverified amounts only the latter."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.models import Enterprise
from backbone.directory.service import enterprise_named
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from policy_pack.policies.texts import policy_of
from policy_pack.policies.views import UNVERIFIED
from policy_pack.receipts.models import EvaluationReceipt
from policy_pack.receipts.permissions import CAN_READ, CAN_READ_UNVERIFIED, allows, enterprise_for

SORTS = {"made_at": EvaluationReceipt.made_at}


def read_receipt(session: Session, actor: Actor, receipt_id: UUID) -> EvaluationReceipt:
    """The receipt, for those who may read the enterprise's; raises NotFound."""
    query = select(EvaluationReceipt, Enterprise).join(
        Enterprise, Enterprise.id == EvaluationReceipt.enterprise_id
    )
    row = session.execute(query.where(EvaluationReceipt.id == receipt_id)).first()
    if row is None or not allows(CAN_READ, actor, row[1]):
        raise NotFound()
    receipt: EvaluationReceipt = row[0]
    return receipt


def list_receipts(
    session: Session, actor: Actor, enterprise_id: UUID, asked: Mapping[str, Any]
) -> Page[dict[str, Any]]:
    """A page of the enterprise's receipts, the latest first unless asked otherwise; raises NotFound."""
    enterprise_for(session, actor, enterprise_id, CAN_READ)
    query = select(EvaluationReceipt).where(EvaluationReceipt.enterprise_id == enterprise_id)
    if asked.get("outcome"):
        query = query.where(EvaluationReceipt.outcome.in_(asked["outcome"]))
    if asked.get("policy_id"):
        query = query.where(EvaluationReceipt.policy_id == asked["policy_id"])
    page = read_page(session, query, asked, SORTS, EvaluationReceipt.id)
    return Page([receipt_view(session, each, actor) for each in page.items], page.next_cursor)


def receipt_view(session: Session, receipt: EvaluationReceipt, actor: Actor) -> dict[str, Any]:
    """The receipt as the actor may read it; `withheld` where an unverified amount is not shown."""
    said, policy = json.loads(bytes(receipt.statement)), policy_of(receipt.wording)
    enterprise = enterprise_named(session, receipt.enterprise_id)
    shows = receipt.verified or allows(CAN_READ_UNVERIFIED, actor, enterprise)
    words = {clause.id: clause.text for clause in policy.clauses}
    return {
        "id": receipt.id, "enterprise_id": receipt.enterprise_id, "policy_id": receipt.policy_id,
        "version_id": receipt.version_id, "version_number": receipt.version_number, "key": policy.id,
        "name": policy.name, "as_of_on": receipt.as_of, "counts_from_on": receipt.counts_from,
        "counts_to_on": receipt.counts_to, "outcome": receipt.outcome, "verified": receipt.verified,
        "label": None if receipt.verified else UNVERIFIED.format(reference=policy.reference),
        "reference": policy.reference, "clauses": [each | {"text": words[each["id"]]} for each in said["clauses"]],
        "missing": said["missing"], "disputed": said["disputed"], "amount": _amount(said["amount"]) if shows else None,
        "withheld": said["amount"] is not None and not shows, "engine": receipt.engine, "text_sha256": receipt.text_sha256,
        "facts_digest": receipt.snapshot_digest, "sha256": receipt.sha256, "made_at": receipt.made_at,
        "statement": bytes(receipt.statement).decode() if shows else None,
    }  # fmt: skip


def _amount(said: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The amount with its formula and steps as plain sentences in both languages."""
    if said is None:
        return None
    return {
        "low_fen": said["low_fen"], "high_fen": said["high_fen"], "formula": _spoken(said["formula"]),
        "steps": [_spoken(step) for step in said["steps"]],
    }  # fmt: skip


def _spoken(sentence: Any) -> dict[str, str]:
    return dict(sentence) if isinstance(sentence, Mapping) else {"zh": sentence, "en": sentence}
