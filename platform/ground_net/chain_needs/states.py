"""The life of a backing: an enterprise is asked whether it stands behind a need, and may change its mind while it is open."""

from collections.abc import Mapping
from types import MappingProxyType

ASKED, CONSENTED, DECLINED = STATES = ("asked", "consented", "declined")
TRANSITIONS: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType({
    "consent": ((ASKED, DECLINED), CONSENTED),
    "decline": ((ASKED, CONSENTED), DECLINED),
})  # fmt: skip


def actions_in(state: str) -> list[str]:
    """What can be done in this state."""
    return [action for action, (frm, _) in TRANSITIONS.items() if state in frm]
