"""Ordering payments, and the second person's word: they go to the bank in one file, or are withdrawn."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.db import new_id
from backbone.directory.models import Enterprise
from backbone.errors import Bilingual, NotFound
from backbone.word_lists import enumerated
from finance_net.awards.errors import AccountCameBack, AccountMissing, NothingToPay, SecondPerson
from finance_net.awards.life import BATCH, LIVE, PAYMENT, RETURNED, TRANCHE
from finance_net.awards.models import Award, Tranche, TranchePart
from finance_net.awards.payments.accounts import latest_accounts, opened_accounts
from finance_net.awards.payments.bank_file import Instruction, bank_file
from finance_net.awards.payments.models import (
    BATCH_NUMBERS,
    PAYMENT_NUMBERS,
    BankAccount,
    Payment,
    PaymentBatch,
)
from finance_net.awards.payments.standing import settle_tranches
from finance_net.awards.permissions import require_manager
from finance_net.ledger.models import Hold

NOT_OF_FUND = Bilingual("不属于该资金", "none of this fund's")


def instruct_payments(
    session: Session, actor: Actor, fund_id: UUID, tranche_ids: Collection[UUID], *, now: datetime
) -> PaymentBatch:
    """Order what is approved of these tranches and neither paid nor on its way; raises Forbidden, NothingToPay, AccountMissing, AccountCameBack."""
    require_manager(actor)
    tranches = _locked(session, fund_id, tranche_ids)
    parts = _payable(session, [each.id for each in tranches])
    if not parts:
        raise NothingToPay(count=len(set(tranche_ids)), stand=_standing(session, fund_id, set(tranche_ids)))
    accounts = _accounts_of(session, {part.enterprise_id for part in parts})
    batch = PaymentBatch(
        number=_number(session, "FB", BATCH_NUMBERS, now), fund_id=fund_id, lines=len(parts),
        sum_fen=sum(part.amount_fen for part in parts), instructed_by=actor.account_id, created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    after = {"number": batch.number, "fund_id": fund_id, "lines": batch.lines, "sum_fen": batch.sum_fen}
    audit.record(session, actor, "instruct_payments", batch, now=now, after=after)
    for part in parts:
        _instruct(session, actor, batch, part, accounts[part.enterprise_id].id, now)
    paid = {part.tranche_id for part in parts}
    settle_tranches(session, actor, [each for each in tranches if each.id in paid], now=now)
    return batch


def export_batch(session: Session, actor: Actor, batch_id: UUID, *, now: datetime) -> PaymentBatch:
    """Make the bank's file, once, as another manager than who ordered; raises Forbidden, NotFound, StateConflict, SecondPerson,
    AccountCameBack where money came back from an account since it was ordered.
    """
    batch, state = _decided(session, actor, batch_id, "export")
    if batch.instructed_by == actor.account_id:
        raise SecondPerson()
    payments = payments_in(session, batch.id)
    _require_kept(session, {each.account_id for each in payments})
    content = bank_file(_instructions(session, payments))
    batch.keep_file(content)
    batch.sha256, batch.exported_by, batch.exported_at = (
        hashlib.sha256(content).hexdigest(),
        actor.account_id,
        now,
    )
    batch.state, batch.updated_at = state, now
    _move(session, actor, payments, "export", now)
    after = {"state": batch.state, "sha256": batch.sha256}
    audit.record(session, actor, "export_batch", batch, now=now, after=after)
    return batch


def withdraw_batch(session: Session, actor: Actor, batch_id: UUID, *, now: datetime) -> PaymentBatch:
    """Take back what was ordered and has not left; raises Forbidden, NotFound, StateConflict."""
    batch, state = _decided(session, actor, batch_id, "withdraw")
    batch.state, batch.updated_at = state, now
    theirs = select(TranchePart.tranche_id).join(Payment, Payment.part_id == TranchePart.id)
    query = select(Tranche).where(Tranche.id.in_(theirs.where(Payment.batch_id == batch.id)))
    query = query.order_by(Tranche.id).with_for_update()
    tranches = session.scalars(query.execution_options(populate_existing=True)).all()
    _move(session, actor, payments_in(session, batch.id), "withdraw", now)
    audit.record(session, actor, "withdraw_batch", batch, now=now, after={"state": batch.state})
    settle_tranches(session, actor, tranches, now=now)
    return batch


def payments_in(session: Session, batch_id: UUID) -> Sequence[Payment]:
    """The payments of a batch, their rows locked."""
    query = select(Payment).where(Payment.batch_id == batch_id).order_by(Payment.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _locked(session: Session, fund_id: UUID, tranche_ids: Collection[UUID]) -> Sequence[Tranche]:
    ids = select(Award.id).where(Award.fund_id == fund_id)
    query = select(Tranche).where(
        Tranche.id.in_(tranche_ids), Tranche.award_id.in_(ids), Tranche.state.in_(TRANCHE.before("instruct"))
    )
    query = query.order_by(Tranche.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _payable(session: Session, tranche_ids: Collection[UUID]) -> Sequence[TranchePart]:
    """What is set aside: a part that was cancelled stays so when its tranche is approved for another that came back."""
    standing = select(Payment.part_id).where(Payment.state.in_(LIVE))
    query = (
        select(TranchePart)
        .join(Hold, (Hold.id == TranchePart.hold_id) & (Hold.open_fen > 0))
        .where(TranchePart.tranche_id.in_(tranche_ids), TranchePart.id.not_in(standing))
    )
    return session.scalars(query.order_by(TranchePart.id)).all()


def _standing(session: Session, fund_id: UUID, tranche_ids: Collection[UUID]) -> Bilingual:
    """How many of the tranches stand where: of those that nobody can be paid for."""
    query = (
        select(Tranche.state, func.count())
        .join(Award, Award.id == Tranche.award_id)
        .where(Tranche.id.in_(tranche_ids), Award.fund_id == fund_id)
        .group_by(Tranche.state)
    )
    counts: dict[str, int] = dict(session.execute(query).all())
    said = [(TRANCHE.words[state], counts[state]) for state in TRANCHE.states if state in counts]
    if strange := len(tranche_ids) - sum(counts.values()):
        said.append((NOT_OF_FUND, strange))
    return enumerated(Bilingual(f"{words.zh} {count}", f"{words} {count}") for words, count in said)


def _accounts_of(session: Session, enterprises: Collection[UUID]) -> dict[UUID, BankAccount]:
    """The present account of each; raises AccountMissing, AccountCameBack that name those that have none, or one that failed."""
    accounts = latest_accounts(session, enterprises)
    if lacking := set(enterprises) - accounts.keys():
        raise AccountMissing(**_named(session, lacking))
    _require_kept(session, {each.id for each in accounts.values()})
    return accounts


def _require_kept(session: Session, account_ids: Collection[UUID]) -> None:
    """Raise AccountCameBack where money that was paid to one of them came back."""
    failed = select(Payment.enterprise_id).where(
        Payment.account_id.in_(account_ids), Payment.state == RETURNED
    )
    if back := set(session.scalars(failed)):
        raise AccountCameBack(**_named(session, back))


def _named(session: Session, enterprises: Collection[UUID]) -> dict[str, Any]:
    ids = sorted(enterprises)
    names = session.scalars(select(Enterprise.name).where(Enterprise.id.in_(ids)).order_by(Enterprise.id))
    return {"count": len(ids), "names": "、".join(names), "enterprises": [str(each) for each in ids]}


def _instruct(
    session: Session, actor: Actor, batch: PaymentBatch, part: TranchePart, account_id: UUID, now: datetime
) -> None:
    payment = Payment(
        id=new_id(), reference=_number(session, "FK", PAYMENT_NUMBERS, now), batch_id=batch.id, part_id=part.id,
        award_id=part.award_id, enterprise_id=part.enterprise_id, account_id=account_id, amount_fen=part.amount_fen,
        created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(payment)
    session.flush()
    after = {"reference": payment.reference, "amount_fen": payment.amount_fen, "account_id": account_id}
    audit.record(session, actor, "instruct_payment", payment, now=now, after=after)


def _decided(session: Session, actor: Actor, batch_id: UUID, action: str) -> tuple[PaymentBatch, str]:
    require_manager(actor)
    batch = session.get(PaymentBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise NotFound()
    return batch, BATCH.after(action, batch.state)


def _move(session: Session, actor: Actor, payments: Sequence[Payment], action: str, now: datetime) -> None:
    for each in payments:
        each.state, each.updated_at = PAYMENT.after(action, each.state), now
    session.flush()
    for each in payments:
        audit.record(session, actor, f"{action}_payment", each, now=now, after={"state": each.state})


def _instructions(session: Session, payments: Sequence[Payment]) -> list[Instruction]:
    opened = opened_accounts(session, {each.account_id for each in payments})
    numbers: dict[UUID, Any] = dict(
        session.execute(
            select(Award.id, Award.number).where(Award.id.in_({each.award_id for each in payments}))
        ).all()
    )
    return [
        Instruction(
            each.reference, **opened[each.account_id], amount_fen=each.amount_fen, memo=numbers[each.award_id]
        )
        for each in payments
    ]


def _number(session: Session, prefix: str, sequence: Any, now: datetime) -> str:
    return f"{prefix}-{local_date(now).year}-{session.scalar(select(sequence.next_value())):06d}"
