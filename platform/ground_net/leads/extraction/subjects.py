"""What a placed figure measures: by its own words, by the sentence so far, or by what was measured before it."""

from collections.abc import Sequence
from fractions import Fraction

from ground_net.leads.extraction import naming
from ground_net.leads.extraction.fields import NOW, TARGET
from ground_net.leads.extraction.figures import Figure
from ground_net.leads.extraction.placing import Measure
from ground_net.leads.extraction.reading import Note
from ground_net.leads.extraction.unit_words import DURATIONS
from sky_net.matching.units import unit_named

OWN, CARRIED, LOOSE = "own", "carried", "loose"
"""A quantity's name in the words around; the name of an earlier figure; a noun that need be no quantity."""

_OPENING = 24
_PAIR = 12
_FAR = 3000
_LAST = 4
_CLAUSES = 12
_FAMILIES = {"度": "degree", "°": "degree", "℃": "degree"} | dict.fromkeys(DURATIONS, "time")
_FAMILIES |= dict.fromkeys(("G", "M", "T", "Gbit", "Mbit", "Tbit", "GB", "TB", "MB"), "information")


def name(note: Note, each: Measure, before: Sequence[Measure], searched: int) -> None:
    """By the words in front, those behind, the sentence so far, what was measured in the same unit, or what is done."""
    words = note.plain[each.named_from : each.figure.start]
    own = naming.quantity_in(words) or naming.name_behind(each.behind)
    if own is None:
        own = naming.quantity_in(
            note.plain[max(each.clause.start, min(searched, each.figure.start)) : each.figure.start]
        )
    own = own or _so_far(note, each, searched)
    if own is not None and not (each.is_change and before and not naming.quantity_in(words)):
        each.name, each.source = own, OWN
    elif carried := _carried(each, before):
        each.name, each.source = carried, CARRIED
    else:
        loose = naming.noun_in(words) or naming.doing_in(words) or _opening(note, each, searched)
        each.name, each.source = loose or "", LOOSE


def _opening(note: Note, each: Measure, searched: int) -> str | None:
    start = max(note.sentence_of(each.clause)[0], searched, each.clause.start - _OPENING)
    return naming.noun_in(note.plain[start : max(start, each.clause.start)])


def _so_far(note: Note, each: Measure, searched: int) -> str | None:
    """The quantity of an earlier clause of the sentence, where no figure has stood since: 减重，一套现在26.5公斤."""
    start = max(note.sentence_of(each.clause)[0], searched)
    if start >= each.clause.start:
        return None
    for clause in reversed(note.clauses_between(start, each.clause.start)[-_CLAUSES:]):
        if (name := naming.quantity_in(note.plain[clause.start : clause.end])) is not None:
            return name
    return None


def _carried(each: Measure, before: Sequence[Measure]) -> str | None:
    """What the last figure of the same unit measured; a bare number and a change go on with what stood last."""
    near = [one for one in before[-_LAST:] if each.clause.sentence - one.clause.sentence <= 1]
    if near and (each.is_change or (each.figure.unit is None and _may_be_one(each.figure, near[-1].figure))):
        return near[-1].name
    alike = [one for one in near if _goes_on(one, each)]
    same = [one for one in alike if one.figure.written == each.figure.written]
    return (same or alike)[-1].name if alike else None


def are_a_pair(one: Measure, other: Measure) -> bool:
    """起皮3处，要1处以内: a figure nobody says anything of, and right behind it the one that is wanted of the same thing."""
    near = one.clause.sentence == other.clause.sentence and other.figure.start - one.figure.end < _PAIR
    alike = other.figure.unit is None or _family(one.figure) == _family(other.figure)
    return near and alike and other.kind in (NOW, TARGET) and naming.quantity_in(other.words) is None


def _goes_on(one: Measure, other: Measure) -> bool:
    """Whether both are in units of one kind; in another sentence, in the same unit."""
    if one.clause.sentence != other.clause.sentence:
        return one.figure.unit == other.figure.unit
    return one.figure.unit is None or _family(one.figure) == _family(other.figure)


def _may_be_one(bare: Figure, other: Figure) -> bool:
    """A number without a unit goes on with one of its own size: 120帕 is not followed by 300000."""
    if not bare.low or not other.low:
        return True
    return Fraction(1, _FAR) < abs(bare.low / other.low) < _FAR


def _family(figure: Figure) -> str:
    base = (figure.unit or "").partition("/")[0]
    known = unit_named(base)
    return _FAMILIES.get(base) or (str(sorted(known.dimension)) if known and known.dimension else base)
