"""Rows of posts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned

LEAD, COLLECTOR, MEMBER = FUNCTIONS = ("lead", "collector", "member")


class NodePost(Versioned, Base):
    """An account's function in a node from `since_on` until `ended_at`; a collector's is the role of `membership_id` too."""

    __tablename__ = "node_posts"
    __table_args__ = (
        CheckConstraint(f"function in {FUNCTIONS}", name="function"),
        CheckConstraint("(function = 'collector') = (membership_id is not null)", name="membership"),
        Index("uq_node_posts_held", "node_id", "account_id", "function", unique=True,
              postgresql_where=text("ended_at is null")),
    )  # fmt: skip

    node_id: Mapped[UUID] = mapped_column(ForeignKey("network_nodes.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("memberships.id"), index=True)
    function: Mapped[str]
    since_on: Mapped[date]
    ended_at: Mapped[datetime | None]
