"""Domain events: how a package tells those above it, without knowing them.

Handlers run in the publisher's transaction, in the order of their registration; what must happen later is a
job that a handler defers. `sanwang` imports every package, and by that registers every handler.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

Handler = Callable[[Session, Any], None]
Event = TypeVar("Event")
_handlers: dict[type, list[Handler]] = defaultdict(list)


def on(kind: type[Event]) -> Callable[[Callable[[Session, Event], None]], Callable[[Session, Event], None]]:
    """Register the decorated function for events of exactly this class."""

    def register(handler: Callable[[Session, Event], None]) -> Callable[[Session, Event], None]:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return register


def publish(session: Session, event: object) -> None:
    """Hand `event` to its handlers; one that raises rolls the whole request back."""
    for handler in _handlers[type(event)]:
        handler(session, event)
