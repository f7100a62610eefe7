"""What a report counts: the leads heard in a period with what became of them, and the events held in it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlalchemy.orm import Session

from backbone.directory.regions import HUBEI, regions_within
from ground_net.contracts.models import Contract
from ground_net.contracts.states import ANNULLED
from ground_net.figures.permissions import Reach
from ground_net.figures.tally import Agreed, Held, Mined
from ground_net.leads.models import PROMOTED, Lead
from ground_net.leads.outreach.models import Outreach
from sky_net.monitoring.funnel import STEPS, place_of
from sky_net.monitoring.periods import Period
from sky_net.needs.outcomes import Outcome, outcomes_of

REGISTERED = "registered"
Regions = frozenset[str] | None
"""The regions asked for, None for all of the reader's."""


def leads_of(session: Session, reach: Reach, period: Period, within: Regions) -> list[Mined]:
    """The leads whose visit lies in the period, in three statements however many they are."""
    query = select(
        Lead.node_key, Lead.zone_code, Lead.happened_at, Lead.state, Lead.settled_at, Lead.need_id
    ).where(
        Lead.happened_at >= period.begins_at, Lead.happened_at < period.ends_at,
        reach.condition(Lead.zone_code, Lead.node_key), *_among(Lead.zone_code, within),
    )  # fmt: skip
    rows = session.execute(query).all()
    needs = [row.need_id for row in rows if row.need_id is not None]
    outcomes, contracts = outcomes_of(session, needs), _contracts_of(session, needs, reach)
    return [_mined(row, outcomes, contracts) for row in rows]


def events_of(session: Session, reach: Reach, period: Period, within: Regions) -> list[Held]:
    """The events held in the period."""
    query = select(Outreach.node_key, Outreach.zone_code, Outreach.held_on).where(
        Outreach.held_on.between(period.first, period.last),
        reach.condition(Outreach.zone_code, Outreach.node_key), *_among(Outreach.zone_code, within),
    )  # fmt: skip
    return [Held(*row) for row in session.execute(query)]


def _mined(row: Any, outcomes: Mapping[UUID, Outcome], contracts: Mapping[UUID, Sequence[Agreed]]) -> Mined:
    mined = Mined(row.node_key, row.zone_code, row.happened_at, is_decided=row.settled_at is not None)
    if row.state != PROMOTED:
        return mined
    outcome = outcomes[row.need_id]
    return Mined(
        mined.node_key, mined.zone_code, mined.happened_at, is_decided=True, promoted_at=row.settled_at, need_id=row.need_id,
        furthest=_furthest(outcome.entered), submitted_at=outcome.submitted_at, contacted_at=outcome.contacted_at,
        contracts=contracts.get(row.need_id, ()),
    )  # fmt: skip


def _furthest(entered: Collection[str]) -> str | None:
    """The furthest of the funnel's states that a need reached or passed."""
    places = [place for state in entered if (place := place_of(state)) is not None]
    return STEPS[max(places)] if places else None


def _contracts_of(
    session: Session, need_ids: Sequence[UUID], reach: Reach
) -> Mapping[UUID, Sequence[Agreed]]:
    if not need_ids:
        return {}
    query = select(
        Contract.need_id, Contract.amount_fen, Contract.technology_fen, Contract.received_fen,
        Contract.seller_region_code, Contract.registration_state, Contract.zone_code,
    ).where(Contract.need_id == any_(literal(list(need_ids), ARRAY(Uuid()))), Contract.state.not_in(ANNULLED))  # fmt: skip
    province = regions_within(HUBEI)
    found: dict[UUID, list[Agreed]] = defaultdict(list)
    for row in session.execute(query):
        found[row.need_id].append(
            Agreed(
                row.amount_fen, row.technology_fen, row.received_fen, row.seller_region_code in province,
                row.registration_state == REGISTERED, reach.reports_on(row.zone_code),
            )
        )  # fmt: skip
    return found


def _among(column: Any, within: Regions) -> list[Any]:
    return [] if within is None else [column.in_(within)]
