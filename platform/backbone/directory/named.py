"""A name, with how it sounds and how searches see it."""

from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Mapped, mapped_column, validates

from backbone.chinese import fold
from backbone.pinyin import initials, pinyin


class Named:
    """A row with a name: lists sort by pinyin, initials and any spelling find it."""

    name: Mapped[str]
    name_pinyin: Mapped[str] = mapped_column(index=True)
    name_initials: Mapped[str]
    name_folded: Mapped[str]

    @validates("name")
    def _sound(self, key: str, name: str) -> str:
        self.name_pinyin, self.name_initials, self.name_folded = pinyin(name), initials(name), fold(name)
        return name


def is_called(kind: type[Any], typed: str) -> ColumnElement[bool]:
    """Whether the name holds what somebody typed: a part of it in any spelling, or its initials."""
    wanted = fold(typed).strip()
    named: ColumnElement[bool] = kind.name_folded.contains(wanted, autoescape=True)
    return or_(named, kind.name_initials.contains(wanted, autoescape=True))
