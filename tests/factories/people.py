"""Two people whose names stand in every place that a platform has for them, put there over HTTP.

cast = a_cast(client, session, clock)
cast.zhou.values, cast.wang.values  # what may show nowhere in clear
everything(session)  # every column of every table, as text
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.event import listen, remove
from sqlalchemy.orm import Session

from backbone.actor import Role, Scope, ScopeKind
from backbone.clock import FrozenClock
from backbone.db import new_id
from tests.factories.directory import a_credit_code
from tests.factories.identity import administrator, bearer
from tests.factories.needs import a_need_body
from tests.factories.network import a_node

PASSWORD = "planted-password"


@dataclass(frozen=True)
class Planted:
    """Somebody who does not exist."""

    name: str
    phone: str
    email: str
    login: str

    @property
    def values(self) -> tuple[str, ...]:
        return (self.name, self.phone, self.email, self.login)

    @property
    def contact(self) -> dict[str, str]:
        return {"name": self.name, "phone": self.phone, "email": self.email}


ZHOU = Planted("周企联甲", "13871230001", "zhou.qilian@example.test", "login-of-zhou")
WANG = Planted("王转化乙", "13971230002", "wang.zhuanhua@example.test", "login-of-wang")
DECIDER, COLLECTOR = "吴拍板丙", "郑采集丁"


@dataclass(frozen=True)
class Cast:
    """Ids by path parameter, and the headers of everybody who looks."""

    ids: dict[str, str]
    readers: dict[str, dict[str, str]]
    client: FlaskClient

    def ask(self, method: str, path: str, body: Any = None, *, by: str = "admin", **headers: str) -> Any:
        """The JSON of a request that succeeds; POSTs carry a key, so that their answers are kept."""
        sent = {"Idempotency-Key": str(new_id())} if method == "POST" else {}
        answer = self.client.open(
            f"/api{path}", method=method, json=body, headers=self.readers[by] | sent | headers
        )
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json


def a_cast(client: FlaskClient, session: Session, clock: FrozenClock) -> Cast:
    """An enterprise with Zhou, an institute with Wang, their accounts, an offer, a need, and a call between them."""
    cast = Cast(
        {},
        {
            "admin": administrator(session),
            "operator": bearer(session, (Role.OPERATOR, Scope(ScopeKind.PROVINCE, None))),
        },
        client,
    )
    ids = cast.ids
    for kind, person, more in (("enterprise", ZHOU, {}), ("institute", WANG, {"type": "university"})):
        body = {
            "name": f"测试单位{kind}",
            "credit_code": a_credit_code(),
            "region_code": "420100",
            "contact": person.contact,
        }
        ids[f"{kind}_id"] = cast.ask("POST", f"/{kind}s", body | more)["id"]
    _accounts(cast)
    offer = {"kind": "achievement", "title": "低温驱动电路", "industry": "opto", "trl": 6, "summary": "低温下抖动小",
             "institute_id": ids["institute_id"], "contact": WANG.contact, "team": "驱动电路组"}  # fmt: skip
    ids["achievement_id"] = cast.ask("POST", "/achievements", offer, by="wang")["id"]
    _lead(cast, session)
    need = a_need_body(contact=ZHOU.contact, decision_owner=DECIDER, collector=COLLECTOR, visibility="public")
    ids["need_id"] = cast.ask("POST", "/needs", need, by="zhou")["id"]
    _talk(cast, clock)
    return cast


def _lead(cast: Cast, session: Session) -> None:
    """A visit to Zhou, who consents, before the need was posted."""
    node = a_node(session)
    cast.readers["collector"] = bearer(session, (Role.COLLECTOR, Scope(ScopeKind.NODE, node.key)))
    at = "2026-03-09T14:00:00+08:00"
    consent = {"by": ZHOU.name, "how": "spoken", "at": at, "covers": ["keep_contact", "pass_on"]}
    visit = {
        "node_key": node.key, "enterprise_id": cast.ids["enterprise_id"], "words": "低温抖动", "happened_at": at,
        "contact": ZHOU.contact, "decision_owner": DECIDER, "consent": consent,
    }  # fmt: skip
    cast.ids["lead_id"] = cast.ask("POST", "/leads", visit, by="collector")["id"]


def _accounts(cast: Cast) -> None:
    for who, person, role, kind in (
        ("zhou", ZHOU, "enterprise_member", "enterprise"),
        ("wang", WANG, "institute_member", "institute"),
    ):
        opened = cast.ask(
            "POST", "/accounts", {"login": person.login, "name": person.name, "password": PASSWORD}
        )["id"]
        scope = {"kind": "organisation", "id": cast.ids[f"{kind}_id"]}
        cast.ask("POST", f"/accounts/{opened}/memberships", {"role": role, "scope": scope})
        token = cast.client.post("/api/tokens", json={"login": person.login, "password": PASSWORD}).json[
            "token"
        ]
        cast.readers[who] = {"Authorization": f"Bearer {token}"}
        cast.ids[f"account_id_{who}"] = opened
    cast.ids["account_id"] = cast.ids["account_id_zhou"]


def _talk(cast: Cast, clock: FrozenClock) -> None:
    need = f"/needs/{cast.ids['need_id']}"
    cast.ask("POST", f"{need}/submission", {}, by="zhou")
    cast.ask("POST", f"{need}/confirmation", {"complexity": "ordinary"}, by="operator")
    invited = {"institute_id": cast.ids["institute_id"]}
    cast.ids["invitation_id"] = cast.ask("POST", f"{need}/invitations", invited, by="operator")["id"]
    cast.ask("POST", f"/invitations/{cast.ids['invitation_id']}/acceptance", {}, by="wang")
    clock.advance(hours=1)
    people = [{"name": ZHOU.name, "side": "enterprise"}, {"name": WANG.name, "side": "institute"}]
    call = {
        "kind": "call",
        "happened_on": "2026-03-10",
        "people": people,
        "result": "可行",
        "next_step": "寄样",
        **invited,
    }
    cast.ids["contact_id"] = cast.ask("POST", f"{need}/contacts", call, by="wang")["id"]
    cast.ask("POST", f"/contacts/{cast.ids['contact_id']}/agreement", {}, by="zhou")
    proposal = cast.ask("POST", f"{need}/proposals", {"title": "驱动方案"}, by="wang")
    cast.ids["proposal_id"] = proposal["id"]


@contextmanager
def counted_queries(session: Session) -> Iterator[list[str]]:
    """The statements that this test's connection runs within the block, savepoints left out."""
    ran: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            ran.append(statement)

    connection = session.connection()
    listen(connection, "before_cursor_execute", note)
    yield ran
    remove(connection, "before_cursor_execute", note)


def everything(session: Session) -> dict[str, list[str]]:
    """Every row of every table as text, bytes in hexadecimal, by table."""
    session.flush()
    named = "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
    tables = session.scalars(text(named)).all()
    return {name: list(session.scalars(text(f'select t::text from "{name}" t'))) for name in sorted(tables)}


def standing_in(dump: dict[str, list[str]], values: tuple[str, ...]) -> list[tuple[str, str]]:
    """(table, value) of every value that stands somewhere in clear, also as bytes."""
    return [
        (table, value)
        for table, rows in dump.items()
        for value in values
        if any(value in row or value.encode().hex() in row for row in rows)
    ]
