"""What public texts say of the centres, figure by figure with source and day: read from a file, never counted. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

import yaml

from backbone.errors import Bilingual


@dataclass(frozen=True)
class PublishedFigure:
    """A figure as a text gave it, as of a day that is gone."""

    key: str
    name: Bilingual
    value: int
    unit: Bilingual
    source: str
    as_of_on: date


def read_figures(document: Mapping[str, Any]) -> tuple[PublishedFigure, ...]:
    """The figures of a document; ValueError for a key given twice, and for one without source or day."""
    figures = tuple(_figure(row) for row in document["figures"])
    if len({figure.key for figure in figures}) < len(figures):
        raise ValueError("a figure is given twice")
    return figures


def _figure(row: Mapping[str, Any]) -> PublishedFigure:
    if not row.get("source") or not isinstance(row.get("as_of"), date):
        raise ValueError(f"{row.get('key')} has no source or no day")
    unit = Bilingual(row["unit"]["zh"], row["unit"]["en"])
    return PublishedFigure(
        row["key"], Bilingual(row["zh"], row["en"]), row["value"], unit, row["source"], row["as_of"]
    )


PUBLISHED = read_figures(
    yaml.safe_load(resources.files(__package__).joinpath("published.yaml").read_text("utf-8"))
)
