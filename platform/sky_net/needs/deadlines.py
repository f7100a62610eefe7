"""Why the deadlines of a need fall where they fall, and where they would if the enterprise answered.

Everybody who reads the clocks of a need may ask. A card says in which capacity somebody paused a clock, never who.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import Bilingual, Invalid, NotFound
from sky_net.needs.models import Need
from sky_net.needs.reading import read_in_full
from sky_net.needs.silence import silent_since
from sky_net.needs.states import STATES, TRANSITIONS, Party
from sky_net.sla import explanations, silence
from sky_net.sla import service as sla
from sky_net.sla.calendars.in_use import calendar_for
from sky_net.sla.clocks import ClockState
from sky_net.sla.errors import ClockRefusal
from sky_net.sla.explaining import Foretold
from sky_net.sla.parties import ENTERPRISE
from sky_net.sla.proof import Proof
from sky_net.sla.reading import Watched

SET_ASIDE = ("silent", "suspended")
"""States that the enterprise's answer takes a need out of again."""
CAPACITIES: Mapping[Party, Bilingual] = MappingProxyType({
    Party.POSTER: Bilingual("企业", "the enterprise"),
    Party.COLLECTOR: Bilingual("受托采集员", "the collector it is entrusted to"),
    Party.OPERATOR: Bilingual("平台运营", "the platform's operators"),
    Party.BROKER: Bilingual("技术经纪人", "the broker"),
    Party.INSTITUTE: Bilingual("院所", "the institute"),
    Party.SYSTEM: Bilingual("系统", "the system"),
})  # fmt: skip
_OPEN = (ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED)


def explain_clock(
    session: Session, actor: Actor, need_id: UUID, stage: str, asked_id: UUID | None = None, *, now: datetime
) -> Proof:
    """The card of a promise clock, or of the clock of one invitation, question or return; raises NotFound, Forbidden."""
    return card_of(session, read_in_full(session, actor, need_id), stage, asked_id, now=now)


def foretell_clocks(
    session: Session, actor: Actor, need_id: UUID, answered_at: datetime, *, now: datetime
) -> Mapping[str, Any]:
    """Every promise clock if the enterprise answered then, and which answers it owes; raises NotFound, Forbidden, Invalid."""
    need = read_in_full(session, actor, need_id)
    try:
        return foretold(session, need, answered_at, now=now)
    except ClockRefusal as refusal:
        raise Invalid.field("answered_at", Bilingual(refusal.zh, refusal.en)) from refusal


def card_of(
    session: Session, need: Need, stage: str, asked_id: UUID | None = None, *, now: datetime
) -> Proof:
    """The card, for whoever has the need already; raises NotFound for somebody who owes nothing about it."""
    if asked_id is not None and asked_id not in _asked_about(session, need, now):
        raise NotFound()
    since = None if asked_id else silent_since(session, need, now=now)
    return explanations.explain(session, asked_id or need.id, stage, pause_words, cancelled_at=since, now=now)


def foretold(session: Session, need: Need, answered_at: datetime, *, now: datetime) -> Mapping[str, Any]:
    """The what-if, for whoever has the need already; raises ClockRefusal."""
    silent = since = silent_since(session, need, now=now)
    if since is not None and answered_at <= since:
        since = None  # that answer would have come before the silence was one
    set_aside = since is not None or need.state in SET_ASIDE
    clocks = explanations.foretell(
        session, need.id, answered_at, is_set_aside=set_aside, cancelled_at=since, now=now
    )
    awaited = [
        watched
        for watched in sla.clocks_about(session, need.id, now=now)
        if watched.party == ENTERPRISE
        and watched.reading.state in _OPEN
        and watched.reading.stopped_at in (None, silent)
    ]
    asked = [each.reading.started_at for each in awaited if each.reading.started_at]
    calendar = calendar_for(session, need.zone_code)
    silent = None if set_aside else min((silence.silent_from(at, calendar) for at in asked), default=None)
    return {
        "answered_at": answered_at,
        "items": [_foretold(each.unless_set_aside(silent), answered_at) for each in clocks],
        "awaited": [_awaited(each, answered_at) for each in awaited],
    }


def need_of_number(session: Session, number: str) -> Need:
    """The need that people know by this number, for whoever runs the platform; raises NotFound."""
    need = session.scalar(select(Need).where(Need.number == number))
    if need is None:
        raise NotFound()
    return need


def pause_words(name: str) -> tuple[Bilingual, Bilingual]:
    """Why and by whom: a pause has the name of the step that began it."""
    step = next((step for step in TRANSITIONS if step.action == name), None)
    if step is None:
        return Bilingual(name, name), CAPACITIES[Party.SYSTEM]
    return STATES[step.to], CAPACITIES[step.by[0]]


def _asked_about(session: Session, need: Need, now: datetime) -> set[UUID]:
    return {watched.subject_id for watched in sla.clocks_about(session, need.id, now=now)}


def _foretold(each: Foretold, answered_at: datetime) -> dict[str, Any]:
    said = each.said(answered_at)
    return {
        "stage": each.now.stage, "zh": said.zh, "en": str(said), "now": each.now, "then": each.then,
        "latest_due_at": each.latest_due_at,
    }  # fmt: skip


def _awaited(watched: Watched, answered_at: datetime) -> dict[str, Any]:
    due_at = watched.reading.due_at
    in_time = due_at is None or answered_at <= due_at
    return {"subject_id": watched.subject_id, "party": watched.party, "due_at": due_at, "in_time": in_time}
