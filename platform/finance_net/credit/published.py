"""What is public of scoring and of loans, each with its source and its day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from backbone.errors import Bilingual

FEN_PER_YUAN = 100


@dataclass(frozen=True)
class Shape:
    """How many indicators and dimensions a published scorecard has; no weight of it was published."""

    key: str
    title: Bilingual
    indicators: int
    dimensions: int
    dimension_names: tuple[str, ...]
    groups: tuple[str, ...]
    as_of_on: date
    source: str
    grade: str
    is_verified: bool


@dataclass(frozen=True)
class Product:
    """A loan as it was published; amounts and months are None where they were not."""

    key: str
    title: Bilingual
    policy: str
    kind: str
    most_fen: int | None
    months: int | None
    amount_words: Bilingual
    as_of_on: date
    source: str
    grade: str
    is_verified: bool


@cache
def shapes() -> Mapping[str, Shape]:
    """The published shapes by key."""
    return {row["key"]: _shape(row) for row in _document()["shapes"]}


@cache
def products() -> Mapping[str, Product]:
    """The published loans by key."""
    return {row["key"]: _product(row) for row in _document()["products"]}


@cache
def _document() -> Any:
    return yaml.safe_load(resources.files(__package__).joinpath("published.yaml").read_text("utf-8"))


def _words(row: Mapping[str, str]) -> Bilingual:
    return Bilingual(row["zh"], row["en"])


def _shape(row: Mapping[str, Any]) -> Shape:
    return Shape(
        row["key"], _words(row["title"]), row["indicators"], row["dimensions"], tuple(row["dimension_names"]),
        tuple(row["groups"]), row["as_of"], row["source"], row["grade"], row["verified"],
    )  # fmt: skip


def _product(row: Mapping[str, Any]) -> Product:
    most = row["most_yuan"]
    return Product(
        row["key"], _words(row["title"]), row["policy"], row["kind"], most and most * FEN_PER_YUAN, row["months"],
        _words(row["amount_words"]), row["as_of"], row["source"], row["grade"], row["verified"],
    )  # fmt: skip
