"""What a reader needs in order to judge an offer, and which of it an entry leaves open.

The questions are those whose absence readers of technology listings complain of: no patent number or legal
status, no numbers for the gain, no proof of maturity, no price. They advise the institute and block nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backbone.errors import Bilingual


@dataclass(frozen=True)
class Question:
    """A field a reader looks for, and why."""

    field: str
    label: Bilingual
    why: Bilingual


def _has(name: str) -> Callable[[Any], bool]:
    return lambda offer: bool(getattr(offer, name))


def _has_gain_in_numbers(offer: Any) -> bool:
    return any(character.isdecimal() for character in offer.gain or "")


def _ip_is_traceable(offer: Any) -> bool:
    return bool(offer.ip) and all(right.get("number") and right.get("status") for right in offer.ip)


def _has_price(offer: Any) -> bool:
    return offer.price_min_fen is not None or bool(offer.open_licence)


QUESTIONS: tuple[tuple[Question, Callable[[Any], bool]], ...] = (
    (Question("trl", Bilingual("技术就绪度", "TRL"),
              Bilingual("企业最常见的拒绝理由是太早期", "Too early is the reason most often given for declining")), _has("trl")),
    (Question("trl_evidence", Bilingual("就绪度证据", "evidence of the TRL"),
              Bilingual("没有证据的就绪度无法采信", "A TRL without evidence convinces nobody")), _has("trl_evidence")),
    (Question("gain", Bilingual("相对最优替代方案的提升（含数字）", "gain over the best alternative, in numbers"),
              Bilingual("企业据此判断是否值得更换现有方案", "It decides whether changing is worth it")), _has_gain_in_numbers),
    (Question("indicators", Bilingual("指标", "indicators"),
              Bilingual("需求的核心指标要逐项对照", "A need's indicators are compared one by one")), _has("indicators")),
    (Question("ip", Bilingual("知识产权的编号与状态", "number and status of the IP rights"),
              Bilingual("没有编号和状态就无法核实权属", "Without them nobody can verify who owns what")), _ip_is_traceable),
    (Question("use_cases", Bilingual("应用案例", "use cases"),
              Bilingual("已有应用最能打消疑虑", "Existing use removes doubt best")), _has("use_cases")),
    (Question("transfer_modes", Bilingual("转化方式", "transfer modes"),
              Bilingual("企业按合作方式筛选", "Enterprises filter by mode")), _has("transfer_modes")),
    (Question("price", Bilingual("价格或价格区间", "price or price range"),
              Bilingual("双方预期差距大是谈判破裂的主因之一", "A gap in expectations breaks many deals")), _has_price),
    (Question("contact", Bilingual("联系人", "contact"),
              Bilingual("运营人员需要能联系到负责人", "Operators must be able to reach somebody")), _has("contact_name")),
)  # fmt: skip


def unanswered(offer: Any) -> list[Question]:
    """The questions, most important first, that the entry leaves open."""
    return [question for question, is_answered in QUESTIONS if not is_answered(offer)]
