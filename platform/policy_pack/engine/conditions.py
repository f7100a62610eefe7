"""The conditions of a policy file, read and type-checked against the dictionary of facts."""

from collections.abc import Callable, Mapping

from policy_pack.engine.definition import Definition, Kind
from policy_pack.engine.problems import Fault, Faults, nearest
from policy_pack.engine.terms import TERMS, known, measured
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Between,
    Compare,
    Condition,
    Flag,
    Has,
    Leaf,
    Not,
    OneOf,
    Sign,
    Within,
    WithinYearsAfter,
    YearsBefore,
)
from policy_pack.engine.written import Fields, items
from policy_pack.engine.yaml_text import Written

SIGNS = tuple(str(sign) for sign in Sign)
AGES = (str(Sign.AT_LEAST), str(Sign.BELOW), str(Sign.AT_MOST))
MOST_YEARS = 200
_WINDOW = ("from", "to")
_JOINTS = ("all", "any", "not")


class ConditionReader:
    """Reads conditions; a faulty part is kept in `faults` and left out, so that the others are looked at too."""

    def __init__(self, dictionary: Mapping[str, Definition], faults: Faults) -> None:
        self.dictionary, self.faults = dictionary, faults

    def read(self, written: Written) -> Condition:
        """A condition; Fault where it is none."""
        fields = Fields(written, "condition")
        joint = [name for name in _JOINTS if name in fields]
        if not joint:
            return self._leaf(fields)
        fields.expect(joint[:1])
        if joint[0] == "not":
            return Not(self.read(fields.at("not")))
        parts = (self.faults.attempt(self.read, part) for part in items(fields.at(joint[0]), joint[0]))
        whole = tuple(part for part in parts if part is not None)
        return All(whole) if joint[0] == "all" else AnyOf(whole)

    def _leaf(self, fields: Fields) -> Condition:
        subject = [name for name in TERMS if name in fields]
        asked = [name for name in fields if name not in (*TERMS, "unit")]
        if len(subject) != 1 or not asked:
            raise Fault(
                fields.line,
                f"条件须为 all、any、not，或 {'、'.join(TERMS)} 之一加一个比较",
                f"a condition is all, any, not, or one of {', '.join(TERMS)} with a comparison",
            )
        fields.expect((*TERMS, "unit", *SIGNS, *_OF_KIND))
        if not set(asked) <= set(SIGNS):
            return self._of_kind(fields, asked)
        if len(asked) > 1:
            raise fields.fault(asked[1], "一个条件只能有一个比较", "is a second comparison in one condition")
        return self._compare(fields, asked[0])

    def _compare(self, fields: Fields, sign: str) -> Compare:
        measure = measured(fields, self.dictionary)
        number = fields.number(sign)
        least, most = measure.least, measure.most
        if measure.is_share and number > most:
            raise fields.fault(
                sign,
                f"为 {number}：比例写作小数，{number} % 应写 {number / 100}",
                f"is {number}: a share is a decimal, write {number / 100} for {number} %",
            )
        if not least <= number <= most:
            raise fields.fault(
                sign,
                f"为 {number}，超出该事实的范围 {least}–{most}",
                f"is {number}, outside of the fact's range {least}–{most}",
            )
        return Compare(measure.term, Sign(sign), number)

    def _of_kind(self, fields: Fields, asked: list[str]) -> Condition:
        if "fact" not in fields:
            raise fields.fault(asked[0], "只能用于单个事实（fact）", "goes with a single fact alone")
        key = fields.text("fact")
        definition = known(fields.line_of("fact"), key, self.dictionary)
        name = next(each for each in asked if each in _OF_KIND)
        kinds, read = _OF_KIND[name]
        if definition.kind not in kinds:
            raise fields.fault(
                name,
                f"不能用于 {key}：它的类型是 {definition.kind}",
                f"does not go with {key}, which is of type {definition.kind}",
            )
        if "unit" in fields:
            raise fields.fault("unit", "只用于数值比较", "goes with comparisons of numbers alone")
        fields.expect(("fact", *(_WINDOW if name in _WINDOW else (name,))))
        return read(fields, definition)


def _flag(fields: Fields, definition: Definition) -> Leaf:
    return Flag(definition.key, fields.flag("yes"))


def _values(fields: Fields, name: str, definition: Definition) -> frozenset[str]:
    values = fields.texts(name)
    for value in values:
        if definition.values and value not in definition.values:
            hint = nearest(value, definition.values)
            raise fields.fault(
                name,
                f"含 {value}，不是 {definition.key} 的值{hint.zh}；可用：{'、'.join(definition.values)}",
                f"names {value}, no value of {definition.key}{hint}; there are {', '.join(definition.values)}",
            )
    return frozenset(values)


def _one_of(fields: Fields, definition: Definition) -> Leaf:
    return OneOf(definition.key, _values(fields, "in", definition))


def _has(fields: Fields, definition: Definition) -> Leaf:
    return Has(definition.key, _values(fields, "has", definition))


def _lacks(fields: Fields, definition: Definition) -> Condition:
    return Not(Has(definition.key, _values(fields, "lacks", definition)))


def _within(fields: Fields, definition: Definition) -> Leaf:
    return Within(definition.key, fields.text("within"))


def _between(fields: Fields, definition: Definition) -> Leaf:
    first, last = (fields.day(name) if name in fields else None for name in _WINDOW)
    if first is not None and last is not None and first > last:
        raise fields.fault("to", f"{last} 早于 from {first}", f"{last} is before from {first}")
    return Between(definition.key, first, last)


def _years_before(fields: Fields, definition: Definition) -> Leaf:
    asked = Fields(fields.at("years_before"), "years_before")
    asked.expect(AGES)
    signs = [sign for sign in AGES if sign in asked]
    if len(signs) != 1:
        raise Fault(
            asked.line,
            f"years_before 须为 {'、'.join(AGES)} 之一",
            f"years_before must have one of {', '.join(AGES)}",
        )
    return YearsBefore(definition.key, Sign(signs[0]), _years(asked, signs[0]))


def _within_years_after(fields: Fields, definition: Definition) -> Leaf:
    return WithinYearsAfter(definition.key, _years(fields, "within_years_after"))


def _years(fields: Fields, name: str) -> int:
    years = fields.whole(name)
    if not 0 <= years <= MOST_YEARS:
        raise fields.fault(name, f"须为 0 至 {MOST_YEARS} 年", f"must be 0 to {MOST_YEARS} years")
    return years


_DAYS = frozenset({Kind.DATE})
_SETS = frozenset({Kind.SET})
_OF_KIND: Mapping[str, tuple[frozenset[Kind], Callable[[Fields, Definition], Condition]]] = {
    "yes": (frozenset({Kind.FLAG}), _flag),
    "in": (frozenset({Kind.CHOICE, Kind.TEXT}), _one_of),
    "has": (_SETS, _has),
    "lacks": (_SETS, _lacks),
    "within": (frozenset({Kind.TEXT}), _within),
    "from": (_DAYS, _between),
    "to": (_DAYS, _between),
    "years_before": (_DAYS, _years_before),
    "within_years_after": (_DAYS, _within_years_after),
}
