"""When effects are asked for: counted from an award's first payment."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.db import new_id
from finance_net.awards.effects.models import Effect
from finance_net.awards.effects.months import months_after
from finance_net.awards.models import Award, Beneficiary


def open_dues(session: Session, actor: Actor, award: Award, paid_on: date, *, now: datetime) -> None:
    """Ask every beneficiary for each effect; a later payment of the award changes nothing."""
    owners = session.scalars(select(Beneficiary.enterprise_id).where(Beneficiary.award_id == award.id)).all()
    rows = [
        {
            "id": new_id(), "award_id": award.id, "enterprise_id": owner, "months": months,
            "due_on": months_after(paid_on, months), "version": 1, "created_at": now, "updated_at": now,
        }
        for owner in owners
        for months in award.effect_months
    ]  # fmt: skip
    if not rows:
        return
    asked = insert(Effect).values(rows).on_conflict_do_nothing().returning(Effect)
    for effect in session.scalars(asked).all():
        after = {"award_id": award.id, "enterprise_id": effect.enterprise_id, "due_on": effect.due_on}
        audit.record(session, actor, "ask_effect", effect, now=now, after=after)


def ask_anew(session: Session, actor: Actor, award: Award, paid_on: date | None, *, now: datetime) -> None:
    """After a payment came back: what nobody has reported is counted from the first payment that stands, or not asked for at all."""
    unreported = select(Effect).where(Effect.award_id == award.id, Effect.reported_at.is_(None))
    for effect in session.scalars(unreported.order_by(Effect.id).with_for_update()).all():
        if paid_on is None or effect.due_on != months_after(paid_on, effect.months):
            audit.record(session, actor, "withdraw_effect", effect, now=now, after={"due_on": None})
            session.delete(effect)
    session.flush()
    if paid_on is not None:
        open_dues(session, actor, award, paid_on, now=now)
