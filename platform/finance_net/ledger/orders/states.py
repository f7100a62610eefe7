"""The life of an order as one table. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backbone.errors import Bilingual, StateConflict


@dataclass(frozen=True)
class Transition:
    """One step of an order's life."""

    action: str
    frm: tuple[str, ...]
    to: str


STATES: Mapping[str, Bilingual] = MappingProxyType({
    "proposed": Bilingual("待批准", "waiting for approval"),
    "carried_out": Bilingual("已执行", "carried out"),
    "declined": Bilingual("未批准", "declined"),
    "withdrawn": Bilingual("已撤回", "withdrawn by who asked for it"),
})  # fmt: skip
ACTIONS: Mapping[str, Bilingual] = MappingProxyType({
    "propose": Bilingual("提出", "asking for it"),
    "approve": Bilingual("批准", "approving"),
    "decline": Bilingual("不予批准", "declining"),
    "withdraw": Bilingual("撤回", "withdrawing"),
})  # fmt: skip
"""What is done to an order, as a refusal says it."""
TRANSITIONS: tuple[Transition, ...] = (
    Transition("propose", (), "proposed"),
    Transition("approve", ("proposed",), "carried_out"),
    Transition("decline", ("proposed",), "declined"),
    Transition("withdraw", ("proposed",), "withdrawn"),
)
FIRST, REFUSED = "proposed", ("declined", "withdrawn")


def after(state: str, action: str) -> str:
    """The state that the action leads to; raises StateConflict naming what can be done instead."""
    for step in TRANSITIONS:
        if step.action == action and state in step.frm:
            return step.to
    allowed = [step.action for step in TRANSITIONS if state in step.frm]
    raise StateConflict(
        stands=STATES[state], doing=ACTIONS[action], state=state, action=action, allowed=allowed
    )
