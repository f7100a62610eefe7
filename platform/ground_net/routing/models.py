"""Hand-overs of needs from one owner to the next."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned
from ground_net.routing.states import DECLINE_REASONS, GIVE_REASONS, LIFE


class Handover(Versioned, Base):
    """A need offered by its owner, or by an operator of its zone for the owner, to the next; answered until `due_at`.

    Until it is accepted the giver answers for the need, so that it has an owner at any instant. `offered` past `due_at` is
    lapsed: a job, or the next hand-over of the need if that is quicker, writes it down.
    """

    __tablename__ = "need_handovers"
    __table_args__ = (
        CheckConstraint(f"state in {LIFE.states}", name="state"),
        CheckConstraint(f"reason_code in {tuple(GIVE_REASONS)}", name="reason_code"),
        CheckConstraint(f"refusal_code in {tuple(DECLINE_REASONS)}", name="refusal_code"),
        CheckConstraint("(state = 'declined') = (refusal_code is not null)", name="declined_with_reason"),
        CheckConstraint("(state = 'offered') = (settled_at is null)", name="settled"),
        CheckConstraint("from_id <> to_id", name="somebody_else"),
        CheckConstraint("created_at < due_at", name="due"),
        Index("uq_need_handovers_open", "need_id", unique=True, postgresql_where=text("state = 'offered'")),
        Index(None, "due_at", "id"),
    )  # fmt: skip

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), index=True)
    from_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    to_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reason_code: Mapped[str]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=LIFE.initial)
    refusal_code: Mapped[str | None]
    settled_at: Mapped[datetime | None]

    @property
    def institute_id(self) -> None:
        """Of no institute: the rules of its life ask the row itself."""
        return
