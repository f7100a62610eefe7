"""The verbs of the ledger: reserve, commit, approve, pay, and what takes each of them back.

All of them are carried out in the caller's transaction or refused with nothing written. `transfer_id` makes a repetition
harmless: the same id with the same request returns the transfer that there is. Where two people are needed, `actor` asks
and `approver` approves; `ledger.orders` keeps what waits for the second.
"""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.db import new_id
from backbone.errors import NotFound
from finance_net.ledger.asking import Asked
from finance_net.ledger.errors import NotReversible, ReversedAlready
from finance_net.ledger.expiring import lock_fund
from finance_net.ledger.models import Transfer
from finance_net.ledger.posting import post, require_two
from finance_net.ledger.steps import Kind

GUARDS: dict[Kind, list[Callable[[Session, UUID], None]]] = {Kind.COMMIT: [], Kind.VOID: []}
"""Asked with the hold before it is committed or let go of: features above say, in words, what stands against it."""
REVERSALS = {Kind.PAY: Kind.REVERSE_PAYMENT, Kind.RECOVER: Kind.REVERSE_RECOVERY}


def reserve(
    session: Session, actor: Actor, envelope_id: UUID, amount_fen: int, *, reason: str, expires_at: datetime | None = None,
    effective_on: date | None = None, transfer_id: UUID | None = None, now: datetime,
) -> Transfer:  # fmt: skip
    """Set money aside in an envelope and in every one around it, until `expires_at` if that is given."""
    asked = Asked(
        transfer_id or new_id(), Kind.RESERVE, reason, envelope_id=envelope_id, amount_fen=amount_fen, expires_at=expires_at,
        effective_on=effective_on,
    )  # fmt: skip
    return post(session, actor, asked, approver=None, now=now)


def commit(
    session: Session, actor: Actor, hold_id: UUID, amount_fen: int | None = None, *, approver: Actor, reason: str,
    effective_on: date | None = None, transfer_id: UUID | None = None, now: datetime,
) -> Transfer:  # fmt: skip
    """Promise what was reserved, or a part of it: the rest becomes available again.

    Raises what a guard of commitments raises, besides what `post` does.
    """
    _ask_guards(session, Kind.COMMIT, hold_id)
    return _draw(
        session, actor, Kind.COMMIT, hold_id, amount_fen, reason, effective_on, transfer_id, approver, now
    )


def approve_tranche(
    session: Session, actor: Actor, hold_id: UUID, amount_fen: int, *, reason: str, effective_on: date | None = None,
    transfer_id: UUID | None = None, now: datetime,
) -> Transfer:  # fmt: skip
    """Have a part of a commitment paid next."""
    return _draw(
        session,
        actor,
        Kind.APPROVE_TRANCHE,
        hold_id,
        amount_fen,
        reason,
        effective_on,
        transfer_id,
        None,
        now,
    )


def pay(
    session: Session, actor: Actor, hold_id: UUID, amount_fen: int | None = None, *, approver: Actor, reason: str,
    effective_on: date | None = None, transfer_id: UUID | None = None, now: datetime,
) -> Transfer:  # fmt: skip
    """Pay a tranche, or less: the rest goes back to its commitment."""
    return _draw(
        session, actor, Kind.PAY, hold_id, amount_fen, reason, effective_on, transfer_id, approver, now
    )


def void(
    session: Session, actor: Actor, hold_id: UUID, *, reason: str, effective_on: date | None = None,
    transfer_id: UUID | None = None, now: datetime,
) -> Transfer:  # fmt: skip
    """Let go of what is left of a reservation or a commitment; a tranche goes back to its commitment.

    Raises what a guard of voiding raises, besides what `post` does.
    """
    _ask_guards(session, Kind.VOID, hold_id)
    return _draw(session, actor, Kind.VOID, hold_id, None, reason, effective_on, transfer_id, None, now)


def recover(
    session: Session, actor: Actor, payment_id: UUID, amount_fen: int, *, approver: Actor, reason: str,
    effective_on: date | None = None, transfer_id: UUID | None = None, now: datetime,
) -> Transfer:  # fmt: skip
    """Money of a payment has come back; its envelopes may spend it again."""
    return _draw(
        session, actor, Kind.RECOVER, payment_id, amount_fen, reason, effective_on, transfer_id, approver, now
    )


def reverse(
    session: Session, actor: Actor, reversed_id: UUID, *, approver: Actor, reason: str, effective_on: date | None = None,
    transfer_id: UUID | None = None, now: datetime,
) -> Transfer:  # fmt: skip
    """Take back a payment (to its commitment) or a recovery that should not have been booked, once.

    Raises NotReversible, ReversedAlready besides what `post` raises.
    """
    require_two(Kind.REVERSE_PAYMENT, actor, approver)
    asked = reversal_of(
        session, reversed_id, reason=reason, effective_on=effective_on, transfer_id=transfer_id
    )
    return post(session, actor, asked, approver=approver, now=now)


def reversal_of(
    session: Session, reversed_id: UUID, *, reason: str, effective_on: date | None, transfer_id: UUID | None
) -> Asked:
    """What taking a transfer back asks for, under its fund's lock; raises NotFound, NotReversible, ReversedAlready."""
    wrong = session.get(Transfer, reversed_id)
    if wrong is None:
        raise NotFound()
    kind = REVERSALS.get(Kind(wrong.kind))
    if kind is None:
        raise NotReversible(kind=wrong.kind, number=wrong.number)
    lock_fund(session, wrong.fund_id)
    reversal = session.scalars(select(Transfer).where(Transfer.reverses_id == wrong.id)).first()
    if reversal is not None and reversal.id != transfer_id:
        raise ReversedAlready(number=wrong.number, transfer_id=reversal.id)
    return Asked(
        transfer_id or new_id(), kind, reason, hold_id=wrong.id if kind is Kind.REVERSE_PAYMENT else wrong.hold_id,
        amount_fen=wrong.amount_fen, reverses_id=wrong.id, effective_on=effective_on,
    )  # fmt: skip


def _ask_guards(session: Session, kind: Kind, hold_id: UUID) -> None:
    for guard in GUARDS[kind]:
        guard(session, hold_id)


def _draw(
    session: Session, actor: Actor, kind: Kind, hold_id: UUID, amount_fen: int | None, reason: str,
    effective_on: date | None, transfer_id: UUID | None, approver: Actor | None, now: datetime,
) -> Transfer:  # fmt: skip
    asked = Asked(
        transfer_id or new_id(),
        kind,
        reason,
        hold_id=hold_id,
        amount_fen=amount_fen,
        effective_on=effective_on,
    )
    return post(session, actor, asked, approver=approver, now=now)
