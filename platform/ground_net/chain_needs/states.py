"""The life of a backing: an enterprise is asked whether it stands behind a need, and may change its mind while it is open."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual

ASKED, CONSENTED, DECLINED = STATES = ("asked", "consented", "declined")
WORDS: Mapping[str, Bilingual] = MappingProxyType({
    ASKED: Bilingual("待企业答复", "waiting for the enterprise"),
    CONSENTED: Bilingual("已同意", "consented"),
    DECLINED: Bilingual("已谢绝", "declined"),
})  # fmt: skip
TRANSITIONS: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType({
    "consent": ((ASKED, DECLINED), CONSENTED),
    "decline": ((ASKED, CONSENTED), DECLINED),
})  # fmt: skip


def actions_in(state: str) -> list[str]:
    """What can be done in this state."""
    return [action for action, (frm, _) in TRANSITIONS.items() if state in frm]
