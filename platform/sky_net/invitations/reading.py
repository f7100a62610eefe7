"""Seeing invitations: an institute its own, the enterprise and the operators all of the need's."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, lazyload

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from sky_net.invitations.life_cycle import allows
from sky_net.invitations.models import Invitation
from sky_net.invitations.parties import institutes_of
from sky_net.invitations.permissions import CAN_READ_ALL, CAN_READ_ALL_WORDS, CAN_READ_WORDS
from sky_net.invitations.states import LIFE
from sky_net.needs.models import Need
from sky_net.needs.permissions import readable
from sky_net.needs.readers import is_unmasked_to
from sky_net.needs.reading import read_need


class Wordless:
    """An invitation whose words are not for the reader, who is told everything else of it."""

    message = refusal_message = None

    def __init__(self, invitation: Invitation) -> None:
        self._invitation = invitation

    def __getattr__(self, name: str) -> Any:
        return getattr(self._invitation, name)


def show_invitation(session: Session, actor: Actor, invitation_id: UUID) -> Invitation:
    """The invitation, for those it concerns; raises NotFound."""
    # One query, whether it is missing or hidden. An institute's own answer stays its own, also when it declined and
    # the need is hidden from it again.
    own = institutes_of(actor)
    query = select(Invitation, Need).join(Need, Need.id == Invitation.need_id)
    known = or_(Invitation.institute_id.in_(own), readable(actor))
    row = session.execute(query.where(Invitation.id == invitation_id, known).options(lazyload("*"))).first()
    if row is None or not (row[0].institute_id in own or allows(CAN_READ_ALL, actor, row[1])):
        raise NotFound()
    found: Invitation = row[0]
    return found


def may_read_words(session: Session, actor: Actor, invitation: Invitation) -> bool:
    """Whether what the two sides wrote is for this actor, who may know of the invitation.

    What the enterprise wrote may name it: an institute that terms do not bind yet is not shown it.
    """
    need, institute_id = invitation.need, invitation.institute_id
    if allows(CAN_READ_ALL_WORDS, actor, need):
        return True
    is_open = not need.nda_required or is_unmasked_to(session, need.id, institute_id)
    return is_open and allows(CAN_READ_WORDS, actor, need, institute_id)


def list_invitations(
    session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any]
) -> Page[Invitation]:
    """The need's invitations that this actor may know of; raises NotFound for a need that is not visible."""
    need = read_need(session, actor, need_id).need
    query = select(Invitation).where(Invitation.need_id == need_id)
    if not allows(CAN_READ_ALL, actor, need):
        query = query.where(Invitation.institute_id.in_(institutes_of(actor)))
    return _listed(session, query, asked)


def list_own_invitations(
    session: Session, actor: Actor, asked: Mapping[str, Any]
) -> Page[Invitation | Wordless]:
    """The invitations addressed to the actor's institutes; none for anybody else."""
    query = select(Invitation).where(Invitation.institute_id.in_(institutes_of(actor)))
    page = _listed(session, query, asked)
    told = [row if may_read_words(session, actor, row) else Wordless(row) for row in page.items]
    return Page(told, page.next_cursor)


def invitation_between(session: Session, need_id: UUID, institute_id: UUID) -> Invitation | None:
    """The invitation of this institute to this need, whoever asks."""
    pair = select(Invitation).where(Invitation.need_id == need_id, Invitation.institute_id == institute_id)
    return session.scalar(pair)


def accepted_institutes(session: Session, need_id: UUID, among: Collection[UUID]) -> Sequence[UUID]:
    """Those of the given institutes that accepted their invitation to this need."""
    query = select(Invitation.institute_id).where(
        Invitation.need_id == need_id,
        Invitation.institute_id.in_(among),
        Invitation.state == LIFE.after("accept"),
    )
    return session.scalars(query.order_by(Invitation.institute_id)).all()


def _listed(session: Session, query: Select[Invitation], asked: Mapping[str, Any]) -> Page[Invitation]:
    if asked.get("state"):
        query = query.where(Invitation.state.in_(asked["state"]))
    return read_page(session, query, asked, {"invited_at": Invitation.created_at}, Invitation.id)
