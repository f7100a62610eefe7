"""Who reads and who changes the attachments of a need, as tables.

A level is a word of the need's own visibility vocabulary. It narrows what the reader's view of the need shows and
never widens it: what the masked view hides (the enterprise, its secrets) a file of another level would tell.
"""

from collections.abc import Mapping

from backbone.actor import Actor
from sky_net.attachments.models import LEVELS
from sky_net.needs.models import Need
from sky_net.needs.permissions import FULL, INVITED, MASKED, OPEN, Rule, allows, is_operator_of, is_owner
from sky_net.needs.reading import Reading
from sky_net.needs.states import AMENDABLE

LEVELS_OF_VIEW: Mapping[str, tuple[str, ...]] = {
    FULL: ("public", "masked", "invited"),
    INVITED: ("public", "masked", "invited"),
    OPEN: ("public", "masked"),
    MASKED: ("masked",),  # a file made for strangers: a public one names the enterprise
}
CAN_READ_EVERY_LEVEL: tuple[Rule, ...] = (is_owner, is_operator_of)
CAN_CHANGE: tuple[Rule, ...] = (is_owner, is_operator_of)
CAN_CHANGE_ALWAYS: tuple[Rule, ...] = (is_operator_of,)
OPEN_TO_POSTER = (*AMENDABLE, "submitted")
"""Where the poster may attach and remove: until it is confirmed."""


def levels_for(actor: Actor, reading: Reading) -> tuple[str, ...]:
    """The levels that the actor may know of in this need."""
    if allows(CAN_READ_EVERY_LEVEL, actor, reading.need):
        return LEVELS
    return LEVELS_OF_VIEW[reading.view]


def is_settled_for(actor: Actor, need: Need) -> bool:
    """Whether somebody who may change attachments comes too late to do so."""
    return need.state not in OPEN_TO_POSTER and not allows(CAN_CHANGE_ALWAYS, actor, need)
