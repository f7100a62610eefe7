"""Making an award of what was decided, planning its tranches, and closing it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.db import new_id
from backbone.errors import NotFound
from finance_net.awards.conditions import require_known
from finance_net.awards.errors import AwardClosed, BeingPaid, PlanOff, PlanSettled
from finance_net.awards.life import TRANCHE
from finance_net.awards.models import NUMBERS, Award, Beneficiary, Tranche, TrancheDocument, TranchePart
from finance_net.awards.permissions import readable, require_manager
from finance_net.awards.splitting import parts_of
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, tell
from finance_net.grants.events import Granted, GrantsDecided
from finance_net.ledger import service as ledger
from finance_net.ledger.models import Hold

EFFECT_MONTHS = (12,)
"""When nobody plans otherwise, the effect is asked for a year after the first payment. The house's own default."""
PERSONAL = frozenset({"closing_reason", "note"})
OPEN = TRANCHE.before("claim")
ON_ITS_WAY = TRANCHE.after("instruct")


@events.on(GrantsDecided)
def make_awards(session: Session, decided: GrantsDecided) -> None:
    """An award of each application, in the transaction that decided about them."""
    for granted in decided.grants:
        make_award(session, decided.actor, granted, now=decided.now)


def make_award(session: Session, actor: Actor, granted: Granted, *, now: datetime) -> Award:
    """The award of one application, with all of it in one tranche without conditions until somebody plans otherwise."""
    number = f"LX-{local_date(now).year}-{session.scalar(select(NUMBERS.next_value())):06d}"
    award = Award(
        id=new_id(), number=number, application_id=granted.application_id, round_id=granted.round_id,
        selection_id=granted.selection_id, announcement_id=granted.announcement_id, fund_id=granted.fund_id,
        hold_id=granted.hold_id, policy_version_id=granted.policy_version_id, receipt_id=granted.receipt_id,
        amount_fen=granted.amount_fen, decided_at=now, effect_months=list(EFFECT_MONTHS), created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(award)
    session.flush()
    session.add_all(
        Beneficiary(
            award_id=award.id, enterprise_id=each.enterprise_id, ordinal=ordinal, share_fen=each.share_fen
        )
        for ordinal, each in enumerate(granted.shares, 1)
    )
    session.flush()
    _lay_out(session, award, [{"amount_fen": award.amount_fen, "due_on": None, "conditions": []}], now)
    after = {
        "number": number, "application_id": award.application_id, "amount_fen": award.amount_fen,
        "shares": [{"enterprise_id": each.enterprise_id, "share_fen": each.share_fen} for each in granted.shares],
    }  # fmt: skip
    audit.record(session, actor, "make_award", award, now=now, after=after)
    return award


def plan_award(
    session: Session, actor: Actor, award_id: UUID, *, tranches: Sequence[Mapping[str, Any]],
    effect_months: Sequence[int] | None, now: datetime,
) -> Award:  # fmt: skip
    """Replace the plan of an award of which nothing was claimed or proved; without `effect_months` they stay as they are.

    Raises NotFound, Forbidden, AwardClosed, PlanSettled, PlanOff, Invalid.
    """
    require_manager(actor)
    award = lock_award(session, actor, award_id)
    _require_unsettled(session, award)
    planned = sum(each["amount_fen"] for each in tranches)
    if planned != award.amount_fen:
        raise PlanOff(number=award.number, award_fen=award.amount_fen, planned_fen=planned)
    require_known(session, award, [each["conditions"] for each in tranches])
    withdrawn = update(TrancheDocument).where(TrancheDocument.award_id == award.id)
    session.execute(withdrawn.values(tranche_id=None))
    session.execute(delete(TranchePart).where(TranchePart.award_id == award.id))
    session.execute(delete(Tranche).where(Tranche.award_id == award.id))
    award.effect_months = award.effect_months if effect_months is None else list(effect_months)
    award.updated_at = now
    _lay_out(session, award, tranches, now)
    after = {"tranches": [each["amount_fen"] for each in tranches], "effect_months": award.effect_months}
    audit.record(session, actor, "plan_award", award, now=now, after=after)
    return award


def close_award(session: Session, actor: Actor, award_id: UUID, *, reason: str, now: datetime) -> Award:
    """End an award: what is neither paid nor on its way is cancelled, and its money is free again.

    Raises NotFound, Forbidden, AwardClosed, BeingPaid.
    """
    require_manager(actor)
    award = lock_award(session, actor, award_id)
    tranches = lock_tranches(session, award.id)
    if paying := [each.ordinal for each in tranches if each.state == ON_ITS_WAY]:
        raise BeingPaid(number=award.number, ordinals=_listed(paying))
    for each in tranches:
        if each.state in TRANCHE.before("cancel"):
            _cancel(session, actor, award, each, now)
    if left := session.get_one(Hold, award.hold_id, populate_existing=True).open_fen:
        voided = ledger.void(session, actor, award.hold_id, reason=award.number, now=now)
        said = {"award": award.number, "amount_fen": left, "transfer_id": voided.id}
        subject = Subject("fund_transfers", voided.id, said, left)
        tell(session, award.application_id, StepKind.CANCELLED, subject, now=now)
    award.closed_at, award.closed_by, award.closing_reason, award.updated_at = (
        now,
        actor.account_id,
        reason,
        now,
    )
    session.flush()
    audit.record(
        session, actor, "close_award", award, now=now, after={"closing_reason": reason}, personal=PERSONAL
    )
    return award


def lock_award(session: Session, actor: Actor, award_id: UUID) -> Award:
    """The award with its row locked, still open; raises NotFound, also where the actor may not read it, and AwardClosed."""
    query = select(Award).where(Award.id == award_id, readable(actor)).with_for_update()
    award = session.scalar(query.execution_options(populate_existing=True))
    if award is None:
        raise NotFound()
    if award.closed_at is not None:
        raise AwardClosed(number=award.number, closed_at=award.closed_at.isoformat())
    return award


def lock_tranches(session: Session, award_id: UUID) -> Sequence[Tranche]:
    """The award's tranches in order, their rows locked."""
    query = select(Tranche).where(Tranche.award_id == award_id).order_by(Tranche.id).with_for_update()
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    return sorted(rows, key=lambda each: each.ordinal)


def _cancel(session: Session, actor: Actor, award: Award, tranche: Tranche, now: datetime) -> None:
    """What was approved of it and not paid goes back to the commitment."""
    held = select(Hold.id).join(TranchePart, TranchePart.hold_id == Hold.id)
    for hold_id in session.scalars(held.where(TranchePart.tranche_id == tranche.id, Hold.open_fen > 0)).all():
        ledger.void(session, actor, hold_id, reason=f"{award.number}-{tranche.ordinal}", now=now)
    tranche.state, tranche.updated_at = TRANCHE.after("cancel", tranche.state), now
    session.flush()
    audit.record(session, actor, "cancel_tranche", tranche, now=now, after={"state": tranche.state})


def _require_unsettled(session: Session, award: Award) -> None:
    tranches = lock_tranches(session, award.id)
    ids = [each.id for each in tranches]
    proved = set(
        session.scalars(
            select(TrancheDocument.tranche_id).where(
                TrancheDocument.tranche_id.in_(ids), TrancheDocument.withdrawn_at.is_(None)
            )
        )
    )
    settled = [each.ordinal for each in tranches if each.state not in OPEN or each.id in proved]
    if settled:
        raise PlanSettled(number=award.number, ordinals=_listed(settled))


def _lay_out(session: Session, award: Award, tranches: Sequence[Mapping[str, Any]], now: datetime) -> None:
    owners = session.scalars(
        select(Beneficiary).where(Beneficiary.award_id == award.id).order_by(Beneficiary.ordinal)
    ).all()
    rows = parts_of([each["amount_fen"] for each in tranches], [each.share_fen for each in owners])
    for ordinal, (said, parts) in enumerate(zip(tranches, rows, strict=True), 1):
        tranche = Tranche(
            id=new_id(), award_id=award.id, ordinal=ordinal, amount_fen=said["amount_fen"], due_on=said["due_on"],
            conditions=[dict(each) for each in said["conditions"]], created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(tranche)
        session.flush()
        session.add_all(
            TranchePart(
                tranche_id=tranche.id, award_id=award.id, enterprise_id=owner.enterprise_id, amount_fen=part
            )
            for owner, part in zip(owners, parts, strict=True)
            if part
        )
        session.flush()
    session.expire(award, ["tranches", "beneficiaries"])


def _listed(ordinals: Sequence[int]) -> str:
    return ", ".join(map(str, ordinals))
