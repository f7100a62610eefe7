"""Reports of needs: how many are in which state in each area that the reader is responsible for."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.chains.reading import require_chains
from backbone.directory.counting import is_reported
from backbone.directory.permissions import reported_zones
from backbone.directory.rollup import AreaCount, roll_up
from sky_net.needs.models import Need
from sky_net.needs.reading import submitted_between
from sky_net.needs.states import STATES


@dataclass(frozen=True)
class NeedsOfArea:
    """The needs of one area by state; states without any are left out."""

    area: AreaCount
    states: list[dict[str, Any]]


def count_needs(session: Session, actor: Actor, asked: Mapping[str, Any]) -> list[NeedsOfArea]:
    """The submitted needs of the actor's zones by area and state; raises Invalid, and Forbidden for who reports on none.

    A draft is its enterprise's alone until it is handed in, and counts nowhere.
    """
    zones = reported_zones(actor)
    require_chains(session, asked)
    by_state = _by_state(session, zones, asked)
    whole: Counter[str] = Counter()
    for counts in by_state.values():
        whole.update(counts)
    rolled = {
        state: {area.code: area.total for area in roll_up(counts)} for state, counts in by_state.items()
    }
    return [
        NeedsOfArea(area, _stated(area.code, rolled)) for area in roll_up(whole) if is_reported(area, zones)
    ]


def _stated(code: str, rolled: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    present = [state for state in STATES if state in rolled and rolled[state][code]]
    return [{"state": state, "needs": rolled[state][code]} for state in present]


def _by_state(
    session: Session, zones: frozenset[str] | None, asked: Mapping[str, Any]
) -> Mapping[str, Counter[str]]:
    query = select(Need.state, Need.zone_code, func.count()).where(*_conditions(zones, asked))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for state, zone, count in session.execute(query.group_by(Need.state, Need.zone_code)):
        counts[state][zone] = count
    return counts


def _conditions(zones: frozenset[str] | None, asked: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Need.submitted_at.is_not(None)]
    if zones is not None:
        wanted.append(Need.zone_code.in_(zones))
    if asked.get("chain_id"):
        wanted.append(Need.chain_id.in_(asked["chain_id"]))
    if asked.get("industry"):
        wanted.append(Need.industry.in_(asked["industry"]))
    return wanted + submitted_between(asked)
