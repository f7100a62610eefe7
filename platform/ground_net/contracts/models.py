"""Rows of contracts and of the parties beside buyer and seller."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Identified, Versioned
from backbone.directory.models import Enterprise, Institute
from backbone.money import BASIS_POINTS
from ground_net.contracts import vocabulary
from ground_net.contracts.states import ANNULLED, ENDED, LIFE, STATES
from sky_net.needs.models import Need

NUMBERS = Sequence("contract_number_seq")


class Contract(Versioned, Base):
    """What was signed for an accepted proposal. Amounts are in fen; the cash received is kept apart in its own rows.

    `amount_fen` is 合同成交额, `technology_fen` 技术交易额 (net of `equipment_fen`: equipment and material). `received_*` are the
    sums of the standing receipts, written with them under the contract's lock: the constraints hold them below the contract,
    whoever writes. `confirmed_at` is when the last party stood behind it, or a dispute was settled for it; `recorded_parties` are
    those for which it was put on record, `confirmed_parties` those that confirmed it. `registration_state` and what follows it are the outcome of the latest filing.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint(f"kind in {tuple(vocabulary.KINDS)}", name="kind"),
        CheckConstraint(f"registered_kind in {tuple(vocabulary.KINDS)}", name="registered_kind"),
        CheckConstraint(f"state in {tuple(STATES)}", name="state"),
        CheckConstraint(f"ip_ownership in {tuple(vocabulary.IP_OWNERS)}", name="ip_ownership"),
        CheckConstraint(f"technology_kind in {vocabulary.TECHNOLOGY_KINDS}", name="technology_kind"),
        CheckConstraint(f"recorded_side in {vocabulary.SIDES}", name="recorded_side"),
        CheckConstraint(f"credited_as in {vocabulary.CREDITED_AS}", name="credited_as"),
        CheckConstraint(f"registration_state in {tuple(vocabulary.REGISTRATION_STATES)}", name="registration_state"),
        CheckConstraint(f"end_reason in {tuple(vocabulary.END_REASONS)}", name="end_reason"),
        CheckConstraint("valid_from <= valid_to and signed_on <= valid_to", name="days_in_order"),
        CheckConstraint("amount_fen > 0 and technology_fen >= 0 and equipment_fen >= 0", name="amounts"),
        CheckConstraint("technology_fen + equipment_fen = amount_fen", name="parts_add_up"),
        CheckConstraint("received_fen between 0 and amount_fen", name="received"),
        CheckConstraint("received_technology_fen between 0 and technology_fen", name="received_technology"),
        CheckConstraint(
            "received_fen - received_technology_fen between 0 and equipment_fen", name="received_equipment"
        ),
        CheckConstraint("rewarded_fen between 0 and received_technology_fen", name="rewarded"),
        CheckConstraint(f"(state in {ENDED}) = (follow_up_on is null)", name="followed_up_until_ended"),
        CheckConstraint(f"(state in {ENDED}) = (ended_on is not null)", name="ended"),
        CheckConstraint("(state = 'terminated') = (end_reason is not null)", name="terminated_with_reason"),
        CheckConstraint("(credited_to is null) = (credited_as is null)", name="credit"),
        CheckConstraint("(disputed_at is null) = (dispute is null)", name="disputed_with_reason"),
        CheckConstraint("disputed_at is null or confirmed_at is null", name="disputed_or_confirmed"),
        CheckConstraint(f"confirmed_parties <@ array{[*vocabulary.PARTY_NAMES]}::varchar[]", name="confirmed_parties"),
        CheckConstraint("(registration_state is null) = (filed_at is null)", name="filed"),
        CheckConstraint(
            "(registration_state is not distinct from 'registered') = "
            "(num_nonnulls(register_number, registered_on, registered_kind) = 3)",
            name="registered",
        ),
        # What was cancelled was never signed, and after a termination the parties may agree anew: one at a time, never two.
        Index("uq_contracts_proposal", "proposal_id", unique=True, postgresql_where=text(f"state not in {ANNULLED}")),
        Index(None, "zone_code", "signed_on", "id"),
        Index(None, "follow_up_on", "id"),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(unique=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), index=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"))
    zone_code: Mapped[str]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"), index=True)
    buyer_region_code: Mapped[str]
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), index=True)
    seller_enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    seller_region_code: Mapped[str]
    seller_kind: Mapped[str]

    kind: Mapped[str]
    title: Mapped[str]
    signed_on: Mapped[date]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    amount_fen: Mapped[int]
    technology_fen: Mapped[int]
    equipment_fen: Mapped[int]
    ip_ownership: Mapped[str]
    ip_words: Mapped[str]
    ip_use_rights: Mapped[str | None]
    payment_plan: Mapped[list[dict[str, Any]]]
    related_to_transfer: Mapped[bool | None]
    technology_kind: Mapped[str | None]
    ownership_transferred: Mapped[bool | None]
    licence_years: Mapped[int | None]

    state: Mapped[str] = mapped_column(default=LIFE.initial)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    recorded_side: Mapped[str]
    disputable_until: Mapped[datetime]
    recorded_parties: Mapped[list[str]] = mapped_column(default=list)
    confirmed_parties: Mapped[list[str]] = mapped_column(default=list)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    disputed_at: Mapped[datetime | None]
    disputed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    dispute: Mapped[str | None]
    credited_to: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    credited_as: Mapped[str | None]

    received_fen: Mapped[int] = mapped_column(default=0)
    received_technology_fen: Mapped[int] = mapped_column(default=0)
    rewarded_fen: Mapped[int] = mapped_column(default=0)
    registration_state: Mapped[str | None]
    filed_at: Mapped[datetime | None]
    register_number: Mapped[str | None] = mapped_column(unique=True)
    registered_on: Mapped[date | None]
    registered_kind: Mapped[str | None]
    technology_income_fen: Mapped[int | None]

    delivered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    follow_up_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    end_message: Mapped[str | None]

    parties: Mapped[list["ContractParty"]] = relationship(
        cascade="all, delete-orphan", order_by="ContractParty.position", lazy="selectin"
    )
    # For showing names beside ids; never written through.
    need: Mapped[Need] = relationship(viewonly=True, lazy="selectin")
    buyer: Mapped[Enterprise] = relationship(viewonly=True, lazy="selectin", foreign_keys=buyer_id)
    institute: Mapped[Institute] = relationship(viewonly=True, lazy="selectin")
    seller_enterprise: Mapped[Enterprise | None] = relationship(
        viewonly=True, lazy="selectin", foreign_keys=seller_enterprise_id
    )

    @property
    def ip_clause(self) -> dict[str, Any]:
        """Whose the results are, as HTTP says it."""
        return {"owner": self.ip_ownership, "words": self.ip_words, "use_rights": self.ip_use_rights}

    @property
    def counted_kind(self) -> str:
        """Of which kind it is: as the registrar classified it, until then as it was signed."""
        return self.registered_kind or self.kind


class ContractParty(Identified, Base):
    """A further party of a contract: another developer, a guarantor, an agency. Not asked about by any policy."""

    __tablename__ = "contract_parties"
    __table_args__ = (
        CheckConstraint(f"share_basis_points between 0 and {BASIS_POINTS}", name="share"),
        Index(None, "contract_id", "position", unique=True),
    )

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    position: Mapped[int]
    organisation: Mapped[str]
    duties: Mapped[str]
    share_basis_points: Mapped[int | None]
