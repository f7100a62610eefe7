"""The tables of words that the extractor reads from YAML beside it."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def table(name: str) -> Mapping[str, Any]:
    """The table of that name, kept once it was read."""
    text = resources.files(__package__).joinpath(f"{name}.yaml").read_text("utf-8")
    read: Mapping[str, Any] = yaml.load(text, _LOADER)  # noqa: S506 - either loader is a safe one
    return read


@cache
def cues(name: str) -> re.Pattern[str]:
    """The expressions of `words.yaml` under that name, as one alternative of all; the longer come first."""
    return re.compile(any_of(table("words")[name]))


def any_of(expressions: Iterable[str]) -> str:
    """One expression for all of them."""
    return "|".join(f"(?:{each})" for each in sorted(expressions, key=len, reverse=True))
