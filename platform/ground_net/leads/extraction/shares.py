"""Targets said as a share of today's value: 功耗降一半 with 1.8 W today is at most 0.9 W."""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ground_net.leads.extraction import naming
from ground_net.leads.extraction.fields import AT_LEAST, AT_MOST, DOWN, NOW, TARGET, ProposedIndicator
from ground_net.leads.extraction.reading import Note

_DIGITS = dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_SHARE = re.compile(
    r"(?P<half>(?:降|减|缩|省|砍|压|少)(?:低|少|短|下来?|掉|小)?(?:到|成)?(?:原来的?|现在的?)?(?:一半|1/2)|减半|砍半|对半砍)"
    r"|(?:降|减|缩|压|砍)(?:低|少|短)?(?:到|成|为|至)(?:原来|现在)?的?(?P<of>[二三四五六七八九十])分之(?P<part>[一二三四五六七八九])"
    r"|(?P<twice>翻一?番|翻倍|(?:提高|提升|增加|涨|多)(?:了)?一倍)"
)


def of_today(
    note: Note, proposed: Sequence[ProposedIndicator], taken: Sequence[tuple[int, int]]
) -> list[ProposedIndicator]:
    """One for each such target whose name has a value today; a half without one is a change of 50 %."""
    found = (_share(note, each, proposed) for each in _SHARE.finditer(note.plain))
    return [each for each in found if each is not None]


def _share(
    note: Note, found: re.Match[str], proposed: Sequence[ProposedIndicator]
) -> ProposedIndicator | None:
    clause = note.clause_at(found.start())
    evidence = note.evidence(found.start(), found.end())
    name = naming.quantity_in(note.plain[clause.start : found.start()])
    today = [
        each
        for each in proposed
        if each.kind == NOW and each.value is not None and each.evidence.start < evidence.start
    ]
    same = [each for each in today if each.name == name] or (
        []
        if name
        else [
            each for each in today[-1:] if naming.better(each.name) == ("high" if found["twice"] else "low")
        ]
    )
    if same and same[-1].value is not None:
        value = same[-1].value * _factor(found)
        relation = AT_LEAST if found["twice"] else AT_MOST
        return replace(same[-1], kind=TARGET, relation=relation, value=value, change=None, evidence=evidence)
    if name is None or not found["half"]:
        return None
    return ProposedIndicator(TARGET, name, AT_LEAST, Fraction(50), None, None, "%", None, DOWN, evidence)


def _factor(found: re.Match[str]) -> Fraction:
    if found["of"]:
        return Fraction(_DIGITS[found["part"]], _DIGITS.get(found["of"], 10))
    return Fraction(2) if found["twice"] else Fraction(1, 2)
