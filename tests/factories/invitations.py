"""A confirmed need with everybody around it, and invitations between them.

exchange = an_exchange(session)
invitation = an_invitation(session, exchange.need, exchange.institute, state="accepted")
headers = exchange.headers(exchange.office)
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # an invitation refers to tables that its own package does not import
from backbone.actor import Actor, Role
from backbone.directory.models import Enterprise, Institute
from backbone.identity.models import Account
from sky_net.invitations.models import Invitation
from sky_net.needs.models import Need
from sky_net.needs.reading import grant_reading
from sky_net.needs.review import confirm_need
from sky_net.needs.service import draft_need, submit_need
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_actor, headers_of, of, zone

SUBMITTED_AT = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)  # Monday 10:00 in Wuhan
INDICATORS = [
    {
        "name": "键合良率",
        "now": "91.2",
        "target": "≥99.5",
        "unit": "%",
        "test_method": "抽检",
        "weight": "must",
    },
    {"name": "单片节拍", "now": "42", "target": "≤18", "unit": "s", "test_method": None, "weight": "must"},
    {"name": "单位能耗", "now": None, "target": "≤0.6", "unit": "kWh", "test_method": None, "weight": "want"},
]


@dataclass(frozen=True)
class Exchange:
    """One need and its parties; `rival` is another institute, `stranger` a member of another enterprise."""

    session: Session
    need: Need
    enterprise: Enterprise
    institute: Institute
    rival: Institute
    poster: Actor
    operator: Actor
    broker: Actor
    auditor: Actor
    researcher: Actor
    office: Actor
    rival_office: Actor
    stranger: Actor

    def headers(self, actor: Actor) -> dict[str, str]:
        """The Authorization header of one of the parties."""
        account = self.session.get(Account, actor.account_id)
        assert account is not None
        return headers_of(self.session, account)

    def met_by(self, session: Session) -> "Exchange":
        """The same stored exchange in another session: for a test that finds it in the database."""
        rows = {name: getattr(self, name) for name in ("need", "enterprise", "institute", "rival")}
        met = {name: session.get_one(type(row), row.id) for name, row in rows.items()}
        return replace(self, session=session, **met)


def an_exchange(
    session: Session, *, confirmed: bool = True, since: datetime = SUBMITTED_AT, **values: Any
) -> Exchange:
    """A need submitted on Monday at 10:00 and, unless said otherwise, confirmed at once; nobody is invited yet."""
    enterprise, institute, rival = an_enterprise(session), an_institute(session), an_institute(session)
    poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    operator = an_actor(session, (Role.OPERATOR, zone()))
    said = {
        "title": "晶圆键合机对准精度不足", "problem": "两片十二英寸晶圆键合后的对准误差超出工艺窗口，导致返工。",
        "industry": "opto", "contact_name": "测试联系人", "contact_phone": "027-00000000", "indicators": INDICATORS,
        "masked_title": "半导体装备对准问题",
    }  # fmt: skip
    need = draft_need(session, poster, said | values, now=since)
    submit_need(session, poster, need.id, now=since)
    if confirmed:
        confirm_need(session, operator, need.id, complexity="ordinary", now=since)
    return Exchange(
        session=session,
        need=need,
        enterprise=enterprise,
        institute=institute,
        rival=rival,
        poster=poster,
        operator=operator,
        broker=an_actor(session, (Role.BROKER, zone())),
        auditor=an_actor(session, (Role.AUDITOR, zone())),
        researcher=an_actor(session, (Role.INSTITUTE_MEMBER, of(institute))),
        office=an_actor(session, (Role.TRANSFER_OFFICE, of(institute))),
        rival_office=an_actor(session, (Role.TRANSFER_OFFICE, of(rival))),
        stranger=an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session)))),
    )


def an_invitation(session: Session, need: Need, institute: Institute, **values: Any) -> Invitation:
    """A stored invitation; open unless `state` says otherwise, with the right to read the need unless declined."""
    state = values.get("state", "open")
    defaults: dict[str, Any] = {
        "need_id": need.id, "institute_id": institute.id, "state": state,
        "created_at": SUBMITTED_AT, "updated_at": SUBMITTED_AT,
        "answered_at": None if state == "open" else SUBMITTED_AT,
        "reason_code": "capacity" if state == "declined" else None,
    }  # fmt: skip
    invitation = Invitation(**defaults | values)
    session.add(invitation)
    session.flush()
    if state != "declined":
        grant_reading(session, Actor(None, "test"), need, institute.id, now=SUBMITTED_AT)
    return invitation
