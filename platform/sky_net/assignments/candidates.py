"""From ranked achievements to the table of a day: who could answer each need, and how well. Pure.

An institute's score is pooled from its hits (`matching.pooling`), as everywhere else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sky_net.assignments.balance import Assignment
from sky_net.assignments.table import Table, table_of
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Hit, Query
from sky_net.matching.pooling import InstituteScore, pool
from sky_net.matching.spreading import rank_spread

DEPTH = 100
"""Achievements ranked for each need: enough of them for some twenty institutes, among which a day is spread."""
PLACES = 3
"""Institutes that a need is offered to, unless asked otherwise."""


@dataclass(frozen=True)
class Candidates:
    """The institutes that could answer one need, best first."""

    need: str
    institutes: Sequence[InstituteScore]


@dataclass(frozen=True)
class AssignedDay:
    """The assignment, and for each (need, institute) the achievements that speak for it, best first."""

    assignment: Assignment
    evidence: Mapping[tuple[str, str], Sequence[str]]


def ranked_hits(
    asked: Mapping[str, Query], corpus: Corpus, depth: int = DEPTH
) -> Iterator[tuple[str, list[Hit]]]:
    """Each need with its best achievements."""
    return zip(asked, rank_spread(asked.values(), corpus, depth), strict=True)


def candidates_of(need: str, hits: Sequence[Hit], *, least: float = 0.0) -> Candidates:
    """The owners of these hits whose pooled score is at least `least`."""
    return Candidates(need, [each for each in pool(hits) if each.score >= least])


def day_table(places: Mapping[str, int], quotas: Mapping[str, int], found: Iterable[Candidates]) -> Table:
    """The table of these candidates; see `table_of`."""
    return table_of(
        places,
        quotas,
        ((of.need, each.institute_id, each.score) for of in found for each in of.institutes),
    )


def evidence_of(found: Iterable[Candidates]) -> dict[tuple[str, str], Sequence[str]]:
    """The achievements behind each candidate."""
    return {
        (candidates.need, each.institute_id): each.document_ids
        for candidates in found
        for each in candidates.institutes
    }
