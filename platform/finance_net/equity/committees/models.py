"""Rows of committees: who decides, the meetings with their votes, their minutes and conditions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified, Versioned

CHOICES = ("for", "against", "abstain", "recused")
CONFLICTS = ("employed", "shares", "family", "adviser", "other")
MEETING_STATES = ("open", "approved", "rejected")
WHOLE = 10_000
"""Majorities are in basis points of those who voted."""


class Committee(AppendOnly, Identified, Base):
    """Who decides for a fund from then on, and by which rules; the latest row counts. `source` is where the rules stand."""

    __tablename__ = "equity_committees"
    __table_args__ = (
        CheckConstraint("quorum BETWEEN 1 AND cardinality(members)", name="quorum"),
        CheckConstraint(f"approval_basis_points BETWEEN 1 AND {WHOLE}", name="majority"),
        Index(None, "fund_id", "set_at", "id"),
    )

    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    members: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    quorum: Mapped[int]
    approval_basis_points: Mapped[int]
    source: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)


class Meeting(Versioned, Base):
    """A meeting about one deal. `present` counts who voted and was not recused: them alone quorum and majority are of.

    Quorum and majority are the committee's as it was convened, so that the constraint can hold the decision to them.
    """

    __tablename__ = "equity_meetings"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(MEETING_STATES))}", name="state"),
        CheckConstraint("present = votes_for + votes_against + abstentions AND recusals >= 0", name="counted"),
        CheckConstraint(
            f"state = 'open' OR (present >= quorum AND closed_by IS NOT NULL AND "
            f"(state = 'approved') = (votes_for * {WHOLE} >= approval_basis_points * present))",
            name="decided",
        ),
        CheckConstraint("(state = 'approved') = (approved_fen IS NOT NULL)", name="approved"),
        CheckConstraint("approved_fen BETWEEN 1 AND asked_fen", name="approved_amount"),
        CheckConstraint("(closed_at IS NULL) = (state = 'open') AND (minutes IS NULL) = (state = 'open')", name="closed"),
        Index(None, "deal_id", "ordinal", unique=True),
    )  # fmt: skip

    deal_id: Mapped[UUID] = mapped_column(ForeignKey("equity_deals.id"))
    ordinal: Mapped[int]
    committee_id: Mapped[UUID] = mapped_column(ForeignKey("equity_committees.id"), index=True)
    held_on: Mapped[date]
    asked_fen: Mapped[int]
    quorum: Mapped[int]
    approval_basis_points: Mapped[int]
    state: Mapped[str] = mapped_column(default="open")
    present: Mapped[int] = mapped_column(default=0)
    votes_for: Mapped[int] = mapped_column(default=0)
    votes_against: Mapped[int] = mapped_column(default=0)
    abstentions: Mapped[int] = mapped_column(default=0)
    recusals: Mapped[int] = mapped_column(default=0)
    approved_fen: Mapped[int | None]
    minutes: Mapped[str | None]
    convened_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    closed_at: Mapped[datetime | None]


class Vote(AppendOnly, Identified, Base):
    """One member's vote; a recusal names its conflict."""

    __tablename__ = "equity_votes"
    __table_args__ = (
        CheckConstraint(f"choice IN {tuple(sorted(CHOICES))}", name="choice"),
        CheckConstraint(f"conflict IN {tuple(sorted(CONFLICTS))}", name="conflict"),
        CheckConstraint("(choice = 'recused') = (conflict IS NOT NULL)", name="recused"),
        UniqueConstraint("meeting_id", "member_id"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("equity_meetings.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    choice: Mapped[str]
    conflict: Mapped[str | None]
    cast_at: Mapped[datetime]


class Minutes(AppendOnly, Identified, Base):
    """What a meeting decided, for good: `content` is canonical JSON, `sha256` its hash, which the database checks.

    It names people by their accounts, and holds a keyed digest of what was written in words: the words stand in the
    meeting's row, and a change of them shows.
    """

    __tablename__ = "equity_minutes"
    __table_args__ = (
        CheckConstraint("sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')", name="sha256"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("equity_meetings.id"), unique=True)
    content: Mapped[str]
    sha256: Mapped[str]
    recorded_at: Mapped[datetime]


class Condition(Versioned, Base):
    """What the committee wants to see before anything is agreed."""

    __tablename__ = "equity_conditions"
    __table_args__ = (
        CheckConstraint(
            "(fulfilled_at IS NULL) = (fulfilled_by IS NULL) AND (fulfilled_at IS NULL) = (evidence IS NULL)", name="fulfilled"
        ),
        Index(None, "meeting_id", "ordinal", unique=True),
    )  # fmt: skip

    deal_id: Mapped[UUID] = mapped_column(ForeignKey("equity_deals.id"), index=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("equity_meetings.id"))
    ordinal: Mapped[int]
    title: Mapped[str]
    evidence: Mapped[str | None]
    fulfilled_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    fulfilled_at: Mapped[datetime | None]
