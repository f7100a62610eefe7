"""Who plays in the demo: accounts marked as demo accounts, which a platform outside demo mode refuses to start with.

Passwords are hashed once and shared; the players of the main job log in through the API, the extras get tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Role, Scope, ScopeKind
from backbone.identity.models import Account, Membership
from backbone.identity.passwords import hash_password
from backbone.identity.service import issue_token_for
from demo.names import Names

PASSWORD = "sanwang-demo-2026"  # noqa: S105 - printed on purpose; demo accounts exist in demo mode alone
TOKEN_DAYS = 60


@dataclass(frozen=True)
class Player:
    """One account of the demo: how to log in, what it is, and a token for the calls that need no log-in shown."""

    login: str
    name: str
    part: str
    token: str


def open_office(session: Session, names: Names, *, now: datetime) -> dict[str, Player]:
    """The administrator, the operators, a broker, an auditor, a collector, a registrar and two fund managers: all that exists before any organisation does."""
    parts = {
        "admin": ("管理员", Role.ADMINISTRATOR, PROVINCE),
        "operator": ("东湖高新区运营", Role.OPERATOR, Scope(ScopeKind.ZONE, "420100-donghu")),
        "province": ("全省运营主管", Role.OPERATOR, PROVINCE),
        "broker": ("武汉技术经纪人", Role.BROKER, Scope(ScopeKind.ZONE, "420100")),
        "auditor": ("审计", Role.AUDITOR, PROVINCE),
        "collector": ("武汉驿站采集员", Role.COLLECTOR, Scope(ScopeKind.ZONE, "420100")),
        "registrar": ("武汉登记站", Role.REGISTRAR, Scope(ScopeKind.ZONE, "420100")),
        "fund1": ("资金管理", Role.FUND_MANAGER, PROVINCE),
        "fund2": ("资金管理（复核）", Role.FUND_MANAGER, PROVINCE),
    }
    hashed = hash_password(PASSWORD)
    return {
        login: _open(session, login, names.person(login).name, part, hashed, ((role, scope),), now)
        for login, (part, role, scope) in parts.items()
    }


def open_members(
    session: Session,
    names: Names,
    enterprises: Mapping[str, UUID],
    institutes: Mapping[str, UUID],
    *,
    now: datetime,
) -> dict[str, Player]:
    """A member of every enterprise (`e01`), and of every institute a member (`i01`) and its transfer office (`t01`)."""
    hashed = hash_password(PASSWORD)
    players = {}
    for key, enterprise in enterprises.items():
        held = ((Role.ENTERPRISE_MEMBER, _within(enterprise)),)
        players[key.lower()] = _open(
            session, key.lower(), names.person(key).name, "企业成员", hashed, held, now
        )
    for key, institute in institutes.items():
        for login, role, part in (
            (key.lower(), Role.INSTITUTE_MEMBER, "院所成员"), ("t" + key[1:], Role.TRANSFER_OFFICE, "成果转化办"),
        ):  # fmt: skip
            held = ((role, _within(institute)),)
            players[login] = _open(session, login, names.person(login).name, part, hashed, held, now)
    return players


def _within(organisation: UUID) -> Scope:
    return Scope(ScopeKind.ORGANISATION, str(organisation))


def _open(
    session: Session,
    login: str,
    name: str,
    part: str,
    hashed: str,
    held: tuple[tuple[Role, Scope], ...],
    now: datetime,
) -> Player:
    account = Account(
        login=login, name=name, password_hash=hashed, is_demo=True, created_at=now, updated_at=now
    )
    session.add(account)
    session.flush()
    session.add_all(
        Membership(account_id=account.id, role=role, scope_kind=scope.kind, scope_id=scope.id, granted_at=now)
        for role, scope in held
    )
    _, token = issue_token_for(session, account, days=TOKEN_DAYS, now=now)
    return Player(login, name, part, token)
