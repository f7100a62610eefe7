"""Written findings that there is no solution."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned


class Finding(Versioned, Base):
    """One finding for a need; `asked` is [{institute_id, reason_code}] as it was when signed, None until then."""

    __tablename__ = "findings"
    __table_args__ = (CheckConstraint("(signed_at is null) = (asked is null)", name="signed"),)

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), unique=True)
    why_not: Mapped[str]
    what_would_help: Mapped[str]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    asked: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
