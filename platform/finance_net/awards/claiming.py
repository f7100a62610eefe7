"""A tranche's way to being payable: its beneficiary proves and claims, a manager approves or returns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Bilingual, Conflict, Invalid, NotFound
from backbone.files.service import store_file
from backbone.money import yuan
from finance_net.awards.conditions import FACTS, WORDS, require_met
from finance_net.awards.life import TRANCHE
from finance_net.awards.models import Award, Beneficiary, Tranche, TrancheDocument, TranchePart
from finance_net.awards.permissions import readable, require_manager, require_member
from finance_net.awards.service import PERSONAL, lock_award
from finance_net.awards.telling import News, tell_each
from finance_net.ledger import service as ledger
from finance_net.ledger.telling import managers

MOST_BYTES = 10 * 1024 * 1024
MOST_DOCUMENTS, MOST_EVER = 20, 100
"""Of a tranche: at a time, and with those that were withdrawn."""
FACT = Bilingual(
    "第 {condition} 项条件（{kind}）以登记为准，不收材料",
    "The condition {condition} ({kind}) is a fact on record: no file proves it",
)
WHY = Bilingual("退回时请写明原因或所缺材料", "Say why it is returned, or what is missing")
NO_CONDITION = Bilingual("第 {ordinal} 期只有 {count} 项条件", "The tranche {ordinal} has {count} conditions")
FILE = frozenset({"name", "sha256"})


class TooManyDocuments(Conflict):
    """A tranche is proved by a few files."""

    code = "too_many_documents"
    title = Bilingual("材料过多", "Too many documents")
    detail = Bilingual(
        "每期最多 {most} 份，连同已撤回的最多 {ever} 份",
        "At most {most} for each tranche, {ever} with those that were withdrawn",
    )
    advice = Bilingual(
        "合并为较少的文件；误传的可先撤回（withdrawEvidence）",
        "Put several into one file; withdraw what was sent by mistake (withdrawEvidence)",
    )


def attach_evidence(
    session: Session,
    actor: Actor,
    tranche_id: UUID,
    *,
    condition: int,
    name: str,
    content: bytes,
    now: datetime,
) -> TrancheDocument:
    """Keep a file that proves a condition, while the tranche waits for it.

    Raises NotFound, Forbidden, AwardClosed, StateConflict, Invalid, FileRefused, TooManyDocuments.
    """
    tranche = locked_for_member(session, actor, tranche_id)
    TRANCHE.after("claim", tranche.state)
    if not 1 <= condition <= len(tranche.conditions):
        words = {"ordinal": tranche.ordinal, "count": len(tranche.conditions)}
        raise Invalid.field("condition", NO_CONDITION.format(**words))
    kind = tranche.conditions[condition - 1]["kind"]
    if kind in FACTS:
        raise Invalid.field("condition", FACT.format(condition=condition, kind=WORDS[kind]))
    _require_few(session, tranche)
    file = store_file(session, actor, name=name, content=content, now=now)
    document = TrancheDocument(
        award_id=tranche.award_id,
        tranche_id=tranche.id,
        condition=condition,
        file_id=file.id,
        attached_by=actor.account_id,
        attached_at=now,
    )
    session.add(document)
    session.flush()
    after = {"tranche_id": tranche.id, "condition": condition, "name": file.name, "sha256": file.sha256}
    audit.record(session, actor, "attach_evidence", document, now=now, after=after, personal=FILE)
    return document


def claim_tranche(session: Session, actor: Actor, tranche_id: UUID, *, now: datetime) -> Tranche:
    """Ask for the money, once every condition is met; raises NotFound, Forbidden, AwardClosed, StateConflict, TrancheConditionsOpen."""
    tranche = locked_for_member(session, actor, tranche_id)
    state = TRANCHE.after("claim", tranche.state)
    require_met(session, tranche)
    tranche.state, tranche.claimed_at, tranche.claimed_by, tranche.updated_at = (
        state,
        now,
        actor.account_id,
        now,
    )
    session.flush()
    audit.record(session, actor, "claim_tranche", tranche, now=now, after={"state": state})
    _tell(session, "claim_made", tranche, now, enterprises=(), accounts=managers(session))
    return tranche


def decide_tranche(
    session: Session, actor: Actor, tranche_id: UUID, *, is_approved: bool, note: str | None, now: datetime
) -> Tranche:
    """Approve it, which sets its money aside to be paid, or return the claim with what is missing.

    Raises NotFound, Forbidden, AwardClosed, StateConflict, Invalid, TrancheConditionsOpen and what `approve_tranche` of the ledger raises.
    """
    require_manager(actor)
    award, tranche = _locked(session, actor, tranche_id)
    action = "approve" if is_approved else "return"
    state = TRANCHE.after(action, tranche.state)
    if not is_approved and note is None:
        raise Invalid.field("note", WHY)
    if is_approved:
        require_met(session, tranche)
        _set_aside(session, actor, award, tranche, now)
    tranche.state, tranche.note, tranche.updated_at = state, note, now
    tranche.decided_at, tranche.decided_by = now, actor.account_id
    session.flush()
    after = {"state": state, "note": note}
    audit.record(session, actor, f"{action}_tranche", tranche, now=now, after=after, personal=PERSONAL)
    kind = "claim_approved" if is_approved else "claim_returned"
    _tell(session, kind, tranche, now)
    return tranche


def _tell(session: Session, kind: str, tranche: Tranche, now: datetime, **whom: Any) -> None:
    told = {"ordinal": tranche.ordinal, "amount": yuan(tranche.amount_fen)}
    key = f"claim:{tranche.id}:{tranche.version}"
    tell_each(session, [News(kind, key, tranche.award_id, told, **whom)], now=now)


def _require_few(session: Session, tranche: Tranche) -> None:
    standing = func.count().filter(TrancheDocument.withdrawn_at.is_(None))
    held, ever = session.execute(
        select(standing, func.count()).where(TrancheDocument.tranche_id == tranche.id)
    ).one()
    if held >= MOST_DOCUMENTS or ever >= MOST_EVER:
        raise TooManyDocuments(most=MOST_DOCUMENTS, ever=MOST_EVER)


def _set_aside(session: Session, actor: Actor, award: Award, tranche: Tranche, now: datetime) -> None:
    """A hold for each beneficiary, so that one of them being paid leaves the other's as it is."""
    parts = session.scalars(
        select(TranchePart).where(TranchePart.tranche_id == tranche.id).order_by(TranchePart.id)
    )
    for part in parts:
        reason = f"{award.number}-{tranche.ordinal}"
        part.hold_id = ledger.approve_tranche(
            session, actor, award.hold_id, part.amount_fen, reason=reason, now=now
        ).id


def locked_for_member(session: Session, actor: Actor, tranche_id: UUID) -> Tranche:
    """The tranche of an open award, both rows locked; raises NotFound, Forbidden, AwardClosed."""
    award, tranche = _locked(session, actor, tranche_id)
    require_member(
        actor, session.scalars(select(Beneficiary.enterprise_id).where(Beneficiary.award_id == award.id))
    )
    return tranche


def _locked(session: Session, actor: Actor, tranche_id: UUID) -> tuple[Award, Tranche]:
    """The award first, then its tranche: whoever plans or closes holds them in this order too."""
    award_id = session.scalar(
        select(Award.id)
        .join(Tranche, Tranche.award_id == Award.id)
        .where(Tranche.id == tranche_id, readable(actor))
    )
    if award_id is None:
        raise NotFound()
    award = lock_award(session, actor, award_id)
    tranche = session.get(Tranche, tranche_id, with_for_update=True, populate_existing=True)
    if tranche is None:  # a new plan has replaced it meanwhile
        raise NotFound()
    return award, tranche
