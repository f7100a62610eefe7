"""How people write days, times, money and lists into cells. Pure: a text becomes the value of the form, or None for none."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from backbone.clock import SHANGHAI
from backbone.money import FEN_PER_WAN

EXCEL_EPOCH = date(1899, 12, 30)
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?|5\d{4}(?:\.\d+)?")
"""A date that lost its format: days since 1899, 1982 to 2064."""
_DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?(\d{1,2})[:时点](\d{1,2})?分?(?::\d{1,2}(?:\.\d+)?)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONEY = re.compile(r"(\d+(?:\.\d+)?)(?:[-~至到](\d+(?:\.\d+)?))?万?元?")
_NEGOTIABLE = ("面议", "negotiable")
_BETWEEN = re.compile(r"[;；\n]+")
_PARTS = ("name", "now", "target", "unit", "test_method")
_MOST_WAN = Decimal(10**9)


def plain(text: str) -> str:
    """Half-width, without blanks around."""
    return unicodedata.normalize("NFKC", text).strip()


def instant(text: str) -> str | None:
    """A day, with or without a time, in Hubei: as the form spells an instant."""
    found = _DAY.fullmatch(plain(text))
    parts = [int(part) for part in found.groups() if part] if found else _digits(plain(text))
    if parts is None:
        return None
    try:
        year, month, day, hour, minute = (*parts, *([0] * (5 - len(parts))))
        return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).isoformat()
    except ValueError:
        return None


def day(text: str) -> str | None:
    """A day, as the form spells it."""
    spelled = instant(text)
    return None if spelled is None else spelled[:10]


def budget(text: str) -> dict[str, Any] | None:
    """万元: one amount, a range, or 面议."""
    said = plain(text).replace(",", "").replace(" ", "")
    if said.lower() in _NEGOTIABLE:
        return {"kind": "negotiable"}
    found = _MONEY.fullmatch(said)
    if found is None:
        return None
    least = _fen(found[1])
    most = least if found[2] is None else _fen(found[2])
    if least is None or most is None:
        return None
    return {"kind": "fixed" if found[2] is None else "range", "min_fen": least, "max_fen": most}


def indicators(text: str) -> list[dict[str, str]] | None:
    """One a line or by semicolons: 名称|现在|目标|单位|检测方法; what is left blank is not said."""
    found = []
    for line in _BETWEEN.split(text):
        cells = [cell.strip() for cell in re.split(r"[|｜]", line)]
        if not any(cells):
            continue
        if not cells[0] or len(cells) > len(_PARTS):
            return None
        found.append({part: cell for part, cell in zip(_PARTS, cells, strict=False) if cell})
    return found


def listed(text: str) -> list[str]:
    """Words in one cell, parted by any of the usual signs."""
    return [word for each in re.split(r"[、,，;；/\n]+", plain(text)) if (word := each.strip())]


def _digits(text: str) -> list[int] | None:
    if _SERIAL.fullmatch(text):
        at = datetime.combine(EXCEL_EPOCH, datetime.min.time()) + timedelta(minutes=round(float(text) * 1440))
        return [at.year, at.month, at.day, at.hour, at.minute]
    compact = _COMPACT.fullmatch(text)
    return [int(part) for part in compact.groups()] if compact else None


def _fen(text: str) -> int | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return int(amount * FEN_PER_WAN) if amount < _MOST_WAN else None
