"""Seeing what came in: a page of receipts, of one year if asked."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.pages import Page, read_page
from ground_net.contracts.reading import contract_for
from ground_net.contracts.receipts.models import CashReceipt


def list_receipts(
    session: Session, actor: Actor, contract_id: UUID, asked: Mapping[str, Any]
) -> Page[CashReceipt]:
    """The receipts of a contract and their reversals; raises NotFound."""
    contract = contract_for(session, actor, contract_id)
    query = select(CashReceipt).where(CashReceipt.contract_id == contract.id)
    if asked.get("year"):
        year = asked["year"]
        query = query.where(CashReceipt.received_on.between(date(year, 1, 1), date(year, 12, 31)))
    return read_page(session, query, asked, {"received_on": CashReceipt.received_on}, CashReceipt.id)
