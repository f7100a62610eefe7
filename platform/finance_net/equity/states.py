"""The life of a deal as one table. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backbone.errors import Bilingual, StateConflict


@dataclass(frozen=True)
class Transition:
    """One step of a deal's life."""

    action: str
    frm: tuple[str, ...]
    to: str


FIRST, AGREED, INVESTED, EXITED, DECLINED = "screening", "agreed", "invested", "exited", "declined"
STATES: Mapping[str, Bilingual] = MappingProxyType({
    "screening": Bilingual("初筛", "screening"),
    "due_diligence": Bilingual("尽职调查", "due diligence"),
    "committee": Bilingual("投委会审议", "before the investment committee"),
    "agreed": Bilingual("已签约", "agreed"),
    "invested": Bilingual("已投资", "invested"),
    "exited": Bilingual("已退出", "exited"),
    "declined": Bilingual("不投资", "declined"),
})  # fmt: skip
TRANSITIONS: tuple[Transition, ...] = (
    Transition("examine", ("screening",), "due_diligence"),
    Transition("convene", ("due_diligence", "committee"), "committee"),
    Transition("reject", ("committee",), "declined"),
    Transition("agree", ("committee",), "agreed"),
    Transition("pay", ("agreed", "invested"), "invested"),
    Transition("unpay", ("invested",), "agreed"),
    Transition("exit", ("invested",), "exited"),
    Transition("decline", ("screening", "due_diligence", "committee", "agreed"), "declined"),
)
CALLABLE = (AGREED, INVESTED)
"""In which capital is called."""
HELD = (INVESTED,)
"""In which there is something to value, to write down and to sell."""
COMMITTED = (AGREED, INVESTED, EXITED)
"""What no deal reaches without its committee."""


def after(state: str, action: str) -> str:
    """The state that the action leads to; raises StateConflict naming what can be done instead."""
    for step in TRANSITIONS:
        if step.action == action and state in step.frm:
            return step.to
    raise refusal(state, action)


def refusal(state: str, action: str) -> StateConflict:
    """Why it cannot be done in this state."""
    allowed = [step.action for step in TRANSITIONS if state in step.frm]
    return StateConflict(state=state, action=action, allowed=allowed)
