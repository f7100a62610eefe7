"""Reminding: tranches whose day has come, effects that are to be reported soon or should have been. Each person once of each."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.clock import local_date
from backbone.money import yuan
from finance_net.awards.effects.models import Effect
from finance_net.awards.life import TRANCHE
from finance_net.awards.models import Award, Tranche
from finance_net.awards.telling import News, tell_each
from finance_net.ledger.telling import both, managers

BEFORE_DUE = timedelta(days=30)
"""How long before its day an effect is asked for, so that the numbers can be gathered. The house's own default."""
UNPAID = TRANCHE.before("cancel")


def remind(session: Session, *, now: datetime) -> int:
    """Tell all that is due by now and was not told; returns how many notices were written."""
    today = local_date(now)
    return tell_each(session, [*_tranches(session, today), *_effects(session, today)], now=now)


def _tranches(session: Session, today: date) -> Iterator[News]:
    """What is planned is the beneficiaries' to claim, what is claimed or approved the managers' to go on with."""
    due = (
        select(Tranche)
        .join(Award, Award.id == Tranche.award_id)
        .where(Tranche.state.in_(UNPAID), Tranche.due_on <= today, Award.closed_at.is_(None))
        .order_by(Tranche.due_on, Tranche.id)
    )
    acting = managers(session)
    for each in session.scalars(due):
        is_theirs = each.state == TRANCHE.first
        told = {
            "ordinal": each.ordinal, "amount": yuan(each.amount_fen), "on": str(each.due_on),
            "stands": both(TRANCHE.words[each.state]),
        }  # fmt: skip
        yield News(
            "tranche_due", f"tranche-due:{each.id}", each.award_id, told,
            enterprises=None if is_theirs else (), accounts=frozenset() if is_theirs else acting,
        )  # fmt: skip


def _effects(session: Session, today: date) -> Iterator[News]:
    """Members before the day and after it, the managers after it."""
    asked = select(Effect).where(Effect.reported_at.is_(None), Effect.due_on <= today + BEFORE_DUE)
    acting = managers(session)
    for each in session.scalars(asked.order_by(Effect.due_on, Effect.id)):
        told = {"on": each.due_on.isoformat(), "months": each.months}
        kind = "late" if each.due_on < today else "due"
        yield News(
            f"effect_{kind}", f"effect-{kind}:{each.id}", each.award_id, told,
            enterprises=(each.enterprise_id,), accounts=acting if kind == "late" else frozenset(),
        )  # fmt: skip
