"""Seeing the capital of funds, and the money outside."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from finance_net.funds.published import MEASURES, Line, directory, offshore_meanings
from finance_net.funds.service import capital_of
from finance_net.ledger.reading import read_fund

OFFSHORE = "offshore"


def capital_view(
    session: Session, actor: Actor, fund_id: UUID, on: date | None, offshore_means: str, *, now: datetime
) -> dict[str, Any]:
    """The latest word on each measure as of a day, today by default; raises Forbidden, NotFound."""
    fund = read_fund(session, actor, fund_id)
    on = on or local_date(now)
    known = capital_of(session, fund_id, on)
    meaning = offshore_meanings()[offshore_means] if fund.key == OFFSHORE else None
    return {
        "fund": fund,
        "as_of_on": on,
        "measures": [known[name] for name in MEASURES if name in known],
        "offshore": meaning,
    }


def lines(asked: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What others hold, as far as it was public on a day, today by default."""
    on = asked.get("as_of_on") or today
    kinds = asked.get("kind")
    shown: list[Line] = [
        each for each in directory() if each.as_of_on <= on and (not kinds or each.kind in kinds)
    ]
    return {"as_of_on": on, "items": shown}
