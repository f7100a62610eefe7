"""The slow and plain way: every lead looked at by hand, with all rows at hand, nothing shared with the report's own counting."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from statistics import median
from typing import Any

from tests.factories.mined import MinedWorld

WUHAN = timezone(timedelta(hours=8))
ORDER = [
    "submitted",
    "confirmed",
    "matched",
    "communicating",
    "proposed",
    "selected",
    "contracted",
    "delivered",
    "accepted",
]


def day_of(at: datetime) -> date:
    return at.astimezone(WUHAN).date()


def in_year(day: date) -> bool:
    return day.year == 2026


def recount(world: MinedWorld, leads: Iterable[Any], events: int | None, zones: Any = None) -> dict[str, Any]:
    """The figures of these leads; `zones` are those of the contracts whose amounts the reader may read, None for all."""
    leads = list(leads)
    needs = [lead.need_id for lead in leads if lead.state == "promoted"]
    assert len(set(needs)) == len(needs)
    standing = [
        row
        for row in world.contracts
        if row.need_id in needs and row.state not in ("cancelled", "terminated")
    ]
    told = [row for row in standing if zones is None or row.zone_code in zones]
    signed = {row.need_id for row in standing}
    reached = {
        name: [need for need in needs if need in signed or passed(world, need, name)] for name in ORDER[1:6]
    }
    decided = [lead for lead in leads if lead.state in ("promoted", "closed")]
    local = [row for row in standing if row.seller_region_code.startswith("42")]
    promotion = [hours(lead.happened_at, lead.settled_at) for lead in leads if lead.state == "promoted"]
    contact = [hours(*times) for need in needs if (times := first_contact(world, need))]
    return {
        "leads": len(leads), "decided": len(decided), "needs_mined": len(needs), "confirmed": len(reached["confirmed"]),
        "valid_share": part(reached["confirmed"], decided), "matched": len(reached["communicating"]),
        "matching_rate": part(reached["communicating"], reached["confirmed"]), "contracted": len(signed),
        "cooperations": len(standing), "amount_fen": sum(row.amount_fen for row in told),
        "technology_fen": sum(row.technology_fen for row in told), "received_fen": sum(row.received_fen for row in told),
        "withheld": len(standing) - len(told), "in_province_share": part(local, standing),
        "promotion_median_hours": middle(promotion), "promotion_p90_hours": nine_in_ten(promotion),
        "contact_median_hours": middle(contact), "contact_p90_hours": nine_in_ten(contact), "events": events,
        "funnel": [
            len(leads), len(needs), *(len(reached[name]) for name in ORDER[1:6]), len(signed),
            len({row.need_id for row in standing if row.registration_state == "registered"}),
        ],
    }  # fmt: skip


def passed(world: MinedWorld, need: Any, state: str) -> bool:
    later = ORDER[ORDER.index(state) :]
    return any(step.to_state in later for step in world.steps[need])


def first_contact(world: MinedWorld, need: Any) -> tuple[datetime, datetime] | None:
    met = [step.occurred_at for step in world.steps[need] if step.to_state == "communicating"]
    submitted = world.needs[need].submitted_at
    return (submitted, min(met)) if met and submitted else None


def hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


def part(some: Any, whole: Any) -> float | None:
    return round(len(some) / len(whole), 4) if whole else None


def middle(values: list[float]) -> float | None:
    return round(median(values), 2) if values else None


def nine_in_ten(values: list[float]) -> float | None:
    if not values:
        return None
    ordered = sorted(values)
    place = 0.9 * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (place - low), 2)
