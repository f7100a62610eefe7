"""Rows of rounds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned
from finance_net.grants.life import ROUND
from finance_net.grants.reviews.scoring import HIGHEST_SCORE

NUMBERS = Sequence("grant_round_number_seq")


class GrantRound(Versioned, Base):
    """One call for applications of a fund: its rules stand when it opens. Amounts in fen.

    `criteria` are {key, title, weight}; `categories` {key, envelope_id, min_fen, max_fen}, each paid from an envelope of the fund;
    `groups` {key, max_selected}. `announcement_days` are working days. Below `pass_mark`, in hundredths of a point, nobody is funded.
    """

    __tablename__ = "grant_rounds"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(ROUND.states))}", name="state"),
        CheckConstraint("step_fen > 0 AND enterprise_cap_fen > 0", name="amounts"),
        CheckConstraint(f"pass_mark BETWEEN 1 AND {HIGHEST_SCORE}", name="pass_mark"),
        CheckConstraint("reviews_wanted BETWEEN 1 AND 9 AND announcement_days BETWEEN 1 AND 60", name="numbers"),
        Index(None, "state", "closes_at", "id"),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(unique=True)
    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"), index=True)
    year: Mapped[int]
    title: Mapped[str]
    closes_at: Mapped[datetime]
    step_fen: Mapped[int]
    enterprise_cap_fen: Mapped[int | None]
    criteria: Mapped[list[dict[str, Any]]]
    categories: Mapped[list[dict[str, Any]]]
    groups: Mapped[list[dict[str, Any]]]
    reviews_wanted: Mapped[int]
    pass_mark: Mapped[int | None]
    announcement_days: Mapped[int]
    state: Mapped[str] = mapped_column(default=ROUND.first)
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)

    def category(self, key: str) -> dict[str, Any] | None:
        """The category of this key."""
        return next((each for each in self.categories if each["key"] == key), None)
