"""Telling the holder of an account that its password was set, above all where somebody else set it."""

from sqlalchemy.orm import Session

from backbone import events
from backbone.directory.regions import HUBEI
from backbone.identity.changing import PasswordSet
from backbone.notices.service import Notice, notify


@events.on(PasswordSet)
def tell_holder(session: Session, event: PasswordSet) -> None:
    """One notice to the account itself, also while a deputy stands in for it. No login in it: notices are kept in clear."""
    kind = "password_changed" if event.by_holder else "password_reset"
    key = f"{kind}:{event.account_id}:{event.now.isoformat()}"
    notice = Notice(key, event.account_id, kind, event.account_id, "", HUBEI, {}, to_deputy=False)
    notify(session, notice, now=event.now)
