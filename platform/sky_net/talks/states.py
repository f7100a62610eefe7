"""A contact's life: on record, then agreed or disputed by the enterprise.

Silence is agreement too, from an instant on that is known when the contact is put on record (`agreed_by_silence_at`):
it is derived, not a state of its own.
"""

from sky_net.invitations.life_cycle import LifeCycle, Transition
from sky_net.invitations.parties import poster

LIFE = LifeCycle(
    "recorded",
    Transition("agree", ("recorded",), "agreed", by=(poster,)),
    Transition("dispute", ("recorded",), "disputed", by=(poster,)),
)
STATES = LIFE.states
"""recorded, agreed, disputed"""
STANDING = tuple(state for state in STATES if state != "disputed")
"""States in which a contact counts as having taken place."""
