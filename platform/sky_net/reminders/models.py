"""Who is on duty: the levels that an escalation calls, zone by zone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Identified
from sky_net.sla.policy import ESCALATION_LEVELS


class Duty(Identified, Base):
    """An operator answers for a zone at one level, from `appointed_at` until `relieved_at`."""

    __tablename__ = "duties"
    __table_args__ = (
        CheckConstraint(f"level in {ESCALATION_LEVELS}", name="level"),
        Index(
            "uq_duties_standing", "zone_code", "level", "account_id", unique=True,
            postgresql_where=text("relieved_at IS NULL"),
        ),
    )  # fmt: skip

    zone_code: Mapped[str]
    level: Mapped[str]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    appointed_at: Mapped[datetime]
    appointed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    relieved_at: Mapped[datetime | None]
    relieved_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
