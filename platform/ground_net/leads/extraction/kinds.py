"""Whether a figure is to be reached or holds today: the last word that says so in front of it, else the words behind it."""

import re
from dataclasses import dataclass

from ground_net.leads.extraction.fields import NOW, TARGET
from ground_net.leads.extraction.tables import cues

PAST, OTHERS = "past", "others"
_ORDER = (TARGET, NOW, PAST, OTHERS)
_ARROW = re.compile(r"\s?(?:→|->|=>|➡|⇒|—>)")
_NEAR = 8


@dataclass(frozen=True, slots=True)
class Cue:
    """What was said, and where it stands among the words that were looked at."""

    kind: str
    start: int
    end: int


def cue_in(words: str) -> Cue | None:
    """The last cue; one inside another says nothing of its own. What others only reach (人家才15) stays theirs."""
    found = [Cue(kind, each.start(), each.end()) for kind in _ORDER for each in cues(kind).finditer(words)]
    found = [one for one in found if not any(_is_inside(one, other) for other in found)]
    if not found:
        return None
    last = max(found, key=lambda cue: (cue.end, -cue.start))
    if cues("weak_verbs").fullmatch(words[last.start : last.end]):
        # 做到 alone says neither: what stands before it does (现在做到, 要做到).
        last = max((cue for cue in found if cue.end <= last.start), key=lambda cue: cue.end, default=last)
    theirs = [cue for cue in found if cue.kind in (OTHERS, PAST) and cue.end <= last.start]
    if last.kind == NOW and theirs and cues("merely").fullmatch(words[last.start : last.end]):
        return theirs[-1]
    return last


def cue_of_header(before: str) -> str | None:
    """The last heading in front: 现状: and 目标: stand for all that is listed under them."""
    found = [(each.end(), kind) for kind in (TARGET, NOW) for each in cues(f"header_{kind}").finditer(before)]
    return max(found)[1] if found else None


def cue_behind(words: str) -> str | None:
    """What the words right behind a figure, up to the end of its clause, make of it."""
    if _ARROW.match(words):
        return NOW
    near = words[:_NEAR]
    if cues("would_do").search(near):
        return TARGET
    return NOW if cues("enough").search(near) else None


def _is_inside(one: Cue, other: Cue) -> bool:
    return (other.start, -other.end) < (one.start, -one.end) and one.start < other.end
