"""What the directory knows of an enterprise, as facts of the engine: pure, so that every reading can be tested on values.

Money: fen → 万元; shares: basis points → 0 to 1. The last three years are those up to the newest year on record, if that
is one of the two before the day of application: what is older says nothing of "the last year". Revenue and R&D are of
the same years. What nobody recorded stays unknown; a year before the enterprise was founded is known to have none.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from backbone.directory.regions import region_label, regions_around
from backbone.money import BASIS_POINTS, FEN_PER_WAN
from policy_pack.engine.facts import Gap, Value
from policy_pack.subjects.snapshot import Known

HUNDREDTHS = Decimal(100)
NEWEST_YEARS = 2
"""How many years before the year of application the newest figure may be of."""


@dataclass(frozen=True)
class Row:
    """The enterprise's own row, as far as facts come of it."""

    region_code: str
    registered_on: date | None
    staff_total: int | None
    staff_science: int | None
    labels: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Figure:
    """A standing figure of the directory, whole, in the unit of its kind."""

    kind: str
    value: int
    as_of_on: date
    source: str


@dataclass(frozen=True)
class _Scale:
    key: str
    divisor: Decimal | int


# A kind whose newest figure is a fact by itself.
ALONE: Mapping[str, _Scale] = MappingProxyType({
    "rd_domestic_share": _Scale("rd_domestic_share", Decimal(BASIS_POINTS)),
    "high_tech_income_share": _Scale("hightech_income_share", Decimal(BASIS_POINTS)),
    "debt_ratio": _Scale("debt_ratio", Decimal(BASIS_POINTS)),
    "niche_share": _Scale("niche_share_national", Decimal(BASIS_POINTS)),
    "niche_years": _Scale("niche_years", Decimal(1)),
    "total_assets": _Scale("total_assets", FEN_PER_WAN),
    "staff_total": _Scale("staff_total", Decimal(1)),
    "staff_science": _Scale("staff_rd", Decimal(1)),
    "innovation_score": _Scale("innovation_score", HUNDREDTHS),
})  # fmt: skip
OF_THREE_YEARS: Mapping[str, str] = MappingProxyType({"revenue": "revenue", "rd_expense": "rd_spend"})
YEARS = ("", "_prev", "_prev2")
RIGHTS = ("invention_patents", "utility_models", "software_copyrights", "other_rights")
INCIDENTS = ("safety_incidents", "quality_incidents", "environmental_incidents")


def known_of(row: Row, figures: Iterable[Figure], as_of: date) -> dict[str, Known]:
    """Every fact that follows from the row and the figures as of the day, by key."""
    standing = sorted((each for each in figures if each.as_of_on <= as_of), key=lambda each: each.as_of_on)
    latest = {each.kind: each for each in standing}
    years = {(each.kind, each.as_of_on.year): each for each in standing}
    found = dict(_of_row(row, as_of))
    for kind, scale in ALONE.items():
        if kind in latest:
            found[scale.key] = _figure(latest[kind], scale.divisor)
    found |= _three_years(years, row.registered_on, as_of)
    found |= _growth(found)
    found |= _equity(years, row.registered_on, as_of)
    return found | _flags(latest, years, as_of)


def place_of(region_code: str) -> str:
    """A region as policies spell it, the largest first: 湖北省/武汉市."""
    return "/".join(region_label(code).zh for code in reversed(regions_around(region_code)))


def _of_row(row: Row, as_of: date) -> Iterator[tuple[str, Known]]:
    yield "region", Known(place_of(row.region_code), "directory: region")
    if row.registered_on is not None:
        yield "founded_on", Known(row.registered_on, "directory: registered_on")
    for key, number in (("staff_total", row.staff_total), ("staff_rd", row.staff_science)):
        if number is not None:
            yield key, Known(Decimal(number), "directory: staff")
    if row.labels:
        held = frozenset(label["name"] for label in row.labels if _holds(label, as_of))
        yield "labels", Known(held, "directory: labels")


def _holds(label: Mapping[str, Any], as_of: date) -> bool:
    """Whether the label is held on the day; an open end is open."""
    granted, until = label.get("granted_on"), label.get("valid_until_on")
    return (not granted or granted <= as_of.isoformat()) and (not until or as_of.isoformat() <= until)


def _three_years(
    years: Mapping[tuple[str, int], Figure], founded: date | None, as_of: date
) -> Iterator[tuple[str, Known]]:
    newest = _newest_year(years, as_of)
    if newest is None:
        return
    for kind, key in OF_THREE_YEARS.items():
        for back, suffix in enumerate(YEARS):
            year = newest - back
            if (kind, year) in years:
                yield key + suffix, _figure(years[kind, year], FEN_PER_WAN)
            elif founded is not None and founded.year > year:
                yield key + suffix, Known(Gap.ABSENT, f"founded after {year}")


def _newest_year(years: Mapping[tuple[str, int], Figure], as_of: date) -> int | None:
    known = [year for kind, year in years if kind in OF_THREE_YEARS]
    newest = max(known, default=None)
    return newest if newest is not None and newest >= as_of.year - NEWEST_YEARS else None


def _growth(found: Mapping[str, Known]) -> dict[str, Known]:
    """The mean growth of two years, where three years are known and none before the last is nothing."""
    last, before, first = (_number(found, f"revenue{suffix}") for suffix in YEARS)
    if last is None or not before or not first:
        return {}
    mean = ((last - before) / before + (before - first) / first) / 2
    return {"revenue_growth_2y": Known(mean.quantize(Decimal("0.000001")), "of three years' revenue")}


def _equity(years: Mapping[tuple[str, int], Figure], founded: date | None, as_of: date) -> dict[str, Known]:
    """What was raised in the two years before the day's own, where both are known."""
    raised = []
    for year in (as_of.year - 1, as_of.year - 2):
        if ("equity_raised", year) in years:
            raised.append(Decimal(years["equity_raised", year].value) / FEN_PER_WAN)
        elif founded is None or founded.year <= year:
            return {}
    return {"equity_raised_2y": Known(sum(raised, Decimal(0)), "of two years' equity")} if raised else {}


def _flags(
    latest: Mapping[str, Figure], years: Mapping[tuple[str, int], Figure], as_of: date
) -> dict[str, Known]:
    found = {}
    if "dishonesty_listed" in latest:
        listed = latest["dishonesty_listed"]
        found["blacklisted"] = Known(listed.value > 0, _read(listed))
    rights = [latest[kind].value for kind in RIGHTS if kind in latest]
    incidents = [years[kind, as_of.year - 1].value for kind in INCIDENTS if (kind, as_of.year - 1) in years]
    for key, counts, kinds in (
        ("has_core_ip", rights, RIGHTS),
        ("major_incident_last_year", incidents, INCIDENTS),
    ):
        if any(counts) or len(counts) == len(kinds):  # one is enough for yes, a no takes all of them
            found[key] = Known(any(counts), "of " + ", ".join(kinds))
    return found


def _figure(figure: Figure, divisor: Decimal | int) -> Known:
    return Known(Decimal(figure.value) / divisor, _read(figure))


def _read(figure: Figure) -> str:
    return f"{figure.kind} {figure.as_of_on.isoformat()}: {figure.source}"


def _number(found: Mapping[str, Known], key: str) -> Decimal | None:
    value: Value | Gap | None = found[key].value if key in found else None
    return value if isinstance(value, Decimal) else None
