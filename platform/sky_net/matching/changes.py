"""What of a source changed since a horizon: read from the database by every engine, so that no commit waits for an index."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from sky_net.matching.documents import Document
from sky_net.matching.errors import SearchNotReady
from sky_net.matching.sources import Change, Source, digest

TRY_AGAIN_S = 60.0

Mark = list[int]
"""[version, change_xid, findable]: another mark, another text."""


@dataclass(frozen=True)
class Changed:
    """The rows since a horizon: the documents of those that may be found, the ids of the others."""

    digest: str
    documents: Mapping[UUID, tuple[Mark, Document]]
    gone: frozenset[str]

    @property
    def ids(self) -> frozenset[str]:
        """Of all these rows: what an index says of them is out of date."""
        return self.gone | {str(each) for each in self.documents}

    @property
    def texts(self) -> list[Document]:
        """The documents alone."""
        return [document for _, document in self.documents.values()]


def read_changes(
    session: Session, source: Source, horizon: int, today: date, patience: int, earlier: Changed | None = None
) -> Changed:
    """Read what `earlier` does not hold yet, and nothing else; SearchNotReady when that is more than `patience` texts."""
    rows: list[Change] = [
        (*row,) for row in session.execute(source.changes, {"horizon": horizon, "today": today})
    ]
    known = earlier.documents if earlier else {}
    marks = {row_id: mark for row_id, *mark in rows if mark[-1]}
    unread = [row_id for row_id, mark in marks.items() if row_id not in known or known[row_id][0] != mark]
    if len(unread) > patience:
        raise SearchNotReady(documents=len(unread))
    read = read_documents(session, source, unread)
    documents = {
        row_id: (mark, read[row_id]) if row_id in read else known[row_id]
        for row_id, mark in marks.items()
        if row_id in read or row_id in known
    }
    gone = frozenset(str(row_id) for row_id, *_ in rows if row_id not in documents)
    return Changed(digest(rows), documents, gone)


def read_documents(session: Session, source: Source, ids: Sequence[UUID]) -> dict[UUID, Document]:
    """The documents of these rows as they are now; rows that are gone are left out."""
    rows = session.execute(source.documents, {"ids": ids}) if ids else ()
    return {row.id: source.document(row) for row in rows}


class Asking:
    """Who has ordered what lately, so that an order that fails is not given by every search anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_at: float | None = None

    def is_first(self) -> bool:
        """Whether nobody has asked within the last minute; whoever is told so has asked."""
        with self._lock:
            if self._asked_at is not None and time.monotonic() < self._asked_at + TRY_AGAIN_S:
                return False
            self._asked_at = time.monotonic()
            return True
