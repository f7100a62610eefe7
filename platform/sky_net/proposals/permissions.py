"""Who may do what with proposals; what moves them stands in `states.LIFE`.

A competitor is in no row: for it the proposal does not exist, in lists and counts neither.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true

from backbone.actor import Actor, Role
from sky_net.invitations.life_cycle import Rule, allows
from sky_net.invitations.parties import institutes_of, own_institute, poster, zone_auditor, zone_operator
from sky_net.needs.models import Need
from sky_net.proposals.models import Proposal

FULL, OUTLINE = "full", "outline"

# By whether its transfer office ever released it: the view in which each party sees a proposal.
VIEWS_OF_RELEASED: Mapping[Rule, str] = {
    own_institute: FULL,
    poster: FULL,
    zone_operator: FULL,
    zone_auditor: FULL,
}
VIEWS_OF_DRAFT: Mapping[Rule, str] = {own_institute: FULL, zone_operator: OUTLINE, zone_auditor: OUTLINE}

CAN_READ_RECORD = (Role.OPERATOR, Role.AUDITOR, Role.BROKER, Role.ENTERPRISE_MEMBER)
CAN_DRAFT = CAN_AMEND = (own_institute,)
CAN_COMPARE = (poster, zone_operator, zone_auditor)


def view_of(actor: Actor, need: Need, proposal: Proposal) -> str | None:
    """FULL or OUTLINE, by the first party that the actor is; None for those who may not know of it."""
    views = VIEWS_OF_DRAFT if proposal.released_at is None else VIEWS_OF_RELEASED
    return next((view for rule, view in views.items() if rule(actor, need, proposal.institute_id)), None)


def readable(actor: Actor, need: Need) -> ColumnElement[bool]:
    """`view_of` in SQL: the proposals of this need that the actor may know of."""
    released = Proposal.released_at.is_not(None)
    return or_(
        Proposal.institute_id.in_(institutes_of(actor)),
        and_(released, _all_of(VIEWS_OF_RELEASED, actor, need)),
        and_(released.is_(False), _all_of(VIEWS_OF_DRAFT, actor, need)),
    )


def may_read_record(actor: Actor, institute_id: UUID) -> bool:
    """The institute itself, and whoever brings needs to institutes or watches over them; never a competitor."""
    return institute_id in institutes_of(actor) or actor.holds(*CAN_READ_RECORD)


def _all_of(views: Mapping[Rule, str], actor: Actor, need: Need) -> ColumnElement[bool]:
    # Asked about the need as a whole, a rule that depends on the institute does not hold.
    return true() if allows(tuple(views), actor, need) else false()
