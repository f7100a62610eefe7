"""Where the figures of a note stand: each with its clause, its words, and whether they say wanted or so today."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ground_net.leads.extraction import kinds, naming
from ground_net.leads.extraction.fields import EXACTLY, NOW, TARGET
from ground_net.leads.extraction.figures import Figure, figures
from ground_net.leads.extraction.reading import Clause, Note
from ground_net.leads.extraction.tables import cues

Taken = Sequence[tuple[int, int]]
"""Stretches of the note that are read as something else: money to spend, dates, telephone numbers."""

_PHONE = re.compile(r"\d{3}-\d{4}-\d{4}|\d{3,4}-\d{7,8}|(?<!\d)1\d{10}(?!\d)")
# 1、 and 2. in front of the items of a list, and 1)2) in the middle of a line.
_ORDINAL = re.compile(
    r"(?:^|(?<=[\n;。，,:\s]))\s*\(?(?:\d{1,2}|[一二三四五六七八九十])(?:[、)]|\.(?!\d))", re.MULTILINE
)
_JOINED = re.compile(r"到|至|→|->|降|提|压|缩|减|增|升")
_UNDER = re.compile(r"下(?![降调滑来])|时(?!延|间|长|效)|的时候|条件|环境|工况")
_ITEM = re.compile(r"\s*(?:[-·•*]|\d{1,2}[.、)]|\(\d{1,2}\)|[①-⑩])")
_ABOVE = 300
_BESIDE = 4
"""Characters between a condition and what holds under it: 24小时漂5微秒."""


@dataclass
class Measure:
    """A figure with the words in front of it and behind it in its clause; `kind` is None until it is settled.

    `named_from` is where its own name may begin, `source` where the name was found; `is_paired` says that the figure
    behind it is the one that is wanted of the same thing.
    """

    figure: Figure
    clause: Clause
    words: str
    behind: str
    kind: str | None
    named_from: int
    name: str = ""
    source: str = ""
    is_paired: bool = False

    @property
    def is_change(self) -> bool:
        """降20% and 提高三成; what has fallen already (降了20%) is none."""
        return self.figure.unit == "%" and changes(self.words)

    @property
    def is_told(self) -> bool:
        """Whether words say what the figure is: wanted, so today, a bound, a range."""
        return self.kind is not None or self.figure.relation != EXACTLY


def placed(note: Note, taken: Taken) -> Iterator[Measure]:
    """Figures outside what is taken, without those that say a condition of the figure behind them."""
    prefixes = [found.span() for found in cues("prefix_units").finditer(note.plain)]
    apart = (found.span() for pattern in (_PHONE, _ORDINAL) for found in pattern.finditer(note.plain))
    blocked = [*taken, *apart, *prefixes]
    inside = {place for start, end in blocked for place in range(start, end)}
    found = [
        _with_prefix(note, each, prefixes)
        for each in figures(note)
        if inside.isdisjoint(range(each.number_at, each.end))
    ]
    behind, named_from = 0, 0
    for each, following in zip_longest(found, found[1:]):
        clause = note.clause_at(each.number_at)
        begin = max(clause.start, min(behind, each.start))
        if following and following.number_at < clause.end and _is_condition(note, each, begin, following):
            named_from = each.end
            continue
        stop = min(clause.end, following.start) if following and following.start > each.end else clause.end
        yield _cued(note, each, clause, begin, max(stop, each.end), max(begin, named_from))
        behind = each.end


def _with_prefix(note: Note, figure: Figure, prefixes: Sequence[tuple[int, int]]) -> Figure:
    """硬度HB 180到220."""
    for start, end in prefixes:
        if figure.unit is None and end <= figure.start and not note.plain[end : figure.start].strip():
            said = note.plain[start:end]
            return replace(
                figure, unit=said.replace("邵氏", "Shore ").replace("HBW", "HB"), written=said, start=start
            )
    return figure


def _is_condition(note: Note, figure: Figure, begin: int, following: Figure) -> bool:
    """80℃五分钟 before 残留活性只有55%, 24小时 before 漂5微秒."""
    between = note.plain[figure.end : following.start]
    if figure.unit is None or figure.unit == following.unit or following.unit is None:
        return False
    if figure.is_directed and not note.plain[figure.start : figure.end].endswith("内"):
        return False
    if _UNDER.match(between):
        return True
    if _JOINED.match(between) or (kinds.cue_in(between) is not None and naming.quantity_in(between) is None):
        return False
    named = naming.quantity_in(note.plain[begin : figure.start])
    return named is None or len(between.strip()) < _BESIDE or naming.quantity_in(between) is not None


def _cued(note: Note, figure: Figure, clause: Clause, begin: int, stop: int, named_from: int) -> Measure:
    words = note.plain[begin : max(begin, figure.number_at)]
    behind = note.plain[figure.end : stop]
    kind = _kind_by(words, behind)
    if figure.unit == "%" and kind in (None, NOW) and not words.endswith("了") and changes(words):
        kind = TARGET
    if kind is None:
        kind = kinds.cue_of_header(_heading(note, clause))
    return Measure(figure, clause, words, behind, kind, min(named_from, figure.start))


def _kind_by(words: str, behind: str) -> str | None:
    cue, after = kinds.cue_in(words), kinds.cue_behind(behind)
    if after == NOW and (cue is None or cue.kind not in (TARGET, kinds.OTHERS)):
        return NOW
    if cue is None:
        return after
    is_done = behind.startswith("了") and cues("weak_verbs").fullmatch(words[cue.start : cue.end])
    return NOW if cue.kind == TARGET and is_done else cue.kind


def _heading(note: Note, clause: Clause) -> str:
    """What stands in front in the same line, and the line above a list that it heads."""
    *above, line = note.plain[max(0, clause.start - _ABOVE) : clause.start].split("\n")
    while above and _ITEM.match(above[-1]):
        above.pop()
    headed = above[-1] if above and above[-1].rstrip().endswith(":") else ""
    return f"{headed}\n{line}"


def changes(words: str) -> bool:
    """Whether a share behind these words is one by which something rises or falls."""
    return any(cues(name).search(words) for name in ("falls_by", "rises_by"))
