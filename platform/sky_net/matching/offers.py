"""The part of an achievement that is compared beyond its text, read once for as long as the row stays as it is.

A list with a learned ranker compares a hundred of them: by a query for each list, with their indicators read anew, that
would cost more than the ranker.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.orm import Session

from sky_net.achievements.models import Achievement
from sky_net.matching.indicators import Required, Stated, stated_in, verdict_by_forms
from sky_net.matching.judging import MET, UNKNOWN
from sky_net.matching.quantity_names import traces
from sky_net.matching.scales import Columns

MOST_KEPT = 2_000
"""Offers that a process holds, a few kilobytes each; then it begins anew."""

READ = select(
    Achievement.id, Achievement.institute_id, Achievement.industry, Achievement.region_code, Achievement.trl,
    Achievement.transfer_modes, Achievement.price_min_fen, Achievement.last_confirmed_on, Achievement.valid_until_on,
    Achievement.indicators,
).where(Achievement.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))  # fmt: skip
"""By `ids`."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is compared of an achievement, ready for columns: see `comparing`. `numbers` are NaN where nothing is said: TRL, least
    price, and the days on which it was last confirmed and will expire. `traces` are those of the names of all that it states.
    """

    institute_id: UUID | None
    industry: str | None
    region_code: str | None
    transfer_modes: frozenset[str]
    numbers: tuple[float, float, float, float]
    stated: tuple[Stated, ...]
    traces: frozenset[str]

    @property
    def said(self) -> tuple[Any, ...]:
        """All of it as plain values, which tell one offer from another in any process."""
        stated = [(each.name, each.said) for each in self.stated]
        modes = sorted(self.transfer_modes)
        return str(self.institute_id), self.industry, self.region_code, modes, self.numbers, stated


GONE = Offer(None, None, None, frozenset(), (math.nan,) * 4, (), frozenset())
"""In the place of a row that is not there any more: nothing is known of it."""


class Offers:
    """What is held of a state of the catalogue; safe to share between threads, which at worst read a row twice."""

    def __init__(self, kept: Iterable[tuple[str, Offer]] = ()) -> None:
        """`kept` are those of an earlier state that have not changed since."""
        self._held = dict(kept)

    def without(self, changed: Collection[str]) -> "Offers":
        """For a later state, in which these rows have changed."""
        return Offers((row_id, offer) for row_id, offer in self._held.items() if row_id not in changed)

    def of(self, session: Session, ids: Sequence[str]) -> list[Offer]:
        """The offers of these ids in order, GONE for a row that is; at most one query, for those not held."""
        held = self._held if len(self._held) < MOST_KEPT else {}
        if unread := [row_id for row_id in ids if row_id not in held]:
            read = read_offers(session, [UUID(row_id) for row_id in unread])
            self._held = held = held | {str(row_id): offer for row_id, offer in read.items()}
        return [held.get(row_id, GONE) for row_id in ids]


def read_offers(session: Session, ids: Sequence[UUID]) -> dict[UUID, Offer]:
    """These rows as they are now."""
    return {row.id: offer_of(row) for row in session.connection().execute(READ, {"ids": ids})}


def shares_by_forms(musts: Sequence[Required], offers: Sequence[Offer]) -> Columns:
    """Of the must-indicators the shares that each offer's own indicators meet and miss (len(offers), 2); NaN without any.

    Its sentences, which a hit's reasons heed as well, are not read here: those of a hundred offers take longer than the list.
    """
    if not musts:
        return np.full((len(offers), 2), np.nan)
    counts = np.zeros((len(offers), 2))
    for must in musts:
        are_apart = traces(must.name).isdisjoint
        for place, offer in enumerate(offers):
            if not are_apart(offer.traces) and (verdict := verdict_by_forms(must, offer.stated)) != UNKNOWN:
                counts[place, 0 if verdict == MET else 1] += 1
    return counts / len(musts)


def offer_of(row: Any) -> Offer:
    """What is compared of a row of `READ`, or of anything with its columns."""
    stated = tuple(stated_in(row.indicators or ()))
    left = [traces(each.name) for each in stated]
    price = math.nan if row.price_min_fen is None else float(row.price_min_fen)
    days = float(row.last_confirmed_on.toordinal()), float(row.valid_until_on.toordinal())
    return Offer(
        row.institute_id, row.industry, row.region_code, frozenset(row.transfer_modes or ()), (row.trl or math.nan, price, *days),
        stated, frozenset[str]().union(*left),
    )  # fmt: skip
