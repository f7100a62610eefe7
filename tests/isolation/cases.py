"""What one row of the isolation table is: a valid call, and who gets what for it.

A row says who `may` (they get the operation's success), who `knows` the thing but may not do this to it (403), and what
everybody else is told: 404 where existence may not show, which is the default, else 403. `hides` names secrets of the
world that some of those who may are still not shown. Rows are written from the domain, never from what the code answers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.isolation.people import EVERYONE
from tests.isolation.world import World

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sent:
    """Path parameters, JSON body, query, headers, or the bytes of a file."""

    path: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None


@dataclass(frozen=True)
class Case:
    """One row: an operation on one kind of thing."""

    operation: str
    on: str
    sent: Callable[[World], Sent]
    may: frozenset[str]
    knows: frozenset[str] = NONE
    otherwise: int = 404
    hides: Mapping[str, frozenset[str]] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    """Exceptions, by person: an answer that the three groups do not give."""
    by_account: bool = False
    """The account alone decides, not its roles: a token narrowed to no role may do it too."""
    for_readers: bool = False
    """A write that a read-only token may do."""
    public: bool = False
    """Whoever calls is answered alike, with or without a token."""

    def __str__(self) -> str:
        return f"{self.operation}-{self.on}".replace(" ", "_")

    def status_for(self, person: str, success: int) -> int:
        """What the row promises this person."""
        if person in self.told:
            return self.told[person]
        if person in self.may:
            return success
        return 403 if person in self.knows else self.otherwise

    def is_hidden_from(self, person: str) -> bool:
        """Whether this person may not know that the thing exists."""
        return person not in self.may | self.knows | set(self.told) and self.otherwise == 404


Factory = Callable[[World], Sent]


def about(kind: str, name: str, body: Any = None, **more: Any) -> Factory:
    """A call with the id of a thing of the world: `about("need_id", "needs.masked", {...})`."""
    holder, _, key = name.partition(".")

    def make(world: World) -> Sent:
        thing = getattr(world, holder)
        return Sent({kind: (thing[key] if key else thing).id}, body, **more)

    return make


def plain(body: Any = None, **more: Any) -> Factory:
    """A call that names nothing in its path."""
    return lambda world: Sent({}, body, **more)


def need(name: str, body: Any = None, **more: Any) -> Factory:
    """A call about a need of the world."""
    return about("need_id", f"needs.{name}", body, **more)


def all_may(operation: str, on: str, sent: Factory, **more: Any) -> Case:
    """Every account may; what it is shown is the matter of tests/isolation/test_lists.py."""
    return Case(operation, on, sent, may=EVERYONE, **more)


def except_for(*groups: Iterable[str]) -> frozenset[str]:
    """Everybody but these."""
    return EVERYONE - frozenset().union(*groups)


ANY_VERSION = {"If-Match": "*"}
"""The matrix asks who may change, not which version: stale ones have tests of their own."""
