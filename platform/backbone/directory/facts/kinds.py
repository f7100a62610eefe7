"""Which facts of an enterprise are kept, in which unit, and as of which days. Pure: a table and two checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from backbone.errors import Bilingual
from backbone.money import BASIS_POINTS

MOST_FEN = 10**15  # ten trillion yuan
MOST_PEOPLE = 10_000_000
MOST_RIGHTS = 1_000_000

UNITS: Mapping[str, Bilingual] = MappingProxyType({
    "fen": Bilingual("分", "fen"),
    "basis_points": Bilingual("万分之一", "hundredths of a percent"),
    "people": Bilingual("人", "people"),
    "years": Bilingual("年", "years"),
    "pieces": Bilingual("件", "pieces"),
    "hundredths": Bilingual("百分之一分", "hundredths of a point"),
    "flag": Bilingual("1 是，0 否", "1 yes, 0 no"),
})  # fmt: skip

WHOLE_YEARS = Bilingual(
    "年度数据的 as_of_on 应为该年 12 月 31 日", "A figure of a year is as of its last day, 12-31"
)
OVER_LIMIT = Bilingual("应在 0 至 {most} 之间（{unit}）", "Must lie between 0 and {most} ({unit})")


@dataclass(frozen=True)
class FactKind:
    """What is known: `of_a_year` is a figure of a calendar year, else one of a day; `most` is in its unit."""

    label: Bilingual
    unit: str
    most: int
    of_a_year: bool = False


def _money(zh: str, en: str, *, of_a_year: bool = True) -> FactKind:
    return FactKind(Bilingual(zh, en), "fen", MOST_FEN, of_a_year)


def _share(zh: str, en: str, *, of_a_year: bool = True, most: int = BASIS_POINTS) -> FactKind:
    return FactKind(Bilingual(zh, en), "basis_points", most, of_a_year)


def _rights(zh: str, en: str) -> FactKind:
    return FactKind(Bilingual(zh, en), "pieces", MOST_RIGHTS)


def _happened(zh: str, en: str) -> FactKind:
    return FactKind(Bilingual(zh, en), "pieces", MOST_RIGHTS, of_a_year=True)


FACT_KINDS: Mapping[str, FactKind] = MappingProxyType({
    "revenue": _money("营业收入", "revenue"),
    "rd_expense": _money("研发费用", "R&D expense"),
    "rd_domestic_share": _share("境内研发费用占比", "share of R&D spent in the country"),
    "high_tech_income_share": _share("高新技术产品（服务）收入占比", "share of income from high-tech products"),
    "equity_raised": _money("当年股权融资", "equity raised in the year"),
    "total_assets": _money("资产总额", "total assets", of_a_year=False),
    # Over 100 % is a debt that outweighs the assets: it happens.
    "debt_ratio": _share("资产负债率", "debt ratio", of_a_year=False, most=1_000_000),
    "staff_total": FactKind(Bilingual("职工总数", "staff"), "people", MOST_PEOPLE),
    "staff_science": FactKind(Bilingual("科技人员数", "science and technology staff"), "people", MOST_PEOPLE),
    "niche_years": FactKind(Bilingual("从事细分市场年限", "years in its niche"), "years", 300),
    "niche_share": _share("细分市场占有率", "share of its niche", of_a_year=False),
    "invention_patents": _rights("有效发明专利", "invention patents in force"),
    "utility_models": _rights("有效实用新型", "utility models in force"),
    "software_copyrights": _rights("软件著作权", "software copyrights"),
    "other_rights": _rights("其他知识产权", "other intellectual property rights"),
    "innovation_score": FactKind(Bilingual("创新积分", "innovation score"), "hundredths", 1_000_000),
    "dishonesty_listed": FactKind(Bilingual("列入失信名单", "on a list of dishonest enterprises"), "flag", 1),
    "safety_incidents": _happened("安全事故", "safety incidents in the year"),
    "quality_incidents": _happened("质量事故", "quality incidents in the year"),
    "environmental_incidents": _happened("环境违法", "environmental offences in the year"),
})  # fmt: skip


def problem_with_day(kind: str, as_of_on: date) -> Bilingual | None:
    """Why the kind has no figure as of this day; None when it can have one."""
    is_year_end = (as_of_on.month, as_of_on.day) == (12, 31)
    return WHOLE_YEARS if FACT_KINDS[kind].of_a_year and not is_year_end else None


def problem_with_value(kind: str, value: int) -> Bilingual | None:
    """Why the value cannot be one of this kind; None when it can."""
    known = FACT_KINDS[kind]
    fits = 0 <= value <= known.most
    return None if fits else OVER_LIMIT.format(most=known.most, unit=UNITS[known.unit])
