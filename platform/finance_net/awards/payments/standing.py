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
from finance_net.ledger.models import Hold

FREED = "freed"
"""Instead of a payment: the money of the part was let go of when the award was closed."""


def settle_tranches(session: Session, actor: Actor, tranches: Sequence[Tranche], *, now: datetime) -> None:
    """Paid once every part is; being paid while the bank owes an answer; approved again when it does not and a part is unpaid.

    So a part that came back makes a paid tranche an approved one, and one that was cancelled when the award was closed too; that
    one is cancelled again as soon as nothing of it can be paid any more.
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
    """Of each tranche how the payment of every part stands; None for a part that may be paid anew, FREED for one that may not."""
    standing = (Payment.part_id == TranchePart.id) & Payment.state.in_(LIVE)
    query = select(TranchePart.tranche_id, Payment.state, Hold.open_fen).outerjoin(Payment, standing)
    query = query.join(Hold, Hold.id == TranchePart.hold_id).where(TranchePart.tranche_id.in_(tranche_ids))
    found: dict[UUID, list[str | None]] = defaultdict(list)
    for tranche_id, state, open_fen in session.execute(query):
        found[tranche_id].append(state if state or open_fen else FREED)
    return found


def _action(states: Sequence[str | None]) -> str:
    if all(state == SETTLED for state in states):
        return "pay"
    if any(state not in (SETTLED, None, FREED) for state in states):
        return "instruct"
    return "fall_back" if None in states else "end"
