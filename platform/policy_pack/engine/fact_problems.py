"""What is wrong with facts: said per key in both languages, with what to do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from backbone.errors import Bilingual, Invalid

UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""What no text of a fact may hold, and no message may show."""


@dataclass(frozen=True)
class FactProblem:
    """One fact that cannot be taken: what is wrong with it, and what to do; `file` where it was read of one."""

    key: str
    what: Bilingual
    advice: Bilingual
    file: str = ""

    @property
    def where(self) -> str:
        """File and key, as a person finds them: F.json revenue."""
        return f"{self.file} {self.key}".strip()

    def sentence(self) -> Bilingual:
        """Both, behind the place."""
        return Bilingual(
            f"{self.where}：{self.what.zh}；{self.advice.zh}", f"{self.where}: {self.what}; {self.advice}"
        )


class FactsRefused(Invalid):
    """Facts that cannot be taken; none of them is. `problems` in the order of the facts."""

    code = "facts_invalid"
    title = Bilingual("事实有误", "The facts are not valid")
    advice = Bilingual("按 errors 逐项修改后重试", "Correct the listed facts and try again")

    def __init__(self, problems: Sequence[FactProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__([
            {"field": each.key, "problem": Bilingual(f"{each.what.zh}；{each.advice.zh}", f"{each.what}; {each.advice}")}
            for each in problems
        ])  # fmt: skip

    def in_both_languages(self) -> str:
        """Every problem, each in Chinese and in English."""
        return "\n".join(f"{said.zh}\n{said}" for said in (each.sentence() for each in self.problems))


class Unfit(Exception):
    """A value that is none for its key."""

    def __init__(self, what: Bilingual, advice: Bilingual) -> None:
        super().__init__(str(what))
        self.what, self.advice = what, advice


def kind_of(value: object) -> Bilingual:
    """What a value is, for a person."""
    match value:
        case None:
            return Bilingual("空值", "nothing")
        case bool():
            return Bilingual("布尔值", "a boolean")
        case int() | float() | Decimal():
            return Bilingual("数字", "a number")
        case str():
            return Bilingual(f"文字“{shown(value)}”", f"the text “{shown(value)}”")
        case list() | tuple() | set() | frozenset():
            return Bilingual("列表", "a list")
        case Mapping():
            return Bilingual("嵌套的对象", "a nested object")
    return Bilingual("其他类型的值", f"a {type(value).__name__}")


def shown(value: object) -> str:
    """The value, short enough for a line and without what a terminal would obey."""
    text = UNREADABLE.sub("�", str(value))
    return text if len(text) <= 40 else text[:39] + "…"


def brief(number: Decimal) -> str:
    """A number, short enough for a line."""
    return str(number) if len(str(number)) <= 20 else f"{number:.3e}"
