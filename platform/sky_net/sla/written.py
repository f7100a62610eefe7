"""Instants and pauses as people write them on a command line: Shanghai time unless an offset says otherwise.

Read by one strict grammar, so that the same text means the same under every version of Python and nothing is guessed.
"""

import re
from datetime import datetime, timedelta, timezone

from sky_net.sla.errors import ClockRefusal
from sky_net.sla.prefix import SHANGHAI
from sky_net.sla.working_time import Pause

_INSTANT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:(?:[Tt]|[ ]+)(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?)"
    r"[ ]*(?P<offset>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_END_OF_DAY = re.compile(r"24:00(?::00(?:[.,]0+)?)?")
_DAY = timedelta(days=1)


class InstantUnreadable(ClockRefusal):
    """A text that is no instant."""

    code = "instant_unreadable"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text}” 不是时间,应如 2026-02-13T16:50 或 2026-02-13T16:50:30+08:00。",
            f"'{text}' is no time such as 2026-02-13T16:50 or 2026-02-13T16:50:30+08:00.",
        )
        self.text = text


class PauseUnreadable(ClockRefusal):
    """A text that is no pair of instants."""

    code = "pause_unreadable"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text}” 不是暂停,应写作 开始/结束,如 2026-02-14T10:00/2026-02-24T10:30。",
            f"'{text}' is no pause: START/END, such as 2026-02-14T10:00/2026-02-24T10:30.",
        )
        self.text = text


def read_instant(text: str) -> datetime:
    """An aware instant. A date alone is its 00:00, and 24:00 the end of its day. Raises InstantUnreadable."""
    found = _INSTANT.fullmatch(text.strip())
    if found is None:
        raise InstantUnreadable(text)
    day, of_day, offset = found["day"], found["time"] or "00:00", found["offset"]
    is_midnight = _END_OF_DAY.fullmatch(of_day) is not None
    try:
        at = datetime.fromisoformat(f"{day}T{'00:00' if is_midnight else of_day.replace(',', '.')}")
        at = at.replace(tzinfo=_zone(offset))
        return at + _DAY if is_midnight else at
    except (ValueError, OverflowError) as error:
        raise InstantUnreadable(text) from error


def read_pause(text: str) -> Pause:
    """A pause START/END; raises PauseUnreadable, InstantUnreadable, PauseEndsBeforeItStarts."""
    parts = text.split("/")
    if len(parts) != 2:
        raise PauseUnreadable(text)
    return Pause(read_instant(parts[0]), read_instant(parts[1]))


def _zone(offset: str | None) -> timezone:
    """ValueError for an offset of a day or more, or with more than 59 minutes."""
    if offset is None:
        return SHANGHAI
    if offset in "Zz":
        return timezone(timedelta())
    digits = offset[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if minutes > 59:
        raise ValueError(offset)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(ahead if offset[0] == "+" else -ahead)
