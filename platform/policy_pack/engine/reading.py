"""Facts as people and files give them, made into typed facts, or refused with what is wrong with each and what to do.

A key that is left out is unknown, null is known to be absent. Nothing is guessed: a number in quotes, a share of 12 where
12 % is meant, or a label that nobody defined would make a wrong answer look right.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from backbone.errors import Bilingual
from policy_pack.engine.definition import MOST_OF_ALL, NUMERIC, Definition, Kind
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.fact_problems import (
    UNREADABLE,
    FactProblem,
    FactsRefused,
    Unfit,
    brief,
    kind_of,
    shown,
)
from policy_pack.engine.facts import Facts, Gap, Value
from policy_pack.engine.problems import nearest

MOST_DIGITS = 40
MOST_LETTERS = 200
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_facts(stated: Mapping[str, object], dictionary: Mapping[str, Definition] = DICTIONARY) -> Facts:
    """The facts of a mapping such as F.json's: numbers as int, float or Decimal in the key's unit, dates as text.

    A `Gap` is taken as it is. FactsRefused with every problem.
    """
    if not isinstance(stated, Mapping):
        what = Bilingual(
            f"事实须为键值表，而非{kind_of(stated).zh}", f"facts must be a mapping, not {kind_of(stated)}"
        )
        raise FactsRefused(
            [FactProblem("(facts)", what, Bilingual('写作 {"键": 值}', 'write {"key": value}'))]
        )
    found: dict[str, Value | Gap] = {}
    problems = []
    for key, value in stated.items():
        try:
            found[key] = read_fact(key, value, dictionary)
        except Unfit as unfit:
            problems.append(FactProblem(shown(key), unfit.what, unfit.advice))
    if problems:
        raise FactsRefused(problems)
    return Facts(found)


def read_fact(key: str, value: object, dictionary: Mapping[str, Definition] = DICTIONARY) -> Value | Gap:
    """One fact; Unfit where the key or the value is none."""
    if key not in dictionary:
        raise _unknown(key, dictionary)
    if value is None:
        return Gap.ABSENT
    if isinstance(value, Gap):
        return value
    definition = dictionary[key]
    return (
        _number(definition, value)
        if definition.kind in NUMERIC
        else _READERS[definition.kind](definition, value)
    )


def _number(definition: Definition, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _of_another_kind(
            definition,
            value,
            Bilingual("数字", "a number"),
            Bilingual("不加引号，如 2000", "without quotes, such as 2000"),
        )
    number = _decimal(value)
    if not number.is_finite():
        raise Unfit(Bilingual("不是有限的数", "is no finite number"), _LEAVE_OUT)
    _refuse_outside(definition, number)
    if number and (len(number.as_tuple().digits) > MOST_DIGITS or number.adjusted() < -MOST_DIGITS):
        raise Unfit(
            Bilingual(f"超过 {MOST_DIGITS} 位数字", f"has more than {MOST_DIGITS} digits"),
            Bilingual("请舍入后再填", "round it"),
        )
    if definition.kind is Kind.INTEGER and number != number.to_integral_value():
        raise Unfit(
            Bilingual(f"须为整数，而非 {number}", f"must be a whole number, not {number}"),
            Bilingual(f"单位为{definition.unit or '个'}，填整数", "count whole ones"),
        )
    if definition.kind is Kind.INTEGER:
        return number.to_integral_value()
    return number or Decimal(0)


def _decimal(value: float | Decimal) -> Decimal:
    """The number as written: a float by its shortest spelling, 0.1 and not 0.1000…055."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        return Decimal("Infinity")  # Python refuses to spell integers of thousands of digits
    try:
        return Decimal(repr(value))
    except InvalidOperation:  # pragma: no cover - repr of int and float is a number or nan/inf
        return Decimal("NaN")


def _refuse_outside(definition: Definition, number: Decimal) -> None:
    least = -MOST_OF_ALL if definition.least is None else definition.least
    most = MOST_OF_ALL if definition.most is None else definition.most
    if least <= number <= most:
        return
    unit = f" {definition.unit}" if definition.unit else ""
    said = brief(number)
    what = Bilingual(f"{said} 超出范围 {least}–{most}{unit}", f"{said} is outside of {least}–{most}{unit}")
    if definition.kind is Kind.SHARE and most < number <= 100:
        share = number / 100
        raise Unfit(
            what,
            Bilingual(
                f"比例写作小数，{said} % 应写 {share}", f"a share is a decimal: write {share} for {said} %"
            ),
        )
    if number < 0 == least:
        raise Unfit(what, Bilingual("不能为负数", "it cannot be negative"))
    raise Unfit(what, Bilingual(f"检查数值与单位{unit}", f"check the figure and its unit{unit}"))


def _flag(definition: Definition, value: object) -> bool:
    if not isinstance(value, bool):
        raise _of_another_kind(
            definition, value, Bilingual("是或否", "yes or no"), Bilingual("写 true 或 false，不加引号", "write true or false, without quotes")
        )  # fmt: skip
    return value


def _day(definition: Definition, value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        found: date | None = value
    else:
        text = value if isinstance(value, str) else ""
        try:
            found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            found = None
    if found is None:
        advice = Bilingual('写作 "2021-05-20"', 'write "2021-05-20"')
        if not isinstance(value, str):
            raise _of_another_kind(definition, value, Bilingual("日期", "a date"), advice)
        raise Unfit(Bilingual(f"“{shown(value)}”不是日期", f"“{shown(value)}” is no date"), advice)
    if not EARLIEST <= found <= LATEST:
        raise Unfit(
            Bilingual(
                f"{found} 不在 {EARLIEST} 至 {LATEST} 之间", f"{found} is not between {EARLIEST} and {LATEST}"
            ),
            Bilingual("检查年份", "check the year"),
        )
    return found


def _text(definition: Definition, value: object) -> str:
    if not isinstance(value, str):
        raise _of_another_kind(
            definition, value, Bilingual("文字", "a text"), Bilingual("加引号", "put it in quotes")
        )
    text = value.strip()
    if not text or len(text) > MOST_LETTERS or UNREADABLE.search(text):
        raise Unfit(
            Bilingual(
                f"须为 1 至 {MOST_LETTERS} 个可读字符", f"must be 1 to {MOST_LETTERS} readable characters"
            ),
            _LEAVE_OUT,
        )
    return text


def _choice(definition: Definition, value: object) -> str:
    text = _text(definition, value)
    return _known_value(definition, text)


def _set(definition: Definition, value: object) -> frozenset[str]:
    if isinstance(value, str) or not isinstance(value, list | tuple | set | frozenset):
        said = shown(value) if isinstance(value, str) else "…"
        raise _of_another_kind(
            definition, value, Bilingual("列表", "a list"), Bilingual(f'写作 ["{said}"]，没有则写 []', f'write ["{said}"], or [] for none')
        )  # fmt: skip
    return frozenset(_known_value(definition, _text(definition, each)) for each in value)


def _known_value(definition: Definition, text: str) -> str:
    text = dict(definition.also).get(text, text)
    if definition.values and text not in definition.values:
        hint = nearest(text, definition.values)
        known = "、".join(definition.values)
        raise Unfit(
            Bilingual(f"没有“{shown(text)}”这个值{hint.zh}", f"“{shown(text)}” is no value of it{hint}"),
            Bilingual(f"可用：{known}", f"the values are {', '.join(definition.values)}"),
        )
    return text


_READERS: Mapping[Kind, Callable[[Definition, object], Value]] = {
    Kind.FLAG: _flag,
    Kind.DATE: _day,
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.SET: _set,
}
_LEAVE_OUT = Bilingual(
    "不知道就不写这个键，确知没有就写 null", "leave the key out if unknown, write null if there is none"
)


def _unknown(key: object, dictionary: Mapping[str, Definition]) -> Unfit:
    by_label = {definition.label.zh: each for each, definition in dictionary.items()}
    text = str(key)
    if text in by_label:
        return Unfit(
            Bilingual("没有这个键", "is no key"),
            Bilingual(f"“{shown(text)}”的键是 {by_label[text]}", f"its key is {by_label[text]}"),
        )
    hint = nearest(text, list(dictionary))
    return Unfit(
        Bilingual(f"没有这个键{hint.zh}", f"is no key{hint}"),
        Bilingual("键名见 docs/policies.md 或 sanwang policy facts", "docs/policies.md and `sanwang policy facts` list the keys"),
    )  # fmt: skip


def _of_another_kind(definition: Definition, value: object, wanted: Bilingual, advice: Bilingual) -> Unfit:
    given = kind_of(value)
    unit = f"（{definition.unit}）" if definition.unit else ""
    return Unfit(
        Bilingual(f"须为{wanted.zh}{unit}，而非{given.zh}", f"must be {wanted}{definition.unit and f' in {definition.unit}'}, not {given}"),
        advice,
    )  # fmt: skip
