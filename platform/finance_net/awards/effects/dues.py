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
