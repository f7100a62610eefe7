"""After a dump was restored into another cluster, whose transaction counter starts anew.

Restored rows carry the old cluster's transaction ids, which would count as changes to come for as long as the new
counter lies below them. Marking every row once more gives them ids of this cluster.
"""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from sky_net.achievements.models import Achievement
from sky_net.matching.models import SearchGeneration
from sky_net.needs.models import Need


def mark_anew(session: Session) -> None:
    """Let the trigger write this transaction's id into every searched row, and forget the old generations."""
    for model in (Achievement, Need):
        session.execute(
            update(model).values(change_xid=model.change_xid).execution_options(synchronize_session=False)
        )
    session.execute(delete(SearchGeneration))
