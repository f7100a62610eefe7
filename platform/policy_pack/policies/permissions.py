"""Who does what with policies, as tables.

Policies are the province's: its officers move them. Whoever is in office reads everything of a published one; everybody
else reads it without what is not verified yet: its amounts, and the text that holds them.
"""

from backbone.actor import Actor, Role
from backbone.errors import Forbidden

CAN_MOVE: tuple[Role, ...] = (Role.POLICY_OFFICER,)
"""Over the whole province: upload, review, publish, repeal, attach, verify, estimate."""
CAN_READ_DRAFTS: tuple[Role, ...] = (Role.POLICY_OFFICER, Role.AUDITOR)
"""Wherever they hold the role: what will be in force concerns every zone."""
CAN_READ_UNVERIFIED: tuple[Role, ...] = (
    Role.POLICY_OFFICER,
    Role.OPERATOR,
    Role.AUDITOR,
    Role.FUND_MANAGER,
    Role.ADMINISTRATOR,
)
"""Amounts of versions that nobody verified."""


def require_officer(actor: Actor) -> None:
    """Raise Forbidden for everybody but the province's policy officers."""
    if not actor.holds_for_province(*CAN_MOVE):
        raise Forbidden()


def may_read_drafts(actor: Actor) -> bool:
    """Whether the actor knows of versions that are not published."""
    return actor.holds(*CAN_READ_DRAFTS)


def may_read_unverified(actor: Actor) -> bool:
    """Whether the actor is shown amounts that are not verified."""
    return actor.holds(*CAN_READ_UNVERIFIED)
