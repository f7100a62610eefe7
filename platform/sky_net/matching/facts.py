"""What is known of a need and an offer beyond their texts, and which facets a caller's filters ask for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backbone.directory.regions import are_near, regions_of
from backbone.errors import Bilingual
from sky_net.achievements.models import Achievement
from sky_net.achievements.vocabulary import TRL_MOST
from sky_net.matching.documents import Filters
from sky_net.matching.features import Record, features_of, shares
from sky_net.matching.indicators import IndicatorVerdict, verdicts
from sky_net.matching.saying import Facts
from sky_net.needs.models import Need

MODES: Mapping[str, Bilingual] = {
    "development": Bilingual("委托开发", "commissioned development"),
    "transfer": Bilingual("转让", "transfer"),
    "licence": Bilingual("许可", "licence"),
    "consulting": Bilingual("咨询", "consulting"),
    "service": Bilingual("技术服务", "service"),
    "equity": Bilingual("作价入股", "equity"),
    "joint_lab": Bilingual("共建实验室", "a joint laboratory"),
    "talent": Bilingual("人才引进", "talent"),
}


def facts_of(
    need: Need,
    achievement: Achievement,
    *,
    today: date | None = None,
    tells_zone: bool = True,
    tells_texts: bool = True,
    record: Record | None = None,
) -> Facts:
    """The comparison of both sides.

    `tells_zone=False` where the reader may not know where the enterprise is, `tells_texts=False` where its own words,
    indicators included, are hidden from the reader. Without `today` nothing is said of expiry, without the institute's
    `record` nothing of that: it is for whoever `CAN_BE_TOLD_RECORDS` names.
    """
    indicators = _indicators(need, achievement) if tells_texts else ()
    features = features_of(need, achievement, shares(indicators), today=today, tells_zone=tells_zone)
    return Facts(
        same_industry=need.industry == achievement.industry if need.industry else None,
        same_region=are_near(need.zone_code, achievement.region_code) if tells_zone else None,
        trl_gap=features.trl_gap,
        modes=_common_modes(need.cooperation_modes, achievement.transfer_modes),
        indicators=indicators,
        price=features.price,
        days_left=features.left,
        record=record,
    )


def _indicators(need: Need, achievement: Achievement) -> tuple[IndicatorVerdict, ...]:
    """Of the offer's texts those that say what it reaches; what it replaced is told in `problem_solved`."""
    texts = (achievement.summary, achievement.gain)
    return verdicts(need.indicators or (), achievement.indicators or (), texts, need_text=need.problem or "")


def filters_of(asked: Mapping[str, Any]) -> Filters | None:
    """The facets that hits must carry; None when nothing is asked for. An area stands for all inside it."""
    required = (
        frozenset(f"industry:{code}" for code in asked.get("industry", ())),
        frozenset(f"region:{code}" for code in regions_of(asked.get("region", ()))),
        frozenset(f"trl:{trl}" for trl in range(asked["trl_min"], TRL_MOST + 1))
        if "trl_min" in asked
        else frozenset(),
        frozenset(f"mode:{mode}" for mode in asked.get("mode", ())),
    )
    wanted = tuple(choices for choices in required if choices)
    return Filters(wanted) if wanted else None


def _common_modes(wanted: list[str], offered: list[str]) -> tuple[Bilingual, ...] | None:
    if not wanted or not offered:
        return None
    return tuple(label for mode, label in MODES.items() if mode in wanted and mode in offered)
