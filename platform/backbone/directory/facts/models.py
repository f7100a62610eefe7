"""Rows of facts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned
from backbone.directory.facts.kinds import FACT_KINDS
from backbone.people.holding import NamesFreely

SAYERS = ("enterprise", "operator")
RETRACTIONS = ("mistaken", "superseded", "unproven")


class EnterpriseFact(NamesFreely, Versioned, Base):
    """What a source says of an enterprise as of a day; the unit is the kind's. Retracted, never changed.

    One fact of a kind stands as of a day: to correct it, it is retracted with a reason and recorded anew.
    """

    __tablename__ = "enterprise_facts"
    __table_args__ = (
        CheckConstraint(f"kind in {tuple(FACT_KINDS)}", name="kind"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint(f"said_by in {SAYERS}", name="said_by"),
        CheckConstraint(f"retraction in {RETRACTIONS}", name="retraction"),
        CheckConstraint("(retracted_at is null) = (retraction is null)", name="retracted_with_reason"),
        Index("uq_enterprise_facts_standing", "enterprise_id", "kind", "as_of_on", unique=True,
              postgresql_where=text("retracted_at is null")),
        Index(None, "enterprise_id", "as_of_on", "id"),
    )  # fmt: skip

    free_text, of_whom = "source", "enterprise_id"

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    kind: Mapped[str]
    value: Mapped[int]
    as_of_on: Mapped[date]
    source: Mapped[str]
    said_by: Mapped[str]
    retracted_at: Mapped[datetime | None]
    retraction: Mapped[str | None]

    @property
    def unit(self) -> str:
        """What the value counts."""
        return FACT_KINDS[self.kind].unit
