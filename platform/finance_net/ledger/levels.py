"""The levels of a fund's envelopes, from the whole down: each lies in one that is further up. Pure."""

LEVELS = ("fund", "year", "category", "zone", "project")


def may_contain(outer: str, inner: str) -> bool:
    """Whether an envelope of level `inner` may lie in one of level `outer`; levels may be left out."""
    return LEVELS.index(outer) < LEVELS.index(inner)
