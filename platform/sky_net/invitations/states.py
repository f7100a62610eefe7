"""An invitation's life: asked once, answered once."""

from types import MappingProxyType

from backbone.errors import Bilingual
from sky_net.invitations.life_cycle import LifeCycle, Transition
from sky_net.invitations.parties import own_institute
from sky_net.needs.states import UNSOLVED

LIFE = LifeCycle(
    "open",
    MappingProxyType({
        "open": Bilingual("待答复", "waiting for its answer"),
        "accepted": Bilingual("已接受", "accepted"),
        "declined": Bilingual("已谢绝", "declined"),
    }),
    Transition("accept", ("open",), "accepted", by=(own_institute,)),
    Transition("decline", ("open",), "declined", by=(own_institute,)),
)  # fmt: skip
STATES = LIFE.states

# States of a need in which institutes are asked, talk and offer; "proposed" has answers but no choice yet.
OPEN_TO_INSTITUTES = (*UNSOLVED, "proposed")
TALKED_OVER = (*OPEN_TO_INSTITUTES, "selected", "contracted")
"""In these states talks are put on record: whoever chose early still talks, and the promise to have talked runs on until it is kept."""
