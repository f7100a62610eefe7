"""Telling those who move the province's money: whoever has to act should not have to look every day."""

from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import PROVINCE
from backbone.errors import Bilingual
from backbone.identity.reaching import holders_of
from finance_net.ledger.permissions import CAN_ACT


def managers(session: Session, *, but: UUID | None = None) -> frozenset[UUID]:
    """Who moves the province's money now, without whoever just did it."""
    held = holders_of(session, *CAN_ACT)
    return frozenset(account for account, one in held if one.scope == PROVINCE and account != but)


def both(words: Bilingual) -> dict[str, str]:
    """Words as a notice's payload keeps them."""
    return {"zh": words.zh, "en": str.__str__(words)}
