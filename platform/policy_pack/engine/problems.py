"""What is wrong with a file of the pack: where, in which clause, and what to do. Every problem is said, not the first alone."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ParamSpec, TypeVar

from backbone.errors import Bilingual, Invalid

_Asked = ParamSpec("_Asked")
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `line` counts from 1; `clause` is the clause's id, or "amount", where the fault lies in one."""

    file: str
    line: int
    clause: str | None
    text: Bilingual

    @property
    def where(self) -> str:
        """File, line and clause, as an editor finds them: P03.yaml:12 P3.2."""
        return f"{self.file}:{self.line}" + (f" {self.clause}" if self.clause else "")

    def sentence(self) -> Bilingual:
        """The problem behind its place."""
        return Bilingual(f"{self.where}：{self.text.zh}", f"{self.where}: {self.text}")


class PackRefused(Invalid):
    """Files that are no pack; nothing of them is loaded. `problems` in the order of the files and lines."""

    code = "pack_invalid"
    title = Bilingual("政策文件有误，没有载入任何内容", "The policy files are not valid; nothing was loaded")
    advice = Bilingual(
        "按 errors 逐项修改后重试，写法见 docs/policies.md",
        "Correct the listed places; docs/policies.md says how",
    )

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__([
            {"field": each.where, "file": each.file, "line": each.line, "clause": each.clause, "problem": each.text}
            for each in problems
        ])  # fmt: skip

    def in_both_languages(self) -> str:
        """Every problem, each in Chinese and in English."""
        return "\n".join(f"{said.zh}\n{said}" for said in (each.sentence() for each in self.problems))


class Fault(Exception):
    """What is wrong at a line, on its way to the `Faults` of the file."""

    def __init__(self, line: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.line, self.text = line, Bilingual(zh, en)


class Faults:
    """The problems of one file, collected while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []
        self._clause: str | None = None

    @contextmanager
    def within(self, clause: str | None) -> Iterator[None]:
        """What is found meanwhile lies in this clause."""
        before, self._clause = self._clause, clause
        try:
            yield
        finally:
            self._clause = before

    def note(self, line: int, zh: str, en: str) -> None:
        """Keep a problem."""
        self.found.append(Problem(self.file, line, self._clause, Bilingual(zh, en)))

    def attempt(
        self, read: Callable[_Asked, _Read], *given: _Asked.args, **named: _Asked.kwargs
    ) -> _Read | None:
        """What `read` makes of what is given; None where it finds a fault, which is kept."""
        try:
            return read(*given, **named)
        except Fault as fault:
            self.note(fault.line, fault.text.zh, str(fault.text))
            return None


def nearest(wrong: str, known: Sequence[str], *, most: int = 3) -> Bilingual:
    """A hint at what may have been meant; empty where nothing is near."""
    near = get_close_matches(wrong, known, n=most, cutoff=0.6)
    if not near:
        return Bilingual("", "")
    return Bilingual(f"；是否为 {'、'.join(near)}？", f"; did you mean {', '.join(near)}?")
