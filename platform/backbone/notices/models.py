"""Notices, what became of each delivery, and the webhooks that other systems opened."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from backbone import encryption
from backbone.db import Base, Identified, new_id
from backbone.people.rotating import sealed_in

EMAIL, WEBHOOK = "email", "webhook"
CHANNELS = (EMAIL, WEBHOOK)


class Notice(Identified, Base):
    """Something that somebody is to know, written once for each `dedupe_key` whoever writes it how often.

    `recipient_id` is who reads it, None for one that goes to webhooks alone; `on_behalf_of` the person on leave for whom
    the recipient stands in. `payload` holds references and plain facts, nothing personal; the words are made of it on
    reading (`texts`).
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_inbox", "recipient_id", "created_at", "id"),)

    dedupe_key: Mapped[str] = mapped_column(unique=True)
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    on_behalf_of: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    subject_number: Mapped[str]
    zone_code: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Delivery(Identified, Base):
    """One notice on its way by one channel: due at `next_attempt_at` until delivered or dead.

    `last_error` is a code and the other side's answer cut short, without anybody's address.
    """

    __tablename__ = "notice_deliveries"
    __table_args__ = (
        Index(
            "uq_notice_deliveries_way", "notice_id", "channel", "endpoint_id",
            unique=True, postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        CheckConstraint("(channel = 'webhook') = (endpoint_id is not null)", name="endpoint"),
        CheckConstraint("delivered_at is null or dead_at is null", name="ended_once"),
        Index(
            "ix_notice_deliveries_due", "next_attempt_at",
            postgresql_where=text("delivered_at IS NULL AND dead_at IS NULL"),
        ),
        Index("ix_notice_deliveries_dead", "dead_at", postgresql_where=text("dead_at IS NOT NULL")),
    )  # fmt: skip

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    channel: Mapped[str]
    endpoint_id: Mapped[UUID | None] = mapped_column(ForeignKey("webhook_endpoints.id"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    @property
    def state(self) -> str:
        """waiting, delivered or dead."""
        if self.delivered_at is not None:
            return "delivered"
        return "waiting" if self.dead_at is None else "dead"


class Secret:
    """The secret of an endpoint: sealed in `secret_sealed`, in clear only while a message is signed."""

    def __get__(self, endpoint: "WebhookEndpoint | None", owner: type) -> Any:
        """The secret in clear; raises encryption.Unopened."""
        if endpoint is None:
            return self
        return encryption.keyring().open(endpoint.secret_sealed, SECRET.place_of(endpoint.id)).decode()

    def __set__(self, endpoint: "WebhookEndpoint", value: str) -> None:
        """Seal it, bound to this endpoint."""
        endpoint.secret_sealed = encryption.keyring().seal(value.encode(), SECRET.place_of(endpoint.id))


class WebhookEndpoint(Identified, Base):
    """Where another system wants to be told: of these kinds (all when empty), within this zone (None: the province)."""

    __tablename__ = "webhook_endpoints"

    url: Mapped[str]
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kinds: Mapped[list[str]] = mapped_column(ARRAY(String))
    zone_code: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    closed_at: Mapped[datetime | None]

    secret: ClassVar[Any] = Secret()

    def __init__(self, **values: Any) -> None:
        """The id comes first: the secret is bound to it."""
        super().__init__(id=values.pop("id", None) or new_id(), **values)


SECRET = sealed_in(WebhookEndpoint, "secret_sealed", spelled="{table}/{row_id}")
