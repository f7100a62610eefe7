"""Telling who decides that a fact is disputed, and its enterprise and whoever disputed it what was decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.directory.models import Enterprise
from backbone.identity.reaching import holders_nearest, speakers_for
from backbone.notices.service import notify_each, the_same_to
from policy_pack.engine.definition import label_of
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.subjects.models import PolicyFact


def tell_of_dispute(
    session: Session, actor: Actor, fact: PolicyFact, enterprise: Enterprise, *, now: datetime
) -> None:
    """The operators nearest to the enterprise, who settle it, and the enterprise's members."""
    settling = holders_nearest(session, enterprise.region_code, Role.OPERATOR)
    key = f"fact:{fact.id}:{fact.version}"
    _tell(session, actor, fact, enterprise, "fact_to_settle", f"{key}:to_settle", settling, now)
    members = _members(session, enterprise)
    _tell(session, actor, fact, enterprise, "fact_disputed", f"{key}:disputed", members, now)


def tell_of_settlement(
    session: Session, actor: Actor, fact: PolicyFact, enterprise: Enterprise, disputed_by: UUID | None, *, now: datetime
) -> None:  # fmt: skip
    """The enterprise's members, and whoever disputed it."""
    concerned = _members(session, enterprise) | ({disputed_by} if disputed_by else set())
    _tell(
        session,
        actor,
        fact,
        enterprise,
        "fact_settled",
        f"fact:{fact.id}:{fact.version}:settled",
        concerned,
        now,
    )


def _members(session: Session, enterprise: Enterprise) -> set[UUID]:
    return speakers_for(session, [enterprise.id], Role.ENTERPRISE_MEMBER)


def _tell(
    session: Session, actor: Actor, fact: PolicyFact, enterprise: Enterprise, kind: str, key: str, accounts: set[UUID],
    now: datetime,
) -> None:  # fmt: skip
    about = (fact.id, enterprise.name, enterprise.region_code)
    called = label_of(fact.key, DICTIONARY)
    said = {"why": {"zh": called.zh, "en": str(called)}}
    notify_each(session, the_same_to(accounts - {actor.account_id}, key, kind, about, said), now=now)
