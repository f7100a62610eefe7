"""Rounds of grants for tests, through the services and at any step of their lives.

season = a_season(session)                      # a fund with two categories, two managers, an open round
application = an_application(season)            # submitted; `admitted(season, application)`, `scored(season, application, 80)`
selection = selected(season); announcement = announced(season)
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import sanwang.grant_contracts  # noqa: F401  # who reads contracts, which their own package does not import
from backbone.actor import Actor, Role
from backbone.directory.facts.models import EnterpriseFact
from backbone.directory.models import Enterprise
from finance_net.grants import service as rounds
from finance_net.grants.announcements import deciding
from finance_net.grants.announcements import service as announcing
from finance_net.grants.announcements.models import Announcement, Objection
from finance_net.grants.applications import service as applying
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.models import GrantRound
from finance_net.grants.reviews import service as reviewing
from finance_net.grants.reviews.models import GrantReview
from finance_net.grants.selections import service as selecting
from finance_net.grants.selections.models import GrantSelection
from finance_net.ledger.models import Envelope
from policy_pack.policies.reading import in_force_on
from policy_pack.receipts.models import EvaluationReceipt
from policy_pack.receipts.service import check_policies
from sky_net.needs.models import Need
from tests.factories.directory import a_fact, an_enterprise
from tests.factories.identity import an_account, an_actor, of
from tests.factories.ledger import WAN, Treasury, a_treasury, an_envelope
from tests.factories.needs import a_need
from tests.factories.policy_office import a_published_version, an_office

OPENED = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
CLOSES = OPENED + timedelta(days=20)
AFTER = CLOSES + timedelta(hours=1)
CRITERIA = [
    {"key": "merit", "title": "技术水平", "weight": 3},
    {"key": "use", "title": "应用前景", "weight": 2},
]
SIGNER = {"name": "赵异议", "phone": "13955550001", "email": None}
KEYS = {"R": "P911", "F": "P913"}
"""The policy of each category."""
OTHER = "P912"
"""Another policy of research, for a second application of one enterprise."""
SELLS = {
    "id": "P801.1",
    "text": {"zh": "有营业收入", "en": "has revenue"},
    "quote": "revenue",
    "when": {"fact": "revenue", "above": 0},
}
_numbers = count(1)


@dataclass(frozen=True)
class Season:
    """An open round with a category of research and one of first use, and the two managers without whom nothing is decided."""

    treasury: Treasury
    round: GrantRound
    pools: dict[str, Envelope]

    @property
    def session(self) -> Session:
        return self.treasury.session

    @property
    def first(self) -> Actor:
        return self.treasury.first

    @property
    def second(self) -> Actor:
        return self.treasury.second


def round_entry(treasury: Treasury, pools: dict[str, Envelope], **values: Any) -> dict[str, Any]:
    categories = [
        {"key": key, "envelope_id": pool.id, "min_fen": 0, "max_fen": None} for key, pool in pools.items()
    ]
    return {
        "fund_id": treasury.fund.id, "year": 2026, "title": "测试批次", "closes_at": CLOSES, "step_fen": WAN, "enterprise_cap_fen": None,
        "criteria": CRITERIA, "categories": categories, "groups": [], "reviews_wanted": 1, "announcement_days": 5,
    } | values  # fmt: skip


def a_season(session: Session, *, pool_fen: int = 100 * WAN, is_open: bool = True, **values: Any) -> Season:
    treasury = a_treasury(session)
    pools = {key: an_envelope(treasury, treasury.root, "category", limit_fen=pool_fen) for key in KEYS}
    office = an_office(session)
    for key, policy in (*KEYS.items(), ("R", OTHER)):
        if not in_force_on(session, OPENED.date(), [policy]):
            a_published_version(office, policy, category=key, clauses=[SELLS], amount=None, grade="A")
    drafted = rounds.draft_round(session, treasury.first, round_entry(treasury, pools, **values), now=OPENED)
    if is_open:
        rounds.open_round(session, treasury.first, drafted.id, now=OPENED)
    return Season(treasury, drafted, pools)


def a_receipt_of(season: Season, enterprise: Enterprise, policy: str) -> EvaluationReceipt:
    """An eligible receipt of the policy; the enterprise's revenue becomes known by it, where it is not."""
    session, officer = season.session, an_office(season.session).first
    known = select(EnterpriseFact.id).where(
        EnterpriseFact.enterprise_id == enterprise.id, EnterpriseFact.kind == "revenue"
    )
    if session.scalar(known) is None:
        a_fact(session, enterprise)
    done = check_policies(session, officer, enterprise.id, as_of=OPENED.date(), now=OPENED, keys=[policy])
    return done.receipts[0]


def member_of(session: Session, enterprise: Enterprise) -> Actor:
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


def application_entry(
    season: Season,
    applicant: Enterprise,
    *,
    category: str = "R",
    policy: str | None = None,
    need: Need | None = None,
    **values: Any,
) -> dict[str, Any]:
    receipt = a_receipt_of(season, applicant, policy or KEYS[category])
    need = need or a_need(season.session, applicant, state="confirmed")
    return {
        "applicant_id": applicant.id, "user_id": None, "user_share": None, "category": category, "receipt_id": receipt.id,
        "need_id": need.id, "contract_id": None, "title": f"测试项目 {next(_numbers)}", "summary": "攻关内容", "least_fen": 10 * WAN,
        "asked_fen": 40 * WAN, "groups": [], "prerequisite_id": None,
    } | values  # fmt: skip


def an_application(
    season: Season, *, state: str = "submitted", applicant: Enterprise | None = None, **values: Any
) -> GrantApplication:
    """Of an enterprise of its own unless one is given; `draft`, `submitted` or `admitted`."""
    session = season.session
    applicant = applicant or an_enterprise(session)
    member = member_of(session, applicant)
    said = application_entry(season, applicant, **values)
    row = applying.draft_application(session, member, season.round.id, said, now=OPENED)
    if state != "draft":
        applying.submit_application(session, member, row.id, now=OPENED)
    return admitted(season, row) if state == "admitted" else row


def a_first_use(
    season: Season, *, state: str = "submitted", user_share: int = 4_000, **values: Any
) -> GrantApplication:
    """Of a maker and a user; confirmed by the user where it is admitted."""
    user = an_enterprise(season.session)
    begun = "draft" if state == "draft" else "submitted"
    row = an_application(season, state=begun, category="F", user_id=user.id, user_share=user_share, **values)
    if state == "admitted":
        applying.confirm_application(season.session, member_of(season.session, user), row.id, now=OPENED)
        admitted(season, row)
    return row


def admitted(season: Season, row: GrantApplication) -> GrantApplication:
    return applying.admit_application(season.session, season.first, row.id, now=OPENED)


def closed(season: Season) -> GrantRound:
    if season.round.state == "open":
        rounds.close_round(season.session, season.first, season.round.id, now=AFTER)
    return season.round


def a_review(season: Season, row: GrantApplication) -> GrantReview:
    """Asked of an account that has no part in it."""
    closed(season)
    reviewer = an_account(season.session)
    return reviewing.assign_reviewer(season.session, season.first, row.id, reviewer.id, now=AFTER)


def scored(season: Season, row: GrantApplication, points: int) -> GrantReview:
    """Reviewed with so many points for everything."""
    review = a_review(season, row)
    reviewer = Actor(review.reviewer_id, "评审")
    said = {"scores": [{"key": each["key"], "points": points} for each in CRITERIA], "comment": "可行"}
    return reviewing.submit_review(season.session, reviewer, review.id, said, now=AFTER)


def scored_all(season: Season, *points: int, **values: Any) -> list[GrantApplication]:
    """So many admitted applications, reviewed with these points."""
    rows = [an_application(season, state="admitted", **values) for _ in points]
    for row, each in zip(rows, points, strict=True):
        scored(season, row, each)
    return rows


def computed(season: Season, *, now: datetime = AFTER) -> GrantSelection:
    """Asked for and solved for the first manager."""
    closed(season)
    selecting.select_grants(season.session, season.first, season.round.id, now=now)
    return selecting.compute(season.session, season.first, season.round.id, now=now)


def selected(season: Season, *, now: datetime = AFTER) -> GrantSelection:
    """Approved by the second manager."""
    return selecting.approve_selection(season.session, season.second, computed(season, now=now).id, now=now)


def announced(season: Season, *, now: datetime = AFTER) -> Announcement:
    """By the first manager."""
    return announcing.announce_grants(season.session, season.first, selected(season, now=now).id, now=now)


def objected(
    session: Session,
    actor: Actor,
    announcement_id: UUID,
    application_id: UUID,
    grounds: str,
    *,
    now: datetime,
) -> Objection:
    """Signed by name, as `SIGNER`."""
    return announcing.object_to_grant(
        session, actor, announcement_id, application_id, grounds, signer=SIGNER, now=now
    )


def decided(season: Season, *, now: datetime = AFTER) -> Announcement:
    """By the second, right after its end."""
    row = announced(season, now=now)
    return deciding.decide_grants(season.session, season.second, row.id, now=row.ends_at)


def states_of(season: Season) -> dict[str, str]:
    rows = season.session.scalars(
        select(GrantApplication).where(GrantApplication.round_id == season.round.id)
    )
    return {row.number: row.state for row in rows}
