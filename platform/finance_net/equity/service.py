"""Deals up to the committee: where they come from, what was looked into, and those that are let go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.service import enterprise_named
from backbone.errors import NotFound
from finance_net.equity import errors
from finance_net.equity.committees.minutes import close_without_decision
from finance_net.equity.committees.models import Meeting
from finance_net.equity.models import NUMBERS, Deal, DiligenceItem
from finance_net.equity.reading import add, deal_for, open_calls, part_for, write
from finance_net.equity.states import AGREED, DECLINED, STATES, after, refusal
from finance_net.ledger import service as ledger
from finance_net.ledger.models import Fund
from finance_net.ledger.permissions import require_manager
from sky_net.achievements.reading import achievement_named
from sky_net.needs.reading import read_need


def source_deal(session: Session, actor: Actor, said: Mapping[str, Any], *, now: datetime) -> Deal:
    """Open a deal with an enterprise, perhaps out of a need (anybody's: it may be the one that answers it) or an achievement.

    Raises Forbidden, NotFound (the fund, the enterprise, or what it comes from), NoEquityFund.
    """
    require_manager(actor)
    fund = equity_fund(session, said["fund_id"])
    enterprise_named(session, said["enterprise_id"])
    if said.get("need_id"):
        read_need(session, actor, said["need_id"])
    if said.get("achievement_id"):
        achievement_named(session, actor, said["achievement_id"], now=now)
    number = f"TZ-{local_date(now).year}-{session.scalar(select(NUMBERS.next_value())):06d}"
    deal = Deal(number=number, sourced_by=actor.account_id, **said)
    add(session, actor, deal, "source_deal", {"number": number, "fund": fund.key, **said}, now=now)
    return deal


def equity_fund(session: Session, fund_id: UUID) -> Fund:
    """Raises NotFound, NoEquityFund."""
    fund = session.get(Fund, fund_id)
    if fund is None:
        raise NotFound()
    if fund.kind != "equity":
        raise errors.NoEquityFund(fund=fund.title)
    return fund


def examine_deal(
    session: Session, actor: Actor, deal_id: UUID, items: Sequence[Mapping[str, str]] | None, *, now: datetime
) -> Deal:
    """Open its due diligence with the list given, or the platform's; raises NotFound, Forbidden, StateConflict."""
    deal = deal_for(session, actor, deal_id)
    listed = items or template()
    values = {"state": after(deal.state, "examine"), "open_items": len(listed)}
    for ordinal, item in enumerate(listed, 1):
        row = DiligenceItem(deal_id=deal.id, ordinal=ordinal, topic=item["topic"], title=item["title"])
        row.created_at = row.updated_at = now
        session.add(row)
    write(session, actor, deal, "examine_deal", values, now=now)
    return deal


@cache
def template() -> tuple[Mapping[str, str], ...]:
    """The platform's own list."""
    rows = yaml.safe_load(resources.files(__package__).joinpath("diligence.yaml").read_text("utf-8"))["items"]
    return tuple({"topic": row["topic"], "title": f"{row['zh']} / {row['en']}"} for row in rows)


def settle_item(
    session: Session, actor: Actor, item_id: UUID, *, outcome: str, words: str, now: datetime
) -> DiligenceItem:
    """Say what was found, or why it is left out; raises NotFound, Forbidden, StateConflict, ItemSettled."""
    item, deal = part_for(session, actor, DiligenceItem, item_id)
    if item.outcome is not None:
        raise errors.ItemSettled()
    if deal.state != after("screening", "examine"):
        raise refusal(deal.state, "settle_item")
    settled = {"outcome": outcome, "words": words, "settled_by": actor.account_id, "settled_at": now}
    write(session, actor, item, "settle_diligence", settled, now=now)
    deal.open_items -= 1
    deal.updated_at = now
    session.flush()
    return item


def decline_deal(session: Session, actor: Actor, deal_id: UUID, *, reason: str, now: datetime) -> Deal:
    """Invest nothing: what was reserved or committed for it becomes available again.

    Raises NotFound, Forbidden, StateConflict, Conflict once capital is called.
    """
    deal = deal_for(session, actor, deal_id, moves_money=True)
    state = after(deal.state, "decline")
    if deal.called_fen:
        raise errors.CapitalCalled(number=deal.number, calls=open_calls(session, deal))
    hold = deal.commitment_id if deal.state == AGREED else deal.reservation_id
    for meeting in session.scalars(
        select(Meeting).where(Meeting.deal_id == deal.id, Meeting.state == "open")
    ):
        close_without_decision(session, actor, deal, meeting, "cancelled", reason, now=now)
    write(session, actor, deal, "decline_deal", {"state": state, "decline_reason": reason}, now=now)
    if hold is not None:
        ledger.void(session, actor, hold, reason=f"{deal.number} {STATES[DECLINED].zh}", now=now)
    return deal
