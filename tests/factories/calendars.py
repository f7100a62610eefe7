"""Notices and orders for tests, as the text of a file."""

import json
from typing import Any

from sky_net.sla.notice import Notice, read_notice

HOLIDAYS_2027 = [
    {"date": "2027-01-01", "to": "2027-01-03", "kind": "holiday", "name": "元旦"},
    {"date": "2027-02-06", "to": "2027-02-12", "kind": "holiday", "name": "春节"},
]
"""Made up for the tests: the year's notice is not published yet."""


def a_text(rows: list[dict[str, Any]] | None = None, **values: Any) -> str:
    """The text of a notice; of the year 2027 unless it says something else."""
    said: dict[str, Any] = {
        "year": 2027,
        "source": "测试通知",
        "rows": HOLIDAYS_2027 if rows is None else rows,
    }
    said |= values
    return json.dumps({name: value for name, value in said.items() if value is not None}, ensure_ascii=False)


def a_notice(rows: list[dict[str, Any]] | None = None, **values: Any) -> Notice:
    """The same, read."""
    return read_notice(a_text(rows, **values))


def an_order(on: str, **values: Any) -> Notice:
    """A day off by a local order, such as a typhoon day."""
    row = {"date": on, "kind": "closed", "name": "台风停工"} | values
    return a_notice([row], year=None, source=f"测试令 {on}")
