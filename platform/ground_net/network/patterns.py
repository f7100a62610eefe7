"""The tree of the network, and its patterns: "1 + 8 + N" is counted from the nodes, never stored. Pure.

A hub's own pattern counts the nodes and stations whose nearest hub it is, so that the patterns of all hubs add up to the
network; beside it stands what was declared of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ground_net.network.kinds import HUB, NODE, STATION

UNSAID = "N"


@dataclass(frozen=True)
class Place:
    """A node's key, its kind, and the key of what it stands below; None at the top."""

    key: str
    kind: str
    parent: str | None


@dataclass(frozen=True)
class Pattern:
    """What stands: the nodes and stations that a hub has itself, and all of both below it, those of hubs below included."""

    nodes: int = 0
    stations: int = 0
    all_nodes: int = 0
    all_stations: int = 0

    @property
    def text(self) -> str:
        """The hub, its nodes, its stations: "1+8+93"."""
        return f"1+{self.nodes}+{self.stations}"


def declared(nodes: int | None, stations: int | None) -> str | None:
    """A pattern as it is announced, "1+8+N": what is left open is N; None where nothing was announced."""
    if nodes is None and stations is None:
        return None
    return "1+" + "+".join(UNSAID if each is None else str(each) for each in (nodes, stations))


def in_order(places: Sequence[Place]) -> Iterator[tuple[Place, int]]:
    """Each place before those below it, with its depth; one whose parent is not among them stands at the top.

    Siblings keep the order in which they came. What lies on a cycle is left out.
    """
    known = {place.key for place in places}
    below: dict[str | None, list[Place]] = defaultdict(list)
    for place in places:
        below[place.parent if place.parent in known else None].append(place)
    waiting = [(place, 0) for place in reversed(below[None])]
    while waiting:
        place, depth = waiting.pop()
        yield place, depth
        waiting += [(each, depth + 1) for each in reversed(below[place.key])]


def patterns(places: Sequence[Place]) -> dict[str, Pattern]:
    """The pattern of every hub by its key."""
    own: dict[str, dict[str, int]] = {}
    hubs: dict[str, str | None] = {}  # the nearest hub at or above each key
    above: dict[str, str | None] = {}  # the nearest hub above each hub
    ordered = [place for place, _ in in_order(places)]
    for place in ordered:
        hub = hubs.get(place.parent) if place.parent is not None else None
        if place.kind == HUB:
            own[place.key], above[place.key] = {NODE: 0, STATION: 0}, hub
        elif hub is not None:
            own[hub][place.kind] += 1
        hubs[place.key] = place.key if place.kind == HUB else hub
    whole = {key: dict(counts) for key, counts in own.items()}
    for key in reversed(list(own)):  # hubs below come after those above
        if (hub := above[key]) is not None:
            for kind, count in whole[key].items():
                whole[hub][kind] += count
    return {
        key: Pattern(counts[NODE], counts[STATION], whole[key][NODE], whole[key][STATION])
        for key, counts in own.items()
    }


def cycles(parents: Mapping[str, str | None]) -> list[tuple[str, ...]]:
    """Every cycle of key → parent once, from the key of it that comes first."""
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        key: str | None = start
        while key is not None and key not in done and key not in path:
            path[key] = None
            key = parents.get(key)
        if key is not None and key in path:
            walked = list(path)
            found.append(tuple(walked[walked.index(key) :]))
        done.update(path)
    return found


def below(root: str, places: Iterable[Place]) -> frozenset[str]:
    """The keys of the root and of everything below it."""
    children: dict[str | None, list[str]] = defaultdict(list)
    for place in places:
        children[place.parent].append(place.key)
    found, waiting = {root}, [root]
    while waiting:
        new = [key for key in children[waiting.pop()] if key not in found]
        found.update(new)
        waiting += new
    return frozenset(found)
