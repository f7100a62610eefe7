"""Rows of rewards, and of what each inventor is paid."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from backbone.people.holding import HasPeople, PersonalValue


class Reward(Versioned, Base):
    """Income of a contract that was divided, net of its costs: what the inventors were given of it, and the rule it was held to.

    Amounts are in fen.
    """

    __tablename__ = "contract_rewards"
    __table_args__ = (
        CheckConstraint("costs_fen between 0 and income_fen and income_fen > 0", name="amounts"),
        CheckConstraint("net_fen = income_fen - costs_fen and net_fen > 0", name="net"),
        CheckConstraint(
            "inventors_fen <= net_fen and inventors_fen * 100 >= net_fen * least_percent", name="share"
        ),
        CheckConstraint("least_percent between 1 and 100", name="least_percent"),
    )

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"), index=True)
    income_fen: Mapped[int]
    costs_fen: Mapped[int]
    net_fen: Mapped[int]
    inventors_fen: Mapped[int]
    least_percent: Mapped[int]
    rule_source: Mapped[str]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)

    shares: Mapped[list["RewardShare"]] = relationship(
        order_by="RewardShare.position", lazy="selectin", cascade="all"
    )


class RewardShare(HasPeople, Versioned, Base):
    """What one inventor is paid; the name is a person's, and stands where persons' values stand."""

    __tablename__ = "contract_reward_shares"
    speaks_for = "institute_id"
    __table_args__ = (
        UniqueConstraint("reward_id", "position"),
        CheckConstraint("weight > 0 and amount_fen >= 0", name="amounts"),
    )

    reward_id: Mapped[UUID] = mapped_column(ForeignKey("contract_rewards.id"))
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), index=True)
    position: Mapped[int]
    weight: Mapped[int]
    amount_fen: Mapped[int]
    inventor: ClassVar[Any] = PersonalValue("inventor", "name")
