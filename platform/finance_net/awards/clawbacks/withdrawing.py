"""Taking back what was recorded as recovered and never came, or came as another amount; it stays on record, and can be recorded anew."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Bilingual, Conflict, NotFound
from backbone.identity.service import actor_of
from finance_net.awards.clawbacks.incoming import hold_references
from finance_net.awards.clawbacks.models import Clawback, Recovery
from finance_net.awards.clawbacks.service import lock_clawback
from finance_net.awards.errors import SecondPerson
from finance_net.awards.life import CLAWBACK
from finance_net.awards.models import Award
from finance_net.awards.payments.models import Payment
from finance_net.awards.permissions import require_manager, two_of
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, tell
from finance_net.ledger import service as ledger

PERSONAL = frozenset({"withdrawing_reason"})

VOUCHERS: list[Callable[[Session, Recovery], bool]] = []
"""Whether the bank itself says that a recovery came as it was recorded: asked before one is taken back, added by the features above."""


class RecoveryVouched(Conflict):
    """The bank's statement has the money with this reference and amount: it came."""

    code = "recovery_vouched"
    title = Bilingual("银行对账单已证实该笔到账", "The bank's statement has this money")
    detail = Bilingual(
        "流水号 {bank_ref} 的到账与银行对账单相符，不能撤销",
        "What came as {bank_ref} agrees with the bank's statement and is not taken back",
    )
    advice = Bilingual(
        "对账单导入有误的，先撤回对账单（withdrawStatement）",
        "Where the statement itself was imported by mistake, withdraw it first (withdrawStatement)",
    )


def withdraw_recovery(
    session: Session, actor: Actor, recovery_id: UUID, *, reason: str, now: datetime
) -> Clawback:
    """Take it back as another manager than who recorded it: the ledger is put right, and the money is expected again. Twice is once.

    Raises Forbidden, NotFound, SecondPerson, RecoveryVouched, PeopleGone, and what `reverse` of the ledger raises: money that is set
    aside again already is not there to be taken back.
    """
    require_manager(actor)
    clawback_id = session.scalar(select(Recovery.clawback_id).where(Recovery.id == recovery_id))
    if clawback_id is None:
        raise NotFound()
    payment, clawback = lock_clawback(session, clawback_id)
    recovery = session.get_one(Recovery, recovery_id, with_for_update=True, populate_existing=True)
    if recovery.withdrawn_at is not None:
        return clawback
    if recovery.recorded_by == actor.account_id:
        raise SecondPerson()
    hold_references(session, [recovery.bank_ref])
    if any(vouches(session, recovery) for vouches in VOUCHERS):
        raise RecoveryVouched(bank_ref=recovery.bank_ref)
    left = clawback.recovered_fen - recovery.amount_fen
    state = CLAWBACK.after("take_back_part" if left else "take_back_all", clawback.state)
    _reverse(session, actor, payment, clawback, recovery, reason, now)
    clawback.recovered_fen, clawback.state, clawback.updated_at = left, state, now
    session.flush()
    session.expire(clawback, ["recoveries"])
    after = {"withdrawn_at": now, "withdrawing_reason": reason}
    audit.record(session, actor, "withdraw_recovery", recovery, now=now, after=after, personal=PERSONAL)
    audit.record(
        session, actor, "expect_clawback", clawback, now=now, after={"state": state, "recovered_fen": left}
    )
    return clawback


def _reverse(
    session: Session, actor: Actor, payment: Payment, clawback: Clawback, recovery: Recovery, reason: str, now: datetime
) -> None:  # fmt: skip
    """By the actor and who recorded it, where they are gone one of the two who decided that it is asked back."""
    behind = (recovery.recorded_by, clawback.decided_by, clawback.proposed_by)
    first, second = two_of(actor, *(actor_of(session, each) for each in behind if each))
    reversal = ledger.reverse(
        session, first, recovery.transfer_id, approver=second, reason=clawback.number, now=now
    )
    recovery.withdrawal_transfer_id = reversal.id
    recovery.withdrawn_by, recovery.withdrawn_at, recovery.withdrawing_reason = actor.account_id, now, reason
    session.flush()
    award = session.get_one(Award, payment.award_id)
    said = {
        "award": award.number, "clawback": clawback.number, "amount_fen": recovery.amount_fen, "bank_ref": recovery.bank_ref,
        "recovery_id": recovery.id, "transfer_id": reversal.id,
    }  # fmt: skip
    subject = Subject("clawback_recoveries", recovery.id, said, recovery.amount_fen)
    tell(session, award.application_id, StepKind.RECOVERY_WITHDRAWN, subject, now=now)
