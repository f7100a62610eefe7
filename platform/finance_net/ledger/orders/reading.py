"""Seeing orders."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from finance_net.ledger.orders.models import FundOrder
from finance_net.ledger.permissions import require_reader


def list_orders(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[FundOrder]:
    """A page of orders, the latest first unless asked otherwise; raises Forbidden."""
    require_reader(actor)
    query = select(FundOrder)
    for name in ("fund_id", "state", "action"):
        if asked.get(name):
            query = query.where(getattr(FundOrder, name) == asked[name])
    return read_page(session, query, asked, {"created_at": FundOrder.created_at}, FundOrder.id)


def read_order(session: Session, actor: Actor, order_id: UUID) -> FundOrder:
    """Raises Forbidden, NotFound."""
    require_reader(actor)
    order = session.get(FundOrder, order_id)
    if order is None:
        raise NotFound()
    return order
