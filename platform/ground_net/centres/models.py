"""Rows of centres, of what they link, and of the figures that are said of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from backbone.db import AppendOnly, Base, Identified, Versioned
from backbone.directory.named import Named

KINDS = ("onshore", "offshore")
STAGES = ("linked", "lab", "pilot", "production", "ended")


class InnovationCentre(Named, Versioned, Base):
    """A centre of `home_region` in `host_region`: what is found in the host is made at home. Closed for good."""

    __tablename__ = "innovation_centres"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("kind = 'onshore' or home_region <> host_region", name="elsewhere"),
        Index("uq_innovation_centres_open_name", "name_folded", unique=True, postgresql_where=text("closed_at is null")),
    )  # fmt: skip

    kind: Mapped[str]
    home_region: Mapped[str] = mapped_column(index=True)
    host_region: Mapped[str] = mapped_column(index=True)
    operator: Mapped[str | None]
    address: Mapped[str | None]
    summary: Mapped[str | None]
    opened_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]


class CentreInstitute(Identified, Base):
    """An institute of the directory that a centre links, until `ended_at`."""

    __tablename__ = "centre_institutes"
    __table_args__ = (
        Index("uq_centre_institutes_linked", "centre_id", "institute_id", unique=True,
              postgresql_where=text("ended_at is null")),
    )  # fmt: skip

    centre_id: Mapped[UUID] = mapped_column(ForeignKey("innovation_centres.id"), index=True)
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), index=True)
    linked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CentreProject(Versioned, Base):
    """A project of a centre; `need_ids` are the needs that it came from, shown to whoever may know of them."""

    __tablename__ = "centre_projects"
    __table_args__ = (CheckConstraint(f"stage in {STAGES}", name="stage"),)

    centre_id: Mapped[UUID] = mapped_column(ForeignKey("innovation_centres.id"), index=True)
    institute_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutes.id"), index=True)
    title: Mapped[str]
    stage: Mapped[str]
    need_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), default=list)


class CentreFigure(AppendOnly, Identified, Base):
    """A figure that somebody published of a centre, as of a day; a later one is another row."""

    __tablename__ = "centre_figures"
    __table_args__ = (Index(None, "centre_id", "as_of_on", "id"),)

    centre_id: Mapped[UUID] = mapped_column(ForeignKey("innovation_centres.id"))
    label: Mapped[str]
    value: Mapped[int]
    unit: Mapped[str]
    source: Mapped[str]
    as_of_on: Mapped[date]
    recorded_at: Mapped[datetime]
