"""Doubting all that the platform itself says of a matter, and settling it: for the parts of the platform that state facts.

Until it is settled no fact of the matter counts for anybody; what people dispute one by one is not touched.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from policy_pack.subjects.changing import FactsChanged
from policy_pack.subjects.models import PolicyFact
from policy_pack.subjects.recording import take_back

PERSONAL = frozenset({"dispute"})  # free text


def doubt_matters(
    session: Session, actor: Actor, matter_ids: Collection[UUID], *, reason: str, by: UUID | None, since: datetime, now: datetime
) -> None:  # fmt: skip
    """Every standing word of the platform about these matters is in dispute, as `by` has said it at the instant `since`.

    What the platform states while that is not settled is doubted by calling this again.
    """
    facts = [fact for fact in _standing(session, matter_ids) if fact.disputed_at is None]
    for fact in facts:
        fact.disputed_at, fact.disputed_by, fact.dispute, fact.updated_at = since, by, reason, now
        said = {"disputed_at": since, "dispute": reason}
        audit.record(session, actor, "dispute_policy_fact", fact, now=now, after=said, personal=PERSONAL)
    _tell(session, facts, now)


def settle_matters(
    session: Session, actor: Actor, matter_ids: Collection[UUID], *, doubted_at: datetime, stands: bool, now: datetime
) -> None:  # fmt: skip
    """What was doubted at that instant stands again; or nothing that the platform says of the matters does."""
    facts = [fact for fact in _standing(session, matter_ids) if not stands or fact.disputed_at == doubted_at]
    for fact in facts:
        if stands:
            fact.disputed_at = fact.disputed_by = fact.dispute = None
            fact.updated_at = now
            audit.record(session, actor, "settle_policy_fact", fact, now=now, after={"stands": True})
        else:
            take_back(session, actor, fact, "unproven", now=now)
    _tell(session, facts, now)


def unsay(
    session: Session, actor: Actor, matter_id: UUID, keys: Collection[str], *, as_of_on: date, now: datetime
) -> None:
    """Take back what the platform says under these keys about the matter as of that day: it was never so."""
    facts = [
        fact for fact in _standing(session, [matter_id]) if fact.key in keys and fact.as_of_on == as_of_on
    ]
    for fact in facts:
        take_back(session, actor, fact, "unproven", now=now)
    _tell(session, facts, now)


def _standing(session: Session, matter_ids: Collection[UUID]) -> Sequence[PolicyFact]:
    said = select(PolicyFact).where(
        PolicyFact.matter_id.in_(matter_ids), PolicyFact.said_by == "platform", PolicyFact.retracted_at.is_(None)
    )  # fmt: skip
    locked = said.order_by(PolicyFact.id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).all()


def _tell(session: Session, facts: Collection[PolicyFact], now: datetime) -> None:
    session.flush()
    told: dict[tuple[UUID, UUID | None], list[str]] = {}
    for fact in facts:
        told.setdefault((fact.enterprise_id, fact.matter_id), []).append(fact.key)
    for (enterprise_id, matter_id), keys in told.items():
        events.publish(session, FactsChanged(enterprise_id, matter_id, tuple(keys), now))
