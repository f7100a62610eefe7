"""Whether each measure is wanted or holds today, where no word says so: by its other side, its bound, its sentence."""

import itertools
from collections.abc import Sequence

from ground_net.leads.extraction import naming
from ground_net.leads.extraction.fields import BETWEEN, NOW, TARGET
from ground_net.leads.extraction.placing import Measure
from ground_net.leads.extraction.reading import Note
from ground_net.leads.extraction.tables import cues

_NEAR = 8
_REST = 60
_NEXT = 10
"""Characters between two figures of one list."""

_OTHER = {NOW: TARGET, TARGET: NOW}


def settle(note: Note, read: Sequence[Measure]) -> None:
    """Gives every measure a kind; two that are both wanted of one thing are today's and the wanted one."""
    for place, each in enumerate(read):
        if each.kind is None:
            each.kind = _by_the_rest(note, read, place)
    for one, other in itertools.pairwise(read):
        if _are_two_sides(one, other) and one.kind == other.kind == TARGET and _is_weak(one):
            one.kind = NOW


def _by_the_rest(note: Note, read: Sequence[Measure], place: int) -> str:
    each = read[place]
    if each.is_change:
        return TARGET
    if not each.figure.is_directed:
        for other in (*read[max(0, place - 1) : place], *read[place + 1 : place + 2]):
            if _are_two_sides(each, other) and other.kind in _OTHER:
                return _OTHER[other.kind]
    if each.figure.is_directed:
        return TARGET
    start, end = note.sentence_of(each.clause)
    if cues("enough").search(note.plain[max(start, each.figure.end) : end][:_REST]):
        return NOW
    before = [
        one for one in read[max(0, place - _NEAR) : place] if one.clause.sentence == each.clause.sentence
    ]
    if before and before[-1].name != each.name and each.figure.start - before[-1].figure.end < _NEXT:
        return before[-1].kind or NOW
    later = {
        one.kind
        for one in read[place + 1 : place + _NEAR]
        if one.clause.sentence == each.clause.sentence and one.kind
    }
    if each.figure.relation == BETWEEN or (later == {TARGET} and not naming.better(each.name)):
        return TARGET
    return NOW


def _are_two_sides(one: Measure, other: Measure) -> bool:
    near = abs(one.clause.sentence - other.clause.sentence) <= 1
    return near and one.name == other.name


def _is_weak(each: Measure) -> bool:
    """推理一张图要120ms: 要 alone says as much of what it takes."""
    return cues("weak_target").search(each.words) is not None and not each.figure.is_directed
