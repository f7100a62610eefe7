"""Handing a need over: offered by its owner, accepted or declined by the next. Until then the giver answers for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.absences.service import leaves_on
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.notices.service import Notice, notify
from ground_net.brokers.models import Broker
from ground_net.routing.defaults import defaults_on
from ground_net.routing.errors import BrokerFull, HandoverLapsed, HandoverOpen, OwnerChanged, ReceiverAway
from ground_net.routing.gathering import in_hand
from ground_net.routing.models import Handover
from ground_net.routing.permissions import CAN_HAND, readable
from ground_net.routing.states import LIFE, OFFERED
from sky_net.needs.handing import hand_need as give_to
from sky_net.needs.handing import require_handable, require_responsible
from sky_net.needs.life_cycle import lock_need, lock_visible
from sky_net.needs.models import Need
from sky_net.needs.owning import loads_of
from sky_net.needs.permissions import allows
from sky_net.needs.reading import read_need
from sky_net.sla.calendars.working_days import working_days_after

ANSWERS_ALREADY = Bilingual("该账号已是负责人", "This account answers for the need already")
MAY_NOT_KNOW = Bilingual("接收人无权查看此需求", "This account may not know of the need")


def hand_need(
    session: Session, actor: Actor, need_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Handover:
    """Offer a need to its next owner, who has until `due_at` to answer.

    Raises NotFound, Forbidden, StateConflict, Invalid, HandoverOpen, ReceiverAway, BrokerFull.
    """
    need = lock_visible(session, actor, need_id)
    if not allows(CAN_HAND, actor, need):
        raise Forbidden()
    return offer(session, actor, need, values["to_id"], values["reason_code"], now=now)


def offer(
    session: Session, actor: Actor, need: Need, to_id: UUID, reason_code: str, *, now: datetime
) -> Handover:
    """As `hand_need`, of a need that the caller has locked and may hand over."""
    owner_id = require_handable(need)
    _require_receiver(session, need, owner_id, to_id, now)
    _clear_lapsed(session, actor, need, now)
    days = defaults_on(local_date(now)).accept_within_days
    handover = Handover(
        need_id=need.id, from_id=owner_id, to_id=to_id, given_by=actor.account_id, reason_code=reason_code,
        due_at=working_days_after(session, need.zone_code, now, days), state=OFFERED, created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(handover)
    session.flush()
    told = ("need_id", "from_id", "to_id", "reason_code", "due_at")
    after = {name: getattr(handover, name) for name in told}
    audit.record(session, actor, "offer_handover", handover, now=now, after=after)
    _tell(session, need, handover, to_id, "handover_offered", now)
    return handover


def accept_handover(session: Session, actor: Actor, handover_id: UUID, *, now: datetime) -> Handover:
    """Answer for the need from now on; once, and of two answers at once the first counts.

    Raises NotFound, Forbidden, StateConflict, HandoverLapsed, OwnerChanged, BrokerFull, Invalid.
    """
    need, handover = _locked(session, actor, handover_id)
    LIFE.step(handover, "accept", actor, handover)
    _require_in_time(handover, now)
    if need.owner_id != handover.from_id:
        raise OwnerChanged(number=need.number)
    _require_room(session, handover.to_id, now)
    _settle(session, actor, handover, "accept", now)
    give_to(session, actor, need, handover.to_id, now=now)
    _tell(session, need, handover, handover.from_id, "handover_accepted", now)
    return handover


def decline_handover(
    session: Session, actor: Actor, handover_id: UUID, *, reason_code: str, now: datetime
) -> Handover:
    """Leave it with the giver, with a reason; raises NotFound, Forbidden, StateConflict, HandoverLapsed."""
    need, handover = _locked(session, actor, handover_id)
    LIFE.step(handover, "decline", actor, handover)
    _require_in_time(handover, now)
    _settle(session, actor, handover, "decline", now, refusal_code=reason_code)
    _tell(session, need, handover, handover.from_id, "handover_declined", now)
    return handover


def lapse(session: Session, actor: Actor, need: Need, handover: Handover, *, now: datetime) -> None:
    """Write down that nobody answered, and tell the giver, who still answers for the need. The caller has locked both."""
    _settle(session, actor, handover, "lapse", now)
    _tell(session, need, handover, handover.from_id, "handover_lapsed", now)


def is_standing(handover: Handover, now: datetime) -> bool:
    """Whether it can still be answered."""
    return handover.state == OFFERED and now < handover.due_at


def _require_receiver(session: Session, need: Need, owner_id: UUID, to_id: UUID, now: datetime) -> None:
    if to_id == owner_id:
        raise Invalid.field("to_id", ANSWERS_ALREADY)
    receiver = require_responsible(session, to_id, need, "to_id")
    try:
        read_need(session, receiver, need.id)
    except NotFound:
        raise Invalid.field("to_id", MAY_NOT_KNOW) from None
    today = local_date(now)
    if leave := leaves_on(session, [to_id], today).get(to_id):
        raise ReceiverAway(to_on=leave.to_on.isoformat(), deputy_id=leave.deputy_id)
    _require_room(session, to_id, now, offered=True)


def _require_room(session: Session, account_id: UUID, now: datetime, *, offered: bool = False) -> None:
    """Whoever has no profile as a broker has no limit. The profile is locked: two needs at once fill one place once."""
    capacity = session.scalar(
        select(Broker.capacity).where(Broker.account_id == account_id).with_for_update()
    )
    if capacity is None:
        return
    loads = in_hand(session, [account_id], now) if offered else loads_of(session, [account_id])
    if loads[account_id] >= capacity:
        raise BrokerFull(load=loads[account_id], capacity=capacity)


def _clear_lapsed(session: Session, actor: Actor, need: Need, now: datetime) -> None:
    """Write down that the last offer went unanswered; raises HandoverOpen while it can be answered."""
    last = session.scalar(
        select(Handover).where(Handover.need_id == need.id, Handover.state == OFFERED).with_for_update()
    )
    if last is None:
        return
    if is_standing(last, now):
        raise HandoverOpen(id=last.id, due_at=last.due_at.isoformat())
    lapse(session, actor, need, last, now=now)


def _require_in_time(handover: Handover, now: datetime) -> None:
    if not is_standing(handover, now):
        raise HandoverLapsed(due_at=handover.due_at.isoformat())


def _settle(
    session: Session, actor: Actor, handover: Handover, action: str, now: datetime, **more: Any
) -> None:
    before = {"state": handover.state}
    LIFE.follow(handover, action)
    for name, value in more.items():
        setattr(handover, name, value)
    handover.settled_at = handover.updated_at = now
    session.flush()
    after = {"state": handover.state, **more}
    audit.record(session, actor, f"{action}_handover", handover, now=now, before=before, after=after)


def _locked(session: Session, actor: Actor, handover_id: UUID) -> tuple[Need, Handover]:
    """The need and then the hand-over, for somebody who may know of it; raises NotFound before any lock."""
    known = (
        select(Handover)
        .join(Need, Need.id == Handover.need_id)
        .where(Handover.id == handover_id, readable(actor))
    )
    handover = session.scalar(known)
    if handover is None:
        raise NotFound()
    need = lock_need(session, handover.need_id)
    session.refresh(handover, with_for_update=True)
    return need, handover


def _tell(
    session: Session, need: Need, handover: Handover, account_id: UUID, kind: str, now: datetime
) -> None:
    payload = {"due_at": handover.due_at.isoformat()}
    notify(
        session,
        Notice(f"{kind}:{handover.id}", account_id, kind, need.id, need.number, need.zone_code, payload),
        now=now,
    )
