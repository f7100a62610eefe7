"""The field extractor on the visit notes with their truth: per field what it got right, got wrong, missed and left open.

`python -m bench extraction` makes the rows on the held-out notes; `python -m bench.extraction [dev|held_out]` prints the
table. An indicator is right where its kind, numbers and unit are those of the truth and the names share two characters;
each indicator of the truth answers for one proposed. Only sums are printed: whoever works on the extractor reads dev.yaml.
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, partial
from math import sqrt
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bench.report import Row
from ground_net.leads.extraction.fields import ProposedFields, ProposedIndicator
from ground_net.leads.extraction.proposing import proposed_fields
from sky_net.matching.units import unit_named

NOTES = Path(__file__).parent.parent / "tests" / "ground_net" / "leads" / "notes"
FIELDS = ("industry", "indicators", "trl", "budget", "deadline", "decision_owner", "tried")
GOALS = {
    "industry": (0.85, 0.7), "indicators": (0.85, 0.75), "trl": (0.9, 0.0), "budget": (0.9, 0.0), "deadline": (0.9, 0.0),
}  # fmt: skip
_Z = 1.96


@dataclass
class Tally:
    """`wrong` were proposed and are not so, `missed` are so and were not proposed, `left_open` texts got no proposal."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    left_open: int = 0
    directed: int = field(default=0, compare=False)

    @property
    def precision(self) -> float:
        """Of what was proposed."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of what the texts say."""
        return _share(self.right, self.right + self.missed)

    @property
    def intervals(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Wilson's, 95 %, of precision and recall."""
        return wilson(self.right, self.right + self.wrong), wilson(self.right, self.right + self.missed)


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The score interval of a share at 95 %; everything where nothing was tried."""
    if tries == 0:
        return 0.0, 1.0
    share, spread = hits / tries, _Z * _Z / tries
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / tries + spread / (4 * tries)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


@cache
def measured(part: str) -> tuple[Mapping[str, Tally], float]:
    """The tallies of all fields on `dev` or `held_out`, and the milliseconds that a text took."""
    notes = yaml.load((NOTES / f"{part}.yaml").read_bytes(), yaml.CSafeLoader)
    proposed_fields(notes[0]["text"], notes[0]["visited_on"])
    tallies = {name: Tally() for name in FIELDS}
    took = 0.0
    for note in notes:
        started = time.perf_counter()
        proposed = proposed_fields(note["text"], note["visited_on"])
        took += time.perf_counter() - started
        _count(tallies, proposed, note["truth"])
    return tallies, 1000 * took / len(notes)


def _count(tallies: Mapping[str, Tally], proposed: ProposedFields, truth: Mapping[str, Any]) -> None:
    budget = truth["budget_fen"]
    pairs: dict[str, tuple[Any, Any]] = {
        "industry": (proposed.industry, truth["industry"]),
        "trl": (proposed.trl, truth["trl"] and tuple(truth["trl"])),
        "budget": (proposed.budget_fen, budget and (budget["low"], budget["high"])),
        "deadline": (proposed.deadline, truth["deadline"]),
        "decision_owner": (proposed.decision_owner_said or None, truth["decision_owner"] or None),
        "tried": (proposed.tried is not None or None, truth["tried"] or None),
    }
    for name, (said, so) in pairs.items():
        tally = tallies[name]
        tally.right += said is not None and said == so
        tally.wrong += said is not None and said != so
        tally.missed += so is not None and said != so
        tally.left_open += said is None
    _count_indicators(tallies["indicators"], proposed.indicators, truth["indicators"])


def _count_indicators(
    tally: Tally, proposed: Sequence[ProposedIndicator], truth: Sequence[Mapping[str, Any]]
) -> None:
    left = list(truth)
    for each in proposed:
        found = next((one for one in left if is_same(each, one)), None)
        if found is None:
            tally.wrong += 1
            continue
        left.remove(found)
        tally.right += 1
        tally.directed += found["relation"] == each.relation
    tally.missed += len(left)
    tally.left_open += not proposed


def is_same(proposed: ProposedIndicator, truth: Mapping[str, Any]) -> bool:
    """Kind, numbers, unit, and a name that is meant."""
    numbers = tuple(
        None if truth.get(end) is None else Fraction(str(truth[end])) for end in ("value", "low", "high")
    )
    return (
        proposed.kind == truth["kind"]
        and numbers == (proposed.value, proposed.low, proposed.high)
        and _are_one_unit(proposed.unit, truth.get("unit"))
        and proposed.change == truth.get("change")
        and _are_one_name(proposed.name, truth["name"])
    )


def _are_one_unit(one: str | None, other: str | None) -> bool:
    return one == other or (one is not None and other is not None and unit_named(one) == unit_named(other))


def _are_one_name(one: str, other: str) -> bool:
    low, high = one.lower(), other.lower()
    pairs = {low[place : place + 2] for place in range(len(low) - 1)}
    return low in high or high in low or any(pair in high for pair in pairs)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _row(name: str) -> Row:
    tallies, _ = measured("held_out")
    tally = tallies[name]
    (low, high), recalls = tally.intervals
    goal = GOALS.get(name)
    said = (
        f"{tally.right} right, {tally.wrong} wrong, {tally.missed} missed, {tally.left_open} texts left open; "
        f"precision {low:.3f}-{high:.3f}, recall {tally.recall:.3f} ({recalls[0]:.3f}-{recalls[1]:.3f})"
    )
    return {
        "name": f"extraction, {name}: precision on 160 held-out notes", "ours": tally.precision, "settings": said,
        "goal": goal and f"precision {goal[0]}, recall {goal[1]}",
        "met": goal and (tally.precision >= goal[0] and tally.recall >= goal[1]),
    }  # fmt: skip


def milliseconds() -> Row:
    """The time that one text takes, once the tables are read."""
    _, took = measured("held_out")
    return {"name": "extraction, time a note", "ours": took, "unit": "ms", "goal": "20 ms", "met": took < 20}


def _rows() -> list[Callable[[], Row]]:
    rows: list[Callable[[], Row]] = []
    for name in FIELDS:
        row = partial(_row, name)
        row.__name__ = name  # type: ignore[attr-defined]  # bench names its rows by it
        rows.append(row)
    return [*rows, milliseconds]


ROWS = _rows()


def shown(part: str) -> Table:
    """The table of all fields."""
    tallies, took = measured(part)
    table = Table(title=f"{part}: {took:.1f} ms/text")
    for heading in ("field", "right", "wrong", "missed", "left open", "precision", "recall"):
        table.add_column(heading, justify="left" if heading == "field" else "right")
    for name, tally in tallies.items():
        (low, high), (least, most) = tally.intervals
        table.add_row(
            name, str(tally.right), str(tally.wrong), str(tally.missed), str(tally.left_open),
            f"{tally.precision:.3f} ({low:.3f}-{high:.3f})", f"{tally.recall:.3f} ({least:.3f}-{most:.3f})",
        )  # fmt: skip
    indicators = tallies["indicators"]
    table.caption = f"relation also right: {indicators.directed} of {indicators.right} indicators"
    return table


if __name__ == "__main__":
    Console(width=130).print(shown(sys.argv[1] if len(sys.argv) > 1 else "dev"))
