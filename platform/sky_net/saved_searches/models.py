"""Saved searches, and what was found for each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned

SOURCES = ("needs", "achievements")


class SavedSearch(Versioned, Base):
    """What an account looks for in one source: words, and facets by name as a search takes them."""

    __tablename__ = "saved_searches"
    __table_args__ = (
        UniqueConstraint("account_id", "title"),
        CheckConstraint(f"source in {SOURCES}", name="source"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    source: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    filters: Mapped[dict[str, Any]]


class SearchFind(Base):
    """Something found for a search, kept so that nobody is told of it twice; `is_new` unless it was there when saved."""

    __tablename__ = "search_finds"

    search_id: Mapped[UUID] = mapped_column(
        ForeignKey("saved_searches.id", ondelete="CASCADE"), primary_key=True
    )
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    found_at: Mapped[datetime]
    is_new: Mapped[bool]
