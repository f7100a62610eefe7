"""Versions of calendars: each says everything that it changes in the published one, and is never changed itself."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified
from sky_net.sla.calendar import CalendarDay, Origin

EVERYWHERE = "cn"
"""The key of what holds in every zone; any other key is the code of the region within which a version holds."""


class CalendarVersion(AppendOnly, Identified, Base):
    """One version of the calendar of a key, on top of the published one; `number` counts them from 1.

    `horizon` is the last date that it publishes, None where it publishes no year. `sha256` is that of the text loaded.
    """

    __tablename__ = "calendar_versions"
    __table_args__ = (UniqueConstraint("key", "number"), CheckConstraint("number > 0", name="number"))

    key: Mapped[str]
    number: Mapped[int]
    name: Mapped[str] = mapped_column(unique=True)
    horizon: Mapped[date | None]
    source: Mapped[str]
    sha256: Mapped[str]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("calendar_versions.id"), index=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)


class StoredDay(AppendOnly, Base):
    """One date of a version: everything that differs from the published calendar, those of earlier versions included."""

    __tablename__ = "calendar_days"
    __table_args__ = (
        CheckConstraint(f"origin in {tuple(origin.value for origin in Origin)}", name="origin"),
        Index(None, "on_date"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("calendar_versions.id"), primary_key=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    segments: Mapped[list[Any]] = mapped_column(JSONB)
    origin: Mapped[str]
    name: Mapped[str]
    source: Mapped[str]

    @property
    def day(self) -> CalendarDay:
        """The date as the calendar knows it."""
        segments = tuple((opens, closes) for opens, closes in self.segments)
        return CalendarDay(
            self.on_date, self.is_workday, segments, Origin(self.origin), self.name, self.source
        )
