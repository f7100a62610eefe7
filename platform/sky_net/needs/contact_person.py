"""Naming another contact person while the need is alive: whoever was to be asked may leave, and the text stays as it was confirmed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Forbidden
from sky_net.needs import states
from sky_net.needs.life_cycle import lock_visible
from sky_net.needs.models import PERSONAL, Need
from sky_net.needs.permissions import CAN_NAME_CONTACT_PERSON, allows
from sky_net.needs.telling import tell_of_contact_person

PARTS = ("name", "phone", "email")


def name_contact_person(
    session: Session, actor: Actor, need_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Need:
    """Whom to ask from now on, as a whole: what is not said of the new person is not known. No clock and no state moves, so that it
    answers no return and no question either. The same again changes nothing.

    Raises NotFound, Forbidden, StateConflict once nothing leads out of its state.
    """
    need = lock_visible(session, actor, need_id)
    if not allows(CAN_NAME_CONTACT_PERSON, actor, need):
        raise Forbidden()
    if need.state in states.CLOSED:
        raise states.refusal(need.state, "name_contact_person")
    before, after = audit.changes(need, {f"contact_{part}": said.get(part) for part in PARTS})
    if not after:
        return need
    for name, value in after.items():
        setattr(need, name, value)
    need.updated_at = now
    session.flush()
    audit.record(
        session, actor, "name_contact_person", need, now=now, before=before, after=after, personal=PERSONAL
    )
    tell_of_contact_person(session, actor, need, now=now)
    return need
