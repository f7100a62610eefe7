"""A pattern as a file: YAML or JSON with a list `nodes`, or CSV with the fields as headings. Pure but for reading it.

Scalars of YAML and cells of CSV are taken as the words they are, so that 420100 stays a region and 2026-01-01 a day as
JSON would say them; an empty one says nothing.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from backbone.errors import Bilingual, Malformed

MOST_BYTES = 4_000_000
COUNTS = ("nodes_planned", "stations_planned")
EMPTY = ("", "null", "~")


def read_pattern(file: Path) -> dict[str, Any]:
    """The file's pattern as a request would say it, to be checked like one; raises Malformed for what cannot be read."""
    text = _text(file)
    read = READERS.get(file.suffix.lower())
    if read is None:
        raise _unreadable(f"{file.name} 不是 .yaml、.json 或 .csv", f"{file.name} is no .yaml, .json or .csv")
    try:
        return read(text)
    except (yaml.YAMLError, json.JSONDecodeError, csv.Error, RecursionError) as problem:
        raise _unreadable(
            f"{file.name} 有语法错误：{problem}", f"{file.name} cannot be parsed: {problem}"
        ) from None


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise _unreadable(f"{file} 超过 {MOST_BYTES} 字节", f"{file} is over {MOST_BYTES} bytes")
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as trouble:
        raise _unreadable(f"无法读取 {file}：{trouble}", f"cannot read {file}: {trouble}") from None


def _unreadable(zh: str, en: str) -> Malformed:
    return Malformed(what=Bilingual(zh, en))


def _of_yaml(text: str) -> dict[str, Any]:
    return _in_shape(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506  # BaseLoader makes nothing but text


def _of_json(text: str) -> dict[str, Any]:
    return _in_shape(json.loads(text))


def _of_csv(text: str) -> dict[str, Any]:
    rows = csv.DictReader(io.StringIO(text), strict=True)
    return {"nodes": [_said({name or "?": value for name, value in row.items()}) for row in rows]}


READERS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    ".yaml": _of_yaml, ".yml": _of_yaml, ".json": _of_json, ".csv": _of_csv,
}  # fmt: skip


def _in_shape(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict) or not isinstance(document.get("nodes"), list):
        return document if isinstance(document, dict) else {}
    return {**document, "nodes": [_said(row) if isinstance(row, dict) else row for row in document["nodes"]]}


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the row says; planned counts as numbers where they are spelled in digits."""
    said = {name: value for name, value in row.items() if value is not None and value not in EMPTY}
    for name in COUNTS:
        if isinstance(said.get(name), str) and said[name].isascii() and said[name].isdigit():
            said[name] = int(said[name])
    return said
