"""Where a tranche stands by what became of its payments."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from finance_net.awards.life import LIVE, PAYMENT, TRANCHE
from finance_net.awards.models import Tranche, TranchePart
from finance_net.awards.payments.models import Payment

SETTLED = PAYMENT.after("settle")


def settle_tranches(session: Session, actor: Actor, tranches: Sequence[Tranche], *, now: datetime) -> None:
    """Paid once every part is; being paid while the bank owes an answer; approved again when it does not and a part is unpaid."""
    for tranche in tranches:
        action = _action(session, tranche)
        state = TRANCHE.after(action)
        if state != tranche.state:
            tranche.state, tranche.updated_at = TRANCHE.after(action, tranche.state), now
            session.flush()
            audit.record(session, actor, f"{action}_tranche", tranche, now=now, after={"state": state})


def _action(session: Session, tranche: Tranche) -> str:
    parts = set(session.scalars(select(TranchePart.id).where(TranchePart.tranche_id == tranche.id)))
    standing = session.execute(
        select(Payment.part_id, Payment.state).where(Payment.part_id.in_(parts), Payment.state.in_(LIVE))
    ).all()
    settled = {row.part_id for row in standing if row.state == SETTLED}
    if settled == parts:
        return "pay"
    return "instruct" if len(standing) > len(settled) else "fall_back"
