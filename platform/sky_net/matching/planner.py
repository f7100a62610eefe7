"""Which way a search looks for neighbours in meaning: all rows, an exact scan, or the graph.

By the number of rows that pass the filters and their share of the generation, measured on two cores with 256
dimensions in half precision (bench/index.py, docs/adr/0030):

- a scan takes 26 ns per row that passes and 4 ns per row that does not, and is exact; up to `dense.LAID_OUT` rows that pass, those that do
  not cost next to nothing;
- the graph takes about 0.8 ms whatever the size, but under a filter its walk leads through rows that do not pass: at a
  depth of 300 and the same effort it finds .97 of what the scan finds without a filter, .83 where half of the rows
  pass, .61 where a fifth does, .25 where a twentieth does.

So the scan serves up to EXACT_UP_TO rows that pass, where it costs less than the words do, and whenever fewer than
GRAPH_SHARE of the rows pass; the graph serves the rest, and a generation that cannot come to that has none.
"""

from dataclasses import dataclass
from enum import Enum

DEPTH = 300
"""Neighbours that are asked for; where no more rows pass, all of them. What is farther is found by its words, and fewer neighbours leave
more to find."""
EXACT_UP_TO = 50_000
"""Rows that are scanned for less (1.3 ms) than a query's words cost."""
GRAPH_SHARE = 0.5
"""The share of rows that must pass for the graph to lose nothing that matters."""


class Way(Enum):
    """How candidates are found."""

    ALL = "all"
    EXACT = "exact"
    GRAPH = "graph"


@dataclass(frozen=True, slots=True)
class Plan:
    """`depth` neighbours are wanted; `effort` is how many rows the graph's walk keeps in view."""

    way: Way
    depth: int
    effort: int | None = None


def plan(rows: int, admitted: int, top: int, effort: int | None) -> Plan:
    """The way for a generation of `rows`, of which `admitted` pass, when the best `top` are wanted.

    `effort` is what the generation's graph was found to need for its recall; None where it has no graph.
    """
    depth = max(DEPTH, top)
    if admitted <= depth:
        return Plan(Way.ALL, depth)
    if effort is None or admitted <= EXACT_UP_TO or admitted < GRAPH_SHARE * rows:
        return Plan(Way.EXACT, depth)
    # Rows that do not pass take places in the view, too: it widens by as much.
    return Plan(Way.GRAPH, depth, max(round(effort * rows / admitted), depth))


def wants_graph(rows: int) -> bool:
    """Whether any search of a generation of this size would use a graph."""
    return rows > EXACT_UP_TO
