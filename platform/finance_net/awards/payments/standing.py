"""Where a tranche stands by what became of its payments."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from finance_net.awards.life import LIVE, SETTLED, TRANCHE
from finance_net.awards.models import Tranche, TranchePart
from finance_net.awards.payments.models import Payment


def settle_tranches(session: Session, actor: Actor, tranches: Sequence[Tranche], *, now: datetime) -> None:
    """Paid once every part is; being paid while the bank owes an answer; approved again when it does not and a part is unpaid.

    So a part that came back makes a paid tranche an approved one, and one that was cancelled when the award was closed too.
    """
    parts = _parts_of(session, [each.id for each in tranches])
    for tranche in tranches:
        action = _action(parts[tranche.id])
        state = TRANCHE.after(action)
        if state != tranche.state:
            tranche.state, tranche.updated_at = TRANCHE.after(action, tranche.state), now
            session.flush()
            audit.record(session, actor, f"{action}_tranche", tranche, now=now, after={"state": state})


def _parts_of(session: Session, tranche_ids: Sequence[UUID]) -> dict[UUID, list[str | None]]:
    """Of each tranche how the payment of every part stands; None for a part that may be paid anew."""
    standing = (Payment.part_id == TranchePart.id) & Payment.state.in_(LIVE)
    query = select(TranchePart.tranche_id, Payment.state).outerjoin(Payment, standing)
    found: dict[UUID, list[str | None]] = defaultdict(list)
    for tranche_id, state in session.execute(query.where(TranchePart.tranche_id.in_(tranche_ids))):
        found[tranche_id].append(state)
    return found


def _action(states: Sequence[str | None]) -> str:
    if all(state == SETTLED for state in states):
        return "pay"
    return "instruct" if any(state not in (SETTLED, None) for state in states) else "fall_back"
