"""Rows of policies: the register, its versions, their texts, and the originals that verify them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import AppendOnly, Base, Identified, Versioned
from backbone.files.models import StoredFile
from policy_pack.engine.policy import Category
from policy_pack.policies.states import PUBLIC, STATES

GRADES = ("A", "B", "C")
CATEGORIES = tuple(each.value for each in Category)
ORIGINS = ("officer", "shipped")
OWN_PAGE = "A"
"""The grade of a text that was read on the issuing body's own page: nothing else is verified by its source alone."""


class RegisteredPolicy(Versioned, Base):
    """One policy, whatever its text says from time to time; `number` is the order in which policies were registered.

    Whoever moves a version locks this row, so that one decision is taken after the other.
    """

    __tablename__ = "policies"
    __table_args__ = (UniqueConstraint("id", "number"),)

    key: Mapped[str] = mapped_column(unique=True)
    number: Mapped[int] = mapped_column(unique=True)

    versions: Mapped[list["PolicyVersion"]] = relationship(
        viewonly=True, order_by="PolicyVersion.number", lazy="selectin"
    )


class PolicyText(AppendOnly, Identified, Base):
    """The text of a version as it was handed in, with the SHA-256 of its UTF-8; receipts refer to it for ever."""

    __tablename__ = "policy_texts"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        UniqueConstraint("policy_id", "sha256"),
    )

    policy_id: Mapped[UUID] = mapped_column(ForeignKey("policies.id"))
    file_name: Mapped[str]
    content: Mapped[str]
    sha256: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)


class PolicyVersion(Versioned, Base):
    """One version of a policy. `span` are the days on which it counts: its text's validity, cut short by what ended it.

    No span before it is published, an empty one when it counts on no day any more. The exclusion constraint keeps two
    spans of a policy apart; it compares policies by their number as a range, since a uuid would want an extension.
    """

    __tablename__ = "policy_versions"
    __table_args__ = (
        ForeignKeyConstraint(["policy_id", "policy_number"], ["policies.id", "policies.number"]),
        UniqueConstraint("policy_id", "number"),
        UniqueConstraint("policy_id", "text_id"),
        CheckConstraint(f"state in {tuple(STATES)}", name="state"),
        CheckConstraint(f"origin in {ORIGINS}", name="origin"),
        CheckConstraint(f"grade in {GRADES}", name="grade"),
        CheckConstraint(f"category in {CATEGORIES}", name="category"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(origin = 'officer') = (uploaded_by is not null)", name="uploaded"),
        CheckConstraint("reviewed_by <> uploaded_by", name="second_person"),
        CheckConstraint("(reviewed_by is null) = (reviewed_at is null)", name="reviewed"),
        CheckConstraint("reviewed_at is not null or state = 'draft' or (origin = 'shipped' and number = 1)",
                        name="nothing_unreviewed"),
        CheckConstraint(f"(state in {PUBLIC}) = (span is not null)", name="span"),
        CheckConstraint("state not in ('superseded', 'repealed') or ended_at is not null", name="ended"),
        ExcludeConstraint(
            (func.int8range(text("policy_number"), text("policy_number"), text("'[]'")), "&&"), ("span", "&&"),
            name="ex_policy_versions_one_in_force",
        ),
        Index(None, "state", "policy_id"),
    )  # fmt: skip

    policy_id: Mapped[UUID]
    policy_number: Mapped[int]
    number: Mapped[int]
    text_id: Mapped[UUID] = mapped_column(ForeignKey("policy_texts.id"), index=True)
    state: Mapped[str]
    origin: Mapped[str]
    category: Mapped[str]
    grade: Mapped[str]
    span: Mapped[Range[date] | None] = mapped_column(DATERANGE)
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reviewed_at: Mapped[datetime | None]
    review_note: Mapped[str | None]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    published_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]

    policy: Mapped[RegisteredPolicy] = relationship(
        viewonly=True, lazy="joined", primaryjoin="foreign(PolicyVersion.policy_id) == RegisteredPolicy.id"
    )
    wording: Mapped[PolicyText] = relationship(viewonly=True, lazy="joined")
    originals: Mapped[list["PolicyOriginal"]] = relationship(
        viewonly=True, lazy="selectin", order_by="PolicyOriginal.created_at"
    )

    @property
    def signed_original(self) -> "PolicyOriginal | None":
        """The original that a second person signed, if there is one."""
        return next((each for each in self.originals if each.signed_at is not None), None)

    @property
    def is_verified(self) -> bool:
        """Whether its amounts may be shown to enterprises, pushed and awarded: its own page, or a signed original."""
        return self.grade == OWN_PAGE or self.signed_original is not None


class PolicyOriginal(Versioned, Base):
    """The original of a version's text as a file that one officer attached; another signs that the text says the same."""

    __tablename__ = "policy_originals"
    __table_args__ = (
        CheckConstraint("(signed_by is null) = (signed_at is null)", name="signed"),
        CheckConstraint("signed_by <> attached_by", name="second_person"),
        Index(None, "version_id", "created_at"),
        Index("uq_policy_originals_signed", "version_id", unique=True, postgresql_where=text("signed_at is not null")),
    )  # fmt: skip

    version_id: Mapped[UUID] = mapped_column(ForeignKey("policy_versions.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"), unique=True)
    sha256: Mapped[str]
    attached_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    signed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship(viewonly=True, lazy="selectin")


def days(first: date | None, last: date | None) -> Range[Any]:
    """The days from first to last, both included; None is open, and an end before the beginning is no day at all."""
    if first is not None and last is not None and last < first:
        return Range(empty=True)
    return Range(first, last, bounds="[]")
