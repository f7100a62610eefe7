"""What a row says, as bytes that are the same before PostgreSQL kept it and after; and the hash of them.

The form is JSON with its freedoms taken away: keys sorted by code point, no blanks, UTF-8 unescaped, numbers by their
value (1.0, 1e0 and 1 are one number, as they are to jsonb), instants in UTC with six decimals, bytes in hexadecimal.
Columns that are null are left out, so that a table may get another column without any old hash becoming wrong. The form
is a promise: a change of it would make every chain look rewritten, so a new one needs a new `FORM`.
"""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from json.encoder import encode_basestring as quoted
from typing import Any
from uuid import UUID

FORM = b"sanwang row 1\n"


def content_hash(kind: str, values: Mapping[str, Any]) -> bytes:
    """SHA-256 of the row of table `kind` with these columns; raises TypeError, ValueError for what jsonb cannot hold."""
    said = {name: value for name, value in values.items() if value is not None}
    return hashlib.sha256(FORM + f"{quoted(kind)}{canonical(said)}".encode()).digest()


def canonical(value: Any) -> str:
    """The one spelling of a value."""
    spelled = _EXACTLY.get(type(value))
    if spelled is not None:
        return spelled(value)
    if isinstance(value, str):
        return quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list | tuple):
        return _list(value)
    return quoted(_text(value))


def _object(value: Mapping[str, Any]) -> str:
    return "{" + ",".join(f"{quoted(name)}:{canonical(value[name])}" for name in sorted(value)) + "}"


def _list(value: Sequence[Any]) -> str:
    return "[" + ",".join(map(canonical, value)) + "]"


def _text(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("an instant without its zone is no instant")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _number(value: float | Decimal) -> str:
    """Digits without trailing zeros, and a power of ten where it is a fraction."""
    if isinstance(value, int):
        return str(int(value))
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number that jsonb holds")
    sign, digits, exponent = Decimal(repr(value) if isinstance(value, float) else value).as_tuple()
    written = "".join(map(str, digits)).lstrip("0")
    whole = written.rstrip("0")
    power = int(exponent) + len(written) - len(whole)
    if not whole:
        return "0"
    minus = "-" if sign else ""
    return f"{minus}{whole}{'0' * power}" if power >= 0 else f"{minus}{whole}e{power}"


# What nearly every value is, without asking one type after the other: half the time of verifying a chain.
_EXACTLY: Mapping[type, Callable[[Any], str]] = {
    str: quoted,
    int: str,
    UUID: lambda value: f'"{value}"',
    dict: _object,
    list: _list,
}
