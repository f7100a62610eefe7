"""What the erasure of a person means for the searches of the account: they are forgotten with what was found for them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import events
from backbone.people.erasing import PersonErased
from sky_net.saved_searches.models import SavedSearch
from sky_net.saved_searches.service import delete_search


@events.on(PersonErased)
def forget_searches(session: Session, event: PersonErased) -> None:
    """Delete the saved searches of the erased accounts: their words are free text."""
    ids = {person.holder_id for person in event.people if person.holder == "accounts"}
    own = select(SavedSearch).where(SavedSearch.account_id.in_(ids)).order_by(SavedSearch.id)
    for search in session.scalars(own).all() if ids else ():
        delete_search(session, event.actor, search, now=event.now)
