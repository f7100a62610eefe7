"""The quality gate: how complete a need is, what is missing and why that matters. It advises and never blocks.

Only four things are compulsory at submission (title, problem, contact, industry), because the promise clocks
start with the first submission and no gate may delay that. Weights are ours, in percent; they follow what
institutes ask back for most: numbers to reach, how they are tested, what was tried, money and time.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from backbone.errors import Bilingual

SHORTEST_PROBLEM = 40
"""Characters below which a problem can hardly be told apart from its title."""


@dataclass(frozen=True)
class Criterion:
    """One thing a good need says. `applies` is False where the need has no use for it."""

    field: str
    weight: int
    label: Bilingual
    why: Bilingual
    is_met: Callable[[Any], bool]
    applies: Callable[[Any], bool] = lambda need: True


@dataclass(frozen=True)
class Assessment:
    """`score` is 0 to 100; `missing` comes heaviest first; `compulsory_missing` must be empty to submit."""

    score: int
    missing: tuple[Criterion, ...]
    compulsory_missing: tuple[str, ...]


def assess(need: Any) -> Assessment:
    """Judge a need by its attributes (a row, or anything with the same names)."""
    applicable = [criterion for criterion in CRITERIA if criterion.applies(need)]
    missing = [criterion for criterion in applicable if not criterion.is_met(need)]
    total = sum(criterion.weight for criterion in applicable)
    met = total - sum(criterion.weight for criterion in missing)
    missing.sort(key=lambda criterion: -criterion.weight)
    return Assessment(100 * met // total, tuple(missing), compulsory_missing(need))


def missing_among(need: Any, fields: Collection[str]) -> list[Criterion]:
    """Which of these fields a better need would still say, heaviest first; no other is looked at, so no person opened."""
    asked = [criterion for criterion in CRITERIA if criterion.field in fields and criterion.applies(need)]
    return sorted(
        (criterion for criterion in asked if not criterion.is_met(need)), key=lambda each: -each.weight
    )


def compulsory_missing(need: Any) -> tuple[str, ...]:
    """Which of the four compulsory fields are absent."""
    return tuple(name for name, is_given in COMPULSORY.items() if not is_given(need))


def label_of(field: str) -> Bilingual:
    """The field's name for people; the field itself when no criterion speaks of it."""
    return LABELS.get(field, Bilingual(field, field))


def _filled(name: str) -> Callable[[Any], bool]:
    def is_filled(need: Any) -> bool:
        value = getattr(need, name)
        return bool(value.strip()) if isinstance(value, str) else value is not None and value != []

    return is_filled


def _has_contact(need: Any) -> bool:
    return bool(need.contact_name and (need.contact_phone or need.contact_email))


def _musts(need: Any) -> list[dict[str, Any]]:
    return [indicator for indicator in need.indicators or () if indicator.get("weight", "must") == "must"]


def _has_measured_target(need: Any) -> bool:
    return any(indicator.get("target") for indicator in _musts(need))


def _has_test_methods(need: Any) -> bool:
    musts = _musts(need)
    return bool(musts) and all(indicator.get("test_method") for indicator in musts)


def _says_enough(need: Any) -> bool:
    return len((need.problem or "").strip()) >= SHORTEST_PROBLEM


def _has_amount(need: Any) -> bool:
    return (
        need.budget_kind == "negotiable" or need.budget_max_fen is not None or need.budget_min_fen is not None
    )


def _is_masked(need: Any) -> bool:
    return bool(need.visibility == "masked")


COMPULSORY: dict[str, Callable[[Any], bool]] = {
    "title": _filled("title"),
    "problem": _filled("problem"),
    "contact": _has_contact,
    "industry": _filled("industry"),
}

CRITERIA: tuple[Criterion, ...] = (
    Criterion("title", 4, Bilingual("名称", "title"),
              Bilingual("院所先看名称再决定是否细读", "Institutes decide by the title whether to read on"),
              _filled("title")),
    Criterion("problem", 14, Bilingual("技术问题", "problem"),
              Bilingual(f"请用 {SHORTEST_PROBLEM} 字以上说明要解决什么、卡在哪里",
                        f"Say in {SHORTEST_PROBLEM} characters or more what is to be solved and where it is stuck"),
              _says_enough),
    Criterion("contact", 6, Bilingual("联系人", "contact"),
              Bilingual("没有姓名和电话或邮箱，就无法在时限内对接", "Without a name and a phone or e-mail nobody can call you"),
              _has_contact),
    Criterion("industry", 5, Bilingual("所属产业", "industry"),
              Bilingual("决定由哪些院所和经纪人看到", "It decides which institutes and brokers see the need"),
              _filled("industry")),
    Criterion("indicators", 15, Bilingual("核心指标", "indicators"),
              Bilingual("至少写一项必须达到的指标及目标值，方案才能逐项回答",
                        "Give at least one must indicator with its target, so that proposals can answer it"),
              _has_measured_target),
    Criterion("test_method", 5, Bilingual("指标的检测方法", "test methods of the indicators"),
              Bilingual("必达指标都写明怎么测，验收才不起争议", "Say how each must indicator is tested, or acceptance is disputed"),
              _has_test_methods),
    Criterion("scene", 5, Bilingual("应用场景", "scene"),
              Bilingual("工况、环境和用量决定路线是否可行", "Conditions and volume decide which route is feasible"),
              _filled("scene")),
    Criterion("present_state", 5, Bilingual("现状", "present state"),
              Bilingual("现有水平是改进的起点", "Today's level is where improvement starts"), _filled("present_state")),
    Criterion("tried", 4, Bilingual("已尝试的办法", "what was tried"),
              Bilingual("免得别人再走一遍弯路", "It saves others the same detour"), _filled("tried")),
    Criterion("need_type", 3, Bilingual("需求类型", "type of need"),
              Bilingual("新产品、降本、国产替代等对应不同的做法", "New product, cost, substitution take different answers"),
              _filled("need_type")),
    Criterion("tech_field", 2, Bilingual("技术领域", "technical field"),
              Bilingual("用于细分匹配", "It narrows the match"), _filled("tech_field")),
    Criterion("trl_required", 4, Bilingual("要求的技术成熟度", "required readiness level"),
              Bilingual("“太早期”是最常见的落空原因", "“Too early” is the most frequent reason of failure"),
              _filled("trl_required")),
    Criterion("trl_now", 2, Bilingual("当前技术成熟度", "present readiness level"),
              Bilingual("说明差距有多大", "It shows how far there is to go"), _filled("trl_now")),
    Criterion("deliverables", 4, Bilingual("交付物", "deliverables"),
              Bilingual("样机、工艺包还是报告，报价相差很大", "A prototype, a process or a report: prices differ widely"),
              _filled("deliverables")),
    Criterion("acceptance_method", 4, Bilingual("验收方式", "acceptance method"),
              Bilingual("谁在哪里按什么标准验收", "Who accepts, where, by which standard"), _filled("acceptance_method")),
    Criterion("cooperation_modes", 4, Bilingual("合作方式", "modes of cooperation"),
              Bilingual("开发、转让、许可等决定合同类型", "Development, transfer or licence decide the contract"),
              _filled("cooperation_modes")),
    Criterion("budget", 5, Bilingual("预算", "budget"),
              Bilingual("没有数额或“面议”，院所难以安排人力", "Without an amount or “negotiable” nobody can plan people"),
              _has_amount),
    Criterion("wanted_on", 3, Bilingual("期望完成时间", "wanted date"),
              Bilingual("没有时间就排不上期", "Without a date it is not scheduled"), _filled("wanted_on")),
    Criterion("respond_by_on", 1, Bilingual("应答截止", "deadline to respond"),
              Bilingual("到期后可以集中比较方案", "After it the proposals can be compared together"),
              _filled("respond_by_on")),
    Criterion("ip_ownership", 3, Bilingual("知识产权归属意愿", "ownership of intellectual property"),
              Bilingual("谈到最后才谈归属，常常前功尽弃", "Left to the end, it often undoes the deal"), _filled("ip_ownership")),
    Criterion("decision_owner", 2, Bilingual("决策人", "decision owner"),
              Bilingual("有人拍板，对接才不落空", "Somebody must be able to decide"), _filled("decision_owner")),
    Criterion("masked_title", 2, Bilingual("脱敏名称", "masked title"),
              Bilingual("脱敏发布时院所只看到它", "Of a masked need institutes see only this"),
              _filled("masked_title"), _is_masked),
    Criterion("masked_summary", 4, Bilingual("脱敏简介", "masked summary"),
              Bilingual("没有它，院所无从判断能否应答", "Without it institutes cannot tell whether they can answer"),
              _filled("masked_summary"), _is_masked),
)  # fmt: skip
LABELS = {criterion.field: criterion.label for criterion in CRITERIA}
