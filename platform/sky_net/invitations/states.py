"""An invitation's life: asked once, answered once."""

from sky_net.invitations.life_cycle import LifeCycle, Transition
from sky_net.invitations.parties import own_institute
from sky_net.needs.states import UNSOLVED

LIFE = LifeCycle(
    "open",
    Transition("accept", ("open",), "accepted", by=(own_institute,)),
    Transition("decline", ("open",), "declined", by=(own_institute,)),
)
STATES = LIFE.states

# States of a need in which institutes are asked, talk and offer; "proposed" has answers but no choice yet.
OPEN_TO_INSTITUTES = (*UNSOLVED, "proposed")
