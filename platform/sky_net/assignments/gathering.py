"""The day as the database has it: which needs look for institutes, whom they asked before, and who could answer.

A masked need is matched by what its poster wrote for strangers: institutes are shown what they were assigned, and by the
real text they would learn of it what the view hides.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.clock import local_date
from sky_net.assignments.candidates import DEPTH, Candidates, candidates_of
from sky_net.assignments.quotas import STANDING
from sky_net.invitations.models import Invitation
from sky_net.matching.comparing import Asked as Compared
from sky_net.matching.comparing import Comparison, asked_of, shown_of
from sky_net.matching.documents import Query
from sky_net.matching.port import Inquiry, Searchable
from sky_net.matching.ranking import SUITABLE
from sky_net.matching.search import find_each, findable_among
from sky_net.matching.sources import ACHIEVEMENTS, NEEDS
from sky_net.needs.models import Need
from sky_net.needs.permissions import OFFERED
from sky_net.needs.states import UNSOLVED
from sky_net.needs.text import need_text


@dataclass(frozen=True)
class Asked:
    """Whom a need has asked already: `ever` is never offered it again, `standing` fill places."""

    ever: frozenset[str] = frozenset()
    standing: int = 0


def open_needs(session: Session) -> Sequence[Need]:
    """Confirmed, not promised by anybody, and of a visibility under which institutes are asked."""
    return session.scalars(select(Need).where(OFFERED, Need.state.in_(UNSOLVED)).order_by(Need.id)).all()


def asked_before(session: Session, needs: Iterable[Need]) -> dict[UUID, Asked]:
    """By need, for those that have asked anybody; one query."""
    query = select(Invitation.need_id, Invitation.institute_id, Invitation.state)
    found: dict[UUID, list[tuple[str, bool]]] = {}
    for row in session.execute(query.where(Invitation.need_id.in_([need.id for need in needs]))):
        found.setdefault(row.need_id, []).append((str(row.institute_id), row.state in STANDING))
    return {
        need_id: Asked(frozenset(each for each, _ in rows), sum(stands for _, stands in rows))
        for need_id, rows in found.items()
    }


def find_candidates(
    session: Session, searched: Searchable, needs: Sequence[Need], asked: Mapping[UUID, Asked], now: datetime
) -> list[Candidates]:
    """The institutes that suit each need and were not asked before, by the search that browseMatches makes."""
    today = local_date(now)

    def offered(ids: list[UUID]) -> Collection[UUID]:
        return findable_among(session, ACHIEVEMENTS, ids, today)

    inquiries = [Inquiry(_query(need), Comparison(_compared(need), now)) for need in needs]
    found = []
    for need, found_for in zip(needs, find_each(searched, inquiries, offered, DEPTH), strict=True):
        hits = [hit for hit in found_for if hit.probability >= SUITABLE]
        candidates = candidates_of(str(need.id), hits)
        ever = asked.get(need.id, Asked()).ever
        kept = [each for each in candidates.institutes if each.institute_id not in ever]
        found.append(Candidates(candidates.need, kept))
    return found


def _compared(need: Need) -> Compared:
    """An institute sees its place in a suggestion: of a masked need that must tell nothing that the view hides."""
    return shown_of(need) if need.visibility == "masked" else asked_of(need)


def _query(need: Need) -> Query:
    if (
        need.visibility == "invited"
    ):  # no institute is told of it unless it is invited, and then it reads all of it
        return Query(*need_text(need))
    document = NEEDS.document(need)
    return Query(document.title, document.body)
