"""Rows of leads, and of where a need came from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

import ground_net.leads.imports.models  # a file leads to leads
import ground_net.leads.outreach.models  # noqa: F401  # and so does an event
from backbone.db import AppendOnly, Base, Identified, Versioned
from backbone.people.holding import HasContact, PersonalValue
from ground_net.leads import states, vocabulary
from sky_net.needs.models import Need

NUMBERS = Sequence("lead_number_seq")
PEOPLE = ("contact_name", "contact_phone", "contact_email", "decision_owner", "consent_by")
PERSONAL = frozenset({*PEOPLE, "words", "answers", "closing_words"})
"""What the audit keeps as digests: people, and the free words that may name them."""
PROMOTED, MERGED = "promoted", "merged"


def _among(column: str, words: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


_COVERS = ", ".join(f"'{word}'" for word in vocabulary.CONSENT_COVERS)


class Lead(HasContact, Versioned, Base):
    """Something that a company said it needs, as `node_key` heard it: `words` as noted, `answers` as the interview drew them
    out (a need's fields, in JSON).

    `zone_code` is the node's, whose operators answer for it. `client_id` is the offline form's own id: the same one at the
    same node is the same lead, `content_digest` says whether its content is too. `folded` is what the search reads,
    `signature` what finds near duplicates. Nothing in clear of people, and nothing of them at all without consent.
    """

    __tablename__ = "leads"
    speaks_for = "enterprise_id"
    __table_args__ = (
        UniqueConstraint("node_key", "client_id"),
        _among("state", states.STATES),
        _among("channel", vocabulary.CHANNELS),
        _among("consent_how", vocabulary.CONSENT_WAYS),
        _among("reason_code", vocabulary.CLOSE_REASONS),
        CheckConstraint(f"consent_covers <@ ARRAY[{_COVERS}]::varchar[]", name="consent_covers"),
        CheckConstraint(
            "(consented_at is null) = (consent_how is null) and (consented_at is null) = (consent_covers = '{}')",
            name="consent",
        ),
        CheckConstraint("(state = 'promoted') = (need_id is not null)", name="promoted_to"),
        CheckConstraint("(state = 'closed') = (reason_code is not null)", name="closed_with_reason"),
        CheckConstraint("(state in ('promoted', 'closed')) = (settled_at is not null)", name="settled"),
        CheckConstraint("state <> 'claimed' or owner_id is not null", name="claimed_by"),
        CheckConstraint("(owner_id is null) = (claimed_at is null)", name="claimed_at"),
        CheckConstraint(
            "(duplicate_of_need_id is not null) = (coalesce(reason_code, '') = 'duplicate_of_need')", name="of_need"
        ),
        CheckConstraint(
            "(duplicate_of_lead_id is not null) = (coalesce(reason_code, '') = 'duplicate_of_lead')", name="of_lead"
        ),
        CheckConstraint("duplicate_of_lead_id <> id", name="of_itself"),
        Index("ix_leads_signature", "signature", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index(None, "zone_code", "state"),
        Index(None, "created_at", "id"),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(unique=True)
    node_key: Mapped[str] = mapped_column(ForeignKey("network_nodes.key"))
    zone_code: Mapped[str]
    channel: Mapped[str]
    happened_at: Mapped[datetime]
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("outreaches.id"), index=True)
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("lead_imports.id"), index=True)
    client_id: Mapped[UUID | None]
    content_digest: Mapped[str]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)

    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    enterprise_name: Mapped[str]
    credit_code: Mapped[str | None] = mapped_column(index=True)
    words: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    decision_owner: ClassVar[Any] = PersonalValue("decision_owner", "name")

    consent_by: ClassVar[Any] = PersonalValue("consent", "name")
    consent_how: Mapped[str | None]
    consented_at: Mapped[datetime | None]
    consent_covers: Mapped[list[str]] = mapped_column(default=list)

    state: Mapped[str] = mapped_column(default=states.FIRST)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    claimed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"), unique=True)
    reason_code: Mapped[str | None]
    closing_words: Mapped[str | None]
    duplicate_of_need_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"), index=True)
    duplicate_of_lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("leads.id"), index=True)

    folded: Mapped[str] = mapped_column(default="")
    signature: Mapped[list[int]] = mapped_column(default=list)

    # For showing numbers beside ids; never written through.
    event = relationship("Outreach", viewonly=True)
    need: Mapped[Need | None] = relationship(viewonly=True, foreign_keys=need_id)
    merged: Mapped[list["Lead"]] = relationship(viewonly=True, order_by="Lead.number")

    @property
    def contact(self) -> dict[str, str | None] | None:
        """Whom to ask, as HTTP says it; None while nobody is named."""
        said = super().contact
        return said if said and any(said.values()) else None

    @property
    def merged_numbers(self) -> list[str]:
        """The leads that were merged into it."""
        return [lead.number for lead in self.merged]

    @property
    def consent(self) -> dict[str, Any] | None:
        """Who agreed, how, when and to what; None without."""
        if self.consented_at is None:
            return None
        return {
            "by": self.consent_by, "how": self.consent_how, "at": self.consented_at, "covers": self.consent_covers,
        }  # fmt: skip


class LeadProvenance(AppendOnly, Identified, Base):
    """Where a need came from: the lead that became it, or one that had been merged into that lead.

    What was so at the promotion, by references and codes: who consented, and in which words it was heard, stand in the lead.
    """

    __tablename__ = "lead_provenance"
    __table_args__ = (
        _among("kind", (PROMOTED, MERGED)),
        UniqueConstraint("lead_id"),
        Index(None, "need_id", "id"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("leads.id"))
    kind: Mapped[str]
    node_key: Mapped[str]
    channel: Mapped[str]
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("outreaches.id"), index=True)
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    promoted_at: Mapped[datetime]
    promoted_by: Mapped[UUID | None]
    consent_how: Mapped[str | None]
    consented_at: Mapped[datetime | None]
    consent_covers: Mapped[list[str]] = mapped_column(default=list)
    content_digest: Mapped[str]
