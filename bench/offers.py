"""Catalogues of any size for the benchmarks: the demo's texts, cut into clauses and put together anew.

Words, lengths and industries stay those of real entries; no two texts are the same. Drawn from a fixed seed.
"""

import random
import re
from collections.abc import Iterator
from typing import Any

from demo import catalogue

SEED = 20_261_123
_CLAUSE = re.compile(r"[^，。；]+[，。；]?")


class Mixer:
    """Puts new texts together from the clauses of the demo's entries of the same industry."""

    def __init__(self) -> None:
        self._draw = random.Random(SEED)
        self._offers = [entry.raw for entry in catalogue.achievements()]
        self._needs = [entry.raw for entry in catalogue.needs()]

    def offers(self, count: int) -> Iterator[dict[str, Any]]:
        """Texts and words of so many achievements: title, summary, industry and so on, as columns."""
        for _ in range(count):
            first, second = self._pair(self._offers)
            yield {
                "title": self._title(first, second),
                "summary": self._text(first["summary"], second["summary"]),
                "problem_solved": first.get("problem_solved"),
                "gain": second.get("gain"),
                "keywords": first["keywords"],
                "industry": first["industry"],
                "tech_field": first.get("tech_field"),
                "trl": first["trl"],
                "transfer_modes": first["transfer_modes"],
                "use_cases": second.get("use_cases", []),
                "indicators": first["indicators"],
            }

    def needs(self, count: int) -> Iterator[dict[str, Any]]:
        """Bodies of draftNeed with a contact, of ordinary length."""
        for _ in range(count):
            first, second = self._pair(self._needs)
            yield {
                "title": self._title(first, second),
                "problem": self._text(first["problem"], second["problem"]),
                "scene": first.get("scene"),
                "present_state": second.get("present_state"),
                "industry": first["industry"],
                "need_type": first["need_type"],
                "indicators": first["indicators"],
                "cooperation_modes": first["cooperation_modes"],
                "trl_required": first.get("trl_required"),
                "contact": {"name": "基准测试", "phone": "027-00000000", "email": None},
            }

    def _pair(self, entries: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
        first = self._draw.choice(entries)
        alike = [entry for entry in entries if entry["industry"] == first["industry"]]
        return first, self._draw.choice(alike)

    def _title(self, first: dict[str, Any], second: dict[str, Any]) -> str:
        head, tail = first["title"], second["title"]
        return f"{head[: len(head) // 2]}{tail[len(tail) // 2 :]}"[:60]

    def _text(self, first: str, second: str) -> str:
        clauses = _CLAUSE.findall(first) + _CLAUSE.findall(second)
        return "".join(self._draw.sample(clauses, max(len(clauses) // 2, 1)))
