"""How the signals are weighed, and how a query becomes the list of weighted terms that every index scores alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sky_net.matching.bm25 import Statistics, idf
from sky_net.matching.documents import Query
from sky_net.matching.terms import FIELDS, MOST_TERMS, query_terms

Worth = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ENOUGH = 0.25
"""Share of MOST_TERMS that a document must mention to have said all that a long query can hope for: a need of 300 characters
has 150 words and pairs, of which its answer shares a tenth, and must not score less for being well described."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of the signals in the score; they add up to 1.

    Each lexical signal is a field's BM25 divided by what a document would get that mentions every term of the
    query once, so a share means the same for a short and a long query.
    """

    title_words: float
    title_bigrams: float
    title_characters: float
    body_words: float
    text_grams: float
    dense: float

    def of(self, field: str) -> float:
        """The share of one field of `terms.FIELDS`."""
        share: float = getattr(self, field)
        return share


WEIGHTS = Weights(
    title_words=0.06,
    title_bigrams=0.13,
    title_characters=0.13,
    body_words=0.15,
    text_grams=0.36,
    dense=0.17,
)
"""Tuned lightly, so that no neighbour is clearly better. Provenance:

- stretches of one to three characters over the whole text most: the best single view of every split of the demo catalogue, as
  characters and n-grams are on needs with brokers' grades against achievement titles (nDCG@10 .65 and .64; words .57);
- titles beside them, n-grams and single characters above words, for the same reason;
- the dense share: two views that pull apart. On the demo catalogue (title or all of 34 needs against titles or all
  of 162 achievements; one right answer each) 0.08 to 0.20 makes no difference that 34 needs can tell and 0.35 hurts; among
  titles of CSL by discipline nDCG@10 rises up to 0.5. Grades of brokers lie between an exact answer and a common field.
"""


class Clause(NamedTuple):
    """Terms to look for in one field, each with what it is worth, (len(terms),): times its BM25 impact to a document that has it."""

    field: str
    terms: list[str]
    worth: Worth


def clauses(
    query: Query, statistics: Statistics, weights: Weights = WEIGHTS, beside: Statistics | None = None
) -> list[Clause]:
    """The query's terms per field, the weightiest MOST_TERMS of each, worth so much that the sum is the lexical score.

    Terms that the field never contains count towards the divisor (the query asked for them) but are not looked
    for. `beside` are documents that `statistics` do not count, the changes since: a term that only they have is
    looked for too, or a new subject would stay unfound until it is counted. A field with weight 0 is not searched.
    """
    terms = query_terms(query)
    asked = [(field, terms[view]) for field, (_, view) in FIELDS.items() if terms[view] and weights.of(field)]
    frequencies = _frequencies(statistics, asked)
    is_held = frequencies > 0
    if beside is not None and beside.documents:
        is_held |= _frequencies(beside, asked) > 0
    # All fields at once: a step for one of them takes as long as for five.
    weighed = np.array([weight for _, names in asked for weight in names.values()], np.float64)
    values = weighed * idf(statistics.documents, frequencies)
    found, start = [], 0
    for field, names in asked:
        span = slice(start, start + len(names))
        found.append(_clause(field, list(names), weights.of(field), values[span], is_held[span]))
        start = span.stop
    return [clause for clause in found if clause.terms]


def _frequencies(statistics: Statistics, asked: Sequence[tuple[str, Mapping[str, float]]]) -> Counts:
    return np.array([n for field, names in asked for n in statistics.frequencies(field, names)], np.int64)


def _clause(field: str, names: list[str], share: float, values: Worth, is_held: Mask) -> Clause:
    weightiest = np.argsort(-values, kind="stable")
    most = MOST_TERMS[FIELDS[field][1]]
    ideal = values[weightiest[: round(ENOUGH * most)]].sum()
    if ideal == 0:
        return Clause(field, [], np.zeros(0))
    chosen = weightiest[is_held[weightiest]][:most]
    return Clause(field, [names[place] for place in chosen.tolist()], share / ideal * values[chosen])
