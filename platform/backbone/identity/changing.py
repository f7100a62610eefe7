"""What is told to those above when a role ends or a password is set, by whatever way."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backbone.actor import Actor


@dataclass(frozen=True)
class MembershipEnded:
    """A role is held no longer; published in the transaction that ends it."""

    membership_id: UUID
    actor: Actor
    now: datetime


@dataclass(frozen=True)
class PasswordSet:
    """An account has another password; published in the transaction that sets it."""

    account_id: UUID
    by_holder: bool
    now: datetime
