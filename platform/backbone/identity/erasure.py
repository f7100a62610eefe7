"""What the erasure of a person means for the account: nobody logs in by it, and no token of it works any more."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.identity.changing import MembershipEnded
from backbone.identity.memberships import require_another_administrator
from backbone.identity.models import Account, Membership
from backbone.identity.service import revoke_tokens
from backbone.people.erasing import PersonErased

NOBODY_LOGS_IN = "!"


@events.on(PersonErased)
def close_accounts(session: Session, event: PersonErased) -> None:
    """End roles and tokens of the erased accounts, and their passwords; raises LastAdministrator."""
    ids = {person.holder_id for person in event.people if person.holder == Account.__tablename__}
    if not ids:
        return
    require_another_administrator(session, ids)
    for account in session.scalars(select(Account).where(Account.id.in_(ids)).order_by(Account.id)):
        account.password_hash = NOBODY_LOGS_IN
    for membership in _living(session, ids):
        membership.ended_at = event.now
        audit.record(
            session, event.actor, "end_membership", membership, now=event.now, after={"ended_at": event.now}
        )
        events.publish(session, MembershipEnded(membership.id, event.actor, event.now))
    revoke_tokens(session, event.actor, ids, now=event.now)


def _living(session: Session, ids: Collection[UUID]) -> Sequence[Membership]:
    living = select(Membership).where(Membership.account_id.in_(ids), Membership.ended_at.is_(None))
    locked = living.order_by(Membership.id).with_for_update()
    return session.scalars(locked, execution_options={"populate_existing": True}).all()
