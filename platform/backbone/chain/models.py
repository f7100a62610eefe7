"""Rows of chains: the links, how far sealing has come, and the columns that a table in a chain must have."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Table, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from backbone.chain.content import content_hash
from backbone.db import AppendOnly, Base, Identified, new_id

NOT_CONTENT = frozenset({"content_hash", "written_xid"})


class Chained(AppendOnly, Identified):
    """A row of an append-only table that a chain seals.

    `content_hash` is set by `stamp`, in the writer's own process; `written_xid` by a trigger to the writing transaction,
    so that sealing misses no late commit. A migration adds that trigger and the one that refuses changes.
    """

    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    written_xid: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"eager_defaults": False}  # nobody reads the transaction back

    def stamp(self) -> None:
        """Give the row its id and the hash of what it says; the last thing before it is added to the session."""
        self.id = self.id or new_id()
        self.content_hash = content_hash(*content_of(self))


def content_of(row: Any) -> tuple[str, dict[str, Any]]:
    """(table, columns) that a content hash speaks of."""
    names = (column.name for column in row.__table__.columns if column.name not in NOT_CONTENT)
    return row.__tablename__, {name: getattr(row, name) for name in names}


class ChainLink(AppendOnly, Base):
    """The place of one row in its chain; append-only."""

    __tablename__ = "chain_links"
    __table_args__ = (
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("length(content_hash) = 32 AND length(link_hash) = 32", name="hashes"),
        Index("uq_chain_links_row", "chain", "row_id", unique=True),
    )

    chain: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_id: Mapped[UUID]
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    link_hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime]


class ChainCursor(Base):
    """How far sealing has looked: every row up to (`xid`, `row_id`) is linked. Not history, and made anew when missing."""

    __tablename__ = "chain_cursors"

    chain: Mapped[str] = mapped_column(primary_key=True)
    xid: Mapped[int]
    row_id: Mapped[UUID]


@dataclass(frozen=True)
class Chain:
    """A table and the name of the chain that seals it."""

    name: str
    rows: type[Chained]

    @property
    def table(self) -> Table:
        """The table of the rows."""
        table: Table = cast(Any, self.rows).__table__
        return table


_chains: dict[str, Chain] = {}


def chain_over(name: str, rows: type[Chained]) -> Chain:
    """Declare the chain of a table; sealing, signing and verifying then know it. The name is part of every hash."""
    return _chains.setdefault(name, Chain(name, rows))


def declared_chains() -> list[Chain]:
    """Every chain of the process, by name."""
    return [_chains[name] for name in sorted(_chains)]
