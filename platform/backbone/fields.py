"""Schema fields that refuse what plain marshmallow lets through, and say why in Chinese and English.

Numbers are strict and fit 64 bits (no "１２", no 10**30, no true), text holds neither NUL nor lone
surrogates and has a length, dates lie between 1990 and 2200. Every schema of the platform is built from these.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import marshmallow as ma
from marshmallow import missing
from marshmallow.fields import Field

from backbone.errors import Bilingual
from backbone.word_lists import description_of

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)
LARGEST = 2**63 - 1
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")  # fill no field

_SHARED = {
    "required": Bilingual("必填", "This field is required"),
    "null": Bilingual("不能为 null", "This field may not be null"),
    "validator_failed": Bilingual("取值不符合要求", "The value is not acceptable"),
}


class _Said:
    """Gives a field the bilingual messages that every field shares."""

    default_error_messages: dict[str, Any] = _SHARED


class Text(_Said, Field[str]):
    """Text of `shortest`..`longest` characters, kept exactly as given."""

    default_error_messages = {
        "not_text": Bilingual("应为文字（字符串）", "This must be a string"),
        "unstorable": Bilingual(
            "含有 NUL 或不成对的代理字符，位置 {at}", "Holds NUL or a lone surrogate at position {at}"
        ),
        "too_long": Bilingual(
            "共 {length} 字，最多 {longest} 字", "{length} characters, at most {longest} allowed"
        ),
        "too_short": Bilingual("至少 {shortest} 字", "At least {shortest} characters are needed"),
        "blank": Bilingual(
            "不能为空，至少 {shortest} 字", "May not be blank, at least {shortest} character(s)"
        ),
    }

    def __init__(self, longest: int = 200, *, shortest: int = 1, **kwargs: Any) -> None:
        self.longest, self.shortest = longest, shortest
        metadata = {"minLength": shortest, "maxLength": longest, **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise self.make_error("not_text")
        if len(value) > self.longest:
            raise self.make_error("too_long", length=len(value), longest=self.longest)
        if unstorable := UNSTORABLE.search(value):
            raise self.make_error("unstorable", at=unstorable.start())
        if (visible := len(_INVISIBLE.sub("", value).strip())) < self.shortest:
            raise self.make_error("too_short" if visible else "blank", shortest=self.shortest)
        return value


class Choice(_Said, Field[str]):
    """One word of a closed list; from a list of words (code to `Bilingual`) the API document says what each means."""

    default_error_messages = {
        "unknown": Bilingual("不在可选值之内，可选：{choices}", "Not one of the choices: {choices}"),
    }

    def __init__(self, choices: Iterable[str], **kwargs: Any) -> None:
        self.choices = tuple(str(choice) for choice in choices)
        said = {"enum": list(self.choices), **description_of(choices), **kwargs.pop("metadata", {})}
        super().__init__(metadata=said, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise self.make_error("unknown", choices=", ".join(self.choices))
        return value


class Whole(_Said, Field[int]):
    """A whole number within [least, most]; `spelled=True` reads it from ASCII digits (query strings)."""

    default_error_messages = {
        "not_whole": Bilingual(
            "应为整数（半角数字，不加引号）", "This must be a whole number (ASCII digits, unquoted)"
        ),
        "out_of_range": Bilingual("应在 {least} 至 {most} 之间", "Must lie between {least} and {most}"),
    }

    def __init__(self, least: int = 0, most: int = LARGEST, *, spelled: bool = False, **kwargs: Any) -> None:
        self.least, self.most, self.spelled = least, most, spelled
        super().__init__(metadata={"minimum": least, "maximum": most, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        if self.spelled and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("not_whole")
        if not self.least <= value <= self.most:
            raise self.make_error("out_of_range", least=self.least, most=self.most)
        return value


class Fen(Whole):
    """Money: a whole number of fen, never negative."""


class Number(_Said, ma.fields.Float):
    """A share or a duration in an answer; nothing that is sent to us is a fraction."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        raise self.make_error("validator_failed")


class Flag(_Said, Field[bool]):
    """true or false; `spelled=True` reads the words "true" and "false" (query strings)."""

    default_error_messages = {
        "not_flag": Bilingual("应为 true 或 false", "This must be true or false"),
    }

    def __init__(self, *, spelled: bool = False, **kwargs: Any) -> None:
        self.spelled = spelled
        super().__init__(**kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if self.spelled and value in ("true", "false"):
            return bool(value == "true")
        if not isinstance(value, bool):
            raise self.make_error("not_flag")
        return value


class Day(_Said, Field[date]):
    """A calendar date, YYYY-MM-DD, from 1990 to 2200."""

    default_error_messages = {
        "not_date": Bilingual("应为日期，写作 YYYY-MM-DD", "This must be a date, written YYYY-MM-DD"),
        "out_of_range": Bilingual(
            "日期应在 1990 年至 2200 年之间", "The date must lie between 1990 and 2200"
        ),
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("not_date")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise self.make_error("not_date") from None
        if not EARLIEST <= day <= LATEST:
            raise self.make_error("out_of_range")
        return day

    def _serialize(self, value: date | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()


class DayText(Day):
    """A calendar date that stays text once checked: for records kept as JSON, which knows no dates."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        return super()._deserialize(value, attr, data, **kwargs).isoformat()

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value


class Instant(_Said, Field[datetime]):
    """An instant with its offset (ISO 8601); leaves as UTC ("…Z")."""

    default_error_messages = {
        "not_instant": Bilingual(
            "应为带时区的时刻，如 2026-03-02T09:00:00+08:00",
            "An instant with its offset, as 2026-03-02T09:00:00+08:00",
        ),
        "out_of_range": Bilingual(
            "日期应在 1990 年至 2200 年之间", "The date must lie between 1990 and 2200"
        ),
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        if not isinstance(value, str) or not value.isascii() or len(value) > 40:
            raise self.make_error("not_instant")
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            raise self.make_error("not_instant") from None
        if instant.tzinfo is None:
            raise self.make_error("not_instant")
        if not EARLIEST <= instant.date() <= LATEST:
            raise self.make_error("out_of_range")
        return instant.astimezone(UTC)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Identifier(_Said, Field[UUID]):
    """A UUID in its canonical spelling."""

    default_error_messages = {
        "not_identifier": Bilingual("应为 UUID 编号", "This must be a UUID"),
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> UUID:
        if not isinstance(value, str) or not re.fullmatch(
            r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value
        ):
            raise self.make_error("not_identifier")
        return UUID(value)

    def _serialize(self, value: UUID | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)


class Several(_Said, ma.fields.List[Any]):
    """A list of at most `most` entries of one field; `distinct=True` refuses a repeated one."""

    default_error_messages = {
        "invalid": Bilingual("应为列表", "This must be a list"),
        "too_many": Bilingual("共 {count} 项，最多 {most} 项", "{count} entries, at most {most} allowed"),
        "repeated": Bilingual("有重复的项", "An entry is repeated"),
    }

    def __init__(self, entry: Field[Any], most: int = 50, *, distinct: bool = False, **kwargs: Any) -> None:
        self.most, self.distinct = most, distinct
        super().__init__(entry, metadata={"maxItems": most, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            raise self.make_error("too_many", count=len(value), most=self.most)
        entries = super()._deserialize(value, attr, data, **kwargs)
        if self.distinct and len(set(entries)) < len(entries):
            raise self.make_error("repeated")
        return entries


class Record(_Said, ma.fields.Nested):
    """One nested object with its own schema."""

    default_error_messages = {"type": Bilingual("应为对象", "This must be an object")}


class Schema(ma.Schema):
    """What HTTP may say: unknown fields are refused, the answer keeps the order of declaration."""

    error_messages = {
        "unknown": Bilingual("没有这个字段", "There is no such field"),
        "type": Bilingual("应为 JSON 对象", "This must be a JSON object"),
    }

    class Meta:
        unknown = ma.RAISE


@cache
def instance_of(schema: type[Schema]) -> Schema:
    """The one instance of this class: making one copies every field, and loading and dumping change nothing in it."""
    return schema()


__all__ = [
    "Choice", "Day", "DayText", "Fen", "Field", "Flag", "Identifier", "Instant", "Number", "Record", "Schema", "Several", "Text", "Whole",
    "instance_of", "missing",
]  # fmt: skip
