"""Proposals of institutes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from backbone.directory.models import Institute
from sky_net.invitations.reasons import DECLINE_REASONS
from sky_net.needs.models import Need
from sky_net.proposals.states import LIFE, LIVE, STATES

PRICE_KINDS = ("fixed", "range", "negotiable")
NOT_SELECTED = "not_selected"
REASONS = (*DECLINE_REASONS, NOT_SELECTED)

# What the institute offers: known to itself alone until the release, so never in clear in the history.
CONTENTS = frozenset({
    "title", "solution_options", "hypothesis", "rationale", "trl", "validation", "plan", "proofs", "duration_days",
    "price_kind", "price_min_fen", "price_max_fen", "ip_terms", "answers",
})  # fmt: skip


class Proposal(Versioned, Base):
    """What one institute offers for one need; fields follow Halo's proposal form, amounts are in fen.

    `answers` is [{indicator, verdict, how}] by the names of the need's indicators; `proofs` is [{title, reference}].
    """

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"price_kind in {PRICE_KINDS}", name="price_kind"),
        CheckConstraint("price_min_fen >= 0 and price_min_fen <= price_max_fen", name="price"),
        CheckConstraint("trl between 1 and 9", name="trl"),
        CheckConstraint("duration_days > 0", name="duration_days"),
        CheckConstraint(f"reason_code in {REASONS}", name="reason_code"),
        CheckConstraint(
            "(state in ('declined', 'not_selected')) = (reason_code is not null)"
            " or (state = 'non_responsive' and reason_code is not null)",
            name="declined_with_reason",
        ),
        CheckConstraint("released_at is not null or state in ('draft', 'withdrawn')", name="released"),
        Index(
            "uq_proposals_live",
            "need_id",
            "institute_id",
            unique=True,
            postgresql_where=text(f"state in {LIVE}"),
        ),
        # At most one answer is chosen, whatever the code above does.
        Index("uq_proposals_accepted", "need_id", unique=True, postgresql_where=text("state = 'accepted'")),
        Index(None, "need_id", "created_at"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    title: Mapped[str]
    solution_options: Mapped[list[str]] = mapped_column(default=list)
    hypothesis: Mapped[str | None]
    rationale: Mapped[str | None]
    trl: Mapped[int | None]
    validation: Mapped[str | None]
    plan: Mapped[str | None]
    proofs: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    duration_days: Mapped[int | None]
    price_kind: Mapped[str | None]
    price_min_fen: Mapped[int | None]
    price_max_fen: Mapped[int | None]
    ip_terms: Mapped[str | None]
    answers: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    no_confidential_content: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=LIFE.initial)
    released_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reason_code: Mapped[str | None]
    decision_message: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]

    # For showing names beside ids; never written through.
    need: Mapped[Need] = relationship(viewonly=True, lazy="selectin")
    institute: Mapped[Institute] = relationship(viewonly=True, lazy="selectin")

    @property
    def price(self) -> dict[str, Any] | None:
        """The price as HTTP says it."""
        if self.price_kind is None:
            return None
        return {"kind": self.price_kind, "min_fen": self.price_min_fen, "max_fen": self.price_max_fen}
