"""Sending a need on its way: what is suggested is done in one step, by whoever may ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from ground_net.routing.choosing import Fit
from ground_net.routing.complexity import HARD, Complexity
from ground_net.routing.errors import NobodyToTakeIt
from ground_net.routing.models import Handover
from ground_net.routing.service import offer
from ground_net.routing.suggesting import INSTITUTES, suggest_route
from sky_net.invitations.models import Invitation
from sky_net.invitations.service import invite_institute
from sky_net.needs.life_cycle import lock_visible

MOST_INVITED = 3
"""Institutes asked at once; whoever wants more asks them by hand."""


@dataclass(frozen=True)
class Sent:
    """Where it went: invitations, or the hand-over to a broker, who has until its due instant to answer."""

    complexity: Complexity
    goes_to: str
    invitations: Sequence[Invitation]
    handover: Handover | None


def route_need(
    session: Session, actor: Actor, need_id: UUID, *, language: Sequence[str] = (), now: datetime
) -> Sent:
    """Invite the institutes that were suggested, or offer the need to the broker who fits best.

    Raises NotFound, Forbidden, NobodyToTakeIt, and what inviting and handing over raise.
    """
    need = lock_visible(session, actor, need_id)
    route = suggest_route(session, actor, need_id, language=language, now=now)
    if route.goes_to == INSTITUTES:
        asked = [
            invite_institute(
                session, actor, need_id, {"institute_id": each.institute_id, "achievement_id": each.achievement_id}, now=now
            )
            for each in route.institutes[:MOST_INVITED]
        ]  # fmt: skip
        return Sent(route.complexity, route.goes_to, asked, None)
    fitting = [each["fit"] for each in route.brokers if each["fit"].account_id != need.owner_id]
    if not fitting:
        raise NobodyToTakeIt(number=need.number, refused=len(route.refused))
    reason = _reason_for(fitting[0], route.complexity)
    handover = offer(session, actor, need, fitting[0].account_id, reason, now=now)
    return Sent(route.complexity, route.goes_to, [], handover)


def _reason_for(first: Fit, complexity: Complexity) -> str:
    """Why it is this broker's: by the enterprise's mandate, as a hard need, or as one that no institute answers."""
    if first.goes_first:
        return "mandate"
    return "complex" if complexity.complexity == HARD else "speciality"
