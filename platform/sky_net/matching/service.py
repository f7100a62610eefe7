"""Browsing the matches of a need: ranked achievements and institutes with reasons, all read anew from the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.industries import industry_label
from backbone.directory.service import Named, names_of_institutes
from backbone.errors import Bilingual, NotFound
from sky_net.achievements.models import Achievement
from sky_net.achievements.service import achievements_by_id
from sky_net.matching.advice import advise
from sky_net.matching.answers import InstituteMatch, Match, Matches, Submitted
from sky_net.matching.comparing import Comparison, asked_of
from sky_net.matching.documents import Hit
from sky_net.matching.facts import facts_of, filters_of
from sky_net.matching.features import Record
from sky_net.matching.permissions import CAN_BE_TOLD_RECORDS, CAN_BROWSE_MATCHES
from sky_net.matching.pooling import InstituteScore, pool
from sky_net.matching.port import Searchable
from sky_net.matching.ranking import nothing_suitable
from sky_net.matching.reasons import Explainer, explain_institute
from sky_net.matching.records import records_of
from sky_net.matching.runs import just_found, kept_hits, query_of
from sky_net.matching.search import find, findable_among, open_source, readable_now
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.needs import service as needs
from sky_net.needs.completeness import missing_among
from sky_net.needs.disclosures import disclose
from sky_net.needs.models import Need
from sky_net.needs.permissions import allows
from sky_net.needs.reading import read_need, show_whole

SEARCHED_TEXTS = frozenset(
    {
        "problem",
        "scene",
        "present_state",
        "tried",
        "tech_field",
        "chain_segment",
        "indicators",
        "deliverables",
    }
)
"""Fields of a need that the search reads: only their absence is worth mentioning when nothing was found."""


def browse_matches(
    session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any], *, now: datetime
) -> Matches:
    """The best achievements and institutes; raises NotFound for everybody but the poster and the zone's operators."""
    reading = read_need(session, actor, need_id)
    need = reading.need
    if not allows(CAN_BROWSE_MATCHES, actor, need):
        raise NotFound()
    disclose(session, actor, [reading], "opened", now=now)  # the reasons quote its words
    searched = open_source(session, ACHIEVEMENTS, local_date(now))
    hits = _hits(session, need, searched, asked, now)
    return _browsed(session, actor, need, searched, hits, asked, now=now)


def submit_need(
    session: Session, actor: Actor, need_id: UUID, *, matches: int = 0, now: datetime
) -> Submitted:
    """`needs.service.submit_need`; with `matches` > 0 so many of the list come along: one round for whoever posts.

    A search that fails does not keep the need from being submitted: then no list comes along, and a job searches again.
    """
    need = needs.submit_need(session, actor, need_id, now=now)
    whole = show_whole(session, actor, need, now=now)
    listed = _listed_along(session, actor, need, matches, now) if matches else None
    return Submitted(whole.need, whole.view, whole.enterprise, listed)


def _listed_along(session: Session, actor: Actor, need: Need, most: int, now: datetime) -> Matches | None:
    """The list of the search that the submission has just made; None when that search is left to a job."""
    found, asked = just_found(session, need), {"top": most}
    if found is None:
        return None
    if len(found.hits) < min(most, found.searched.size):
        return browse_matches(session, actor, need.id, asked, now=now)
    return _browsed(session, actor, need, found.searched, found.hits, asked, now=now)


def _browsed(
    session: Session,
    actor: Actor,
    need: Need,
    searched: Searchable,
    hits: Sequence[Hit],
    asked: Mapping[str, Any],
    *,
    now: datetime,
) -> Matches:
    shown, pooled = hits[: asked["top"]], pool(hits)[: asked["top"]]
    offers = achievements_by_id(session, actor, [UUID(hit.document_id) for hit in shown], now=now)
    institutes = names_of_institutes(session, {UUID(owner) for owner in _owners(shown, pooled)})
    told = allows(CAN_BE_TOLD_RECORDS, actor, need)
    records = records_of(session, {UUID(hit.owner) for hit in shown}, now) if told else {}
    is_without_answer = nothing_suitable(hits)
    return Matches(
        need_id=need.id,
        achievements=_matches(need, shown, offers, institutes, records, searched, local_date(now)),
        institutes=_institutes(pooled, hits, offers, institutes),
        nothing_suitable=is_without_answer,
        advice=_advice(need, shown, offers, asked) if is_without_answer else None,
        searched=searched,
    )


def _hits(
    session: Session, need: Need, searched: Searchable, asked: Mapping[str, Any], now: datetime
) -> Sequence[Hit]:
    """The ranking, from the run that the submission left if it still holds, else made anew."""
    today = local_date(now)

    def offered(ids: list[UUID]) -> Collection[UUID]:
        return findable_among(session, ACHIEVEMENTS, ids, today)

    filters = filters_of(asked)
    kept = kept_hits(session, need, searched) if filters is None else None
    if kept is not None:
        hits = readable_now(kept, offered)
        if len(hits) >= min(asked["top"], searched.size):
            return hits
    beside = Comparison(asked_of(need), now)
    return find(searched, query_of(need), offered, asked["top"], filters, beside)


def _owners(shown: Sequence[Hit], pooled: Sequence[InstituteScore]) -> set[str]:
    return {hit.owner for hit in shown} | {each.institute_id for each in pooled}


def _matches(
    need: Need,
    shown: Sequence[Hit],
    offers: Mapping[UUID, Achievement],
    institutes: Mapping[UUID, Named],
    records: Mapping[UUID, Record],
    searched: Searchable,
    today: date,
) -> list[Match]:
    explainer = Explainer(query_of(need), searched.corpus)
    standing = [(hit, offers[UUID(hit.document_id)]) for hit in shown if UUID(hit.document_id) in offers]
    return [
        Match(
            rank,
            hit,
            explainer.explain(
                ACHIEVEMENTS.document(offer),
                facts_of(need, offer, today=today, record=records.get(offer.institute_id)),
                is_near=hit.is_near,
            ),
            offer,
            institutes[offer.institute_id],
        )
        for rank, (hit, offer) in enumerate(standing, 1)
    ]


def _institutes(
    pooled: Sequence[InstituteScore],
    hits: Sequence[Hit],
    offers: Mapping[UUID, Achievement],
    institutes: Mapping[UUID, Named],
) -> list[InstituteMatch]:
    places = {hit.document_id: place for place, hit in enumerate(hits, 1)}
    found = []
    for each in pooled:
        best = offers.get(UUID(each.document_ids[0]))
        reason = explain_institute(
            [places[known] for known in each.document_ids], best.title if best else None
        )
        found.append(
            InstituteMatch(institutes[UUID(each.institute_id)], each.score, each.document_ids, reason)
        )
    return found


def _advice(
    need: Need, shown: Sequence[Hit], offers: Mapping[UUID, Achievement], asked: Mapping[str, Any]
) -> Bilingual:
    nearest = [
        offers[UUID(hit.document_id)] for hit in shown if UUID(hit.document_id) in offers and hit.score > 0
    ]
    missing = [criterion.label for criterion in missing_among(need, SEARCHED_TEXTS)]
    return advise(
        [industry_label(offer.industry) for offer in nearest],
        missing,
        is_filtered=filters_of(asked) is not None,
    )
