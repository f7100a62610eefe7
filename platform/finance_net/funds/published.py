"""What is public of funds and of money outside, each figure with its source and its day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from backbone.errors import Bilingual

FEN_PER_YI = 10_000_000_000
MEASURES: Mapping[str, Bilingual] = MappingProxyType({
    "target": Bilingual("目标规模", "targeted"),
    "subscribed": Bilingual("认缴", "subscribed"),
    "called": Bilingual("实缴", "called"),
    "invested": Bilingual("已投", "invested"),
})  # fmt: skip
"""What a fund shall have, what was promised to it, what of that was called for, and what it has put into enterprises."""
KINDS_OF_LINE = ("loan_line", "bank_quota", "outside_fund")


@dataclass(frozen=True)
class Figure:
    """One published figure of a fund's capital."""

    measure: str
    amount_fen: int
    as_of_on: date
    source: str
    grade: str


@dataclass(frozen=True)
class PublishedFund:
    """A fund that the founding document names."""

    key: str
    title: Bilingual
    kind: str
    capital: tuple[Figure, ...]


@dataclass(frozen=True)
class Line:
    """Money that others hold; amounts are None where they were not published."""

    key: str
    kind: str
    title: Bilingual
    amount_fen: int | None
    first_fen: int | None
    as_of_on: date
    source: str
    grade: str
    is_verified: bool
    note: Bilingual | None


@dataclass(frozen=True)
class Offshore:
    """What 离岸 is taken to mean, and who says so."""

    code: str
    words: Bilingual
    source: str | None


@cache
def published_funds() -> tuple[PublishedFund, ...]:
    """The funds, as the file has them."""
    return tuple(_fund(row) for row in _document("funds.yaml")["funds"])


@cache
def offshore_meanings() -> Mapping[str, Offshore]:
    """The meanings that a platform may be set to."""
    rows = _document("funds.yaml")["offshore"]
    return {code: Offshore(code, _words(row), row["source"]) for code, row in rows.items()}


@cache
def directory() -> tuple[Line, ...]:
    """Money outside, as the file has it."""
    return tuple(_line(row) for row in _document("directory.yaml")["lines"])


def _document(name: str) -> Any:
    return yaml.safe_load(resources.files(__package__).joinpath(name).read_text("utf-8"))


def _words(row: Mapping[str, str]) -> Bilingual:
    return Bilingual(row["zh"], row["en"])


def _fen(amount_yi: int | None) -> int | None:
    return None if amount_yi is None else amount_yi * FEN_PER_YI


def _fund(row: Mapping[str, Any]) -> PublishedFund:
    figures = tuple(
        Figure(each["measure"], each["amount_yi"] * FEN_PER_YI, each["as_of"], each["source"], each["grade"])
        for each in row["capital"]
    )
    return PublishedFund(row["key"], _words(row["title"]), row["kind"], figures)


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        row["key"], row["kind"], _words(row["title"]), _fen(row["amount_yi"]), _fen(row["first_yi"]), row["as_of"],
        row["source"], row["grade"], row["verified"], row["note"] and _words(row["note"]),
    )  # fmt: skip
