"""What keeps a node open, asked of whichever feature above knows it.

    @keeps_open("open_leads", Bilingual("未办结的线索", "open leads"))
    def count_open_leads(session: Session, node_id: UUID) -> int: ...

A reader counts rows that were written while the node was held by `require_open_node`; whoever closes it waits for those
transactions and asks afterwards, so that nothing slips through.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.errors import Bilingual

Reader = Callable[[Session, UUID], int]
_readers: dict[str, tuple[Bilingual, Reader]] = {}


@dataclass(frozen=True)
class Kept:
    """How many of something keep a node open."""

    what: str
    label: Bilingual
    count: int


def keeps_open(what: str, label: Bilingual) -> Callable[[Reader], Reader]:
    """Register the decorated function: how many of `what` keep the node of this id open."""

    def register(read: Reader) -> Reader:
        _readers[what] = (label, read)
        return read

    return register


def what_keeps_open(session: Session, node_id: UUID) -> list[Kept]:
    """Everything that does, without what does not."""
    counted = (Kept(what, label, read(session, node_id)) for what, (label, read) in _readers.items())
    return [kept for kept in counted if kept.count]
