"""What the network is made of, and what may stand below what. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual

HUB, NODE, STATION = "hub", "node", "station"
KINDS: Mapping[str, Bilingual] = MappingProxyType({
    HUB: Bilingual("中心", "hub"),
    NODE: Bilingual("园区节点", "node in a park"),
    STATION: Bilingual("驿站", "station"),
})  # fmt: skip
ABOVE: Mapping[str, tuple[str, ...]] = MappingProxyType({
    HUB: (HUB,), NODE: (HUB, NODE), STATION: (HUB, NODE, STATION),
})  # fmt: skip
"""What each kind may stand below. A hub alone may also stand at the top: a city's, or the province's."""


def may_stand_below(kind: str, parent: str | None) -> bool:
    """Whether something of this kind may stand below something of that, None for the top."""
    return kind == HUB if parent is None else parent in ABOVE[kind]
