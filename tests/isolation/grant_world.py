"""What of grants stands in the world: rounds in each step of their lives, with applications of the poster's enterprise."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.models import Enterprise
from backbone.identity.models import Account
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.reviews.service import assign_reviewer
from finance_net.grants.selections.models import GrantSelection
from sky_net.needs.models import Need
from tests.factories.grants import (
    AFTER,
    OTHER,
    Season,
    a_season,
    an_application,
    announced,
    application_entry,
    computed,
    objected,
    round_entry,
    scored,
    selected,
)
from tests.factories.ledger import WAN


@dataclass(frozen=True)
class Reviewed:
    """A round under review, whose money is enough for the better of two."""

    season: Season
    better: GrantApplication
    worse: GrantApplication


def grants_of(
    session: Session, need: Need, user: Enterprise, reviewer: Account, signer: Account
) -> dict[str, Any]:
    """By name, all for one need; the reviewer and the signer are accounts of the matrix, all managers are nobody of it."""
    maker = session.get_one(Enterprise, need.enterprise_id)
    begun, running, taken, closing = seasons = [a_season(session) for _ in range(4)]
    closing.round.closes_at -= timedelta(days=365)
    several = [_reviewed(session, maker, need) for _ in range(5)]
    asked, solved, approved, shown, over = several
    review = assign_reviewer(session, asked.season.first, asked.better.id, reviewer.id, now=AFTER)
    announcement, old = announced(shown.season), announced(over.season)
    old.starts_at, old.ends_at = (each - timedelta(days=365) for each in (old.starts_at, old.ends_at))
    objection = objected(
        session, Actor(signer.id, ""), announcement.id, shown.better.id, "数据不实", now=AFTER
    )
    shared = {"category": "F", "user_share": 5_000}
    drafted = a_season(session, is_open=False)
    return {
        "drafted": drafted.round, "open": begun.round, "closing": closing.round,
        "draft": an_application(running, state="draft", applicant=maker, need=need),
        "submitted": an_application(taken, applicant=maker, need=need),
        "first_use": an_application(begun, applicant=user, need=need, user_id=maker.id, **shared),
        "admitted": asked.better, "review": review, "scored": asked.season.round, "computed": computed(solved.season),
        "approved": selected(approved.season), "announcement": announcement, "over": old, "objection": objection,
        "selection": session.get_one(GrantSelection, announcement.selection_id), "announced": shown.better, "left": shown.worse,
        "round_entry": round_entry(begun.treasury, begun.pools), "application_entry": application_entry(begun, maker, need=need),
        "seasons": [*seasons, drafted, *(each.season for each in several)],
    }  # fmt: skip


def _reviewed(session: Session, maker: Enterprise, need: Need) -> Reviewed:
    season = a_season(session, pool_fen=40 * WAN)
    said: dict[str, Any] = {"state": "admitted", "applicant": maker, "need": need, "least_fen": 30 * WAN}
    better, worse = an_application(season, **said), an_application(season, policy=OTHER, **said)
    scored(season, better, 90)
    scored(season, worse, 80)
    return Reviewed(season, better, worse)
