"""Whose minutes the over-runs were made of: by kind of party and by organisation, over the promises due in a period."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.permissions import reported_zones
from backbone.directory.service import names_of_enterprises, names_of_institutes
from backbone.errors import Bilingual, Invalid
from sky_net.monitoring import models
from sky_net.monitoring.periods import Period, instant_of, period_of
from sky_net.monitoring.states import MISSED
from sky_net.monitoring.tally import share
from sky_net.sla.attribution import Party
from sky_net.sla.parties import ENTERPRISE, INSTITUTE, PLATFORM
from sky_net.sla.reporting import clocks_of
from sky_net.sla.shares import overrun_shares

MOST_REPLAYED = 20_000
TOO_MANY = Bilingual(
    "期内有 {found} 个超时时钟，一次最多核算 {most} 个：请缩短期间或选定地区",
    "{found} clocks are overdue in the period and at most {most} are worked out at once: ask for less",
)
KINDS: Mapping[str, Bilingual] = {
    PLATFORM: Bilingual("平台", "the platform"),
    INSTITUTE: Bilingual("院所", "institutes"),
    ENTERPRISE: Bilingual("企业", "enterprises"),
}


@dataclass(frozen=True)
class Held:
    """What one party, or all of a kind, held of the over-runs. `share` is its part of all minutes."""

    kind: str
    organisation_id: UUID | None
    label: Bilingual
    minutes: int
    clocks: int
    share: float | None


@dataclass(frozen=True)
class Overrun:
    """All over-run minutes of the period, and the parties' parts, which add up to them."""

    period: Period
    as_of: datetime
    clocks: int
    minutes: int
    rows: list[Held]


def report_overrun(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Overrun:
    """The over-runs within the actor's zones by party; raises Invalid, and Forbidden for who reports on none."""
    zones, period = reported_zones(actor), period_of(asked, now)
    clocks = clocks_of(session, PLATFORM, instant_of(asked, now), now)
    breached = models.facts(clocks, zones, asked, period).where(clocks.state == MISSED)
    keys = {
        (row.subject_id, row.stage)
        for row in session.execute(breached.add_columns(clocks.c.subject_id, clocks.c.stage))
    }
    if len(keys) > MOST_REPLAYED:
        raise Invalid.field("from_on", TOO_MANY.format(found=len(keys), most=MOST_REPLAYED))
    shares = overrun_shares(session, keys, clocks.as_of)
    minutes: Counter[Party] = Counter()
    counts: Counter[Party] = Counter()
    for held in shares.values():
        parties = {_as(party, asked["by"]): 0 for party in held}
        for party, own in held.items():
            minutes[_as(party, asked["by"])] += own
        counts.update(parties.keys())
    whole = minutes.total()
    labels = _labels(session, minutes)
    rows = [
        Held(party.kind, party.organisation_id, labels[party], own, counts[party], share(own, whole))
        for party, own in sorted(
            minutes.items(), key=lambda row: (-row[1], row[0].kind, str(row[0].organisation_id))
        )
    ]
    return Overrun(period, clocks.as_of, len(keys), whole, rows)


def _as(party: Party, by: str) -> Party:
    return Party(party.kind) if by == "kind" else party


def _labels(session: Session, parties: Mapping[Party, int]) -> dict[Party, Bilingual]:
    names = {
        kind: read(
            session,
            {party.organisation_id for party in parties if party.kind == kind and party.organisation_id},
        )
        for kind, read in ((INSTITUTE, names_of_institutes), (ENTERPRISE, names_of_enterprises))
    }
    labels = {}
    for party in parties:
        named = names.get(party.kind, {}).get(party.organisation_id) if party.organisation_id else None
        kind = KINDS.get(party.kind, Bilingual(party.kind, party.kind))
        labels[party] = Bilingual(named.name, named.name) if named else kind
    return labels
