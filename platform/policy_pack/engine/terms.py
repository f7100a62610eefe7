"""The terms of a policy file: facts that are numbers, their sums, means and ratios, checked for one unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from policy_pack.engine.definition import MOST_OF_ALL, NUMERIC, Definition, Kind
from policy_pack.engine.problems import Fault, nearest
from policy_pack.engine.tree import Mean, Quantity, Ratio, Sum, Term
from policy_pack.engine.written import Fields, items, text
from policy_pack.engine.yaml_text import Written

_ZERO = Decimal(0)
TERMS = ("fact", "sum", "mean", "ratio")
SHARES_AT_MOST = Decimal(2)
"""A ratio of like things beside more than this is a percentage that was not written as a decimal."""


@dataclass(frozen=True)
class Measure:
    """A term with its unit and the range it can have; `is_share` where 1 is 100 %."""

    term: Term
    unit: str
    least: Decimal
    most: Decimal
    is_share: bool = False


def known(line: int, key: str, dictionary: Mapping[str, Definition]) -> Definition:
    """The definition of a fact; Fault for one that nobody can know."""
    if key not in dictionary:
        hint = nearest(key, list(dictionary))
        raise Fault(
            line,
            f"事实字典中没有 {key}，谁也无法得知它{hint.zh}",
            f"{key} is not in the dictionary of facts: nobody can know it{hint}",
        )
    return dictionary[key]


def measured(fields: Fields, dictionary: Mapping[str, Definition]) -> Measure:
    """The term of a comparison; Fault where it is none, mixes units, or is in another unit than the one that is named."""
    name = next(each for each in TERMS if each in fields)
    measure = _measure(name, fields.at(name), dictionary)
    if "unit" in fields and fields.text("unit") != measure.unit:
        wanted = measure.unit or "-"
        raise fields.fault(
            "unit",
            f"为 {fields.text('unit')}，该事实的单位是 {wanted}",
            f"is {fields.text('unit')}, and the fact's unit is {wanted}",
        )
    return measure


def _measure(name: str, written: Written, dictionary: Mapping[str, Definition]) -> Measure:
    if name == "ratio":
        return _ratio(written, dictionary)
    if name == "fact":
        definition = _numeric(written, dictionary)
        is_share = definition.kind is Kind.SHARE
        return Measure(Quantity(definition.key), definition.unit, *_range(definition), is_share)
    return _together(name, written, dictionary)


def _together(name: str, written: Written, dictionary: Mapping[str, Definition]) -> Measure:
    """A sum or a mean: of facts of one unit, each once."""
    members = [_numeric(each, dictionary) for each in items(written, name)]
    keys = [member.key for member in members]
    if len(keys) < 2 or len(set(keys)) < len(keys):
        raise Fault(
            written.line, f"{name} 须有至少两个不同的事实", f"{name} needs two or more different facts"
        )
    units = {(member.unit, member.kind is Kind.SHARE) for member in members}
    if len(units) > 1:
        raise Fault(
            written.line,
            f"{name} 的单位不一致：{'、'.join(f'{each.key}（{each.unit or each.kind}）' for each in members)}",
            f"{name} mixes units: {', '.join(f'{each.key} ({each.unit or each.kind})' for each in members)}",
        )
    quantities = tuple(Quantity(key) for key in keys)
    lows, highs = zip(*map(_range, members), strict=True)
    if name == "mean":
        return Measure(Mean(quantities), members[0].unit, min(lows), max(highs))
    return Measure(Sum(quantities), members[0].unit, sum(lows, _ZERO), sum(highs, _ZERO))


def _ratio(written: Written, dictionary: Mapping[str, Definition]) -> Measure:
    sides = items(written, "ratio")
    if len(sides) != 2:
        raise Fault(
            written.line, "ratio 须有两项：被除数与除数", "ratio needs two: what is divided, and by what"
        )
    over, under = (_side(side, dictionary) for side in sides)
    if over.term == under.term:
        raise Fault(written.line, "ratio 的两项相同", "both sides of ratio are the same")
    is_share = over.unit == under.unit
    unit = "" if is_share else f"{over.unit}/{under.unit}"
    least = -MOST_OF_ALL if over.least < 0 else _ZERO
    if isinstance(over.term, Quantity | Sum) and isinstance(under.term, Quantity | Sum):
        return Measure(
            Ratio(over.term, under.term), unit, least, SHARES_AT_MOST if is_share else MOST_OF_ALL, is_share
        )
    raise Fault(written.line, "ratio 只能由事实或 sum 组成", "ratio takes facts and sums alone")


def _range(definition: Definition) -> tuple[Decimal, Decimal]:
    least = -MOST_OF_ALL if definition.least is None else definition.least
    return least, MOST_OF_ALL if definition.most is None else definition.most


def _side(written: Written, dictionary: Mapping[str, Definition]) -> Measure:
    if isinstance(written.value, str):
        return _measure("fact", written, dictionary)
    fields = Fields(written, "ratio")
    fields.expect(("sum",))
    return _measure("sum", fields.at("sum"), dictionary)


def _numeric(written: Written, dictionary: Mapping[str, Definition]) -> Definition:
    definition = known(written.line, text(written, "fact"), dictionary)
    if definition.kind not in NUMERIC:
        raise Fault(
            written.line,
            f"{definition.key} 的类型是 {definition.kind}，不能与数字比较或计算",
            f"{definition.key} is of type {definition.kind}: it cannot be compared or reckoned with numbers",
        )
    return definition
