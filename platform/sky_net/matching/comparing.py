"""A need beside the best hits of its list, beyond the texts: the columns that a learned ranker weighs.

Only what the readers of the list may know of the need is compared: the order of a list tells what decided it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.clock import local_date
from sky_net.matching.features import Features, features_of, is_must
from sky_net.matching.indicators import Required, required_by
from sky_net.matching.offers import Offer, shares_by_forms
from sky_net.matching.records import records_of
from sky_net.matching.scales import Columns, weighed
from sky_net.needs.models import Need


@dataclass(slots=True)
class Asked:
    """What is compared of a need; implements `features.Needing`."""

    industry: str | None
    zone_code: str | None
    trl_required: int | None
    cooperation_modes: Sequence[str]
    offered_budget: Any
    musts: tuple[Required, ...]

    @property
    def said(self) -> tuple[Any, ...]:
        """All of it as plain values, which tell one need from another in any process."""
        return (
            self.industry, self.zone_code, self.trl_required, self.cooperation_modes, self.offered_budget,
            [(each.name, each.said) for each in self.musts],
        )  # fmt: skip


def asked_of(need: Need) -> Asked:
    """All of it, without a hidden budget."""
    musts = tuple(each for each in required_by(need.indicators or ()) if is_must(each.weight))
    return Asked(
        need.industry,
        need.zone_code,
        need.trl_required,
        need.cooperation_modes or (),
        need.offered_budget,
        musts,
    )


def shown_of(need: Need) -> Asked:
    """What every view shows, a masked need's too: the facets by which it is found (`sources`)."""
    return Asked(need.industry, None, None, need.cooperation_modes or (), None, ())


@dataclass(frozen=True)
class Comparison:
    """Made once for a list; `at` is now, or where it `is_past` about when the list was made that a grade speaks of."""

    session: Session
    asked: Asked
    at: datetime
    is_past: bool = False

    def columns(self, offers: Sequence[Offer | None], *, with_records: bool = True) -> Columns:
        """`scales.weighed` of the need beside each offer, 0 all along for one that is gone; one query for all records."""
        owners: set[UUID] = {offer.institute_id for offer in offers if offer} if with_records else set()
        records = records_of(self.session, owners, self.at, is_past=self.is_past)
        today = local_date(self.at)
        shares = shares_by_forms(self.asked.musts, offers)
        return weighed([
            features_of(self.asked, offer, told, today=today, record=records.get(offer.institute_id)) if offer else Features()
            for offer, told in zip(offers, shares, strict=True)
        ])  # fmt: skip
