"""To whom a contract is credited: the broker who matched the need with the institute."""

from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.directory.permissions import has_zone
from backbone.identity.service import actor_of
from sky_net.invitations.reading import invitation_between
from sky_net.needs.models import Need


def broker_behind(session: Session, need: Need, institute_id: UUID) -> tuple[UUID | None, str | None]:
    """The account and as what: who owns the need, else who invited the institute, if that is a broker of the need's zone."""
    invitation = invitation_between(session, need.id, institute_id)
    inviter = None if invitation is None else invitation.invited_by
    matchers = ((need.owner_id, "owner"), (inviter, "inviter"))
    for account_id, credited_as in matchers:
        if account_id is not None and _is_broker(session, account_id, need.zone_code):
            return account_id, credited_as
    return None, None


def _is_broker(session: Session, account_id: UUID, zone_code: str) -> bool:
    actor = actor_of(session, account_id)
    return actor is not None and has_zone(actor, zone_code, Role.BROKER)
