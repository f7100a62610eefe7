"""The amount of a policy file: base, rate or tiers, caps, floor and split, checked for what could not be paid."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from policy_pack.engine.conditions import ConditionReader
from policy_pack.engine.definition import MOST_OF_ALL
from policy_pack.engine.policy import Amount, Benefit, Cap, Floor, Per, Tier
from policy_pack.engine.problems import Fault
from policy_pack.engine.terms import measured
from policy_pack.engine.tree import Term
from policy_pack.engine.written import Fields, number
from policy_pack.engine.yaml_text import Written

_FIELDS = ("benefit", "words", "base", "rate", "tiers", "cap", "floor", "at_most", "split", "cap_per")
_MONEY_UNIT = "万元"


def read_amount(written: Written, conditions: ConditionReader) -> Amount:
    """The amount; Fault, or faults kept in those of the reader, where it contradicts itself."""
    fields = Fields(written, "amount")
    attempt = conditions.faults.attempt
    for stranger in fields.strangers(_FIELDS):
        conditions.faults.note(stranger.line, stranger.text.zh, str(stranger.text))
    base = attempt(_base, fields, conditions) if "base" in fields else None
    tiers = attempt(_tiers, fields) or ()
    caps = (attempt(_caps, fields, conditions) or ()) if "cap" in fields else ()
    floor = attempt(_floor, fields, conditions) if "floor" in fields else None
    attempt(_fits_together, fields, caps, floor)
    benefit = attempt(fields.word, "benefit", Benefit)
    words = attempt(fields.bilingual, "words")
    at_most = attempt(fields.flag, "at_most") if "at_most" in fields else False
    per = attempt(_cap_per, fields) or Per.ITEM
    split = (attempt(_split, fields) or {}) if "split" in fields else {}
    if benefit is None or words is None:
        raise Fault(fields.line, "金额没有读成", "the amount could not be read")
    return Amount(benefit, words, base, tiers, caps, floor, bool(at_most), split, per)


def _fits_together(fields: Fields, caps: tuple[Cap, ...], floor: Floor | None) -> None:
    has_rate = "rate" in fields or "tiers" in fields
    if "rate" in fields and "tiers" in fields:
        raise fields.fault("tiers", "与 rate 只能有一个", "and rate exclude each other")
    if has_rate != ("base" in fields):
        raise fields.fault(
            "base", "须与 rate 或 tiers 同时写明", "must be there together with rate or tiers, or not at all"
        )
    if not has_rate and "cap" not in fields:
        raise Fault(
            fields.line,
            "没有公式也没有上限：未公布的金额不写 amount",
            "has neither a formula nor a cap: what was not published has no amount",
        )
    least = min((cap.most for cap in caps), default=None)
    if floor is not None and least is not None and least < floor.least:
        raise fields.fault(
            "floor", f"{floor.least} 高于上限 {least}", f"{floor.least} lies above the cap of {least}"
        )


def _base(fields: Fields, conditions: ConditionReader) -> Term:
    written = fields.at("base")
    if isinstance(written.value, str):
        whole = Fields(Written(written.line, {"fact": written}), "base")
    else:
        whole = Fields(written, "base")
        whole.expect(("sum",))
    measure = measured(whole, conditions.dictionary)
    if measure.unit != _MONEY_UNIT:
        raise fields.fault(
            "base", f"须为以{_MONEY_UNIT}计的金额，而非 {measure.unit or '无单位'}", f"must be money in {_MONEY_UNIT}, not {measure.unit or 'a bare number'}"
        )  # fmt: skip
    return measure.term


def _tiers(fields: Fields) -> tuple[Tier, ...]:
    if "rate" in fields:
        return (Tier(Decimal(0), None, _rate(fields, "rate")),)
    if "tiers" not in fields:
        return ()
    written = fields.items("tiers")
    tiers = [_tier(Fields(each, "tiers")) for each in written]
    for (lower, upper), at in zip(pairwise(tiers), written[1:], strict=True):
        if lower.to is None:
            raise Fault(
                at.line,
                "前一档没有上界，这一档永远用不到",
                "the tier before has no end: this one is never reached",
            )
        if upper.above < lower.to:
            raise Fault(
                at.line,
                f"两档重叠：前一档到 {lower.to}，这一档从 {upper.above} 起",
                f"tiers overlap: one ends at {lower.to}, the next begins at {upper.above}",
            )
        if upper.above > lower.to:
            raise Fault(
                at.line,
                f"两档之间有空档：{lower.to} 至 {upper.above}",
                f"tiers leave a gap from {lower.to} to {upper.above}",
            )
    return tuple(tiers)


def _tier(fields: Fields) -> Tier:
    fields.expect(("above", "to", "rate"))
    above = fields.number("above")
    to = fields.number("to") if "to" in fields else None
    if above < 0 or (to is not None and to <= above):
        raise fields.fault(
            "to" if "to" in fields else "above",
            f"档位须从小到大：{above} 至 {to}",
            f"must rise from 0 or more: {above} to {to}",
        )
    return Tier(above, to, _rate(fields, "rate"))


def _rate(fields: Fields, name: str) -> Decimal:
    rate = fields.number(name)
    if not 0 < rate <= 1:
        raise fields.fault(
            name,
            f"须大于 0 且不超过 1（10 % 写 0.1），而非 {rate}",
            f"must be above 0 and at most 1 (10 % is 0.1), not {rate}",
        )
    return rate


def _caps(fields: Fields, conditions: ConditionReader) -> tuple[Cap, ...]:
    written = fields.at("cap")
    if isinstance(written.value, str):
        return (Cap(_money(number(written, "cap"), written.line, "cap")),)
    caps: list[Cap] = []
    for each in fields.items("cap"):
        if caps and caps[-1].when is None:
            raise Fault(
                each.line,
                "前一个上限总是适用，这一个永远用不到",
                "the cap before always holds: this one is never reached",
            )
        caps.append(_cap(Fields(each, "cap"), conditions))
    return tuple(caps)


def _cap(fields: Fields, conditions: ConditionReader) -> Cap:
    fields.expect(("when", "most"))
    most = _money(fields.number("most"), fields.line_of("most"), "most")
    return Cap(most, conditions.read(fields.at("when")) if "when" in fields else None)


def _cap_per(fields: Fields) -> Per:
    if "cap_per" not in fields:
        return Per.ITEM
    if "cap" not in fields:
        raise fields.fault("cap_per", "只与 cap 同时写", "goes with a cap")
    return fields.word("cap_per", Per)


def _floor(fields: Fields, conditions: ConditionReader) -> Floor:
    inner = Fields(fields.at("floor"), "floor")
    inner.expect(("least", "unless"))
    least = _money(inner.number("least"), inner.line_of("least"), "least")
    return Floor(least, conditions.read(inner.at("unless")) if "unless" in inner else None)


def _money(value: Decimal, line: int, name: str) -> Decimal:
    if not 0 < value <= MOST_OF_ALL:
        raise Fault(
            line,
            f"{name} 须为大于 0 的金额（{_MONEY_UNIT}），而非 {value}",
            f"{name} must be an amount above 0 ({_MONEY_UNIT}), not {value}",
        )
    return value


def _split(fields: Fields) -> Mapping[str, Decimal]:
    inner = Fields(fields.at("split"), "split")
    shares = {who: _rate(inner, who) for who in inner}
    if sum(shares.values()) != 1:
        total = sum(shares.values())
        raise fields.fault("split", f"合计为 {total}，须为 1", f"adds up to {total}, which must be 1")
    return shares


def published_cap(fields: Fields) -> Decimal:
    """A cap that was published without its formula."""
    return _money(fields.number("published_cap"), fields.line_of("published_cap"), "published_cap")
