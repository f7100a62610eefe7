"""How complex a need is, 0 to 100, with the points and the words of everything that adds to it. Pure.

Nothing ever takes points away, so that the score is the sum of its reasons, whichever way they are put in order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from backbone.errors import Bilingual
from backbone.money import FEN_PER_WAN
from ground_net.routing.defaults import Defaults, Share

SIMPLE, ORDINARY, HARD = CLASSES = ("simple", "ordinary", "hard")
HURRY_WITHIN = 180
"""Days until a need is wanted from which on it is no hurry."""
MATCHED_FROM = 50
"""Percent of probability from which on the best match adds nothing."""


@dataclass(frozen=True)
class NeedFacts:
    """What is counted of a need, each a number that is never negative and makes it harder the larger it is.

    `hurry` is by how many days less than HURRY_WITHIN are left, `unmatched` by how many percent the best match stays below
    MATCHED_FROM, `fields` how many there are beyond the first, `budget` fen; what is not known is 0.
    """

    musts: int = 0
    unmeasured: int = 0
    trl_gap: int = 0
    fields: int = 0
    budget: int = 0
    hurry: int = 0
    confidential: int = 0
    deliverables: int = 0
    unmatched: int = 0
    missing: int = 0
    returns: int = 0


@dataclass(frozen=True)
class Reason:
    """One contribution: how much was found, the points that it adds of at most `of`, and what it means."""

    name: str
    found: int
    points: int
    of: int
    why: Bilingual


@dataclass(frozen=True)
class Complexity:
    """The score, its class, and its reasons, heaviest first; those that add nothing are left out."""

    score: int
    complexity: str
    reasons: tuple[Reason, ...]


WHY: Mapping[str, Bilingual] = {
    "musts": Bilingual("必达指标 {found} 项", "{found} must indicator(s)"),
    "unmeasured": Bilingual("必达指标中 {found} 项没有数值", "{found} must indicator(s) without a number"),
    "trl_gap": Bilingual("技术成熟度相差 {found} 级", "{found} level(s) of readiness to go"),
    "fields": Bilingual("另跨 {found} 个技术领域", "{found} more technical field(s)"),
    "budget": Bilingual("预算最高 {ten_thousands} 万元", "a budget of up to {ten_thousands} times 10,000 yuan"),
    "hurry": Bilingual("距期望完成时间较近，少 {found} 天", "wanted soon: {found} day(s) short of half a year"),
    "confidential": Bilingual("保密要求 {found} 项", "{found} demand(s) of secrecy"),
    "deliverables": Bilingual("交付物 {found} 项", "{found} deliverable(s)"),
    "unmatched": Bilingual("最佳匹配的把握不足，差 {found} 个百分点", "the best match is {found} points short of likely"),
    "missing": Bilingual("还缺 {found} 项信息", "{found} thing(s) left unsaid"),
    "returns": Bilingual("已退回 {found} 次", "sent back {found} time(s)"),
}  # fmt: skip


def hurry_of(days_left: int | None) -> int:
    """By how many days a need is wanted too soon; 0 where no day is named."""
    return 0 if days_left is None else min(max(HURRY_WITHIN - days_left, 0), HURRY_WITHIN)


def unmatched_of(best: float | None) -> int:
    """By how many percent the best probability falls short; 0 where nobody has searched."""
    return 0 if best is None else max(MATCHED_FROM - int(100 * best), 0)


def score(facts: NeedFacts, defaults: Defaults) -> Complexity:
    """Weigh the facts by the defaults of the day."""
    reasons = [_reason(each.name, getattr(facts, each.name), defaults) for each in fields(facts)]
    total = sum(reason.points for reason in reasons)
    counting = sorted((each for each in reasons if each.points), key=lambda each: (-each.points, each.name))
    return Complexity(total, class_of(total, defaults), tuple(counting))


def class_of(total: int, defaults: Defaults) -> str:
    """The class in which a score falls."""
    if total < defaults.simple_below:
        return SIMPLE
    return HARD if total >= defaults.hard_from else ORDINARY


def _reason(name: str, found: int, defaults: Defaults) -> Reason:
    share = defaults.contributions[name]
    why = WHY[name].format(found=found, ten_thousands=f"{found / FEN_PER_WAN:g}")
    return Reason(name, found, _points(share, found), share.points, why)


def _points(share: Share, found: int) -> int:
    return share.points * min(max(found, 0), share.full) // share.full
