"""Rows of committees: who decides, the meetings with their votes, their minutes and conditions."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import AppendOnly, Base, Identified, Versioned
from backbone.errors import Bilingual
from backbone.money import BASIS_POINTS

CHOICE_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    "for": Bilingual("同意", "for"),
    "against": Bilingual("反对", "against"),
    "abstain": Bilingual("弃权", "abstention"),
    "recused": Bilingual("回避", "recusal"),
})  # fmt: skip
CHOICES = tuple(CHOICE_WORDS)
CONFLICTS = ("employed", "shares", "family", "adviser", "other")
MEETING_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    "open": Bilingual("进行中", "open"),
    "approved": Bilingual("通过", "approved"),
    "rejected": Bilingual("未通过", "rejected"),
    "adjourned": Bilingual("未达法定人数，休会", "adjourned without a quorum"),
    "cancelled": Bilingual("因项目终止而取消", "cancelled with its deal"),
})  # fmt: skip
MEETING_STATES = tuple(MEETING_WORDS)
DECISIONS = ("approved", "rejected")


class Committee(AppendOnly, Identified, Base):
    """Who decides for a fund, and by which rules, from when a second manager confirms it; the latest confirmed row counts.
    `source` is where the rules stand.
    """

    __tablename__ = "equity_committees"
    __table_args__ = (
        CheckConstraint("quorum BETWEEN 1 AND cardinality(members)", name="quorum"),
        CheckConstraint(f"approval_basis_points BETWEEN 1 AND {BASIS_POINTS}", name="majority"),
        Index(None, "fund_id", "set_at", "id"),
        UniqueConstraint("id", "set_by"),
    )

    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    members: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    quorum: Mapped[int]
    approval_basis_points: Mapped[int]
    source: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)

    # For showing who confirmed it: see `confirmed_by`. Never written through.
    confirmation: Mapped["CommitteeConfirmation | None"] = relationship(
        primaryjoin="Committee.id == CommitteeConfirmation.committee_id",
        foreign_keys="CommitteeConfirmation.committee_id", viewonly=True, uselist=False,
    )  # fmt: skip

    @property
    def confirmed_by(self) -> UUID | None:
        """The second manager; None as long as there is none, and nobody decides by it."""
        return self.confirmation.confirmed_by if self.confirmation else None

    @property
    def confirmed_at(self) -> datetime | None:
        """Since when it decides."""
        return self.confirmation.confirmed_at if self.confirmation else None


class CommitteeConfirmation(AppendOnly, Identified, Base):
    """The second person behind a committee: without it nobody is convened. `set_by` repeats the committee's, for the CHECK."""

    __tablename__ = "equity_committee_confirmations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["committee_id", "set_by"], ["equity_committees.id", "equity_committees.set_by"]
        ),
        CheckConstraint("confirmed_by <> set_by", name="two_people"),
    )

    committee_id: Mapped[UUID] = mapped_column(unique=True)
    set_by: Mapped[UUID]
    confirmed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    confirmed_at: Mapped[datetime]


class Meeting(Versioned, Base):
    """A meeting about one deal. `present` counts who voted and was not recused: them alone quorum and majority are of.

    Quorum and majority are the committee's as it was convened, so that the constraint can hold the decision to them.
    """

    __tablename__ = "equity_meetings"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(MEETING_STATES))}", name="state"),
        CheckConstraint("present = votes_for + votes_against + abstentions AND recusals >= 0", name="counted"),
        CheckConstraint(
            f"state = 'open' OR (closed_by IS NOT NULL AND (state = 'cancelled' OR "
            f"(state = 'adjourned' AND present < quorum) OR (state IN {DECISIONS} AND present >= quorum AND "
            f"(state = 'approved') = (votes_for * {BASIS_POINTS} >= approval_basis_points * present))))",
            name="decided",
        ),
        CheckConstraint("(state = 'approved') = (approved_fen IS NOT NULL)", name="approved"),
        CheckConstraint("approved_fen BETWEEN 1 AND asked_fen", name="approved_amount"),
        CheckConstraint("(closed_at IS NULL) = (state = 'open') AND (minutes IS NULL) = (state = 'open')", name="closed"),
        # Beside the committee itself: nobody decides in one that a single manager made up. Meetings from before are not held to it.
        ForeignKeyConstraint(
            ["committee_id"], ["equity_committee_confirmations.committee_id"], name="fk_equity_meetings_confirmed"
        ),
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
