"""What can be found, and how the database tells what of it has changed: achievements for needs, needs for achievements.

Both tables mark each row with the transaction that wrote it last (`change_xid`, by trigger). Everything here is a
statement; `projection` and `building` run them.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from backbone.directory.industries import group_of
from sky_net.achievements.models import Achievement
from sky_net.achievements.permissions import offered
from sky_net.achievements.text import achievement_facets, achievement_text
from sky_net.matching.documents import Document
from sky_net.matching.live import live_id
from sky_net.needs.models import Need
from sky_net.needs.states import TRANSITIONS
from sky_net.needs.text import need_text

OPEN_STATES = frozenset(
    state
    for step in TRANSITIONS
    if step.action in ("propose", "select", "resume_parked")
    for state in step.frm
)
"""States in which a need still looks for somebody: confirmed and not yet promised to one."""


TODAY = bindparam("today", type_=Date())
HORIZON = bindparam("horizon", type_=BigInteger())
IDS = bindparam("ids", type_=ARRAY(Uuid()))
AFTER = bindparam("after", type_=Uuid())
MOST = bindparam("most", type_=Integer())

OLDEST_RUNNING = select(cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), String), BigInteger))
"""Whatever a smaller transaction has written is seen by every statement from now on."""

NOBODY = cast(null(), Uuid())
Change = tuple[UUID, int, int, int]
"""A changed row: id, version, change_xid, and 1 when it may be found, else 0."""


@dataclass(frozen=True)
class Source:
    """A table whose rows are searched. `columns` are what `document` reads of a row, without the id.

    The statements are made once, since making one costs as much as running it, and take `today` (a date), `horizon`
    (a transaction) or `ids` (a list) as parameters.
    """

    name: str
    table: type[Achievement] | type[Need]
    columns: tuple[Any, ...]
    is_findable: Callable[[Any], ColumnElement[bool]]
    document: Callable[[Any], Document]
    ranker: ColumnElement[Any] = NOBODY
    """The learned ranker in use for it; grades are of achievements for needs and teach nothing the other way round."""

    @cached_property
    def snapshot(self) -> Select[Any]:
        """By `today`: every findable row with the horizon of the statement's own snapshot in front; one row at least.

        Horizon and rows come from one statement and hence from one snapshot, under any isolation level.
        """
        horizon = select(OLDEST_RUNNING.scalar_subquery().label("horizon")).subquery()
        return (
            select(horizon.c.horizon, self.table.id, *self.columns)
            .select_from(horizon)
            .outerjoin(self.table, self.is_findable(TODAY))
        )

    @cached_property
    def page(self) -> Select[Any]:
        """By `today`, `after`, `most`: so many findable rows with the ids that follow `after`."""
        return (
            select(self.table.id, *self.columns)
            .where(self.is_findable(TODAY), self.table.id > AFTER)
            .order_by(self.table.id)
            .limit(MOST)
        )

    @cached_property
    def size(self) -> Select[int]:
        """By `today`: how many rows `page` gives in all."""
        return select(func.count()).select_from(self.table).where(self.is_findable(TODAY))

    @cached_property
    def state(self) -> Select[int, str, UUID | None]:
        """By `horizon`, `today`: (number, digest) of the rows since, and the id of the learned ranker in use.

        `digest` computes the same from `changes`.
        """
        row = self.table
        entry = func.concat_ws(":", row.id, row.version, row.change_xid, self._findable)
        listed = func.string_agg(entry, aggregate_order_by(literal(","), row.id))
        return select(func.count(), func.md5(func.coalesce(listed, "")), self.ranker).where(
            row.change_xid >= HORIZON
        )

    @cached_property
    def changes(self) -> Select[UUID, int, int, int]:
        """By `horizon`, `today`: the rows since, each a `Change`."""
        row = self.table
        return (
            select(row.id, row.version, row.change_xid, self._findable)
            .where(row.change_xid >= HORIZON)
            .order_by(row.id)
        )

    @cached_property
    def documents(self) -> Select[Any]:
        """By `ids`: what `document` needs of these rows."""
        return select(self.table.id, *self.columns).where(self.table.id == any_(IDS))

    @cached_property
    def findable_among(self) -> Select[UUID]:
        """By `ids`, `today`: which of these rows may be found at all at this moment."""
        return select(self.table.id).where(self.table.id == any_(IDS), self.is_findable(TODAY))

    @property
    def _findable(self) -> ColumnElement[int]:
        return case((self.is_findable(TODAY), 1), else_=0)


def digest(changes: Iterable[Change]) -> str:
    """What `Source.state` gives for these rows; MD5 because the database has it, not because it keeps a secret."""
    listed = ",".join(":".join(map(str, change)) for change in changes)
    return hashlib.md5(listed.encode(), usedforsecurity=False).hexdigest()


def _achievement(row: Any) -> Document:
    title, body = achievement_text(row)
    return Document(str(row.id), title, body, achievement_facets(row), str(row.institute_id))


def _open_need(today: Any) -> ColumnElement[bool]:
    """Open to institutes in general; whether a given one may see it is asked again for every hit."""
    return and_(
        Need.confirmed_at.is_not(None), Need.state.in_(OPEN_STATES), Need.visibility.in_(("public", "masked"))
    )


def _need(row: Any) -> Document:
    """A masked need is found by what its poster wrote for strangers: the real text would show in the ranking."""
    is_public = row.visibility == "public"
    title, body = need_text(row) if is_public else (row.masked_title or "", row.masked_summary or "")
    return Document(str(row.id), title, body, _need_facets(row))


def _need_facets(row: Any) -> frozenset[str]:
    """Only what every view shows: no zone, since a masked need shows none."""
    facets = {f"mode:{mode}" for mode in row.cooperation_modes or ()}
    if row.industry:
        facets.add(f"industry:{row.industry}")
        if group := group_of(row.industry):
            facets.add(f"group:{group}")
    return frozenset(facets)


ACHIEVEMENTS = Source(
    "achievements",
    Achievement,
    (
        Achievement.kind, Achievement.institute_id, Achievement.title, Achievement.summary, Achievement.problem_solved,
        Achievement.gain, Achievement.keywords, Achievement.tech_field, Achievement.indicators, Achievement.use_cases,
        Achievement.industry, Achievement.region_code, Achievement.trl, Achievement.transfer_modes,
    ),
    offered,
    _achievement,
    live_id(),
)  # fmt: skip
NEEDS = Source(
    "needs",
    Need,
    (
        Need.visibility, Need.masked_title, Need.masked_summary, Need.title, Need.tech_field, Need.chain_segment,
        Need.problem, Need.scene, Need.present_state, Need.tried, Need.indicators, Need.deliverables, Need.industry,
        Need.cooperation_modes,
    ),
    _open_need,
    _need,
)  # fmt: skip
SOURCES: Mapping[str, Source] = MappingProxyType({source.name: source for source in (ACHIEVEMENTS, NEEDS)})
