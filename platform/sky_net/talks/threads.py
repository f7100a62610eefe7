"""A need and one institute that was asked about it: on which side of the two the actor stands."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import Forbidden, Invalid
from sky_net.invitations.parties import institutes_of, own_institute, poster, zone_auditor, zone_operator
from sky_net.invitations.reading import invitation_between
from sky_net.invitations.service import require_unmasked
from sky_net.invitations.states import LIFE
from sky_net.needs.models import Need
from sky_net.needs.reading import read_need
from sky_net.talks.checks import NOT_ASKED

ENTERPRISE, INSTITUTE, PLATFORM = "enterprise", "institute", "platform"


@dataclass(frozen=True)
class Thread:
    """The pair, and the side for which the actor speaks; an auditor reads along and speaks for none."""

    need: Need
    institute_id: UUID
    side: str | None


def side_of(actor: Actor, need: Need) -> str | None:
    """The side of somebody who reads the whole need; None of everybody else."""
    if poster(actor, need):
        return ENTERPRISE
    return PLATFORM if zone_operator(actor, need) else None


def find_thread(session: Session, actor: Actor, need_id: UUID, named: UUID | None) -> Thread:
    """The thread with the institute `named`, an institute's own unless it says which; raises NotFound, Forbidden, Invalid.

    Raises TermsNotAccepted to an institute that is not shown the need unmasked yet. A competitor is told the same
    whether the other institute was asked or not.
    """
    need = read_need(session, actor, need_id).need
    side = side_of(actor, need)
    if side or zone_auditor(actor, need):
        return Thread(need, _asked(session, need, named), side)
    institute_id = named or own_asked(session, actor, need)
    if institute_id is None or not own_institute(actor, need, institute_id):
        raise Forbidden()
    if not is_asked(session, need, institute_id):
        raise Forbidden()
    require_unmasked(session, need, institute_id)
    return Thread(need, institute_id, INSTITUTE)


def own_asked(session: Session, actor: Actor, need: Need) -> UUID | None:
    """The actor's institute that was asked about the need; the first by id where several were."""
    own = sorted(institutes_of(actor))
    return next((each for each in own if is_asked(session, need, each)), None)


def is_asked(session: Session, need: Need, institute_id: UUID) -> bool:
    """Whether the institute was invited and has not said no."""
    invitation = invitation_between(session, need.id, institute_id)
    return invitation is not None and invitation.state != LIFE.after("decline")


def _asked(session: Session, need: Need, named: UUID | None) -> UUID:
    if named is None or invitation_between(session, need.id, named) is None:
        raise Invalid.field("institute_id", NOT_ASKED)
    return named
