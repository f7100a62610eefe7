"""An offer as plain text and facets, for matching."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from backbone.chinese import fold
from backbone.directory.industries import group_of


class Described(Protocol):
    """The texts of an offer."""

    title: Any
    summary: Any
    problem_solved: Any
    gain: Any
    keywords: Any
    tech_field: Any
    indicators: Any
    use_cases: Any


class Named(Protocol):
    """What somebody who looks for one offer may remember of it."""

    number: Any
    title: Any
    registration_number: Any
    lab: Any
    team: Any
    keywords: Any
    tech_field: Any


class Filed(Protocol):
    """The closed words of an offer, which filters ask for."""

    kind: Any
    industry: Any
    region_code: Any
    trl: Any
    transfer_modes: Any


def achievement_text(offer: Described) -> tuple[str, str]:
    """(title, body): the body is the summary, then every other text given, one per line.

    An offer that has only a title and a summary has exactly the summary as its body, so that the same two texts
    posted over HTTP and read from a file rank alike.
    """
    lines = [
        offer.summary, offer.problem_solved, offer.gain, offer.tech_field, " ".join(offer.keywords or ()),
        *map(_indicator, offer.indicators or ()), *(offer.use_cases or ()),
    ]  # fmt: skip
    return offer.title or "", "\n".join(_given(lines))


def achievement_facets(offer: Filed) -> frozenset[str]:
    """What filters ask for, as `name:value`: industry, its group, region, TRL, transfer modes, kind."""
    facets = {f"kind:{offer.kind}", f"region:{offer.region_code}", f"industry:{offer.industry}"}
    if group := group_of(offer.industry):
        facets.add(f"group:{group}")
    if offer.trl is not None:
        facets.add(f"trl:{offer.trl}")
    return frozenset(facets.union(f"mode:{mode}" for mode in offer.transfer_modes or ()))


def searchable_text(offer: Named) -> str:
    """What the `q` of lists is looked for in, folded: Traditional, full-width and capital letters find alike."""
    parts = [offer.number, offer.title, offer.registration_number, offer.tech_field, offer.lab, offer.team]
    return fold("\n".join(_given([*parts, *(offer.keywords or ())])))


def _indicator(indicator: Mapping[str, Any]) -> str:
    return " ".join(_given(indicator.get(part) for part in ("name", "value", "unit")))


def _given(texts: Iterable[str | None]) -> list[str]:
    return [text for text in texts if text and text.strip()]
