"""What the erasure of a person means for the expert: taken out for good, since works and deals tell who it was."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.directory.experts.models import FORGOTTEN, Expert
from backbone.directory.experts.service import end_consent
from backbone.people.erasing import PersonErased


@events.on(PersonErased)
def take_out_experts(session: Session, event: PersonErased) -> None:
    """Forget what describes the erased experts and end their consents; the person's own values are gone already."""
    ids = {person.holder_id for person in event.people if person.holder == Expert.__tablename__}
    for expert in session.scalars(select(Expert).where(Expert.id.in_(ids)).order_by(Expert.id)):
        end_consent(session, event.actor, expert, "erasure", now=event.now)
        for name, value in FORGOTTEN.items():
            setattr(expert, name, value)
        expert.fold()
        expert.removed_at = expert.updated_at = event.now
        after = {"removed_at": event.now}
        audit.record(session, event.actor, "remove_expert", expert, now=event.now, after=after)
