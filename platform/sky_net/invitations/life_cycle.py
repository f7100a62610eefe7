"""A small life cycle as one table: what an invitation, a contact and a proposal share.

Each feature's `states.py` holds its table; nothing else compares or assigns states.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from backbone.actor import Actor
from backbone.errors import Bilingual, Forbidden, StateConflict

# (who acts, the need, the institute on its other side; None asks about the need as a whole)
Rule = Callable[[Actor, Any, UUID | None], bool]


class Between(Protocol):
    """A row that stands between a need and an institute and has a state."""

    state: Any

    @property
    def institute_id(self) -> Any:
        """Whose it is, as the rules are asked."""


@dataclass(frozen=True)
class Transition:
    """One row of the table: any rule of `by` is enough; without any it is only what another step brings about."""

    action: str
    frm: tuple[str, ...]
    to: str
    by: tuple[Rule, ...] = ()


def allows(rules: tuple[Rule, ...], actor: Actor, need: Any, institute_id: UUID | None = None) -> bool:
    """Whether any rule holds for this need and this institute."""
    return any(rule(actor, need, institute_id) for rule in rules)


class LifeCycle:
    """The table: `words` are its states in the order of a life, `initial` that in which a row begins."""

    def __init__(self, initial: str, words: Mapping[str, Bilingual], *table: Transition) -> None:
        self.initial, self.words, self.table = initial, words, table
        self.states = tuple(words)

    def step(self, row: Between, action: str, actor: Actor, need: Any) -> Transition:
        """What the action would do; raises Forbidden or StateConflict. The row must be locked."""
        rows = [entry for entry in self.table if entry.action == action]
        fitting = [entry for entry in rows if row.state in entry.frm] or rows
        permitted = [entry for entry in fitting if allows(entry.by, actor, need, row.institute_id)]
        if not permitted:
            raise Forbidden()
        if row.state not in permitted[0].frm:
            raise self.refusal(row.state, action)
        return permitted[0]

    def move(self, row: Between, action: str, actor: Actor, need: Any) -> None:
        """Bring `row` to its next state; raises as `step`."""
        row.state = self.step(row, action, actor, need).to

    def follow(self, row: Between, action: str) -> None:
        """Bring `row` to where a step of another row leads it; whoever took that step was checked there."""
        row.state = next(
            entry.to for entry in self.table if entry.action == action and row.state in entry.frm
        )

    def refusal(self, state: str, action: str) -> StateConflict:
        """Why that cannot be done in this state, with what can be done instead."""
        return StateConflict(
            stands=self.words[state], state=state, action=action, allowed=self.actions_from(state)
        )

    def after(self, action: str) -> str:
        """The state that this action leads to."""
        return next(entry.to for entry in self.table if entry.action == action)

    def actions_from(self, state: str) -> list[str]:
        """What can be done to a row in this state, by whoever may."""
        return list(dict.fromkeys(entry.action for entry in self.table if state in entry.frm and entry.by))
