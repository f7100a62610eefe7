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


FIRST, DECIDING, AGREED, INVESTED = "screening", "committee", "agreed", "invested"
EXITED, DECLINED = "exited", "declined"
STATES: Mapping[str, Bilingual] = MappingProxyType({
    "screening": Bilingual("初筛", "screening"),
    "due_diligence": Bilingual("尽职调查", "due diligence"),
    "committee": Bilingual("投委会审议", "before the investment committee"),
    "agreed": Bilingual("已签约", "agreed"),
    "invested": Bilingual("已投资", "invested"),
    "exited": Bilingual("已退出", "exited"),
    "declined": Bilingual("不投资", "declined"),
})  # fmt: skip
ACTIONS: Mapping[str, Bilingual] = MappingProxyType({
    "examine": Bilingual("开始尽职调查", "opening the due diligence"),
    "settle_item": Bilingual("办结尽调项", "settling an item of the due diligence"),
    "convene": Bilingual("提请投委会审议", "convening the committee"),
    "vote": Bilingual("投委会表决", "voting"),
    "close": Bilingual("结束会议", "closing the meeting"),
    "reject": Bilingual("投委会否决", "the committee's refusal"),
    "fulfil": Bilingual("登记条件满足", "fulfilling a condition"),
    "agree": Bilingual("签约", "agreeing"),
    "call": Bilingual("出资请求", "calling capital"),
    "pay": Bilingual("付款", "paying"),
    "unpay": Bilingual("冲回付款", "taking a payment back"),
    "valuation": Bilingual("登记估值", "a valuation"),
    "write_down": Bilingual("减值", "a write-down"),
    "exit": Bilingual("退出", "an exit"),
    "decline": Bilingual("不投资", "investing nothing"),
})  # fmt: skip
"""What is done to a deal, as a refusal says it."""
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
    return StateConflict(
        stands=STATES[state], doing=ACTIONS[action], state=state, action=action, allowed=allowed
    )
