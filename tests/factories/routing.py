"""Hand-overs for tests."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ground_net.routing.models import Handover
from sky_net.needs.models import Need

OFFERED_AT = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
DUE_AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)  # Tuesday 17:30 in Wuhan


def a_handover(session: Session, need: Need, to_id: UUID | None, **values: Any) -> Handover:
    """A stored offer of the need by its owner, due on Tuesday evening; everybody knows the receiver to be one."""
    defaults: dict[str, Any] = {
        "need_id": need.id, "from_id": need.owner_id, "to_id": to_id, "given_by": need.owner_id, "reason_code": "speciality",
        "due_at": DUE_AT, "created_at": OFFERED_AT, "updated_at": OFFERED_AT,
    }  # fmt: skip
    handover = Handover(**defaults | values)
    session.add(handover)
    session.flush()
    return handover
