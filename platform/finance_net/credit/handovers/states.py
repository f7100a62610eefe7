"""The life of a hand-over; "lapsed" is no state that anything writes: it is what the clock makes of "asked". Pure."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from backbone.errors import Bilingual, StateConflict

CONSENTED, ASKED, TAKEN, DECLINED, WITHDRAWN, LAPSED = (
    "consented",
    "asked",
    "taken",
    "declined",
    "withdrawn",
    "lapsed",
)
STORED = (CONSENTED, ASKED, TAKEN, DECLINED, WITHDRAWN)
STATES: Mapping[str, Bilingual] = MappingProxyType({
    CONSENTED: Bilingual("企业已同意", "consented to by the enterprise"),
    ASKED: Bilingual("已交银行", "with the bank"),
    TAKEN: Bilingual("银行已受理", "taken by the bank"),
    DECLINED: Bilingual("银行不受理", "declined by the bank"),
    WITHDRAWN: Bilingual("企业已撤回", "withdrawn by the enterprise"),
    LAPSED: Bilingual("逾期未答复", "not answered in time"),
})  # fmt: skip
ACTIONS: Mapping[str, Bilingual] = MappingProxyType({
    "hand_over": Bilingual("交给银行", "handing it to a bank"),
    "answer": Bilingual("登记银行答复", "recording the bank's answer"),
    "withdraw": Bilingual("撤回同意", "withdrawing the consent"),
})  # fmt: skip
"""What is done to it, as a refusal says it."""
FROM: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "hand_over": (CONSENTED, LAPSED),
    "answer": (ASKED,),
    "withdraw": (CONSENTED, ASKED, LAPSED),
})  # fmt: skip


def state_at(stored: str, due_at: datetime | None, now: datetime) -> str:
    """The state as it is now."""
    return LAPSED if stored == ASKED and due_at is not None and due_at <= now else stored


def require(action: str, state: str) -> None:
    """Raise StateConflict unless the action goes with the state as it is now."""
    if state not in FROM[action]:
        raise StateConflict(
            stands=STATES[state],
            doing=ACTIONS[action],
            state=state,
            action=action,
            allowed=[name for name, frm in FROM.items() if state in frm],
        )
