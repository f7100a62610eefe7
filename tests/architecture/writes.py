"""How each writing operation is made to succeed once, and of what kinds of thing it writes: the table of the audit's test.

A feature adds its own below `for_operation`, here or in the module of its package.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from backbone.actor import Actor
from tests.factories.invitations import Exchange


@dataclass
class Write:
    """A request that succeeds: by whom, where below the operation's path, with what, and what it writes about."""

    actor: Actor | None
    path: dict[str, Any]
    writes: tuple[str, ...]
    body: Any = None
    more: dict[str, Any] = field(default_factory=dict)


Prepare = Callable[[Exchange], Write]
PREPARED: dict[str, Prepare] = {}


def for_operation(name: str) -> Callable[[Prepare], Prepare]:
    def keep(prepare: Prepare) -> Prepare:
        PREPARED[name] = prepare
        return prepare

    return keep
