"""Notices, their deliveries, webhooks, absences and duties for tests."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.absences.models import Absence
from backbone.actor import Actor
from backbone.db import new_id
from backbone.identity.models import Account
from backbone.notices.models import EMAIL, Delivery, WebhookEndpoint
from backbone.notices.models import Notice as Row
from backbone.notices.service import Notice
from sky_net.reminders.models import Duty
from tests.factories.identity import an_account

MADE_AT = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
SECRET = "a secret of at least 24 signs"
FACTS = {"stage": "confirm", "due_at": "2026-03-11T09:30:00+00:00", "remaining_minutes": 105, "level": 1}
_numbers = count(1)


def a_notice(recipient_id: UUID | None, **values: Any) -> Notice:
    """A reminder about a need in Wuhan, to be handed to `notify`."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "dedupe_key": f"test-{number}", "kind": "clock_reminder", "subject_id": new_id(),
        "subject_number": f"XQ-2026-{number:06d}", "zone_code": "420100", "payload": FACTS,
    }  # fmt: skip
    return Notice(recipient_id=recipient_id, **defaults | values)


def a_written_notice(session: Session, account: Account, **values: Any) -> Row:
    """A notice in this account's inbox, as a row without deliveries."""
    row = Row(**{"created_at": MADE_AT} | _stored(a_notice(account.id)) | values)
    session.add(row)
    session.flush()
    return row


def _stored(notice: Notice) -> dict[str, Any]:
    return {name: value for name, value in vars(notice).items() if name != "to_deputy"}


def a_delivery(session: Session, account: Account | None = None, **values: Any) -> Delivery:
    """A delivery by e-mail that waits for its first attempt, without a job."""
    notice = a_written_notice(session, account or an_account(session))
    delivery = Delivery(**{"notice_id": notice.id, "channel": EMAIL, "next_attempt_at": MADE_AT} | values)
    session.add(delivery)
    session.flush()
    return delivery


def an_endpoint(session: Session, **values: Any) -> WebhookEndpoint:
    """An open webhook of the whole province, for every kind."""
    defaults: dict[str, Any] = {
        "url": "http://127.0.0.1:1/", "secret": SECRET, "kinds": [], "zone_code": None, "created_at": MADE_AT,
    }  # fmt: skip
    endpoint = WebhookEndpoint(**defaults | values)
    session.add(endpoint)
    session.flush()
    return endpoint


def an_absence(session: Session, account: Account, deputy: Account, **values: Any) -> Absence:
    """The account is away on the tests' Tuesday."""
    defaults: dict[str, Any] = {
        "account_id": account.id, "deputy_id": deputy.id, "from_on": date(2026, 3, 10), "to_on": date(2026, 3, 10),
        "created_at": MADE_AT,
    }  # fmt: skip
    absence = Absence(**defaults | values)
    session.add(absence)
    session.flush()
    return absence


def a_duty(session: Session, account: Account, level: str = "supervisor", zone_code: str = "420100") -> Duty:
    """The account is on duty at this level of the zone."""
    duty = Duty(zone_code=zone_code, level=level, account_id=account.id, appointed_at=MADE_AT)
    session.add(duty)
    session.flush()
    return duty


def heard(session: Session, kind: str) -> list[UUID]:
    """Whoever has a notice of this kind, in order, each as often as it was told."""
    told = select(Row.recipient_id).where(Row.kind == kind, Row.recipient_id.is_not(None))
    return sorted(account for account in session.scalars(told) if account is not None)


def accounts(*actors: Actor) -> list[UUID]:
    """The accounts of these, to compare with `heard`."""
    return sorted(actor.account_id for actor in actors if actor.account_id is not None)
