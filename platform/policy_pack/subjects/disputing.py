"""Saying that a fact is wrong, deciding which word stands, and proving one by a file."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.directory.models import Enterprise
from backbone.errors import Forbidden, NotFound
from backbone.files.service import read_content, store_file
from backbone.http_binary import Download
from policy_pack.subjects.changing import FactsChanged
from policy_pack.subjects.errors import EvidenceAttached, FactDisputed, FactRetracted, NothingToSettle
from policy_pack.subjects.models import PolicyFact
from policy_pack.subjects.permissions import CAN_READ, CAN_SETTLE, CAN_STATE, allows
from policy_pack.subjects.recording import locked_fact, take_back
from policy_pack.subjects.telling import tell_of_dispute, tell_of_settlement

MOST_BYTES = 10 * 1024 * 1024
PERSONAL = frozenset({"dispute", "name"})  # free text, and the name that somebody gave a file


def dispute_fact(session: Session, actor: Actor, fact_id: UUID, *, reason: str, now: datetime) -> PolicyFact:
    """Until it is settled the fact counts for nobody; raises NotFound, Forbidden, FactRetracted, FactDisputed."""
    fact, enterprise = locked_fact(session, actor, fact_id)
    if not allows(CAN_STATE, actor, enterprise):
        raise Forbidden()
    _require_standing(fact)
    if fact.disputed_at is not None:
        raise FactDisputed(key=fact.key)
    fact.disputed_at, fact.disputed_by, fact.dispute, fact.updated_at = now, actor.account_id, reason, now
    session.flush()
    said = {"disputed_at": now, "dispute": reason}
    audit.record(session, actor, "dispute_policy_fact", fact, now=now, after=said, personal=PERSONAL)
    tell_of_dispute(session, actor, fact, enterprise, now=now)
    _tell(session, fact, now)
    return fact


def settle_fact(session: Session, actor: Actor, fact_id: UUID, *, stands: bool, now: datetime) -> PolicyFact:
    """Decide that the fact stands, so that whatever says otherwise goes, or that it does not and goes itself.

    Raises NotFound, Forbidden, FactRetracted, NothingToSettle.
    """
    fact, enterprise = locked_fact(session, actor, fact_id)
    if not allows(CAN_SETTLE, actor, enterprise):
        raise Forbidden()
    _require_standing(fact)
    rivals, disputed_by = _rivals(session, fact), fact.disputed_by
    if fact.disputed_at is None and not rivals:
        raise NothingToSettle(key=fact.key)
    if stands:
        for rival in rivals:
            take_back(session, actor, rival, "overruled", now=now)
        fact.disputed_at = fact.disputed_by = fact.dispute = None
    else:
        fact.retracted_at, fact.retraction = now, "unproven"
    fact.updated_at = now
    session.flush()
    audit.record(session, actor, "settle_policy_fact", fact, now=now, after={"stands": stands})
    tell_of_settlement(session, actor, fact, enterprise, disputed_by, now=now)
    _tell(session, fact, now)
    return fact


def attach_evidence(
    session: Session, actor: Actor, fact_id: UUID, *, name: str, content: bytes, now: datetime
) -> PolicyFact:
    """Prove a fact by a file of at most MOST_BYTES; raises NotFound, Forbidden, FactRetracted, EvidenceAttached, FileRefused."""
    fact, enterprise = locked_fact(session, actor, fact_id)
    if not allows(CAN_STATE, actor, enterprise):
        raise Forbidden()
    _require_standing(fact)
    if fact.evidence_id is not None:
        raise EvidenceAttached(key=fact.key)
    file = store_file(session, actor, name=name, content=content, now=now)
    fact.evidence_id, fact.updated_at = file.id, now
    session.flush()
    session.expire(fact, ["evidence"])
    said = {"evidence_id": file.id, "name": name, "sha256": file.sha256}
    audit.record(session, actor, "attach_policy_evidence", fact, now=now, after=said, personal=PERSONAL)
    return fact


def download_evidence(session: Session, actor: Actor, fact_id: UUID) -> Download:
    """The file behind a fact, for whoever may read the fact; raises NotFound."""
    query = select(PolicyFact, Enterprise).join(Enterprise, Enterprise.id == PolicyFact.enterprise_id)
    row = session.execute(query.where(PolicyFact.id == fact_id)).first()
    if row is None or not allows(CAN_READ, actor, row[1]) or row[0].evidence is None:
        raise NotFound()
    file = row[0].evidence
    return Download(file.name, file.media_type, file.sha256, lambda: read_content(session, file.id))


def _rivals(session: Session, fact: PolicyFact) -> Sequence[PolicyFact]:
    """What stands beside the fact as of the same day and says otherwise."""
    others = select(PolicyFact).where(
        PolicyFact.enterprise_id == fact.enterprise_id, PolicyFact.matter_id.is_not_distinct_from(fact.matter_id),
        PolicyFact.key == fact.key, PolicyFact.as_of_on == fact.as_of_on, PolicyFact.id != fact.id,
        PolicyFact.retracted_at.is_(None), PolicyFact.value != fact.value,
    )  # fmt: skip
    return session.scalars(others.order_by(PolicyFact.id).with_for_update()).all()


def _require_standing(fact: PolicyFact) -> None:
    if fact.retracted_at is not None:
        raise FactRetracted(key=fact.key)


def _tell(session: Session, fact: PolicyFact, now: datetime) -> None:
    events.publish(session, FactsChanged(fact.enterprise_id, fact.matter_id, (fact.key,), now))
