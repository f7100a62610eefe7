"""A need as plain text, for matching and for finding near duplicates."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class Described(Protocol):
    """The texts of a need."""

    title: Any
    tech_field: Any
    chain_segment: Any
    problem: Any
    scene: Any
    present_state: Any
    tried: Any
    indicators: Any
    deliverables: Any


def need_text(need: Described) -> tuple[str, str]:
    """(title, body): the body is the problem, then every other text given, one per line.

    A need that has only a title and a problem has exactly the problem as its body, so that the same two texts
    posted over HTTP and read from a file rank alike.
    """
    rest = (need.scene, need.present_state, need.tried, need.tech_field, need.chain_segment)
    lines = [need.problem, *rest, *map(_indicator, need.indicators or ()), *(need.deliverables or ())]
    return need.title or "", "\n".join(_given(lines))


def _indicator(indicator: Mapping[str, Any]) -> str:
    said = (indicator.get("name"), indicator.get("target"), indicator.get("unit"))
    return " ".join(_given(said))


def _given(texts: Iterable[str | None]) -> list[str]:
    return [text for text in texts if text and text.strip()]
