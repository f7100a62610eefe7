"""The part of an achievement that is compared beyond its text, read once for as long as the row stays as it is.

A list with a learned ranker compares a hundred of them: by a query for each list, with their indicators read anew, that
would cost more than the ranker.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.orm import Session

from sky_net.achievements.models import Achievement
from sky_net.matching.features import UNTOLD, Shares
from sky_net.matching.indicators import Required, Stated, stated_in, verdict_on
from sky_net.matching.judging import MET, MISSED
from sky_net.matching.quantity_names import traces

MOST_KEPT = 2_000
"""Offers that a process holds, a few kilobytes each; then it begins anew."""

READ = select(
    Achievement.id, Achievement.institute_id, Achievement.industry, Achievement.region_code, Achievement.trl,
    Achievement.transfer_modes, Achievement.price_kind, Achievement.price_min_fen, Achievement.last_confirmed_on,
    Achievement.valid_until_on, Achievement.indicators,
).where(Achievement.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))  # fmt: skip
"""By `ids`."""


@dataclass(slots=True)
class Offer:
    """Implements `features.Offering`; held by all threads and never written. `traces` are those of the names of all that it states."""

    institute_id: UUID
    industry: str
    region_code: str
    trl: int | None
    transfer_modes: Sequence[str]
    price_kind: str
    price_min_fen: int | None
    last_confirmed_on: date
    valid_until_on: date
    stated: tuple[Stated, ...]
    traces: frozenset[str]

    @property
    def said(self) -> tuple[Any, ...]:
        """All of it as plain values, which tell one offer from another in any process."""
        return (
            str(self.institute_id), self.industry, self.region_code, self.trl, self.transfer_modes, self.price_min_fen,
            self.last_confirmed_on.isoformat(), self.valid_until_on.isoformat(), [(each.name, each.said) for each in self.stated],
        )  # fmt: skip


class Offers:
    """What is held of a state of the catalogue; safe to share between threads, which at worst read a row twice."""

    def __init__(self, kept: Iterable[tuple[UUID, Offer]] = ()) -> None:
        """`kept` are those of an earlier state that have not changed since."""
        self._held = dict(kept)

    def without(self, changed: Collection[UUID]) -> "Offers":
        """For a later state, in which these rows have changed."""
        return Offers((row_id, offer) for row_id, offer in self._held.items() if row_id not in changed)

    def of(self, session: Session, ids: Sequence[UUID]) -> list[Offer | None]:
        """The offers of these ids in order, None for a row that is gone; at most one query, for those not held."""
        held = self._held if len(self._held) < MOST_KEPT else {}
        if unread := [row_id for row_id in ids if row_id not in held]:
            self._held = held = held | read_offers(session, unread)
        return [held.get(row_id) for row_id in ids]


def read_offers(session: Session, ids: Sequence[UUID]) -> dict[UUID, Offer]:
    """These rows as they are now."""
    return {row.id: _offer(row) for row in session.connection().execute(READ, {"ids": ids})}


def shares_by_forms(musts: Sequence[Required], offers: Sequence[Offer | None]) -> list[Shares]:
    """Of the must-indicators the shares that each offer's own indicators meet, miss and leave open.

    Its sentences, which a hit's reasons heed as well, are not read here: that of a hundred offers takes longer than the list.
    """
    if not musts:
        return [UNTOLD] * len(offers)
    counts = np.zeros((2, len(offers)))
    for must in musts:
        left = traces(must.name)
        for place, offer in enumerate(offers):
            if offer is not None and not offer.traces.isdisjoint(left):
                verdict = verdict_on(must, offer.stated).verdict
                counts[:, place] += (verdict == MET, verdict == MISSED)
    met, missed = counts / len(musts)
    return list(zip(met.tolist(), missed.tolist(), (1 - met - missed).tolist(), strict=True))


def _offer(row: Any) -> Offer:
    stated = tuple(stated_in(row.indicators or ()))
    left = [traces(each.name) for each in stated]
    return Offer(
        row.institute_id, row.industry, row.region_code, row.trl, row.transfer_modes, row.price_kind, row.price_min_fen,
        row.last_confirmed_on, row.valid_until_on, stated, frozenset[str]().union(*left),
    )  # fmt: skip
