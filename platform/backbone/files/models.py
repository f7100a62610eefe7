"""Files and their contents, apart: a list of files loads no byte of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Identified


class FileContent(Base):
    """The bytes of every file that holds them, once; `sha256` is theirs, in hexadecimal."""

    __tablename__ = "file_contents"
    __table_args__ = (CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class StoredFile(Identified, Base):
    """A file as somebody gave it: its name is as given, its media type what the content says; size in bytes."""

    __tablename__ = "files"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    sha256: Mapped[str] = mapped_column(ForeignKey("file_contents.sha256"), index=True)
    size: Mapped[int]
    media_type: Mapped[str]
    name: Mapped[str]
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
