"""Taking back a file that was attached by mistake, as long as nobody has decided upon it; it stays on record."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Bilingual, Conflict, Forbidden, NotFound
from finance_net.awards.claiming import locked_for_member
from finance_net.awards.conditions import unmet_of
from finance_net.awards.life import TRANCHE
from finance_net.awards.models import Award, Tranche, TrancheDocument
from finance_net.awards.permissions import readable


class EvidenceDecidedUpon(Conflict):
    """What a decision rests on is not taken from under it."""

    code = "evidence_decided_upon"
    title = Bilingual("已据此材料作出决定，不能撤回", "A decision rests on this document")
    detail = Bilingual(
        "第 {ordinal} 期已于 {decided_at} 审核，该材料在其之前上传",
        "The tranche {ordinal} was decided upon at {decided_at}, after this document had been attached",
    )
    advice = Bilingual(
        "另行上传正确的材料（attachEvidence）", "Attach the right one beside it (attachEvidence)"
    )


def withdraw_evidence(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> Tranche:
    """Take back the own file. A claim that it leaves without proof is taken back with it; returns the tranche.

    Raises NotFound, also for one that was withdrawn, Forbidden for whoever did not attach it, AwardClosed, EvidenceDecidedUpon.
    """
    standing = select(TrancheDocument).where(
        TrancheDocument.id == document_id, TrancheDocument.withdrawn_at.is_(None)
    )
    seen = session.scalar(standing.join(Award, Award.id == TrancheDocument.award_id).where(readable(actor)))
    if seen is None or seen.tranche_id is None:
        raise NotFound()
    tranche = locked_for_member(session, actor, seen.tranche_id)
    document = session.scalar(standing.execution_options(populate_existing=True))
    if document is None:
        raise NotFound()
    if document.attached_by != actor.account_id:
        raise Forbidden()
    if tranche.decided_at is not None and tranche.decided_at >= document.attached_at:
        raise EvidenceDecidedUpon(ordinal=tranche.ordinal, decided_at=tranche.decided_at.isoformat())
    document.withdrawn_at = now
    session.flush()
    session.expire(tranche, ["documents"])
    after = {"withdrawn_at": now, "condition": document.condition}
    audit.record(session, actor, "withdraw_evidence", document, now=now, after=after)
    if tranche.state in TRANCHE.before("take_back") and unmet_of(session, tranche):
        _take_back(session, actor, tranche, now)
    return tranche


def _take_back(session: Session, actor: Actor, tranche: Tranche, now: datetime) -> None:
    """Nobody could approve it as it is, nor attach anything to it."""
    tranche.state, tranche.updated_at = TRANCHE.after("take_back", tranche.state), now
    session.flush()
    audit.record(session, actor, "take_back_tranche", tranche, now=now, after={"state": tranche.state})
