"""The promise clocks of a need: shown with those of the parties, and what a supervisor does to their record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import Forbidden
from sky_net.needs.life_cycle import lock_visible
from sky_net.needs.models import Need
from sky_net.needs.permissions import CAN_AMEND_CLOCKS, allows
from sky_net.needs.reading import read_in_full
from sky_net.sla import reading as sla_reading
from sky_net.sla import service as sla


def clocks(session: Session, actor: Actor, need_id: UUID, *, now: datetime) -> Mapping[str, Any]:
    """The promise clocks, none before the first submission, and the parties' own; for those who read it in full."""
    need = read_in_full(session, actor, need_id)
    promises = sla.readings(session, [need.id], now=now).get(need.id, [])
    inherits = session.get(Need, need.inherits_id) if need.inherits_id else None
    return {
        "items": promises,
        "parties": sla.clocks_about(session, need.id, now=now),
        "inherits_from": inherits,
    }


def waive_clock(
    session: Session, actor: Actor, need_id: UUID, stage: str, why: Mapping[str, str], *, now: datetime
) -> Mapping[str, Any]:
    """Excuse what the platform owed at this stage; raises NotFound, Forbidden, ClocksNotOpen, ClockRefused."""
    need = _for_supervisor(session, actor, need_id)
    sla.waive(session, actor, need.id, stage, why["reason_code"], why["message"], now=now)
    return clocks(session, actor, need_id, now=now)


def correct_clock_event(
    session: Session, actor: Actor, need_id: UUID, event_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Mapping[str, Any]:
    """Move or strike one event of the log, by another; raises NotFound, Forbidden, ClocksNotOpen, ClockRefused."""
    need = _for_supervisor(session, actor, need_id)
    sla.correct(
        session, actor, need.id, event_id, said["moved_to"], said["reason_code"], said["message"], now=now
    )
    return clocks(session, actor, need_id, now=now)


def list_clock_events(session: Session, actor: Actor, need_id: UUID) -> list[dict[str, Any]]:
    """The log of the need's promise clocks, for those who read it in full; raises NotFound."""
    return sla_reading.events_of(session, read_in_full(session, actor, need_id).id)


def _for_supervisor(session: Session, actor: Actor, need_id: UUID) -> Need:
    need = lock_visible(session, actor, need_id)
    if not allows(CAN_AMEND_CLOCKS, actor, need):
        raise Forbidden()
    return need
