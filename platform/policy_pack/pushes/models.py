"""Rows of what enterprises were told of policies."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import AppendOnly, Base, Identified
from policy_pack.policies.models import PolicyVersion
from policy_pack.pushes.news import NEWS


class PolicyNews(AppendOnly, Identified, Base):
    """One piece of news for an enterprise, about itself or one matter of it. `mark` says what makes it news: the same is
    never told twice, whoever evaluates how often.
    """

    __tablename__ = "policy_news"
    __table_args__ = (
        CheckConstraint(f"kind in {NEWS}", name="kind"),
        Index("uq_policy_news_mark", "enterprise_id", "policy_id", "matter_id", "mark",
              unique=True, postgresql_nulls_not_distinct=True),
        Index(None, "enterprise_id", "told_at", "id"),
    )  # fmt: skip

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("policies.id"), index=True)
    matter_id: Mapped[UUID | None] = mapped_column(ForeignKey("policy_matters.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("policy_versions.id"), index=True)
    kind: Mapped[str]
    mark: Mapped[str]
    missing: Mapped[list[str]]
    until_on: Mapped[date | None]
    told_at: Mapped[datetime]

    of_version: Mapped[PolicyVersion] = relationship(viewonly=True, lazy="joined")
