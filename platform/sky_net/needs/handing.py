"""Who may answer for a need, and giving it to somebody else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.directory.permissions import has_zone
from backbone.errors import Bilingual, Invalid
from backbone.identity.service import actor_of
from sky_net.needs.models import Need
from sky_net.needs.permissions import OWNING
from sky_net.needs.states import OPEN, refusal

NOT_RESPONSIBLE = Bilingual(
    "该账号不是本区运营人员或技术经纪人",
    "This account is neither an operator nor a broker of the need's zone",
)


def require_responsible(session: Session, account_id: UUID, need: Need, field: str = "owner_id") -> Actor:
    """The account as one that may answer for the need: an operator or broker of its zone; raises Invalid of the field."""
    owner = actor_of(session, account_id)
    if owner is None or not has_zone(owner, need.zone_code, *OWNING):
        raise Invalid.field(field, NOT_RESPONSIBLE)
    return owner


def require_handable(need: Need) -> UUID:
    """Whoever answers for the need now; raises StateConflict before it was confirmed and once it is decided or gone."""
    if need.owner_id is None or need.state not in OPEN:
        raise refusal(need.state, "hand")
    return need.owner_id


def hand_need(session: Session, actor: Actor, need: Need, owner_id: UUID, *, now: datetime) -> Need:
    """Let somebody else answer for a need that the caller has locked; raises StateConflict, Invalid."""
    before = {"owner_id": require_handable(need)}
    require_responsible(session, owner_id, need)
    need.owner_id, need.updated_at = owner_id, now
    session.flush()
    audit.record(session, actor, "hand_need", need, now=now, before=before, after={"owner_id": owner_id})
    return need
