"""Telling the province's policy officers what waits for a second person, and who handed a version in what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Actor
from backbone.directory.regions import HUBEI
from backbone.identity.reaching import holders_of
from backbone.notices.service import notify_each, the_same_to
from policy_pack.policies.models import PolicyOriginal, PolicyVersion
from policy_pack.policies.permissions import CAN_MOVE


def tell_of_draft(session: Session, actor: Actor, version: PolicyVersion, *, now: datetime) -> None:
    """It waits for a review."""
    _tell(session, actor, version, "policy_to_review", str(version.id), _officers(session), now)


def tell_of_review(
    session: Session, actor: Actor, version: PolicyVersion, *, approved: bool, now: datetime
) -> None:
    """Found fit, any officer may publish it; returned, who handed it in puts it right."""
    uploader = {version.uploaded_by} if version.uploaded_by else set()
    kind, told = ("policy_to_publish", _officers(session)) if approved else ("policy_returned", uploader)
    _tell(session, actor, version, kind, f"{version.id}:{version.version}", told, now)


def tell_of_original(
    session: Session, actor: Actor, version: PolicyVersion, original: PolicyOriginal, *, now: datetime
) -> None:
    """It waits to be compared and signed."""
    _tell(session, actor, version, "original_to_sign", str(original.id), _officers(session), now)


def _officers(session: Session) -> set[UUID]:
    return {account for account, held in holders_of(session, *CAN_MOVE) if held.scope == PROVINCE}


def _tell(
    session: Session, actor: Actor, version: PolicyVersion, kind: str, key: str, accounts: set[UUID], now: datetime
) -> None:  # fmt: skip
    about = (version.id, version.policy.key, HUBEI)
    notices = the_same_to(
        accounts - {actor.account_id}, f"{kind}:{key}", kind, about, {"ordinal": version.number}
    )
    notify_each(session, notices, now=now)
