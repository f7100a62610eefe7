"""The other way round: the open needs that an institute's own achievement fits, by the same ranking."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Forbidden
from sky_net.achievements.models import Achievement
from sky_net.achievements.permissions import allows
from sky_net.achievements.service import achievement_named
from sky_net.achievements.text import achievement_text
from sky_net.matching.answers import FittingNeed, FittingNeeds
from sky_net.matching.documents import Hit, Query
from sky_net.matching.facts import facts_of, filters_of
from sky_net.matching.permissions import CAN_BROWSE_FITTING_NEEDS
from sky_net.matching.ranking import nothing_suitable
from sky_net.matching.reasons import Explainer, Reasons
from sky_net.matching.search import find, open_source
from sky_net.matching.sources import NEEDS
from sky_net.needs.disclosures import disclose
from sky_net.needs.models import Need
from sky_net.needs.permissions import readable, view_of
from sky_net.needs.reading import Reading, named


def browse_fitting_needs(
    session: Session, actor: Actor, achievement_id: UUID, asked: Mapping[str, Any], *, now: datetime
) -> FittingNeeds:
    """The open needs that fit best; raises NotFound, and Forbidden to everybody but the achievement's institute.

    A masked need is found by its masked text alone, also by an institute that was invited to read all of it.
    """
    achievement = achievement_named(session, actor, achievement_id, now=now)
    if not allows(CAN_BROWSE_FITTING_NEEDS, actor, achievement):
        raise Forbidden()
    today = local_date(now)

    def visible(ids: list[UUID]) -> Collection[UUID]:
        return session.scalars(
            NEEDS.findable_among.where(readable(actor)), {"ids": ids, "today": today}
        ).all()

    searched = open_source(session, NEEDS, today)
    query = Query(*achievement_text(achievement))
    hits = find(searched, query, visible, asked["top"], filters_of(asked))[: asked["top"]]
    readings = _readings(session, actor, hits)
    found = [(hit, readings[hit.document_id]) for hit in hits if hit.document_id in readings]
    explainer = Explainer(query, searched.corpus)
    disclose(session, actor, (reading for _, reading in found), "found", now=now)
    return FittingNeeds(
        achievement_id=achievement.id,
        needs=[
            FittingNeed(rank, hit, _reasons(explainer, hit, reading.need, achievement, today), reading)
            for rank, (hit, reading) in enumerate(found, 1)
        ],
        nothing_suitable=nothing_suitable(hits),
        searched=searched,
    )


def _readings(session: Session, actor: Actor, hits: Sequence[Hit]) -> dict[str, Reading]:
    """The hits' needs as the actor may read them, by id."""
    ids = [UUID(hit.document_id) for hit in hits]
    rows = session.execute(select(Need, view_of(actor)).where(Need.id.in_(ids), readable(actor)))
    return {str(reading.need.id): reading for reading in named(session, [Reading(*row) for row in rows])}


def _reasons(explainer: Explainer, hit: Hit, need: Need, achievement: Achievement, today: date) -> Reasons:
    """A masked need shows no zone and none of its own words, to nobody in this list: it is not found by them either."""
    is_public = need.visibility == "public"
    facts = facts_of(need, achievement, today=today, tells_zone=False, tells_texts=is_public)
    return explainer.explain(NEEDS.document(need), facts, is_near=hit.is_near)
