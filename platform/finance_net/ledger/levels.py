"""The levels of a fund's envelopes, from the whole down: each lies in one that is further up. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual

WORDS: Mapping[str, Bilingual] = MappingProxyType({
    "fund": Bilingual("总额", "fund"),
    "year": Bilingual("年度", "year"),
    "category": Bilingual("类别", "category"),
    "zone": Bilingual("区域", "zone"),
    "project": Bilingual("项目", "project"),
})  # fmt: skip
LEVELS = tuple(WORDS)


def may_contain(outer: str, inner: str) -> bool:
    """Whether an envelope of level `inner` may lie in one of level `outer`; levels may be left out."""
    return LEVELS.index(outer) < LEVELS.index(inner)
