"""The indicators of a note: each figure that measures something, with what it measures and whether it is wanted or so."""

from dataclasses import replace
from fractions import Fraction

from ground_net.leads.extraction import naming
from ground_net.leads.extraction.fields import (
    AT_LEAST,
    AT_MOST,
    BETWEEN,
    DOWN,
    EXACTLY,
    NOW,
    TARGET,
    UP,
    ProposedIndicator,
)
from ground_net.leads.extraction.measuring import measures
from ground_net.leads.extraction.placing import Measure, Taken
from ground_net.leads.extraction.reading import Note
from ground_net.leads.extraction.settling import settle
from ground_net.leads.extraction.shares import of_today
from ground_net.leads.extraction.tables import cues
from ground_net.leads.extraction.unit_settling import carry_units, unit_of

_LETTERS = ("G", "M", "T")
_LETTERED = ("GB", "MB", "TB", "Gb", "Mb", "Tb")


def indicators(note: Note, taken: Taken = ()) -> tuple[ProposedIndicator, ...]:
    """In the order of the text, each once; figures inside what is `taken` are none."""
    read = measures(note, taken)
    settle(note, read)
    carry_units(note, read)
    kept = [each for each in read if each.kind in (NOW, TARGET)]
    _direct(kept)
    proposed = [_proposed(note, each) for each in kept]
    proposed += of_today(note, proposed, taken)
    return tuple(sorted(_once(_counted_alike(proposed)), key=lambda each: each.evidence.start))


def _direct(read: list[Measure]) -> None:
    """A target without a comparison goes the way that is better than today's value, else the name's own."""
    today = {each.name: each.figure.low for each in read if each.kind == NOW}
    for each in read:
        if each.kind == TARGET and each.figure.relation == EXACTLY:
            each.figure = replace(each.figure, relation=_way(each, today.get(each.name)))


def _way(each: Measure, today: Fraction | None) -> str:
    if today is not None and today != each.figure.low:
        return AT_LEAST if each.figure.low > today else AT_MOST
    return {"low": AT_MOST, "high": AT_LEAST}.get(naming.better(each.name), EXACTLY)


def _proposed(note: Note, each: Measure) -> ProposedIndicator:
    figure, change = each.figure, _change(each)
    relation = AT_LEAST if change else figure.relation
    ranged = relation == BETWEEN
    return ProposedIndicator(
        each.kind or NOW, each.name, relation, None if ranged else figure.low,
        figure.low if ranged else None, figure.high if ranged else None,
        unit_of(note, each), figure.written, change, note.evidence(figure.start, figure.end),
    )  # fmt: skip


def _change(each: Measure) -> str | None:
    """能耗降20% is a change; 降到20% is none."""
    if each.kind != TARGET or each.figure.unit != "%" or each.figure.relation == BETWEEN:
        return None
    if cues("falls_by").search(each.words):
        return DOWN
    return UP if cues("rises_by").search(each.words) else None


def _counted_alike(proposed: list[ProposedIndicator]) -> list[ProposedIndicator]:
    """一天能裁3000套，现在1200套: what is said by what of one side holds for the other."""
    by = {
        (each.name, each.unit.partition("/")[0]): each.unit
        for each in proposed
        if each.unit and "/" in each.unit
    }
    short = {each.name: each.unit[1:] for each in proposed if each.unit and each.unit[:2] in _LETTERED}
    counted = [replace(each, unit=by.get((each.name, each.unit or ""), each.unit)) for each in proposed]
    return [
        replace(each, unit=each.unit + short[each.name])
        if each.unit in _LETTERS and each.name in short
        else each
        for each in counted
    ]


def _once(proposed: list[ProposedIndicator]) -> list[ProposedIndicator]:
    """Without what is said a second time: 五个9，99.999%."""
    seen: set[tuple[object, ...]] = set()
    kept: list[ProposedIndicator] = []
    for each in proposed:
        key = (each.name, each.value, each.low, each.high, each.unit, each.change)
        if key not in seen:
            kept.append(each)
        seen.add(key)
    return kept
