"""An export says everything, where it stands and since when, and keeps quiet about everybody else."""

import json

from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.clock import FrozenClock
from backbone.people.erasing import erase
from backbone.people.exporting import counts, export
from backbone.people.finding import Asked
from backbone.people.holding import person_of
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import MADE_AT, an_account, headers_of
from tests.factories.needs import a_need

NAME, PHONE = "韩测试", "13612340000"


def test_each_place_says_where_what_and_since_when(session: Session, clock: FrozenClock):
    enterprise = an_enterprise(session, contact_name="别人", contact_phone="1")
    need = a_need(session, enterprise, contact_name=NAME, contact_phone=PHONE, contact_email=None)
    [record] = export(session, Asked("phone", PHONE), now=clock.now())["records"]
    assert record == {
        "id": str(person_of(need, "contact").id), "found_by": "phone", "record": "needs", "record_id": str(need.id),
        "record_number": need.number, "part": "contact", "values": {"name": NAME, "phone": PHONE}, "erased_at": None,
        "since": need.created_at.isoformat(), "changed_at": need.updated_at.isoformat(), "besides": {},
    }  # fmt: skip


def test_it_is_json_as_it_stands_and_holds_nobody_else(session: Session, clock: FrozenClock):
    institute = an_institute(session, contact_name=NAME, contact_phone=PHONE)
    an_achievement(session, institute=institute, contact_name="杨旁人", team=f"{NAME}团队")
    an_achievement(session, institute=institute, contact_name="杨旁人", team="别的团队")
    found = export(session, Asked("phone", PHONE), now=clock.now())
    said = json.dumps(found, ensure_ascii=False)
    assert [text["value"] for text in found["named_in_texts"]] == [f"{NAME}团队"]
    assert "杨旁人" not in said
    assert counts(found) == {"institutes.contact": 1, "achievements.team": 1}


def test_an_account_comes_with_its_roles_tokens_and_acts_and_without_secrets(
    session: Session, clock: FrozenClock
):
    account = an_account(session, (Role.OPERATOR, PROVINCE), login="han", name=NAME)
    secret = headers_of(session, account)["Authorization"].removeprefix("Bearer ")
    found = export(session, Asked("login", "han"), now=clock.now())
    [record] = found["records"]
    assert record["values"] == {"name": NAME, "login": "han"}
    assert record["besides"]["roles"] == [
        {
            "role": "operator",
            "scope_kind": "province",
            "scope_id": None,
            "granted_at": MADE_AT.isoformat(),
            "ended_at": None,
        }
    ]
    assert len(record["besides"]["tokens"]) == 1
    assert found["acts"] == [
        {"action": "issue_token", "times": 1, "first_at": MADE_AT.isoformat(), "last_at": MADE_AT.isoformat()}
    ]
    said = json.dumps(found)
    assert secret not in said
    assert account.password_hash not in said.replace('"!"', "") or account.password_hash == "!"


def test_what_was_erased_is_said_to_be(session: Session, clock: FrozenClock):
    enterprise = an_enterprise(session, contact_name=NAME, contact_phone=PHONE)
    row = person_of(enterprise, "contact")
    erase(session, SYSTEM, Asked("phone", PHONE), reason="本人申请", now=clock.now())
    [record] = export(session, Asked("id", str(row.id)), now=clock.now())["records"]
    assert record["erased_at"] == clock.now().isoformat()
    assert NAME not in json.dumps(record, ensure_ascii=False)
