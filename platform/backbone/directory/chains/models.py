"""Chains, and the parts that offices, enterprises and institutes play in them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Identified, Versioned
from backbone.directory.named import Named

PARTS = ("lead", "master", "innovator")
# What each part names: an office, an enterprise, an institute or another organisation.
_SHAPES = """
(part = 'lead' and title is not null and organisation is not null and enterprise_id is null and institute_id is null)
or (part = 'master' and enterprise_id is not null and institute_id is null and organisation is null and title is null)
or (part = 'innovator' and enterprise_id is null and title is null and (institute_id is null) <> (organisation is null))
""".strip().replace("\n", " ")


class Chain(Named, Versioned, Base):
    """An industry chain of the province; `source` and `as_of_on` say which public text sets it up. Closed for good."""

    __tablename__ = "chains"
    __table_args__ = (
        Index("uq_chains_open_name", "name_folded", unique=True, postgresql_where=text("closed_at is null")),
    )

    industries: Mapped[list[str]] = mapped_column(default=list)
    summary: Mapped[str | None]
    source: Mapped[str]
    as_of_on: Mapped[date]
    closed_at: Mapped[datetime | None]

    parts: Mapped[list["ChainPart"]] = relationship(
        primaryjoin="and_(ChainPart.chain_id == Chain.id, ChainPart.ended_at.is_(None))",
        order_by="ChainPart.since_on, ChainPart.id",
        viewonly=True,
        lazy="selectin",
    )

    @property
    def leads(self) -> list["ChainPart"]:
        """链长: the offices that lead it now."""
        return [part for part in self.parts if part.part == "lead"]

    @property
    def masters(self) -> list["ChainPart"]:
        """链主: the enterprises that steer it now."""
        return [part for part in self.parts if part.part == "master"]

    @property
    def innovators(self) -> list["ChainPart"]:
        """链创: the institutes and other organisations that join forces now."""
        return [part for part in self.parts if part.part == "innovator"]


class ChainPart(Identified, Base):
    """A part played in a chain from `since_on` until `ended_at`.

    A lead is an office (title and organisation), never a person: offices stay when people go, and no history has a name
    to forget.
    """

    __tablename__ = "chain_parts"
    __table_args__ = (
        CheckConstraint(_SHAPES, name="shape"),
        Index("uq_chain_parts_lead", "chain_id", "organisation", "title", unique=True,
              postgresql_where=text("ended_at is null and part = 'lead'")),
        Index("uq_chain_parts_master", "chain_id", "enterprise_id", unique=True,
              postgresql_where=text("ended_at is null and part = 'master'")),
        Index("uq_chain_parts_institute", "chain_id", "institute_id", unique=True,
              postgresql_where=text("ended_at is null and part = 'innovator'")),
        Index("uq_chain_parts_organisation", "chain_id", "organisation", unique=True,
              postgresql_where=text("ended_at is null and part = 'innovator'")),
    )  # fmt: skip

    chain_id: Mapped[UUID] = mapped_column(ForeignKey("chains.id"), index=True)
    part: Mapped[str]
    title: Mapped[str | None]
    organisation: Mapped[str | None]
    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    institute_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutes.id"), index=True)
    since_on: Mapped[date]
    source: Mapped[str]
    appointed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    # For showing names beside ids; never written through.
    enterprise = relationship("Enterprise", viewonly=True, lazy="selectin")
    institute = relationship("Institute", viewonly=True, lazy="selectin")
