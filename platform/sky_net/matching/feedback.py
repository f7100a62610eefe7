"""Ranking a catalogue in memory by what grades teach, if they teach anything that holds on unseen needs."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Hit, Query
from sky_net.matching.entries import Entry
from sky_net.matching.learning import Judged, Ranker, Trial, learn, try_out
from sky_net.matching.signals import TEXTS, Signals, signals

AT_ONCE = 256
_DECIMALS = 6


def taught(
    needs: Sequence[Entry], corpus: Corpus, grades: Mapping[str, Mapping[str, int]]
) -> tuple[Ranker | None, Trial | None]:
    """The ranker that the grades teach, None where it does not rank unseen needs surely better; and how the trial went."""
    rows = {achievement_id: row for row, achievement_id in enumerate(corpus.roster.ids)}
    judged = []
    for need, told in _told([need for need in needs if need.id in grades], corpus):
        graded = sorted((rows[achievement_id], grade) for achievement_id, grade in grades[need.id].items())
        wanted = np.array([grade for _, grade in graded], np.float64)
        judged.append(Judged(need.id, told[[row for row, _ in graded]], wanted))
    trial = try_out(judged)
    return (learn(judged) if trial is not None and trial.is_better else None), trial


def match_by(
    ranker: Ranker, needs: Sequence[Entry], corpus: Corpus, top: int
) -> Iterator[tuple[str, list[Hit]]]:
    """As `batch.match_all`, in the ranker's order; equal scores in order of id."""
    for need, told in _told(needs, corpus):
        scores = np.round(ranker.scores(told), _DECIMALS)
        places = np.lexsort((np.array(corpus.roster.ids), -scores))[:top]
        yield need.id, [_hit(corpus, told, scores, int(place)) for place in places]


def _hit(corpus: Corpus, told: Signals, scores: Signals, place: int) -> Hit:
    parts = {name: round(float(value), _DECIMALS) for name, value in zip(TEXTS, told[place], strict=True)}
    return Hit(corpus.roster.ids[place], float(scores[place]), parts, corpus.roster.owners[place])


def _told(needs: Sequence[Entry], corpus: Corpus) -> Iterator[tuple[Entry, Signals]]:
    for start in range(0, len(needs), AT_ONCE):
        block = needs[start : start + AT_ONCE]
        found = signals([Query(need.title, need.description) for need in block], corpus)
        yield from zip(block, found, strict=True)
