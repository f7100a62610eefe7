"""The score of a need with its reasons, and which way it should go: straight to institutes, or to which broker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.service import names_of_institutes
from backbone.errors import Forbidden
from backbone.identity.service import names_of
from ground_net.routing.choosing import REFUSALS, Choice, Wish, choose
from ground_net.routing.complexity import HARD, Complexity, score
from ground_net.routing.defaults import defaults_on
from ground_net.routing.gathering import candidates_for, facts_of
from ground_net.routing.permissions import CAN_READ_SCORE, CAN_ROUTE
from sky_net.invitations.models import Invitation
from sky_net.matching.documents import Hit
from sky_net.matching.pooling import pool
from sky_net.matching.ranking import SUITABLE
from sky_net.matching.runs import last_hits
from sky_net.matching.search import findable_among
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.needs.models import Need
from sky_net.needs.permissions import Rule, allows
from sky_net.needs.reading import read_need

INSTITUTES, BROKER = WAYS = ("institutes", "broker")
MOST_INSTITUTES = 5


@dataclass(frozen=True)
class Invitable:
    """An institute that was not asked yet, with the achievement that speaks for it: what inviteInstitute takes."""

    institute_id: UUID
    name: str
    achievement_id: UUID
    probability: float


@dataclass(frozen=True)
class Route:
    """Which way to go now; both lists are given, so that whoever decides otherwise need not ask again."""

    complexity: Complexity
    goes_to: str
    institutes: Sequence[Invitable]
    brokers: Sequence[Mapping[str, Any]]
    refused: Sequence[Mapping[str, Any]]


def score_need(session: Session, actor: Actor, need_id: UUID, *, now: datetime) -> Complexity:
    """How complex the need is by what it says today, and why; raises NotFound, Forbidden."""
    need = _need_for(session, actor, need_id, CAN_READ_SCORE)
    return _scored(need, last_hits(session, need), now)


def suggest_route(
    session: Session, actor: Actor, need_id: UUID, *, language: Sequence[str] = (), now: datetime
) -> Route:
    """A simple need goes straight to the institutes that its match list names, a hard one to a broker, an ordinary one to
    institutes where there are any; raises NotFound, Forbidden. Nothing is written: inviteInstitute and handNeed do it.
    """
    need = _need_for(session, actor, need_id, CAN_ROUTE)
    hits = last_hits(session, need)
    complexity, institutes = _scored(need, hits, now), _invitable(session, need, hits or (), now)
    choice = choice_for(session, need, language, now=now)
    names = names_of(session, {*(fit.account_id for fit in choice.fits), *choice.refused})
    brokers = [{"fit": fit, "name": names.get(fit.account_id)} for fit in choice.fits]
    refused = [
        {"account_id": key, "name": names.get(key), "reason": why, "why": REFUSALS[why]} for key, why in choice.refused.items()
    ]  # fmt: skip
    return Route(complexity, way_of(complexity.complexity, len(institutes)), institutes, brokers, refused)


def choice_for(session: Session, need: Need, language: Sequence[str] = (), *, now: datetime) -> Choice:
    """The brokers for the need, ranked."""
    wish = Wish(need.industry, need.tech_field, frozenset(language))
    return choose(wish, candidates_for(session, need, now=now), defaults_on(local_date(now)))


def way_of(complexity: str, institutes: int) -> str:
    """To institutes unless it is hard or there is none to ask."""
    return BROKER if complexity == HARD or not institutes else INSTITUTES


def _scored(need: Need, hits: Sequence[Hit] | None, now: datetime) -> Complexity:
    today = local_date(now)
    return score(facts_of(need, hits, today), defaults_on(today))


def _need_for(session: Session, actor: Actor, need_id: UUID, rules: tuple[Rule, ...]) -> Need:
    need = read_need(session, actor, need_id).need
    if not allows(rules, actor, need):
        raise Forbidden()
    return need


def _invitable(session: Session, need: Need, hits: Sequence[Hit], now: datetime) -> list[Invitable]:
    may_be_asked = need.visibility != "operators"
    suitable = [hit for hit in hits if may_be_asked and hit.probability >= SUITABLE]
    ids = [UUID(hit.document_id) for hit in suitable]
    findable = (
        {str(each) for each in findable_among(session, ACHIEVEMENTS, ids, local_date(now))} if ids else set()
    )
    asked = {
        str(each)
        for each in session.scalars(select(Invitation.institute_id).where(Invitation.need_id == need.id))
    }
    by_id = {
        hit.document_id: hit for hit in suitable if hit.document_id in findable and hit.owner not in asked
    }
    pooled = pool(list(by_id.values()))[:MOST_INSTITUTES]
    names = names_of_institutes(session, {UUID(each.institute_id) for each in pooled})
    return [
        Invitable(key, names[key].name, UUID(each.document_ids[0]), by_id[each.document_ids[0]].probability)
        for each in pooled
        for key in (UUID(each.institute_id),)
        if key in names
    ]
