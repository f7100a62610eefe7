"""The life of a version as one table: constraints, services and the API document read it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backbone.errors import Bilingual, StateConflict


@dataclass(frozen=True)
class Transition:
    """One step of a version's life, and the operation that takes it (None: it follows from another's step)."""

    action: str
    frm: tuple[str, ...]
    to: str
    operation: str | None


STATES: Mapping[str, Bilingual] = MappingProxyType({
    "draft": Bilingual("草稿", "draft"),
    "returned": Bilingual("复核退回", "returned by its reviewer"),
    "reviewed": Bilingual("已复核", "reviewed"),
    "published": Bilingual("已发布", "published"),
    "superseded": Bilingual("已被替代", "superseded"),
    "repealed": Bilingual("已废止", "repealed"),
})  # fmt: skip

TRANSITIONS: tuple[Transition, ...] = (
    Transition("upload", (), "draft", "uploadPolicy"),
    # What the package carries as a policy's first version; it has a source and nobody's hand.
    Transition("ship", (), "published", None),
    Transition("review", ("draft",), "reviewed", "reviewPolicy"),
    # A reviewed one, too: what somebody sees before it is published still goes back.
    Transition("return", ("draft", "reviewed"), "returned", "reviewPolicy"),
    Transition("publish", ("reviewed",), "published", "publishPolicy"),
    # One that ends on a day to come can still be ended earlier; nothing makes its days more.
    Transition("supersede", ("published", "superseded", "repealed"), "superseded", "publishPolicy"),
    Transition("repeal", ("published", "superseded", "repealed"), "repealed", "repealPolicy"),
)

PUBLIC = ("published", "superseded", "repealed")
"""States that a published version can be in: everybody may read it, and it counts on the days of its span."""
OPEN = ("draft", "reviewed")
"""States in which a version still waits for somebody."""

_STEPS = {(step.action, state): step for step in TRANSITIONS for state in step.frm}


def first_state(action: str) -> str:
    """Where a version begins that comes by this action."""
    return next(step.to for step in TRANSITIONS if step.action == action and not step.frm)


def after(state: str, action: str) -> str:
    """The state that the action leads to; raises StateConflict naming what can be done instead."""
    if (action, state) not in _STEPS:
        raise refusal(state, action)
    return _STEPS[action, state].to


def refusal(state: str, action: str) -> StateConflict:
    """Why that cannot be done in this state, with what can be done instead."""
    return StateConflict(stands=STATES[state], state=state, action=action, allowed=actions_in(state))


def actions_in(state: str) -> list[str]:
    """What can be done with a version in this state, in the table's order."""
    return [step.action for step in TRANSITIONS if state in step.frm]


def described() -> str:
    """The table as the API document shows it."""
    names = "、".join(f"{state} {label.zh}" for state, label in STATES.items())
    steps = "；".join(f"{step.action}: {'/'.join(step.frm) or '—'} → {step.to}" for step in TRANSITIONS)
    return f"{names}。{steps}"
