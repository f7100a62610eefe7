"""Who decides, and what was tried: whether the note says so, and the words that do."""

from ground_net.leads.extraction.fields import Evidence
from ground_net.leads.extraction.reading import Clause, Note
from ground_net.leads.extraction.tables import cues


def decider_in(note: Note) -> Evidence | None:
    """The clause that says who decides, signs or approves; not one that says nobody knows."""
    return _first(note, "decides", "nobody_knows")


def attempt_in(note: Note) -> Evidence | None:
    """The clause that says what was tried, well or badly; a plan and a quote are none."""
    return _first(note, "attempts", "no_attempt")


def _first(note: Note, says: str, denies: str) -> Evidence | None:
    for clause in note.clauses:
        words = note.plain[clause.start : clause.end]
        if cues(says).search(words) and not cues(denies).search(words):
            return _trimmed(note, clause)
    return None


def _trimmed(note: Note, clause: Clause) -> Evidence:
    words = note.plain[clause.start : clause.end]
    start = clause.start + len(words) - len(words.lstrip())
    return note.evidence(start, start + len(words.strip()))
