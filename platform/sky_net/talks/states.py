"""A contact's life: on record, then agreed or disputed by the enterprise.

Silence is agreement too, from an instant on that is known when the contact is put on record (`agreed_by_silence_at`):
it is derived, not a state of its own.
"""

from types import MappingProxyType

from backbone.errors import Bilingual
from sky_net.invitations.life_cycle import LifeCycle, Transition
from sky_net.invitations.parties import poster

LIFE = LifeCycle(
    "recorded",
    MappingProxyType({
        "recorded": Bilingual("已登记", "on record"),
        "agreed": Bilingual("企业已认可", "agreed by the enterprise"),
        "disputed": Bilingual("企业有异议", "disputed by the enterprise"),
    }),
    Transition("agree", ("recorded",), "agreed", by=(poster,)),
    Transition("dispute", ("recorded",), "disputed", by=(poster,)),
)  # fmt: skip
STATES = LIFE.states
"""recorded, agreed, disputed"""
STANDING = tuple(state for state in STATES if state != "disputed")
"""States in which a contact counts as having taken place."""
