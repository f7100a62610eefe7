"""Opening the published funds, saying what their capital is, and opening a year's pools of policy grants."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.errors import NotFound
from finance_net.funds.errors import CapitalOutOfOrder, NoCapital, NoGrants
from finance_net.funds.models import CapitalStatement
from finance_net.funds.published import MEASURES, published_funds
from finance_net.ledger.errors import NotYet
from finance_net.ledger.models import Envelope, Fund
from finance_net.ledger.opening import open_envelope, open_fund, root_of
from finance_net.ledger.permissions import require_manager
from policy_pack.engine.policy import CATEGORY_WORDS


def open_published_funds(session: Session, actor: Actor, *, now: datetime) -> list[Fund]:
    """Those of the published funds that are not open yet, with what is public of their capital; raises Forbidden.

    Their envelopes hold nothing: a target is no money.
    """
    require_manager(actor)
    known = set(session.scalars(select(Fund.key)))
    opened = []
    for published in published_funds():
        if published.key in known:
            continue
        fund = open_fund(
            session, actor, key=published.key, title=published.title.zh, kind=published.kind, now=now
        )
        for figure in published.capital:
            record_capital(
                session, actor, fund.id, measure=figure.measure, amount_fen=figure.amount_fen, as_of_on=figure.as_of_on,
                source=f"{figure.source} ({figure.grade})", now=now,
            )  # fmt: skip
        opened.append(fund)
    return opened


def record_capital(
    session: Session, actor: Actor, fund_id: UUID, *, measure: str, amount_fen: int, as_of_on: date, source: str, now: datetime
) -> CapitalStatement:  # fmt: skip
    """Say what a fund's target, subscribed, called or invested capital came to on a day.

    Raises Forbidden, NotFound, NoCapital, NotYet, CapitalOutOfOrder.
    """
    require_manager(actor)
    fund = session.get(Fund, fund_id, with_for_update=True)
    if fund is None:
        raise NotFound()
    if fund.kind != "equity":
        raise NoCapital(fund=fund.title)
    refuse_future("as_of_on", as_of_on, local_date(now), NotYet)
    _require_order(capital_of(session, fund_id, as_of_on), measure, amount_fen, as_of_on)
    said: dict[str, Any] = {
        "measure": measure,
        "amount_fen": amount_fen,
        "as_of_on": as_of_on,
        "source": source,
    }
    statement = CapitalStatement(fund_id=fund_id, recorded_at=now, recorded_by=actor.account_id, **said)
    session.add(statement)
    session.flush()
    audit.record(
        session,
        actor,
        "record_capital",
        statement,
        now=now,
        after={"fund_id": fund_id} | said,
        personal={"source"},
    )
    return statement


def capital_of(session: Session, fund_id: UUID, on: date) -> dict[str, CapitalStatement]:
    """The latest word on each measure as of a day; a measure of which nothing was said is missing."""
    said = select(CapitalStatement).where(
        CapitalStatement.fund_id == fund_id, CapitalStatement.as_of_on <= on
    )
    rows = session.scalars(
        said.order_by(CapitalStatement.as_of_on, CapitalStatement.recorded_at, CapitalStatement.id)
    )
    return {row.measure: row for row in rows}


def open_grant_pools(
    session: Session, actor: Actor, fund_id: UUID, year: int, *, now: datetime
) -> Sequence[Envelope]:
    """A year of policy grants with one pool for each category, those of the year first; raises Forbidden, NotFound, NoGrants,
    KeyTaken. The year is partitioned: what is spent of it is spent from one of its pools.
    """
    require_manager(actor)
    fund = session.get(Fund, fund_id)
    if fund is None:
        raise NotFound()
    if fund.kind != "grants":
        raise NoGrants(fund=fund.title)
    root = root_of(session, fund_id)
    whole = open_envelope(
        session, actor, root.id, level="year", key=str(year), title=f"{year} 年", is_partitioned=True, now=now
    )
    pools = [
        open_envelope(
            session, actor, whole.id, level="category", key=str(key), title=f"{year} 年 {title.zh}", now=now
        )
        for key, title in CATEGORY_WORDS.items()
    ]
    return [whole, *pools]


def _require_order(
    known: Mapping[str, CapitalStatement], measure: str, amount_fen: int, as_of_on: date
) -> None:
    """A target may be missed or exceeded; of the others each is a part of the one before, where both are known."""
    standing = {name: row.amount_fen for name, row in known.items()} | {measure: amount_fen}
    chain = [(name, standing[name]) for name in list(MEASURES)[1:] if name in standing]
    for (larger, most), (smaller, least) in pairwise(chain):
        if least > most:
            raise CapitalOutOfOrder(
                as_of_on=as_of_on.isoformat(), smaller=smaller, larger=larger, smaller_amount_fen=least, larger_amount_fen=most
            )  # fmt: skip
