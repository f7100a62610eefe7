"""The row of an offer."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, ForeignKey, Index, text
from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned
from backbone.people.holding import HasContact, NamesFreely
from sky_net.achievements import vocabulary as words
from sky_net.achievements.judging import Question, unanswered
from sky_net.achievements.states import STATES
from sky_net.achievements.text import searchable_text

PERSONAL = frozenset({"contact_name", "contact_phone", "contact_email"})
# What may name people without being a contact: shown where it belongs, but never in the audit, which nobody can erase.
NAMING_PEOPLE = PERSONAL | {"team", "hidden_reason"}
NUMBERS = DatabaseSequence("achievement_number_seq")


def _one_of(column: str, choices: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} in {choices}", name=column)


class Achievement(HasContact, NamesFreely, Versioned, Base):
    """An achievement or a capability of an institute.

    `zone_code` is the institute's region at registration: its operators are responsible. `region_code` is where
    the offer can be had, the same unless said otherwise. `folded` is what lists search: see `text.searchable_text`.
    `change_xid` is set by a trigger to the writing transaction, so that no index misses a late commit.
    """

    __tablename__ = "achievements"
    speaks_for = "institute_id"
    free_text, of_whom = "team", "institute_id"
    __table_args__ = (
        _one_of("kind", words.KINDS),
        _one_of("state", tuple(STATES)),
        _one_of("stage", words.STAGES),
        _one_of("attribute", words.ATTRIBUTES),
        _one_of("level_claimed", words.LEVELS),
        _one_of("secrecy", words.SECRECY),
        _one_of("price_kind", words.PRICE_KINDS),
        _one_of("hidden_by", words.HIDERS),
        CheckConstraint(f"trl between {words.TRL_LEAST} and {words.TRL_MOST}", name="trl"),
        CheckConstraint("trl is null or stage is not null", name="stage_of_trl"),
        CheckConstraint("price_min_fen >= 0 and price_min_fen <= price_max_fen", name="price"),
        Index(None, "state", "valid_until_on"),
        Index(None, "created_at", "id"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    state: Mapped[str]
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), index=True)
    zone_code: Mapped[str] = mapped_column(index=True)
    region_code: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    registration_number: Mapped[str | None]
    lab: Mapped[str | None]
    team: Mapped[str | None]
    keywords: Mapped[list[str]] = mapped_column(default=list)
    industry: Mapped[str] = mapped_column(index=True)
    tech_field: Mapped[str | None]
    chain_id: Mapped[UUID | None] = mapped_column(ForeignKey("chains.id"), index=True)
    chain_segment: Mapped[str | None]
    summary: Mapped[str]
    problem_solved: Mapped[str | None]
    gain: Mapped[str | None]
    cost_benefit: Mapped[str | None]
    indicators: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    stage: Mapped[str | None]
    trl: Mapped[int | None]
    trl_evidence: Mapped[str | None]
    attribute: Mapped[str | None]
    forms: Mapped[list[str]] = mapped_column(default=list)
    level_claimed: Mapped[str | None]
    level_evaluator: Mapped[str | None]
    ip: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    funder: Mapped[str | None]
    secrecy: Mapped[str] = mapped_column(default="open")
    use_cases: Mapped[list[str]] = mapped_column(default=list)
    transfer_modes: Mapped[list[str]] = mapped_column(default=list)
    price_kind: Mapped[str] = mapped_column(default="negotiable")
    price_min_fen: Mapped[int | None]
    price_max_fen: Mapped[int | None]
    try_before_pay: Mapped[bool] = mapped_column(default=False)
    open_licence: Mapped[bool] = mapped_column(default=False)
    inventor_share_percent: Mapped[int | None]
    inventor_use_years: Mapped[int | None]
    pilot_need: Mapped[str | None]
    last_confirmed_on: Mapped[date]
    valid_until_on: Mapped[date]
    hidden_by: Mapped[str | None]
    hidden_reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    folded: Mapped[str]
    change_xid: Mapped[int] = mapped_column(
        BigInteger, server_default=text("0"), server_onupdate=FetchedValue(), index=True
    )

    def forget_name(self, name: str, now: datetime) -> None:
        """Say that somebody of the team was erased, also to those who search by name."""
        super().forget_name(name, now)
        self.folded = searchable_text(self)

    @property
    def price(self) -> dict[str, str | int | None]:
        """The price as HTTP says it."""
        return {"kind": self.price_kind, "min_fen": self.price_min_fen, "max_fen": self.price_max_fen}

    @property
    def missing(self) -> list[Question]:
        """What a reader will ask and the entry does not answer."""
        return unanswered(self)
