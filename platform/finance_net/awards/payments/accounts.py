"""The bank account of an enterprise: given by its members, shown masked, opened for the bank's file alone."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Forbidden, NotFound
from backbone.money import yuan
from finance_net.awards.life import LIVE, PAYMENT, RETURNED, TRANCHE
from finance_net.awards.models import Tranche, TranchePart
from finance_net.awards.payments.models import BankAccount, Payment
from finance_net.awards.permissions import may_read_all, own_of
from finance_net.awards.telling import News, tell_each
from finance_net.ledger.telling import managers

PERSONAL = frozenset({"holder", "number", "bank", "branch_code"})
SHOWN = 4
FAILED = (PAYMENT.after("refuse"), RETURNED)


def enter_account(
    session: Session, actor: Actor, enterprise_id: UUID, details: Mapping[str, str], *, now: datetime
) -> BankAccount:
    """Where the enterprise is paid from now on; payments that were ordered keep the former one. Raises NotFound, Forbidden."""
    _require_known(actor, enterprise_id)
    if enterprise_id not in own_of(actor):
        raise Forbidden()
    tail = details["number"][-SHOWN:]
    account = BankAccount(enterprise_id=enterprise_id, tail=tail, entered_by=actor.account_id, entered_at=now)
    account.seal(details)
    session.add(account)
    session.flush()
    after = {"enterprise_id": enterprise_id, **details}
    audit.record(session, actor, "enter_bank_account", account, now=now, after=after, personal=PERSONAL)
    _tell(session, account, now)
    return account


def _tell(session: Session, account: BankAccount, now: datetime) -> None:
    """The managers, of what waits for another account: a payment to the former one was refused or came back."""
    live = select(Payment.part_id).where(Payment.state.in_(LIVE))
    failed = select(Payment.part_id).where(Payment.state.in_(FAILED))
    waiting = (
        select(TranchePart.award_id, func.sum(TranchePart.amount_fen))
        .join(Tranche, Tranche.id == TranchePart.tranche_id)
        .where(
            TranchePart.enterprise_id == account.enterprise_id, Tranche.state.in_(TRANCHE.before("instruct"))
        )
        .where(TranchePart.id.in_(failed), TranchePart.id.not_in(live))
        .group_by(TranchePart.award_id)
    )
    rows = session.execute(waiting).all()
    acting = managers(session) if rows else frozenset()
    news = [
        News("account_entered", f"account:{account.id}:{award_id}", award_id, {"amount": yuan(int(fen))}, enterprises=(), accounts=acting)
        for award_id, fen in rows
    ]  # fmt: skip
    tell_each(session, news, now=now)


def account_of(session: Session, actor: Actor, enterprise_id: UUID) -> BankAccount:
    """The present account, masked; raises NotFound, also for whoever may not know of it."""
    _require_known(actor, enterprise_id)
    found = latest_accounts(session, [enterprise_id]).get(enterprise_id)
    if found is None:
        raise NotFound()
    return found


def latest_accounts(session: Session, enterprises: Collection[UUID]) -> dict[UUID, BankAccount]:
    """The present account of each that has one."""
    newest = (
        select(BankAccount.id, func.row_number().over(partition_by=BankAccount.enterprise_id, order_by=BankAccount.id.desc()).label("place"))
        .where(BankAccount.enterprise_id.in_(enterprises))
        .subquery()
    )  # fmt: skip
    query = select(BankAccount).join(newest, newest.c.id == BankAccount.id).where(newest.c.place == 1)
    return {account.enterprise_id: account for account in session.scalars(query)}


def opened_accounts(session: Session, ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """What of each account goes to the bank, in clear, by its id."""
    query = select(BankAccount).where(BankAccount.id.in_(ids)).options(undefer(BankAccount.details_sealed))
    return {account.id: account.details for account in session.scalars(query)}


def _require_known(actor: Actor, enterprise_id: UUID) -> None:
    """Managers and auditors know of every account, members of their own; to everybody else there is none."""
    if not may_read_all(actor) and enterprise_id not in own_of(actor):
        raise NotFound()
