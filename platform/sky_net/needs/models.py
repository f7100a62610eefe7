"""Rows of a need, of the steps of its life, and of the organisations it was opened to."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, ForeignKey, Index, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.chain.models import Chained, chain_over
from backbone.db import AppendOnly, Base, Identified, Versioned
from backbone.people.holding import HasContact, PersonalValue
from sky_net.needs import states, vocabulary

NUMBERS = Sequence("need_number_seq")
PERSONAL = frozenset({"contact_name", "contact_phone", "contact_email", "decision_owner", "collector"})


def _among(column: str, words: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _words(rows: Iterable[tuple[str, ...]]) -> str:
    return ", ".join("(" + ", ".join(f"'{word}'" for word in row) + ")" for row in rows)


_MODES = ", ".join(f"'{mode}'" for mode in vocabulary.COOPERATION_MODES)


class Need(HasContact, Versioned, Base):
    """What an enterprise asks for. `state` is written by `life_cycle.advance` alone.

    `title_folded` and `masked_title_folded` are what the search reads, `signature` what finds near duplicates;
    all three are derived from the texts by `service`. Amounts are in fen. `change_xid` is set by a trigger to the
    writing transaction, so that no search index misses a late commit. `entrusted_to` is the key of the ground network's
    node whose collectors post and answer for an enterprise that asked them to.
    """

    __tablename__ = "needs"
    speaks_for = "enterprise_id"
    __table_args__ = (
        _among("kind", vocabulary.KINDS),
        _among("state", states.STATES),
        _among("need_type", vocabulary.NEED_TYPES),
        _among("budget_kind", vocabulary.BUDGET_KINDS),
        _among("ip_ownership", vocabulary.IP_OWNERSHIP),
        _among("visibility", vocabulary.VISIBILITY),
        _among("source_channel", vocabulary.SOURCE_CHANNELS),
        _among("urgency", vocabulary.URGENCY),
        _among("complexity", vocabulary.COMPLEXITY),
        _among("rejection_code", vocabulary.REJECTION_CODES),
        CheckConstraint(f"cooperation_modes <@ ARRAY[{_MODES}]::varchar[]", name="cooperation_modes"),
        CheckConstraint("trl_now BETWEEN 1 AND 9 AND trl_required BETWEEN 1 AND 9", name="trl"),
        CheckConstraint("budget_min_fen >= 0 AND budget_max_fen >= 0", name="budget_not_negative"),
        CheckConstraint("budget_min_fen <= budget_max_fen", name="budget_in_order"),
        CheckConstraint("submitted_at IS NOT NULL OR state IN ('draft', 'withdrawn')", name="submitted_at"),
        # fastupdate off: needs are written rarely, and a look-up must not wade through a list of pending entries.
        Index(
            "ix_needs_signature", "signature", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
        ),
        Index("ix_needs_listed", text("coalesce(submitted_at, created_at)"), "id"),
        Index("ix_needs_zone_state", "zone_code", "state"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(default="technology")
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"), index=True)
    zone_code: Mapped[str]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)

    title: Mapped[str]
    need_type: Mapped[str | None]
    industry: Mapped[str | None] = mapped_column(index=True)
    tech_field: Mapped[str | None]
    chain_id: Mapped[UUID | None] = mapped_column(ForeignKey("chains.id"), index=True)
    chain_segment: Mapped[str | None]
    problem: Mapped[str | None]
    scene: Mapped[str | None]
    present_state: Mapped[str | None]
    tried: Mapped[str | None]
    indicators: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    trl_now: Mapped[int | None]
    trl_required: Mapped[int | None]
    deliverables: Mapped[list[str]] = mapped_column(default=list)
    acceptance_method: Mapped[str | None]
    cooperation_modes: Mapped[list[str]] = mapped_column(default=list)
    budget_kind: Mapped[str | None]
    budget_min_fen: Mapped[int | None]
    budget_max_fen: Mapped[int | None]
    payment_terms: Mapped[str | None]
    respond_by_on: Mapped[date | None]
    wanted_on: Mapped[date | None]
    ip_ownership: Mapped[str | None]
    region_preference: Mapped[list[str]] = mapped_column(default=list)
    partner_conditions: Mapped[str | None]

    visibility: Mapped[str] = mapped_column(default="masked")
    masked_title: Mapped[str | None]
    masked_summary: Mapped[str | None]
    nda_required: Mapped[bool] = mapped_column(default=False)
    source_channel: Mapped[str] = mapped_column(default="sky_net")
    entrusted_to: Mapped[str | None] = mapped_column(index=True)
    collector: ClassVar[Any] = PersonalValue("collector", "name")
    inherits_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"), unique=True)
    valid_until_on: Mapped[date | None] = mapped_column(index=True)
    urgency: Mapped[str] = mapped_column(default="normal")
    funding_wish: Mapped[str | None]
    related_policies: Mapped[list[str]] = mapped_column(default=list)
    decision_owner: ClassVar[Any] = PersonalValue("decision_owner", "name")

    state: Mapped[str] = mapped_column(default=states.FIRST)
    complexity: Mapped[str | None]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    submitted_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    return_count: Mapped[int] = mapped_column(default=0)
    missing_items: Mapped[list[str]] = mapped_column(default=list)
    rejection_code: Mapped[str | None]
    state_message: Mapped[str | None]

    title_folded: Mapped[str] = mapped_column(default="")
    masked_title_folded: Mapped[str] = mapped_column(default="")
    signature: Mapped[list[int]] = mapped_column(default=list)
    change_xid: Mapped[int] = mapped_column(
        BigInteger, server_default=text("0"), server_onupdate=FetchedValue(), index=True
    )

    @property
    def contact(self) -> dict[str, str | None] | None:
        """Whom to ask, as HTTP says it; None while nobody is named."""
        said = super().contact
        return said if said and any(said.values()) else None

    @property
    def budget(self) -> dict[str, Any] | None:
        """The amounts as their owner gave them."""
        if self.budget_kind is None:
            return None
        return {"kind": self.budget_kind, "min_fen": self.budget_min_fen, "max_fen": self.budget_max_fen}

    @property
    def offered_budget(self) -> dict[str, Any] | None:
        """The amounts as institutes may know them: none when the enterprise hides its budget."""
        return {"kind": "hidden"} if self.budget_kind == "hidden" else self.budget


class NeedTransition(AppendOnly, Identified, Base):
    """One step of a need's life. The reasons are codes: what people wrote stands in the need, where it can be erased."""

    __tablename__ = "need_transitions"
    __table_args__ = (
        CheckConstraint(f"(action, from_state, to_state) IN ({_words(states.every_step())})", name="step"),
        _among("actor_role", states.Party),
        Index(None, "need_id", "id"),
        Index("ix_need_transitions_returns", "need_id", postgresql_where=text("action = 'return'")),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    action: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_role: Mapped[str]
    occurred_at: Mapped[datetime]
    reason_code: Mapped[str | None]
    missing_items: Mapped[list[str]] = mapped_column(default=list)


class NeedReader(Base):
    """An institute that may read the whole need, because it was invited.

    `bound_at` is when both sides had accepted the confidentiality terms: a need that asks for them stays masked to the
    institute until then (`permissions.UNMASKED`).
    """

    __tablename__ = "need_readers"

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), primary_key=True, index=True)
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    granted_at: Mapped[datetime]
    bound_at: Mapped[datetime | None]


class NeedDisclosure(Chained, Base):
    """Somebody of another house was shown confidential things of a need unmasked: once per reader, way and day.

    By reference alone: names are looked up when the enterprise asks. Nothing refers back, so that a reading locks no
    row of anybody. `organisation_id` is the institute that was invited, `zone_code` the reach of an operator or auditor,
    null for the province.
    """

    __tablename__ = "need_disclosures"
    __table_args__ = (
        _among("way", vocabulary.WAYS_OF_READING),
        _among("view", ("full", "invited")),
        Index(
            "uq_need_disclosures_day", "need_id", "reader_id", "read_on", "way", "view", "attachment_id",
            unique=True, postgresql_nulls_not_distinct=True,
        ),
        Index(None, "need_id", "read_at", "id"),
        Index(None, "written_xid", "id"),
    )  # fmt: skip

    need_id: Mapped[UUID]
    reader_id: Mapped[UUID]
    role: Mapped[str]
    organisation_id: Mapped[UUID | None]
    zone_code: Mapped[str | None]
    way: Mapped[str]
    view: Mapped[str]
    attachment_id: Mapped[UUID | None]
    read_on: Mapped[date]
    read_at: Mapped[datetime]


DISCLOSURES = chain_over("need_disclosures", NeedDisclosure)
