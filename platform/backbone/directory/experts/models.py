"""Rows of experts and of their consents."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from backbone.chinese import fold
from backbone.db import Base, Identified, Versioned
from backbone.people.holding import HasPeople, PersonalValue

AVAILABILITY = ("open", "limited", "none")
WORK_KINDS = ("paper", "patent", "project", "standard", "software")
LANGUAGES = ("zh", "en", "de", "fr", "ja", "ko", "ru", "es", "other")
GIVERS = ("expert", "institute")
REVOKERS = ("expert", "institute", "operator", "removal", "erasure")
PERSONAL = frozenset(
    {
        "name",
        "phone",
        "email",
        "title",
        "tech_fields",
        "keywords",
        "techniques",
        "works",
        "deals",
        "conflicts",
    }
)
"""What names somebody, and what tells who it is to whoever looks it up: never in the audit in clear."""
FORGOTTEN: Mapping[str, Any] = {
    "account_id": None, "title": None, "tech_fields": [], "keywords": [], "techniques": [], "works": [], "deals": [],
    "conflicts": [],
}  # fmt: skip
"""How the columns of a removed expert read: nothing tells who it was. The values sealed with the person go apart."""

_DESCRIBING = (
    "title", "industries", "tech_fields", "keywords", "techniques", "works", "deals", "trl", "region_code", "availability",
    "languages", "conflicts", "account_id", "removed_at",
)  # fmt: skip
_OF_CONSENT = ("given_on", "given_by", "evidence", "recorded_at", "revoked_at", "revoked_by")


class Expert(HasPeople, Versioned, Base):
    """Somebody of an institute who can help; `account_id` is the expert's own account, if there is one.

    `folded` is what lists search, without the name, which stands sealed in the people's rows.
    """

    __tablename__ = "experts"
    speaks_for = "institute_id"
    __table_args__ = (
        CheckConstraint(f"availability in {AVAILABILITY}", name="availability"),
        CheckConstraint(
            "trl_from between 1 and 9 and trl_to between 1 and 9 and trl_from <= trl_to", name="trl"
        ),
        CheckConstraint("(trl_from is null) = (trl_to is null)", name="trl_both_ends"),
        Index(
            "uq_experts_account", "account_id", unique=True, postgresql_where=text("account_id is not null")
        ),
        Index(None, "created_at", "id"),
    )

    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    name: ClassVar[Any] = PersonalValue("expert", "name")
    phone: ClassVar[Any] = PersonalValue("expert", "phone")
    email: ClassVar[Any] = PersonalValue("expert", "email")
    title: Mapped[str | None]
    industries: Mapped[list[str]] = mapped_column(default=list)
    tech_fields: Mapped[list[str]] = mapped_column(default=list)
    keywords: Mapped[list[str]] = mapped_column(default=list)
    techniques: Mapped[list[str]] = mapped_column(default=list)
    works: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    deals: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    trl_from: Mapped[int | None]
    trl_to: Mapped[int | None]
    region_code: Mapped[str] = mapped_column(index=True)
    availability: Mapped[str] = mapped_column(default="open")
    languages: Mapped[list[str]] = mapped_column(default=list)
    conflicts: Mapped[list[str]] = mapped_column(default=list)
    folded: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[datetime | None]

    institute = relationship("Institute", viewonly=True, lazy="selectin")
    consents: Mapped[list["ExpertConsent"]] = relationship(
        order_by="ExpertConsent.id", viewonly=True, lazy="selectin"
    )

    @classmethod
    def held_besides(cls, session: Session, holder_id: UUID) -> Mapping[str, Any]:
        """What describes the expert, and the consents."""
        expert = session.get(cls, holder_id)
        if expert is None:
            return {}
        consents = [
            {name: _said(getattr(consent, name)) for name in _OF_CONSENT} for consent in expert.consents
        ]
        return {name: _said(getattr(expert, name)) for name in _DESCRIBING} | {"consents": consents}

    @property
    def trl(self) -> dict[str, int] | None:
        """The range as HTTP says it; both ends or none."""
        if self.trl_from is None or self.trl_to is None:
            return None
        return {"least": self.trl_from, "most": self.trl_to}

    @property
    def is_consenting(self) -> bool:
        """Whether a consent stands."""
        return any(consent.revoked_at is None for consent in self.consents)

    def fold(self) -> None:
        """Bring what lists search in line with the texts."""
        texts = [self.title, *(self.tech_fields or ()), *(self.keywords or ()), *(self.techniques or ())]
        self.folded = fold("\n".join(text for text in texts if text))


class ExpertConsent(Identified, Base):
    """An expert's consent to be listed, from `given_on` until it is revoked.

    Given by the expert, or put on record by the institute with a reference to what the expert signed.
    """

    __tablename__ = "expert_consents"
    __table_args__ = (
        CheckConstraint(f"given_by in {GIVERS}", name="given_by"),
        CheckConstraint("given_by = 'expert' or evidence is not null", name="evidence"),
        CheckConstraint(f"revoked_by in {REVOKERS}", name="revoked_by"),
        CheckConstraint("(revoked_at is null) = (revoked_by is null)", name="revoked"),
        Index("uq_expert_consents_standing", "expert_id", unique=True, postgresql_where=text("revoked_at is null")),
    )  # fmt: skip

    expert_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"), index=True)
    given_on: Mapped[date]
    given_by: Mapped[str]
    evidence: Mapped[str | None]
    recorded_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]


def _said(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
