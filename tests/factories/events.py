"""Hearing what is published: `with heard(ContractSigned) as events: ...`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from backbone import events


@contextmanager
def heard(*kinds: type) -> Iterator[list[Any]]:
    """The events of these kinds that are published within."""
    found: list[Any] = []

    def hear(session: Any, event: Any) -> None:
        found.append(event)

    for kind in kinds:
        events.on(kind)(hear)
    try:
        yield found
    finally:
        for kind in kinds:
            events._handlers[kind].remove(hear)
