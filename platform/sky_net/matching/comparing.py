"""A need beside the best hits of its list, beyond the texts: the columns that a learned ranker weighs.

Only what the readers of the list may know of the need is compared: the order of a list tells what decided it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import numpy as np

from backbone.clock import local_date
from sky_net.matching.features import (
    Record,
    common_modes,
    industry_distance,
    is_must,
    most_of,
    region_distance,
)
from sky_net.matching.indicators import required_by
from sky_net.matching.offers import Offer, shares_by_forms
from sky_net.matching.scales import PLACES, SCALES, Columns, scaled
from sky_net.needs.models import Need


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared of a need."""

    industry: str | None
    zone_code: str | None
    trl_required: int | None
    cooperation_modes: frozenset[str]
    offered_budget: Any
    indicators: Sequence[Mapping[str, Any]]

    @property
    def said(self) -> tuple[Any, ...]:
        """All of it as plain values, which tell one need from another in any process."""
        required = [
            (row["name"], row.get("target"), row.get("unit"), row.get("weight")) for row in self.indicators
        ]
        modes = sorted(self.cooperation_modes)
        return self.industry, self.zone_code, self.trl_required, modes, self.offered_budget, required


def asked_of(need: Need) -> Asked:
    """All of it, without a hidden budget."""
    modes = frozenset(need.cooperation_modes or ())
    return Asked(
        need.industry, need.zone_code, need.trl_required, modes, need.offered_budget, need.indicators or ()
    )


def shown_of(need: Need) -> Asked:
    """What every view shows, a masked need's too: the facets by which it is found (`sources`)."""
    return Asked(need.industry, None, None, frozenset(need.cooperation_modes or ()), None, ())


@dataclass(frozen=True, slots=True)
class Comparison:
    """Made once for a list; `at` is now, or about when the list was made that a grade speaks of."""

    asked: Asked
    at: datetime

    def columns(self, offers: Sequence[Offer], records: Mapping[UUID, Record]) -> Columns:
        """`scales.weighed` of the need beside each offer, column by column: one by one a hundred cost as much as their ranking."""
        told = np.full((len(offers), len(SCALES)), np.nan)
        for name, column in self._known(offers, records):
            told[:, PLACES[name]] = column
        return scaled(told)

    def _known(
        self, offers: Sequence[Offer], records: Mapping[UUID, Record]
    ) -> Iterator[tuple[str, Columns]]:
        """The columns of `features.features_of`, NaN where a side is silent."""
        asked, today = self.asked, local_date(self.at).toordinal()
        trl, price, confirmed_on, valid_until = np.array([offer.numbers for offer in offers]).reshape(-1, 4).T
        musts = [each for each in required_by(asked.indicators) if is_must(each.weight)]
        yield (
            "industry",
            _each(offers, attrgetter("industry"), lambda code: industry_distance(asked.industry, code)),
        )
        yield (
            "region",
            _each(offers, attrgetter("region_code"), lambda code: region_distance(asked.zone_code, code)),
        )
        yield (
            "modes",
            _each(
                offers,
                attrgetter("transfer_modes"),
                lambda modes: common_modes(asked.cooperation_modes, modes),
            ),
        )
        yield "met", (shares := shares_by_forms(musts, offers))[:, 0]
        yield "missed", shares[:, 1]
        if asked.trl_required:
            yield "trl_gap", trl - asked.trl_required
        if most := most_of(asked.offered_budget):
            yield "price", price / most
        yield "age", today - confirmed_on
        yield "left", valid_until - today
        if records:
            yield (
                "answered",
                _each(
                    offers,
                    attrgetter("institute_id"),
                    lambda owner: records[owner].answered if owner in records else None,
                ),
            )
            yield (
                "load",
                _each(
                    offers,
                    attrgetter("institute_id"),
                    lambda owner: records[owner].load if owner in records else None,
                ),
            )


def owners_of(offers: Iterable[Offer]) -> set[UUID]:
    """The institutes whose they are."""
    return {offer.institute_id for offer in offers if offer.institute_id}


def _each(
    offers: Sequence[Offer], said: Callable[[Offer], Any], compare: Callable[[Any], float | None]
) -> Columns:
    """What comes of comparing each offer, where many say the same."""
    values = list(map(said, offers))
    known = {value: compare(value) for value in set(values)}
    return np.array(list(map(known.__getitem__, values)), np.float64)
