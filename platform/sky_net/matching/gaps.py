"""What stands between a need and an offer, one entry each: for the broker's next question, not for the ranking."""

from collections.abc import Iterator
from dataclasses import dataclass

from backbone.errors import Bilingual
from sky_net.matching.features import is_must
from sky_net.matching.indicators import IndicatorVerdict
from sky_net.matching.judging import MISSED, UNKNOWN
from sky_net.matching.saying import OVER_BUDGET, Facts, beside

INDICATOR_MISSED, INDICATOR_UNKNOWN, MATURITY, REGION, MODE, PRICE, EXPIRY = KINDS = (
    "indicator_missed", "indicator_unknown", "maturity", "region", "mode", "price", "expiry",
)  # fmt: skip

SOON = 30
"""Days before an offer's expiry from which whoever calls should ask whether it still stands."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: its kind and a sentence without a full stop."""

    kind: str
    sentence: Bilingual


def gaps_of(facts: Facts) -> tuple[Gap, ...]:
    """The gaps in a fixed order: indicators, maturity, place, mode, price, expiry."""
    return tuple(_gaps(facts))


def _gaps(facts: Facts) -> Iterator[Gap]:
    yield from _of_indicators(facts.indicators)
    if facts.trl_gap is not None and facts.trl_gap < 0:
        yield Gap(
            MATURITY,
            Bilingual(f"成熟度比要求低 {-facts.trl_gap} 级", f"TRL {-facts.trl_gap} below the required"),
        )
    if facts.same_region is False:
        yield Gap(REGION, Bilingual("不在同一地区", "not in the same region"))
    if facts.modes == ():
        yield Gap(MODE, Bilingual("没有共同的合作方式", "no mode of cooperation suits both"))
    if facts.price is not None and facts.price > 1:
        yield Gap(PRICE, OVER_BUDGET.format(percent=round(100 * (facts.price - 1)) or 1))
    if facts.days_left is not None and facts.days_left <= SOON:
        yield Gap(
            EXPIRY,
            Bilingual(
                f"{facts.days_left} 天后到期，请确认仍有效",
                f"expires in {facts.days_left} days: ask whether it stands",
            ),
        )


def _of_indicators(indicators: tuple[IndicatorVerdict, ...]) -> Iterator[Gap]:
    for each in indicators:
        if each.verdict == MISSED:
            yield Gap(INDICATOR_MISSED, beside(each))
    silent = [each.name for each in indicators if each.verdict == UNKNOWN and is_must(each.weight)]
    if silent:
        yield Gap(
            INDICATOR_UNKNOWN,
            Bilingual(f"成果未说明：{'、'.join(silent)}", f"not stated: {', '.join(silent)}"),
        )
