"""Organisations: enterprises that need, institutes that can."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

import backbone.directory.chains.models  # noqa: F401  # an enterprise names its chain
from backbone.db import Base, Versioned
from backbone.directory.named import Named
from backbone.people.holding import HasContact

INSTITUTE_TYPES = ("university", "research_institute", "new_rd_institution", "laboratory")
PERSONAL = frozenset({"contact_name", "contact_phone", "contact_email"})


class Enterprise(Named, HasContact, Versioned, Base):
    """A company, known by its 统一社会信用代码."""

    __tablename__ = "enterprises"
    speaks_for = "id"

    credit_code: Mapped[str] = mapped_column(unique=True)
    region_code: Mapped[str] = mapped_column(index=True)
    park: Mapped[str | None]
    registered_on: Mapped[date | None]
    industry: Mapped[str | None]
    chain_id: Mapped[UUID | None] = mapped_column(ForeignKey("chains.id"), index=True)
    chain_segment: Mapped[str | None]
    staff_total: Mapped[int | None]
    staff_science: Mapped[int | None]
    labels: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class Institute(Named, HasContact, Versioned, Base):
    """A university, research institute, new-type R&D institution or laboratory; its contact is its transfer office."""

    __tablename__ = "institutes"
    speaks_for = "id"
    __table_args__ = (CheckConstraint(f"type in {INSTITUTE_TYPES}", name="type"),)

    credit_code: Mapped[str | None] = mapped_column(unique=True)
    type: Mapped[str]
    level: Mapped[str | None]
    region_code: Mapped[str] = mapped_column(index=True)
    labs: Mapped[list[str]] = mapped_column(default=list)
    pilot_lines: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    instruments: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    industries: Mapped[list[str]] = mapped_column(default=list)
    has_seller_account: Mapped[bool] = mapped_column(default=False)
    income_share_percent: Mapped[int | None]
    use_right_years: Mapped[int | None]
    approval_path: Mapped[str | None]
    approval_days: Mapped[int | None]
