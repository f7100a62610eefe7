"""The catalogue as the API takes it: YAML written by hand, money in 万元, turned into request bodies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from backbone.money import FEN_PER_WAN

FOLDER = Path(__file__).parent / "catalogue"
NOT_THE_API = {"key", "institute", "enterprise", "answers", "wanted_in_days", "price", "budget"}


@dataclass(frozen=True)
class Entry:
    """One need or achievement: `owner` is the key of its organisation, `answers` the keys a broker would propose."""

    key: str
    owner: str
    raw: dict[str, Any]

    @property
    def answers(self) -> tuple[str, ...]:
        """Keys of the achievements that answer this need; empty when none does."""
        return tuple(self.raw.get("answers", ()))

    def body(self, today: date) -> dict[str, Any]:
        """The request body; wanted dates count from `today`."""
        body = {name: value for name, value in self.raw.items() if name not in NOT_THE_API}
        if "price" in self.raw:
            body["price"] = _money(self.raw["price"])
        if "budget" in self.raw:
            body["budget"] = _money(self.raw["budget"])
        if "wanted_in_days" in self.raw:
            body["wanted_on"] = (today + timedelta(days=self.raw["wanted_in_days"])).isoformat()
        return body


def achievements() -> list[Entry]:
    """All achievements, in the order of their keys."""
    return [Entry(row["key"], row["institute"], row) for row in _rows("achievements")]


def needs() -> list[Entry]:
    """All needs, in the order of their keys."""
    return [Entry(row["key"], row["enterprise"], row) for row in _rows("needs")]


def organisations() -> dict[str, list[dict[str, Any]]]:
    """The institutes and enterprises: key, trade, region, and what else the directory takes."""
    rows: dict[str, list[dict[str, Any]]] = yaml.safe_load((FOLDER / "organisations.yaml").read_text("utf-8"))
    return rows


def directory() -> dict[str, list[dict[str, Any]]]:
    """The chains and the experts: who plays which part, by the keys of organisations."""
    rows: dict[str, list[dict[str, Any]]] = yaml.safe_load((FOLDER / "directory.yaml").read_text("utf-8"))
    return rows


def _rows(kind: str) -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.glob(f"{kind}-*.yaml")):
        yield from yaml.safe_load(path.read_text("utf-8"))


def _money(said: dict[str, Any]) -> dict[str, Any]:
    money: dict[str, Any] = {"kind": said["kind"]}
    for bound in ("min", "max"):
        if f"{bound}_wan" in said:
            money[f"{bound}_fen"] = round(said[f"{bound}_wan"] * FEN_PER_WAN)
    return money
