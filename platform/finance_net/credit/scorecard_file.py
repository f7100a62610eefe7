"""A scorecard's file, YAML or JSON: read whole, or refused with every fault, its line, and what to do. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise

from backbone.errors import Bilingual
from finance_net.credit.published import shapes
from finance_net.credit.scorecard import MOST_POINTS, Band, Condition, Group, Indicator, Scorecard
from policy_pack.engine.problems import Fault, Faults, PackRefused
from policy_pack.engine.written import Fields
from policy_pack.engine.yaml_text import Written, compose

CARD = (
    "key",
    "title",
    "since",
    "until",
    "source",
    "source_as_of",
    "shape",
    "whole",
    "dimensions",
    "groups",
    "indicators",
)
GROUP, CONDITION = ("key", "title", "when"), ("reads", "least", "below")
INDICATOR, BAND = ("key", "title", "dimension", "reads", "better", "weights", "bands"), ("from", "points")
LONGEST = 64
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)
"""As everywhere: `backbone.fields`, which a pure module does not import."""


class ScorecardRefused(PackRefused):
    """A file that is no scorecard; nothing of it is kept."""

    code = "scorecard_invalid"
    title = Bilingual("评分卡文件有误，没有载入任何内容", "The scorecard is not valid; nothing was loaded")
    advice = Bilingual(
        "按所列行逐项修改后重试，写法见 docs/credit.md", "Correct the listed lines; docs/credit.md says how"
    )


def read_scorecard(text: str, file: str) -> Scorecard:
    """The card that the text says; raises ScorecardRefused with every problem."""
    faults = Faults(file)
    card = faults.attempt(_card, text, faults)
    if faults.found or card is None:
        raise ScorecardRefused(faults.found)
    return card


def _card(text: str, faults: Faults) -> Scorecard | None:
    fields = Fields(compose(text, faults), "scorecard")
    for stranger in fields.strangers(CARD):
        faults.note(stranger.line, stranger.text.zh, str(stranger.text))
    dimensions = faults.attempt(_dimensions, fields)
    groups = faults.attempt(_groups, fields, faults)
    whole = faults.attempt(_positive, fields, "whole")
    head = faults.attempt(_head, fields)
    if dimensions is None or groups is None or whole is None:
        return None
    indicators = faults.attempt(_indicators, fields, faults, dimensions, tuple(each.key for each in groups))
    if indicators is None or head is None or faults.found:
        return None
    faults.attempt(_require_whole, fields, groups, indicators, whole)
    return Scorecard(whole=whole, dimensions=dimensions, groups=groups, indicators=indicators, **head)  # type: ignore[arg-type]  # each by its field's own reader


def _head(fields: Fields) -> dict[str, object]:
    since, until = _day(fields, "since"), _day(fields, "until") if "until" in fields else None
    if until is not None and until < since:
        raise fields.fault(
            "until", f"早于 since（{since}），请改正其一", f"lies before since, {since}: correct one of them"
        )
    shape = fields.text("shape") if "shape" in fields else None
    if shape is not None and shape not in shapes():
        known = "、".join(shapes())
        raise fields.fault(
            "shape", f"须为 {known} 之一，或不写", f"must be one of {', '.join(shapes())}, or be left out"
        )
    return {
        "key": _key(fields, "key"), "title": fields.bilingual("title"), "since_on": since, "until_on": until,
        "source": fields.text("source"), "source_as_of_on": _day(fields, "source_as_of"), "shape": shape,
    }  # fmt: skip


def _day(fields: Fields, name: str) -> date:
    """A day that the platform can say back: what lies further off is a slip of the pen."""
    value = fields.day(name)
    if not EARLIEST <= value <= LATEST:
        raise fields.fault(
            name,
            f"须在 {EARLIEST} 至 {LATEST} 之间，而非 {value}",
            f"must lie from {EARLIEST} to {LATEST}, not {value}",
        )
    return value


def _key(fields: Fields, name: str) -> str:
    value = fields.text(name)
    if len(value) > LONGEST:
        raise fields.fault(name, f"超过 {LONGEST} 字，请缩短", f"is over {LONGEST} characters: shorten it")
    return value


def _positive(fields: Fields, name: str) -> Decimal:
    value = fields.number(name)
    if value <= 0 or value != round(value, 2):
        raise fields.fault(name, "须为正数，至多两位小数", "must be above 0, with two decimals at most")
    return value


def _dimensions(fields: Fields) -> Mapping[str, Bilingual]:
    found: dict[str, Bilingual] = {}
    for written in fields.items("dimensions"):
        entry = Fields(written, "dimension")
        entry.expect(("key", "title"))
        found[_once(entry, found)] = entry.bilingual("title")
    return found


def _once(entry: Fields, known: Mapping[str, object]) -> str:
    key = _key(entry, "key")
    if key in known:
        raise entry.fault("key", f"{key} 重复，请改名", f"{key} is given twice: rename one")
    return key


def _groups(fields: Fields, faults: Faults) -> tuple[Group, ...]:
    found: dict[str, Group] = {}
    written = fields.items("groups")
    for position, each in enumerate(written, 1):
        entry = Fields(each, "group")
        entry.expect(GROUP)
        key = _once(entry, found)
        is_last = position == len(written)
        if is_last and "when" in entry:
            raise entry.fault(
                "when",
                "最后一组不能有条件：其余企业都归它，请删去",
                "may not stand in the last group, which takes all others: remove it",
            )
        if not is_last and "when" not in entry:
            raise Fault(
                entry.line,
                f"组 {key} 缺少 when；只有最后一组没有条件",
                f"group {key} lacks when; only the last has no condition",
            )
        when = () if is_last else tuple(_condition(one) for one in entry.items("when"))
        group = Group(key, entry.bilingual("title"), when)
        _require_reachable(entry, group, found)
        found[key] = group
    return tuple(found.values())


def _require_reachable(entry: Fields, group: Group, before: Mapping[str, Group]) -> None:
    """A stage that no enterprise can come to was written by mistake, and its weights would never count."""
    if empty := next((span for span in group.spans.values() if span.is_empty), None):
        raise entry.fault(
            "when",
            f"组 {group.key} 的条件互相矛盾：须不小于 {empty.least} 且小于 {empty.below}",
            f"of group {group.key} contradicts itself: at least {empty.least} and below {empty.below}",
        )
    if covers := next((each.key for each in before.values() if each.takes_all_of(group)), None):
        raise entry.fault(
            "when",
            f"组 {group.key} 的企业都已归入前面的组 {covers}，永远不会用到，请改正条件或顺序",
            f"of group {group.key} is never reached: group {covers} before it takes all of them; change the limits or the order",
        )


def _condition(written: Written) -> Condition:
    entry = Fields(written, "condition")
    entry.expect(CONDITION)
    least, below = (entry.number(name) if name in entry else None for name in ("least", "below"))
    if least is None and below is None:
        raise Fault(entry.line, "条件须有 least 或 below", "a condition needs least or below")
    if least is not None and below is not None and least >= below:
        raise entry.fault("below", f"须大于 least（{least}）", f"must be above least, {least}")
    return Condition(_key(entry, "reads"), least, below)


def _indicators(
    fields: Fields, faults: Faults, dimensions: Mapping[str, Bilingual], groups: tuple[str, ...]
) -> tuple[Indicator, ...]:
    found: dict[str, Indicator] = {}
    for written in fields.items("indicators"):
        indicator = faults.attempt(_indicator, written, dimensions, groups, found)
        if indicator is not None:
            found[indicator.key] = indicator
    return tuple(found.values())


def _indicator(
    written: Written,
    dimensions: Mapping[str, Bilingual],
    groups: tuple[str, ...],
    known: Mapping[str, object],
) -> Indicator:
    entry = Fields(written, "indicator")
    entry.expect(INDICATOR)
    key = _once(entry, known)
    dimension = entry.text("dimension")
    if dimension not in dimensions:
        raise entry.fault(
            "dimension",
            f"没有维度 {dimension}；可用：{'、'.join(dimensions)}",
            f"names no dimension of the card; there are {', '.join(dimensions)}",
        )
    better = entry.text("better")
    if better not in ("more", "less"):
        raise entry.fault(
            "better", "须为 more（越大越好）或 less（越小越好）", "must be more or less: which is better"
        )
    return Indicator(
        key, entry.bilingual("title"), dimension, _key(entry, "reads") if "reads" in entry else key,
        _weights(entry, groups), _bands(entry, is_more=better == "more"),
    )  # fmt: skip


def _weights(entry: Fields, groups: tuple[str, ...]) -> Mapping[str, Decimal]:
    weights = Fields(entry.at("weights"), "weights")
    weights.expect(groups)
    return {group: _positive(weights, group) for group in groups if group in weights}


def _bands(entry: Fields, *, is_more: bool) -> tuple[Band, ...]:
    bands = []
    for position, written in enumerate(entry.items("bands")):
        band = Fields(written, "band")
        band.expect(BAND)
        if (position == 0) == ("from" in band):
            raise Fault(
                band.line,
                "第一档不写 from（含以下全部数值），其余各档须写",
                "the first band has no from (it takes all that is lower), every other needs one",
            )
        points = band.whole("points")
        if not 0 <= points <= MOST_POINTS:
            raise band.fault("points", f"须为 0 至 {MOST_POINTS}", f"must be from 0 to {MOST_POINTS}")
        bands.append((band, Band(band.number("from") if position else None, points)))
    for (_, lower), (fields, upper) in pairwise(bands):
        if lower.least is not None and upper.least is not None and upper.least <= lower.least:
            raise fields.fault(
                "from",
                f"须大于上一档的 {lower.least}，请按从小到大排列",
                f"must be above the {lower.least} before it: sort the bands",
            )
        if upper.points < lower.points if is_more else upper.points > lower.points:
            zh, en = (
                ("越大越好，分值不能下降", "more is better: points may not fall")
                if is_more
                else ("越小越好，分值不能上升", "less is better: points may not rise")
            )
            raise fields.fault(
                "points", f"{lower.points} → {upper.points}：{zh}", f"{lower.points} → {upper.points}: {en}"
            )
    return tuple(band for _, band in bands)


def _require_whole(
    fields: Fields, groups: tuple[Group, ...], indicators: tuple[Indicator, ...], whole: Decimal
) -> None:
    for group in groups:
        total = sum((each.weights[group.key] for each in indicators if group.key in each.weights), Decimal(0))
        if total != whole:
            raise fields.fault(
                "indicators", f"组 {group.key} 的权重合计 {total}，应为 {whole}（相差 {whole - total}），请调整权重或 whole",
                f"have weights that add up to {total} in group {group.key} instead of {whole} ({whole - total} off): change weights or whole",
            )  # fmt: skip
