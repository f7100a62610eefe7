"""Rows of imports: how far one is, and what is wrong with which row of its file."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

import ground_net.network.models  # noqa: F401  # an import is a node's
from backbone import encryption
from backbone.db import Base, Identified, Versioned
from backbone.people.rotating import sealed_in

STATES = ("queued", "running", "done", "failed")


class LeadImport(Versioned, Base):
    """A file for one node: `done` rows of `total` were looked at, of which some were taken, some recorded before, some refused.

    `last_row` is the number of the last one looked at. `only_check` takes none. The file holds people: it is kept sealed
    until `kept_until` so that the refused rows can be had back with what is wrong, and `content_sealed` is None afterwards.
    """

    __tablename__ = "lead_imports"
    __table_args__ = (
        CheckConstraint("done between 0 and total", name="done"),
        CheckConstraint("taken + known + refused = done", name="adds_up"),
        CheckConstraint("failure is null or ended_at is not null", name="failed"),
        Index(None, "created_at", "id"),
        Index("ix_lead_imports_file", "node_key", "sha256"),
    )

    node_key: Mapped[str] = mapped_column(ForeignKey("network_nodes.key"))
    zone_code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    only_check: Mapped[bool]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    kept_until: Mapped[datetime] = mapped_column(index=True)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    last_row: Mapped[int] = mapped_column(default=0)
    failure: Mapped[dict[str, Any] | None]
    ended_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        """Derived, so that no second word can contradict the instants."""
        if self.ended_at is not None:
            return "done" if self.failure is None else "failed"
        return "running" if self.done else "queued"

    @property
    def content(self) -> bytes | None:
        """The file's bytes, None once they are forgotten."""
        sealed = self.content_sealed
        return None if sealed is None else encryption.keyring().open(sealed, FILE.place_of(self.id))


class LeadImportFault(Identified, Base):
    """What is wrong with one cell of one row: `field` of the form, in both languages what to do; never what the cell holds."""

    __tablename__ = "lead_import_faults"
    __table_args__ = (UniqueConstraint("import_id", "row_number", "place"),)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("lead_imports.id"))
    row_number: Mapped[int]
    place: Mapped[int]
    field: Mapped[str]
    column: Mapped[str | None]
    problem_zh: Mapped[str]
    problem_en: Mapped[str]


FILE = sealed_in(LeadImport, "content_sealed", spelled="{table} {row_id}", at_once=1)
"""A file may be large: one at a time."""
