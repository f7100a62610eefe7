"""A day's batch from files, without a server or a database, by the same ranking and the same assignment as the job."""

import csv
from collections.abc import Sequence
from typing import TextIO

from backbone.errors import Bilingual, Malformed
from sky_net.assignments.balance import assign
from sky_net.assignments.candidates import (
    AssignedDay,
    candidates_of,
    day_table,
    evidence_of,
    ranked_hits,
)
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import Encoder
from sky_net.matching.entries import Entry, OwnedEntry

HEADER = ("need_id", "institute_id", "rank", "score", "achievement_id")


class NothingToAssign(Malformed):
    """A file without a single entry."""

    code = "nothing_to_assign"
    title = Bilingual("没有可指派的内容", "There is nothing to assign")
    detail = Bilingual("{file} 中没有任何条目", "{file} holds no entry")
    advice = Bilingual("检查文件后重新运行", "Check the file and run again")


def assign_files(
    needs: Sequence[Entry],
    achievements: Sequence[OwnedEntry],
    encoder: Encoder,
    *,
    places: int,
    quota: int | None = None,
) -> AssignedDay:
    """Every need to at most `places` institutes, every institute at most `quota` needs.

    None is no quota: a guess at what an institute can take costs the nDCG that would have bought evenness (docs/adr/0026).
    """
    documents = [
        Document(each.id, each.title, each.description, owner=each.institute) for each in achievements
    ]
    corpus = Corpus(encoder, None, documents)
    asked = {need.id: Query(need.title, need.description) for need in needs}
    found = [candidates_of(need, hits) for need, hits in ranked_hits(asked, corpus)]
    wanted = dict.fromkeys(asked, places)
    institutes = {each.institute for each in achievements}
    quotas = dict.fromkeys(institutes, len(asked) if quota is None else quota)
    return AssignedDay(assign(day_table(wanted, quotas, found)), evidence_of(found))


def write_assignment(assigned: AssignedDay, file: TextIO) -> None:
    """Header and one row per offer, by need, best first; the achievement is the institute's best."""
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(HEADER)
    rows.writerows(
        (
            each.need,
            each.institute,
            each.rank,
            f"{each.score:.6f}",
            assigned.evidence[each.need, each.institute][0],
        )
        for each in assigned.assignment.offers()
    )
