"""The fields of a policy file, each read as what it must be, or refused with its line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from backbone.errors import Bilingual
from policy_pack.engine.fact_problems import shown
from policy_pack.engine.problems import Fault, nearest
from policy_pack.engine.yaml_text import Written

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_Word = TypeVar("_Word", bound=StrEnum)


class Fields:
    """One mapping of the file."""

    def __init__(self, written: Written, what: str) -> None:
        if not isinstance(written.value, Mapping):
            raise Fault(written.line, f"{what} 须为键值表", f"{what} must be a mapping")
        self.line, self.what = written.line, what
        self._values: Mapping[str, Written] = written.value

    def __contains__(self, name: str) -> bool:
        """Whether something is written there; null is nothing."""
        return name in self._values and not self._values[name].is_nothing

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def at(self, name: str) -> Written:
        """What is written there; Fault where it is missing."""
        if name not in self:
            raise Fault(self.line, f"{self.what} 缺少 {name}", f"{self.what} lacks {name}")
        return self._values[name]

    def line_of(self, name: str) -> int:
        """The line of a field, or that of the mapping where the field is missing."""
        return self._values[name].line if name in self._values else self.line

    def fault(self, name: str, zh: str, en: str) -> Fault:
        """A fault of one field."""
        return Fault(self.line_of(name), f"{name} {zh}", f"{name} {en}")

    def strangers(self, known: Sequence[str]) -> list[Fault]:
        """Names that are none of these: a misspelt one would silently leave a rule out."""
        return [self._stranger(name, known) for name in self._values if name not in known]

    def expect(self, known: Sequence[str]) -> None:
        """No stranger."""
        for stranger in self.strangers(known):
            raise stranger

    def text(self, name: str) -> str:
        """A text that is not empty."""
        return text(self.at(name), name)

    def bilingual(self, name: str) -> Bilingual:
        """{zh: …, en: …}"""
        return bilingual(self.at(name), name)

    def number(self, name: str) -> Decimal:
        """A number as it stands, with all its digits."""
        return number(self.at(name), name)

    def whole(self, name: str) -> int:
        """A whole number."""
        value = self.number(name)
        if value != int(value):
            raise self.fault(name, f"须为整数，而非 {value}", f"must be a whole number, not {value}")
        return int(value)

    def flag(self, name: str) -> bool:
        """True or false."""
        return flag(self.at(name), name)

    def day(self, name: str) -> date:
        """A date such as 2026-03-13."""
        return day(self.at(name), name)

    def word(self, name: str, words: type[_Word]) -> _Word:
        """One of the words of an enumeration."""
        value, known = self.text(name), [str(each) for each in words]
        if value not in known:
            raise self.fault(
                name,
                f"须为 {'、'.join(known)} 之一，而非 {value}",
                f"must be one of {', '.join(known)}, not {value}",
            )
        return words(value)

    def items(self, name: str) -> tuple[Written, ...]:
        """The members of a list that is not empty."""
        return items(self.at(name), name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, none twice."""
        found = tuple(text(each, name) for each in self.items(name))
        if len(set(found)) < len(found):
            raise self.fault(name, "有重复的值", "names a value twice")
        return found

    def _stranger(self, name: str, known: Sequence[str]) -> Fault:
        hint = nearest(name, known)
        return Fault(
            self._values[name].line,
            f"{self.what} 没有 {name} 这一项{hint.zh or '；可用：' + '、'.join(known)}",
            f"{self.what} has no field {name}{str(hint) or '; there are ' + ', '.join(known)}",
        )


def text(written: Written, name: str) -> str:
    """A text that is not empty; a list or a mapping is none."""
    if not isinstance(written.value, str) or written.is_nothing or not written.value.strip():
        raise Fault(written.line, f"{name} 须为非空文字", f"{name} must be a text that is not empty")
    return written.value.strip()


def bilingual(written: Written, name: str) -> Bilingual:
    """A text in both languages."""
    fields = Fields(written, name)
    if fields.strangers(("zh", "en")):
        raise Fault(
            written.line,
            f"{name} 须为 {{zh: …, en: …}}；含逗号的文字要加引号",
            f"{name} must be {{zh: …, en: …}}; a text with a comma needs quotes",
        )
    return Bilingual(fields.text("zh"), fields.text("en"))


def items(written: Written, name: str) -> tuple[Written, ...]:
    """A list that is not empty."""
    if not isinstance(written.value, tuple) or not written.value:
        raise Fault(written.line, f"{name} 须为非空列表 […]", f"{name} must be a list […] that is not empty")
    return written.value


def number(written: Written, name: str) -> Decimal:
    """A plain decimal number: no quotes, no thousands separators, no exponent, no percent sign."""
    value = written.value
    if not isinstance(value, str) or written.is_quoted or not _NUMBER.fullmatch(value):
        said = shown(value) if isinstance(value, str) else "…"
        raise Fault(
            written.line,
            f"{name} 须为数字，如 2000 或 0.05（5 % 写作 0.05，不加引号、逗号、单位），而非 {said}",
            f"{name} must be a number such as 2000 or 0.05 (5 % is 0.05; no quotes, commas or units), not {said}",
        )
    return Decimal(value)


def flag(written: Written, name: str) -> bool:
    """True or false, without quotes: yes, on and 1 are refused, because people read them differently."""
    if written.is_quoted or written.value not in ("true", "false"):
        raise Fault(written.line, f"{name} 须为 true 或 false", f"{name} must be true or false")
    return written.value == "true"


def day(written: Written, name: str) -> date:
    """A day that the calendar has, written in full."""
    try:
        if isinstance(written.value, str) and _DAY.fullmatch(written.value):
            return date.fromisoformat(written.value)
    except ValueError:
        pass
    said = shown(written.value) if isinstance(written.value, str) else "…"
    raise Fault(
        written.line,
        f"{name} 须为日期，如 2026-03-13，而非 {said}",
        f"{name} must be a date such as 2026-03-13, not {said}",
    )
