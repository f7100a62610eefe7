"""Rows of chain needs and of the enterprises behind them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified, Versioned
from ground_net.chain_needs.states import ASKED, STATES


class ChainNeed(AppendOnly, Identified, Base):
    """A need that a chain raises: by its master, or by an operator on the master's behalf."""

    __tablename__ = "chain_needs"

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), unique=True)
    chain_id: Mapped[UUID] = mapped_column(ForeignKey("chains.id"), index=True)
    raised_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    raised_at: Mapped[datetime]


class NeedBacking(Versioned, Base):
    """An enterprise is asked to stand behind a chain's need.

    It is named by its credit code, which whoever asks knows anyway: whether the directory has an enterprise of that code
    shows nowhere, until that enterprise answers.
    """

    __tablename__ = "need_backings"
    __table_args__ = (
        UniqueConstraint("need_id", "credit_code"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("(state = 'asked') = (answered_at is null)", name="answered"),
        CheckConstraint("(answered_at is null) = (enterprise_id is null)", name="by_whom"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    credit_code: Mapped[str] = mapped_column(index=True)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[str] = mapped_column(default=ASKED)
    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
