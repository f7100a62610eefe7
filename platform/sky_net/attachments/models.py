"""Attachments of needs."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from backbone.files.models import StoredFile
from sky_net.needs.vocabulary import VISIBILITY

LEVELS = VISIBILITY


class Attachment(Versioned, Base):
    """One file of one need; attached at `created_at`, removed by deletion, so that what was sent by mistake is gone."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint(f"level in {LEVELS}", name="level"),
        Index(None, "need_id", "created_at"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"), unique=True)
    level: Mapped[str]

    # For showing name and size beside the id; never written through.
    file: Mapped[StoredFile] = relationship(viewonly=True, lazy="selectin")
