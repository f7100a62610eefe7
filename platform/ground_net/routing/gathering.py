"""What routing looks at, read from the database: the facts of a need, its last match list, the brokers of its zone."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.absences.service import deputies_for, leaves_on
from backbone.actor import Actor, Held, Role
from backbone.clock import local_date
from backbone.directory.permissions import has_zone
from backbone.identity.reaching import holders_of
from ground_net.brokers.models import Broker, BrokerMandate
from ground_net.routing.choosing import Candidate
from ground_net.routing.complexity import NeedFacts, hurry_of, unmatched_of
from ground_net.routing.models import Handover
from ground_net.routing.states import OFFERED
from sky_net.matching.documents import Hit
from sky_net.needs.completeness import CRITERIA, missing_among
from sky_net.needs.models import Need
from sky_net.needs.owning import NOTHING, loads_of, records_of

SEPARATORS = "、，,;；/"
PEOPLE = frozenset({"contact", "decision_owner"})
"""Left out of what is missing, so that nobody's name is opened to count it."""
ASKED = frozenset(criterion.field for criterion in CRITERIA) - PEOPLE


def facts_of(need: Need, hits: Sequence[Hit] | None, today: date) -> NeedFacts:
    """What is counted of the need, with its last match list; None where nobody has searched."""
    musts = [each for each in need.indicators if each.get("weight", "must") == "must"]
    days_left = (need.wanted_on - today).days if need.wanted_on else None
    return NeedFacts(
        musts=len(musts),
        unmeasured=sum(not _has_number(each) for each in musts),
        trl_gap=max((need.trl_required or 0) - need.trl_now, 0) if need.trl_now else 0,
        fields=max(len(_fields(need.tech_field)) - 1, 0),
        budget=need.budget_max_fen or need.budget_min_fen or 0,
        hurry=hurry_of(days_left),
        confidential=need.nda_required + (need.visibility != "public"),
        deliverables=len(need.deliverables),
        unmatched=unmatched_of(None if hits is None else max((hit.probability for hit in hits), default=0.0)),
        missing=len(missing_among(need, ASKED)),
        returns=need.return_count,
    )


def candidates_for(session: Session, need: Need, *, now: datetime) -> list[Candidate]:
    """The brokers with a profile who may own the need, but for its owner; none of a need that is for operators alone."""
    accounts = [] if need.visibility == "operators" else _brokers_over(session, need.zone_code)
    profiles = session.scalars(
        select(Broker).where(
            Broker.account_id.in_(accounts), Broker.account_id.is_distinct_from(need.owner_id)
        )
    )
    brokers, today = profiles.all(), local_date(now)
    ids = [broker.account_id for broker in brokers]
    loads, records, mandates = (
        in_hand(session, ids, now),
        records_of(session, ids),
        _mandates(session, need, today),
    )
    away, deputies = leaves_on(session, ids, today), deputies_for(session, ids, today)
    return [
        Candidate(
            account_id=key, capacity=broker.capacity, load=loads[key], industries=frozenset(broker.industries),
            tech_fields=frozenset(broker.tech_fields), languages=frozenset(broker.languages),
            cases=records.get(key, NOTHING).owned, successes=records.get(key, NOTHING).matched, is_away=key in away,
            deputy_id=deputies[key] if deputies[key] != key else None, is_mandated=broker.id in mandates,
            is_exclusive=mandates.get(broker.id, False),
        )
        for broker in brokers
        for key in (broker.account_id,)
    ]  # fmt: skip


def in_hand(session: Session, account_ids: Collection[UUID], now: datetime) -> dict[UUID, int]:
    """The open needs of each, and those offered to them that they may still accept."""
    offered = (
        select(Handover.to_id, func.count())
        .where(Handover.to_id.in_(account_ids), Handover.state == OFFERED, Handover.due_at > now)
        .group_by(Handover.to_id)
    )
    waiting = {account_id: count for account_id, count in session.execute(offered)}
    return {key: load + waiting.get(key, 0) for key, load in loads_of(session, account_ids).items()}


def _brokers_over(session: Session, zone_code: str) -> list[UUID]:
    held: dict[UUID, set[Held]] = defaultdict(set)
    for account_id, each in holders_of(session, Role.BROKER):
        held[account_id].add(each)
    actors = (Actor(account_id, "", frozenset(each)) for account_id, each in held.items())
    return [
        actor.account_id for actor in actors if actor.account_id and has_zone(actor, zone_code, Role.BROKER)
    ]


def _mandates(session: Session, need: Need, today: date) -> dict[UUID, bool]:
    """The brokers whom the enterprise lets act for it today, and whether exclusively."""
    standing = select(BrokerMandate.broker_id, BrokerMandate.is_exclusive).where(
        BrokerMandate.enterprise_id == need.enterprise_id, BrokerMandate.confirmed_at.is_not(None),
        BrokerMandate.ended_at.is_(None), BrokerMandate.from_on <= today, BrokerMandate.until_on >= today,
    )  # fmt: skip
    found: dict[UUID, bool] = {}
    for broker_id, is_exclusive in session.execute(standing):
        found[broker_id] = is_exclusive or found.get(broker_id, False)
    return found


def _has_number(indicator: dict[str, Any]) -> bool:
    return any(sign.isdigit() for sign in str(indicator.get("target") or ""))


def _fields(said: str | None) -> list[str]:
    for separator in SEPARATORS[1:]:
        said = (said or "").replace(separator, SEPARATORS[0])
    return [part for part in (said or "").split(SEPARATORS[0]) if part.strip()]
