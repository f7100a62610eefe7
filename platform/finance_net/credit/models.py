"""Rows of scorecards and of the scores made by them: history, both."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified
from finance_net.credit.scorecard import Scorecard
from finance_net.credit.scorecard_file import read_scorecard


class StoredScorecard(AppendOnly, Identified, Base):
    """A scorecard as it was loaded: `content` is the file's text, `sha256` its hash. `loaded_by` is None for a command line."""

    __tablename__ = "credit_scorecards"
    __table_args__ = (
        CheckConstraint("sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')", name="sha256"),
        CheckConstraint("until_on IS NULL OR since_on <= until_on", name="days"),
        Index("uq_credit_scorecards_key_sha256", "key", "sha256", unique=True),
        Index(None, "key", "since_on", "id"),
    )

    key: Mapped[str]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    since_on: Mapped[date]
    until_on: Mapped[date | None]
    shape: Mapped[str | None]
    source: Mapped[str]
    source_as_of_on: Mapped[date]
    content: Mapped[str]
    sha256: Mapped[str]
    loaded_at: Mapped[datetime]
    loaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)

    @property
    def card(self) -> Scorecard:
        """The card that the text says."""
        return read_scorecard(self.content, self.key)


class CreditScore(AppendOnly, Identified, Base):
    """What an enterprise scored on a day by a card: the values as they were read, and a reason for every indicator."""

    __tablename__ = "credit_scores"
    __table_args__ = (
        CheckConstraint("hundredths IS NULL OR (hundredths = least_hundredths AND hundredths = most_hundredths)", name="whole"),
        CheckConstraint("(group_key IS NULL) = (least_hundredths IS NULL)", name="group"),
        CheckConstraint("(hundredths IS NULL) = (cardinality(missing) > 0)", name="missing"),
        Index(None, "enterprise_id", "scored_at", "id"),
    )  # fmt: skip

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    scorecard_id: Mapped[UUID] = mapped_column(ForeignKey("credit_scorecards.id"), index=True)
    as_of_on: Mapped[date]
    group_key: Mapped[str | None]
    hundredths: Mapped[int | None]
    least_hundredths: Mapped[int | None]
    most_hundredths: Mapped[int | None]
    missing: Mapped[list[str]]
    lines: Mapped[list[dict[str, Any]]]
    given: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    scored_at: Mapped[datetime]
    scored_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
