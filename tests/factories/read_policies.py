"""Policies as they were read, in plain dataclasses, apart from the files of the pack: what the engine's tests reckon with."""

from datetime import date
from decimal import Decimal

from backbone.errors import Bilingual
from policy_pack.engine.definition import Change, Definition, Kind
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.policy import (
    Amount,
    Benefit,
    Cap,
    Category,
    Clause,
    Floor,
    Policy,
    Source,
    Superseded,
    Tier,
    Validity,
)
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Compare,
    Condition,
    Flag,
    Has,
    Mean,
    Not,
    OneOf,
    Quantity,
    Ratio,
    Sign,
    Sum,
    Term,
    Within,
    YearsBefore,
)

A_DAY = date(2026, 3, 20)


def said(words: str) -> Bilingual:
    """One wording for both languages."""
    return Bilingual(words, words)


def facts(**stated) -> Facts:
    """Numbers may be written as int or str, sets as sets, None for known to be absent."""
    return Facts({key: _value(each) for key, each in stated.items()})


def _value(each):
    if each is None:
        return Gap.ABSENT
    if isinstance(each, int) and not isinstance(each, bool):
        return Decimal(each)
    return frozenset(each) if isinstance(each, set) else each


def number(written: int | str) -> Decimal:
    """A number of the dictionary's unit."""
    return Decimal(written)


def compare(term: str | Term, sign: Sign, against: int | str) -> Compare:
    """A fact or a term beside a number."""
    return Compare(Quantity(term) if isinstance(term, str) else term, sign, Decimal(against))


def at_least(term: str | Term, against: int | str) -> Compare:
    return compare(term, Sign.AT_LEAST, against)


def at_most(term: str | Term, against: int | str) -> Compare:
    return compare(term, Sign.AT_MOST, against)


def above(term: str | Term, against: int | str) -> Compare:
    return compare(term, Sign.ABOVE, against)


def added(*keys: str) -> Sum:
    return Sum(tuple(Quantity(key) for key in keys))


def mean(*keys: str) -> Mean:
    return Mean(tuple(Quantity(key) for key in keys))


def ratio(over: str | Sum, under: str | Sum) -> Ratio:
    return Ratio(*(Quantity(each) if isinstance(each, str) else each for each in (over, under)))


def one_of(key: str, *values: str) -> OneOf:
    return OneOf(key, frozenset(values))


def has(key: str, *values: str) -> Has:
    return Has(key, frozenset(values))


def rate(written: str) -> tuple[Tier, ...]:
    """One rate on the whole base."""
    return (Tier(Decimal(0), None, Decimal(written)),)


def tiers(*steps: tuple[int, int | None, str]) -> tuple[Tier, ...]:
    return tuple(
        Tier(Decimal(low), None if high is None else Decimal(high), Decimal(each))
        for low, high, each in steps
    )


def pays(
    base: str | Term | None = None,
    earns: tuple[Tier, ...] = (),
    *caps: int | Cap,
    benefit: Benefit = Benefit.GRANT,
    words: Bilingual | None = None,
    floor: Floor | None = None,
    at_most: bool = False,
    split: dict[str, Decimal] | None = None,
) -> Amount:
    """An amount; a cap without a condition may be written as its number."""
    return Amount(
        benefit,
        words or said("按公布的公式"),
        Quantity(base) if isinstance(base, str) else base,
        earns,
        tuple(Cap(Decimal(each)) if isinstance(each, int) else each for each in caps),
        floor,
        at_most,
        split or {},
    )


def policy(
    id: str = "P0",
    *conditions: Condition | None,
    amount: Amount | None = None,
    first: date | None = None,
    last: date | None = None,
    superseded: Superseded | None = None,
) -> Policy:
    """One clause for each condition; None is for a person to judge."""
    clauses = tuple(
        Clause(f"{id}.{at}", said(f"{id} {at}"), "", condition) for at, condition in enumerate(conditions, 1)
    )
    return Policy(
        id,
        said(id),
        Category.RESEARCH,
        "湖北",
        "live",
        Source("example.org", "A", date(2026, 1, 1)),
        "example.org (A)",
        Validity(first, last, ""),
        clauses,
        amount,
        superseded,
        complete=True,
    )


def defined(
    key: str,
    kind: Kind = Kind.MONEY,
    change: Change = Change.NEVER,
    *,
    cost: int | str = 1,
    step: int | str = 1,
    least: int | str | None = 0,
    most: int | str | None = None,
    values: tuple[str, ...] = (),
) -> Definition:
    return Definition(
        key,
        kind,
        said(key),
        said(f"{key}?"),
        least=None if least is None else Decimal(least),
        most=None if most is None else Decimal(most),
        values=values,
        change=change,
        cost=Decimal(cost),
        step=Decimal(step),
    )


def dictionary(*definitions: Definition) -> dict[str, Definition]:
    return {each.key: each for each in definitions}


P3 = policy(
    "P3",
    one_of("contract_side", "seller"),
    one_of("contract_type", "开发", "转让", "许可"),
    Flag("contract_registered", True),
    Within("buyer_region", "武汉市"),
    above("cash_received", 0),
    amount=pays("cash_received", rate("0.02"), 100),
    first=date(2026, 3, 13),
)
STRONG = has("labels", "专精特新", "专精特新小巨人", "单项冠军")
P13 = policy(
    "P13",
    AnyOf((at_least("total_investment", 2000), All((at_least("total_investment", 1000), STRONG)))),
    amount=pays(
        "equipment_rd_software_investment", rate("0.1"), 1000, floor=Floor(Decimal(100), unless=STRONG)
    ),
)
P18 = policy(
    "P18",
    one_of("first_product_kind", "首台套"),
    Flag("product_recognised", True),
    Not(has("other_aid", "provincial", "省")),
    at_least("product_price", 100),
    amount=pays(
        "product_price",
        tiers((100, 500, "0.1"), (500, 2000, "0.05"), (2000, 10000, "0.04"), (10000, None, "0.02")),
        500,
        split={"maker": Decimal("0.3"), "user": Decimal("0.7")},
    ),
)
P21 = policy(
    "P21",
    one_of("first_product_kind", "首轮流片"),
    amount=pays(
        "tapeout_cost",
        rate("0.5"),
        Cap(Decimal(600), compare("process_nm", Sign.BELOW, 14)),
        Cap(Decimal(300), at_least("process_nm", 14)),
        at_most=True,
    ),
    first=date(2025, 2, 21),
)
RD_3Y, REVENUE_3Y = (
    added("rd_spend", "rd_spend_prev", "rd_spend_prev2"),
    added("revenue", "revenue_prev", "revenue_prev2"),
)
P23 = policy(
    "P23",
    YearsBefore("founded_on", Sign.AT_LEAST, 1),
    Flag("has_core_ip", True),
    Flag("in_supported_field", True),
    at_least(ratio("staff_rd", "staff_total"), "0.1"),
    AnyOf(
        (
            All((at_most("revenue", 5000), at_least(ratio(RD_3Y, REVENUE_3Y), "0.05"))),
            All(
                (
                    above("revenue", 5000),
                    at_most("revenue", 20000),
                    at_least(ratio(RD_3Y, REVENUE_3Y), "0.04"),
                )
            ),
            All((above("revenue", 20000), at_least(ratio(RD_3Y, REVENUE_3Y), "0.03"))),
        )
    ),
    at_least("rd_domestic_share", "0.6"),
    at_least("hightech_income_share", "0.6"),
    above("innovation_score", 70),
    Flag("major_incident_last_year", False),
)
P24 = policy(
    "P24",
    at_most("staff_total", 500),
    at_most("revenue", 20000),
    at_most("total_assets", 20000),
    Flag("restricted_sector", False),
    Flag("major_incident_last_year", False),
    Flag("blacklisted", False),
    AnyOf(
        (
            All((at_least("sme_score", 60), compare("sme_staff_item_score", Sign.DIFFERS, 0))),
            has("labels", "高新技术企业"),
            Flag("national_award_5y", True),
            Flag("provincial_rd_body", True),
            Flag("standard_lead_5y", True),
        )
    ),
)
P25 = policy(
    "P25",
    at_least("niche_years", 2),
    at_least("rd_spend", 100),
    at_least(ratio("rd_spend", "revenue"), "0.03"),
    AnyOf((at_least("revenue", 1000), at_least("equity_raised_2y", 2000))),
    AnyOf(
        (
            at_least("srdi_score", 60),
            Flag("srdi_award", True),
            at_least(mean("rd_spend", "rd_spend_prev"), 1000),
            at_least("equity_raised_2y", 6000),
            Flag("maker_china_top500", True),
        )
    ),
    superseded=Superseded(date(2026, 1, 1), "the revision of January 2026"),
)
P27 = policy(
    "P27",
    above("rd_spend", 0),
    Flag("restricted_sector", False),
    amount=pays("rd_spend", rate("1"), benefit=Benefit.DEDUCTION),
)
P28 = policy(
    "P28",
    amount=pays(
        "technology_transfer_income",
        tiers((0, 500, "0.25"), (500, None, "0.125")),
        benefit=Benefit.TAX_RELIEF,
    ),
)
