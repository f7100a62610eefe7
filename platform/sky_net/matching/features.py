"""How a need and an offer compare beyond their texts, as numbers: for the gaps that are said, and for rankers to learn from.

None is “one side is silent” and never a middle value. The clock and an institute's record are given by the caller.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from backbone.directory.industries import group_of
from backbone.directory.regions import REGIONS, are_near, regions_around
from sky_net.matching.indicators import IndicatorVerdict
from sky_net.matching.judging import MET, MISSED, UNKNOWN

SAME, NEAR, FAR, APART = 0, 1, 2, 3
MUST = "must"


class Needing(Protocol):
    """The part of a need that is compared."""

    industry: Any
    zone_code: Any
    trl_required: Any
    cooperation_modes: Any

    @property
    def offered_budget(self) -> Any:
        """Kind and amounts, without those that the enterprise hides."""


class Offering(Protocol):
    """The part of an offer that is compared."""

    industry: Any
    region_code: Any
    trl: Any
    transfer_modes: Any
    price_kind: Any
    price_min_fen: Any
    last_confirmed_on: Any
    valid_until_on: Any


@dataclass(frozen=True, slots=True)
class Record:
    """An institute's: of its invitations whose reply fell `due` lately those answered `in_time`, and needs that it works on
    (`taken`) beside how many it takes at once (`quota`).
    """

    in_time: int = 0
    due: int = 0
    taken: int = 0
    quota: int = 0

    @property
    def answered(self) -> float | None:
        """How likely the next reply is in time, 0 to 1, by the rule of succession: one late reply is not the end.

        None where none fell due. Few replies stay near the half, from which whoever was never asked differs in nothing.
        """
        return (self.in_time + 1) / (self.due + 2) if self.due else None

    @property
    def load(self) -> float:
        """Share of what it takes at once that is taken; 1 for whoever takes nothing."""
        return self.taken / self.quota if self.quota else 1.0


Shares = tuple[float | None, float | None, float | None]
"""Of the must-indicators: met, missed and unknown, which add up to 1; all None where there is none."""
UNTOLD: Shares = (None, None, None)


class Features(NamedTuple):
    """One need beside one offer.

    `industry`: 0 the same, 1 of one group, 2 another. `region`: 0 the same or one inside the other, 1 one city, 2 one
    province, 3 apart; None for a place that is no one place. `trl_gap`: the offer's TRL minus the required, -8 to 8.
    `modes`: how many modes of cooperation suit both. `met`, `missed`, `unknown`: shares of the must-indicators, which
    add up to 1; None without any. `price`: lowest price asked over the highest budget, 0 or more. `age`: days since the
    institute last vouched for the offer, `left`: days until that ends; `answered` and `load` as in `Record`.

    Monotone, all else equal: more `met`, fewer `missed`, a higher `trl_gap`, more `modes`, a lower `price`, `industry` or
    `region` never makes an offer worse. What rankers make of them: `scales`.
    """

    industry: int | None = None
    region: int | None = None
    trl_gap: int | None = None
    modes: int | None = None
    met: float | None = None
    missed: float | None = None
    unknown: float | None = None
    price: float | None = None
    age: int | None = None
    left: int | None = None
    answered: float | None = None
    load: float | None = None


def features_of(
    need: Needing, offer: Offering, indicators: Shares = UNTOLD, *,
    today: date | None = None, record: Record | None = None, tells_zone: bool = True,
) -> Features:  # fmt: skip
    """The comparison; without `today` nothing is said of freshness, without `tells_zone` nothing of distance."""
    met, missed, unknown = indicators
    return Features(
        industry=industry_distance(need.industry, offer.industry),
        region=region_distance(need.zone_code, offer.region_code) if tells_zone else None,
        trl_gap=offer.trl - need.trl_required if offer.trl and need.trl_required else None,
        modes=common_modes(need.cooperation_modes, offer.transfer_modes),
        met=met,
        missed=missed,
        unknown=unknown,
        price=price_over_budget(need.offered_budget, offer.price_min_fen),
        age=(today - offer.last_confirmed_on).days if today and offer.last_confirmed_on else None,
        left=(offer.valid_until_on - today).days if today and offer.valid_until_on else None,
        answered=record.answered if record else None,
        load=record.load if record else None,
    )


def industry_distance(one: str | None, other: str | None) -> int | None:
    """0 the same, 1 of one group, 2 another."""
    if not one or not other:
        return None
    if one == other:
        return SAME
    return NEAR if group_of(one) is not None and group_of(one) == group_of(other) else FAR


@lru_cache(maxsize=4096)
def region_distance(one: str | None, other: str | None) -> int | None:
    """0 the same or one inside the other, 1 one city, 2 one province, 3 apart."""
    if not one or not other or not _is_a_place(one) or not _is_a_place(other):
        return None
    if one == other:
        return SAME
    if {"province", "off_province"}.isdisjoint((REGIONS[one].kind, REGIONS[other].kind)) and are_near(
        one, other
    ):
        return SAME
    kinds = {REGIONS[code].kind for code in regions_around(one) if code in regions_around(other)}
    if kinds - {"province", "off_province"}:
        return NEAR
    return FAR if "province" in kinds else APART


def _is_a_place(code: str) -> bool:
    return code in REGIONS and not REGIONS[code].is_catch_all


def is_must(weight: str | None) -> bool:
    """Whether an indicator counts; what was read out of a text does."""
    return weight in (MUST, None)


def shares(indicators: Sequence[IndicatorVerdict]) -> Shares:
    """Shares of the must-indicators that are met, missed and unknown."""
    musts = [each.verdict for each in indicators if is_must(each.weight)]
    if not musts:
        return UNTOLD
    return musts.count(MET) / len(musts), musts.count(MISSED) / len(musts), musts.count(UNKNOWN) / len(musts)


def price_over_budget(budget: Any, least_price: int | None) -> float | None:
    """The lowest price asked over the most that the enterprise gives; None where either is open or nothing is given."""
    most = most_of(budget)
    return least_price / most if most and least_price is not None else None


def most_of(budget: Any) -> int | None:
    """The most that the enterprise gives, where it says so."""
    return (budget.get("max_fen") or budget.get("min_fen")) if budget else None


def common_modes(wanted: Collection[str] | None, offered: Collection[str] | None) -> int | None:
    """How many modes of cooperation suit both."""
    return len(frozenset(wanted).intersection(offered)) if wanted and offered else None
