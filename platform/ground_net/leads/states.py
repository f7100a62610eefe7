"""The life of a lead as one table: the constraint, the service and the API document read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backbone.errors import Bilingual

STATES: Mapping[str, Bilingual] = MappingProxyType({
    "recorded": Bilingual("已登记", "recorded"),
    "claimed": Bilingual("已认领", "claimed"),
    "promoted": Bilingual("已转为需求", "promoted to a need"),
    "closed": Bilingual("已关闭", "closed with a reason"),
})  # fmt: skip
FIRST = "recorded"


@dataclass(frozen=True)
class Transition:
    """One step; `amend` leads from an open state to itself."""

    action: str
    frm: tuple[str, ...]
    to: str | None


OPEN = ("recorded", "claimed")
TRANSITIONS = (
    Transition("claim", ("recorded",), "claimed"),
    Transition("amend", OPEN, None),
    Transition("promote", OPEN, "promoted"),
    Transition("close", OPEN, "closed"),
)


def after(action: str) -> str:
    """The state that the action leads to."""
    return next(step.to for step in TRANSITIONS if step.action == action and step.to is not None)


def is_possible(state: str, action: str) -> bool:
    """Whether the action exists in this state."""
    return any(step.action == action and state in step.frm for step in TRANSITIONS)


def actions_in(state: str) -> list[str]:
    """What can be done to a lead in this state."""
    return [step.action for step in TRANSITIONS if state in step.frm]


def described() -> str:
    """The table as the API document shows it."""
    names = "、".join(f"{state} {label.zh} / {label}" for state, label in STATES.items())
    lines = (f"- {step.action}: {'/'.join(step.frm)} → {step.to or 'unchanged'}" for step in TRANSITIONS)
    return names + "\n\n" + "\n".join(lines)
