"""`python -m bench.calibration [picture.svg]`: fit the curve of `matching.calibration` anew and hold it against the demo catalogue.

Each need is told by a curve that was fitted without it. The picture shows what was told against what was of use.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from demo.catalogue import Entry, achievements, needs
from sky_net.achievements.text import achievement_text
from sky_net.matching.calibration import (
    CURVE,
    Bin,
    Curve,
    Floats,
    expected_error,
    fit,
    probabilities,
    reliability,
    terms_of,
)
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import open_encoder
from sky_net.matching.ranking import rank
from sky_net.needs.text import need_text

DEPTH = 10
FOLDS = 7
LEVELS = ("title", "problem", "full")
_SIZE, _EDGE = 320, 40


@dataclass(frozen=True)
class Hits:
    """The best hits of every need at every level of description, as parallel columns (n,)."""

    scores: Floats
    terms: Floats
    useful: Floats
    need: Floats
    level: Floats

    def without(self, chosen: Any) -> Curve:
        """The curve of the others."""
        return fit(self.scores[~chosen], self.terms[~chosen], self.useful[~chosen])

    def told(self) -> Floats:
        """The probability of each by a curve that never saw its need."""
        found = np.zeros(len(self.scores))
        for fold in range(FOLDS):
            chosen = self.need % FOLDS == fold
            found[chosen] = probabilities(self.without(chosen), self.scores[chosen], self.terms[chosen])
        return found


class _Said:
    """The fields of an entry; what it does not say is None."""

    def __init__(self, entry: Entry) -> None:
        self.__dict__.update(entry.raw)

    def __getattr__(self, name: str) -> None:
        return None


def hits() -> Hits:
    """Of the demo catalogue; useful is what a broker would propose."""
    offers = [Document(each.key, *achievement_text(_Said(each))) for each in achievements()]
    corpus = Corpus(open_encoder(), None, offers)
    rows = []
    for number, need in enumerate(needs()):
        title, body = need_text(_Said(need))
        for level, said in enumerate(("", str(need.raw["problem"]), body)):
            query = Query(title, said)
            rows += [
                (hit.score, terms_of(query), hit.document_id in need.answers, number, level)
                for hit in rank(query, corpus, DEPTH)
            ]
    return Hits(*np.array(rows, np.float64).T)


def picture(bins: list[Bin]) -> str:
    """The reliability curve as SVG: a dot a bin, its area by its hits, and the diagonal of the perfect."""

    def at(told: float, useful: float) -> tuple[str, str]:
        return f"{_EDGE + told * _SIZE:.1f}", f"{_EDGE + (1 - useful) * _SIZE:.1f}"

    whole = _SIZE + 2 * _EDGE
    dots = "".join(
        '<circle cx="{}" cy="{}" r="{:.1f}" fill="#1f6feb" fill-opacity="0.7"/>'.format(
            *at(each.told, each.useful), 2 + 0.6 * np.sqrt(each.hits)
        )
        for each in bins
    )
    ticks = "".join(
        f'<text x="{_EDGE + tick * _SIZE:.0f}" y="{_EDGE + _SIZE + 16}" text-anchor="middle">{tick:.1f}</text>'
        f'<text x="{_EDGE - 6}" y="{_EDGE + (1 - tick) * _SIZE + 4:.0f}" text-anchor="end">{tick:.1f}</text>'
        for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" font-family="sans-serif" font-size="11">'
        f'<rect width="{whole}" height="{whole}" fill="#ffffff"/>'
        f'<rect x="{_EDGE}" y="{_EDGE}" width="{_SIZE}" height="{_SIZE}" fill="none" stroke="#999999"/>'
        f'<path d="M{_EDGE} {_EDGE + _SIZE}L{_EDGE + _SIZE} {_EDGE}" stroke="#999999" stroke-dasharray="4 4"/>{ticks}'
        f'<text x="{whole / 2:.0f}" y="{whole - 6}" text-anchor="middle">所报概率 / told</text>'
        f'<text x="12" y="{whole / 2:.0f}" text-anchor="middle" transform="rotate(-90 12 {whole / 2:.0f})">'
        f"实际可用 / of use</text>{dots}</svg>\n"
    )


def main(words: list[str]) -> int:
    """Print the fitted and the stored curve and the bins; write the picture where a path is given."""
    console, found = Console(), hits()
    told = found.told()
    bins = reliability(told, found.useful)
    table = Table(
        title=f"{len(told)} 条命中，期望校准误差 / hits, expected calibration error {expected_error(bins):.3f}"
    )
    for heading in ("概率 / told", "命中 / hits", "平均 / mean told", "可用 / of use"):
        table.add_column(heading, justify="right")
    for each in bins:
        table.add_row(f"{each.low:.1f}–", str(each.hits), f"{each.told:.3f}", f"{each.useful:.3f}")
    console.print(table)
    for level, name in enumerate(LEVELS):
        chosen = found.level == level
        error = expected_error(reliability(told[chosen], found.useful[chosen]))
        console.print(f"{name}: {int(chosen.sum())} hits, expected calibration error {error:.3f}")
    console.print(f"fitted {fit(found.scores, found.terms, found.useful)}")
    console.print(f"stored {CURVE}")
    if words:
        Path(words[0]).write_text(picture(bins), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
