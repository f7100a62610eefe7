"""What the operators do with a need: return, confirm, reject, park it and take it up again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import Forbidden
from sky_net.needs.errors import SecondReturnTakesSupervisor
from sky_net.needs.handing import require_responsible
from sky_net.needs.life_cycle import Reasons, advance, lock_visible, step_of
from sky_net.needs.models import Need
from sky_net.needs.permissions import CAN_RETURN_AGAIN, allows, party_for
from sky_net.needs.silence import ask_enterprise, return_asked
from sky_net.sla.stops import ConfirmEvidence


def return_need(
    session: Session, actor: Actor, need_id: UUID, *, missing: Sequence[str], message: str, now: datetime
) -> Need:
    """Send it back, naming what is missing; the clocks pause, and the enterprise's own begins.

    Raises NotFound, Forbidden, StateConflict, and SecondReturnTakesSupervisor from the second time on.
    """
    need = lock_visible(session, actor, need_id)
    if party_for(actor, need, step_of(need, "return")) is None:
        raise Forbidden()
    if need.return_count and not allows(CAN_RETURN_AGAIN, actor, need):
        raise SecondReturnTakesSupervisor(returns=need.return_count)
    values = {"return_count": need.return_count + 1}
    reasons = Reasons(missing_items=missing, message=message)
    advance(session, actor, need, "return", now=now, values=values, reasons=reasons)
    ask_enterprise(session, actor, need, return_asked(need), now=now)
    return need


def confirm_need(
    session: Session,
    actor: Actor,
    need_id: UUID,
    *,
    complexity: str,
    owner_id: UUID | None = None,
    industry: str | None = None,
    now: datetime,
) -> Need:
    """Take it on: its owner (the confirming operator unless named) answers for it, institutes may see it.

    The enterprise is told in the same transaction (`telling`). Raises NotFound, Forbidden, StateConflict, Invalid, StopRefused.
    """
    need = lock_visible(session, actor, need_id)
    if party_for(actor, need, step_of(need, "confirm")) is None or actor.account_id is None:
        raise Forbidden()
    if owner_id is not None and owner_id != actor.account_id:
        require_responsible(session, owner_id, need)
    owner_id, industry = owner_id or actor.account_id, industry or need.industry
    values = {"complexity": complexity, "owner_id": owner_id, "confirmed_at": now, "industry": industry}
    evidence = ConfirmEvidence(
        confirmed_by=actor.account_id, industry=industry, complexity=complexity, owner_id=owner_id, enterprise_told_at=now
    )  # fmt: skip
    return advance(session, actor, need, "confirm", now=now, values=values, evidence=evidence)


def reject_need(
    session: Session,
    actor: Actor,
    need_id: UUID,
    *,
    reason_code: str,
    message: str | None = None,
    now: datetime,
) -> Need:
    """Refuse it with a code: that answers the confirm promise, the other two clocks are cancelled.

    Raises NotFound, Forbidden, StateConflict.
    """
    need = lock_visible(session, actor, need_id)
    if party_for(actor, need, step_of(need, "reject")) is None or actor.account_id is None:
        raise Forbidden()
    owner_id = need.owner_id or actor.account_id
    values = {"rejection_code": reason_code, "owner_id": owner_id}
    evidence = ConfirmEvidence(
        confirmed_by=actor.account_id, industry=need.industry, complexity=need.complexity, owner_id=owner_id,
        enterprise_told_at=now, rejected_with=reason_code,
    )  # fmt: skip
    reasons = Reasons(code=reason_code, message=message)
    return advance(session, actor, need, "reject", now=now, values=values, reasons=reasons, evidence=evidence)


def park_need(session: Session, actor: Actor, need_id: UUID, *, message: str, now: datetime) -> Need:
    """Set it aside as a long-term problem, saying why; raises NotFound, Forbidden, StateConflict."""
    need = lock_visible(session, actor, need_id)
    return advance(session, actor, need, "park", now=now, reasons=Reasons(message=message))


def resume_need(session: Session, actor: Actor, need_id: UUID, *, now: datetime) -> Need:
    """Take a parked or suspended need up again, at the remaining budget of its clocks; raises as `park_need`."""
    need = lock_visible(session, actor, need_id)
    return advance(session, actor, need, step_of(need, "resume_parked", "resume_suspended").action, now=now)
