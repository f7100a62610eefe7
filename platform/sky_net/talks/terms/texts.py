"""The dated texts of the terms, from `terms.yaml` beside this module."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("terms.yaml")
_FIELDS = ("version", "valid_from", "reference", "zh", "en")


@dataclass(frozen=True)
class Terms:
    """One version; `valid_from` is the first day on which it is the one to accept."""

    version: str
    valid_from: date
    reference: str
    zh: str
    en: str


def in_force(day: date, versions: Sequence[Terms] | None = None) -> Terms:
    """The latest version that is valid on `day`; the first one before that, so that nobody is ever without terms."""
    known = shipped() if versions is None else versions
    return next((terms for terms in reversed(known) if terms.valid_from <= day), known[0])


@cache
def shipped() -> tuple[Terms, ...]:
    """Every version that the platform ships, oldest first."""
    return read_versions(_FILE.read_text("utf-8"))


def read_versions(text: str) -> tuple[Terms, ...]:
    """The versions in a file of this form, oldest first; raises ValueError naming what is wrong."""
    found = tuple(_version(entry) for entry in yaml.safe_load(text)["versions"])
    if not found:
        raise ValueError("no version of the terms")
    if len({terms.version for terms in found}) < len(found):
        raise ValueError("a version of the terms is named twice")
    if sorted({terms.valid_from for terms in found}) != [terms.valid_from for terms in found]:
        raise ValueError("the versions of the terms are not in the order of their days")
    return found


def _version(entry: dict[str, Any]) -> Terms:
    if set(entry) != set(_FIELDS):
        raise ValueError(f"a version of the terms has {', '.join(_FIELDS)}, and nothing else")
    if not isinstance(entry["valid_from"], date):
        raise ValueError("valid_from is no date")  # noqa: TRY004  # the file is wrong, not a type of ours
    for name in ("version", "reference", "zh", "en"):
        if not isinstance(entry[name], str) or not entry[name].strip():
            raise ValueError(f"{name} is no text")
    return Terms(**entry)
