"""Reporting what an award led to, and listing what was reported and what is overdue."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual, Invalid, NotFound
from backbone.pages import Page, read_page
from finance_net.awards.effects.models import VALUES, Effect
from finance_net.awards.effects.months import months_after
from finance_net.awards.errors import ReportedAlready
from finance_net.awards.models import Award
from finance_net.awards.permissions import may_read_all, own_of, require_member
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, tell

SORTS = {"due_on": Effect.due_on}
PERSONAL = frozenset({"source"})
NO_VALUE = Bilingual("收入、合同额、就业至少报一项", "One of revenue, contracts and jobs is needed")
DAYS = Bilingual(
    "应在首笔到账之日 {since} 至今天 {until} 之间",
    "From the day of the first payment, {since}, to today, {until}",
)


def report_effect(
    session: Session, actor: Actor, effect_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Effect:
    """What it led to, with the day it is counted at and where the numbers come from.

    Raises NotFound, Forbidden, ReportedAlready, Invalid.
    """
    query = select(Effect).where(Effect.id == effect_id, _readable(actor)).with_for_update()
    effect = session.scalar(query.execution_options(populate_existing=True))
    if effect is None:
        raise NotFound()
    require_member(actor, [effect.enterprise_id])
    if effect.reported_at is not None:
        raise ReportedAlready(reported_at=effect.reported_at.isoformat())
    if all(said[name] is None for name in VALUES):
        raise Invalid.field("revenue_fen", NO_VALUE)
    # What was counted before anything was paid is no effect of it; `due_on` lies so many months after that day.
    since, until = months_after(effect.due_on, -effect.months), local_date(now)
    if not since <= said["as_of_on"] <= until:
        raise Invalid.field("as_of_on", DAYS.format(since=since, until=until))
    for name, value in said.items():
        setattr(effect, name, value)
    effect.reported_by, effect.reported_at, effect.updated_at = actor.account_id, now, now
    session.flush()
    award = session.get_one(Award, effect.award_id)
    told = {name: said[name] for name in (*VALUES, "as_of_on")}
    content = {"award": award.number, "enterprise_id": effect.enterprise_id, "months": effect.months, **told}
    tell(
        session, award.application_id, StepKind.EFFECT, Subject("award_effects", effect.id, content), now=now
    )
    audit.record(session, actor, "report_effect", effect, now=now, after=dict(said), personal=PERSONAL)
    return effect


def list_effects(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Page[Any]:
    """A page of effects, reported or asked for: every one, or those of the own enterprises."""
    today = local_date(now)
    query: Select[Any] = select(Effect).where(_readable(actor))
    for name in ("award_id", "enterprise_id"):
        if asked.get(name):
            query = query.where(getattr(Effect, name) == asked[name])
    if asked.get("is_overdue") is not None:
        overdue = Effect.reported_at.is_(None) & (Effect.due_on < today)
        query = query.where(overdue if asked["is_overdue"] else ~overdue)
    return read_page(session, query, asked, SORTS, Effect.id, lambda effect: effect_view(effect, now))


def effect_view(effect: Effect, now: datetime) -> dict[str, Any]:
    """An effect, and whether it is overdue now."""
    return {"effect": effect, "is_overdue": effect.reported_at is None and effect.due_on < local_date(now)}


def _readable(actor: Actor) -> ColumnElement[bool]:
    return true() if may_read_all(actor) else Effect.enterprise_id.in_(own_of(actor))
