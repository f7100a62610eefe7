"""A person is found by what is known of them; of whoever shares it, only the one who is meant."""

import pytest
from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.people.errors import NobodyFound, SharedByNames
from backbone.people.finding import SAME_NAME, Asked, Mention, find, holders
from backbone.people.holding import HasPeople, person_of
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_account, of
from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.needs import a_need
from tests.factories.talks import a_contact

NAME, PHONE, EMAIL = "褚测试", "13912340000", "chu@example.test"


def places(mentions: list[Mention]) -> set[tuple[str, str, str]]:
    return {(mention.person.holder, mention.person.part, mention.how) for mention in mentions}


def test_every_kind_of_record_with_people_is_known_those_that_others_belong_to_first():
    known = list(holders())
    assert {"accounts", "enterprises", "institutes", "needs", "achievements", "contacts"} <= set(known)
    assert known.index("enterprises") < known.index("needs") < known.index("contacts")
    assert all(issubclass(kind, HasPeople) for kind in holders().values())


@pytest.mark.parametrize(("by", "value"), [("phone", "+86 139 1234 0000"), ("email", "CHU@example.test")])
def test_a_contact_is_found_in_whatever_spelling(session: Session, by: str, value: str):
    an_institute(session, contact_name=NAME, contact_phone=PHONE, contact_email=EMAIL)
    assert places(find(session, Asked(by, value))) == {("institutes", "contact", by)}


def test_an_account_is_found_by_its_login_and_by_its_id(session: Session):
    account = an_account(session, login="Chu", name=NAME)
    assert places(find(session, Asked("login", "Chu"))) == {("accounts", "account", "login")}
    assert places(find(session, Asked("id", str(account.id)))) == {("accounts", "account", "id")}
    row = person_of(account, "account")
    assert row is not None
    assert find(session, Asked("id", str(row.id)))[0].person is row
    with pytest.raises(NobodyFound):
        find(session, Asked("login", "chu"))  # logins are as they are typed


@pytest.mark.parametrize("asked", [Asked("phone", "13900000000"), Asked("email", "x@example.test"), Asked("login", "x"),
                                   Asked("id", "01a20000-0000-7000-8000-000000000000"), Asked("id", "no id")])  # fmt: skip
def test_nobody_is_said_so_in_both_languages(session: Session, asked: Asked):
    with pytest.raises(NobodyFound) as refused:
        find(session, asked)
    assert "没有" in refused.value.sentence().zh
    assert asked.value not in str(refused.value.sentence())


def test_the_same_name_in_the_same_organisation_is_the_same_person(session: Session):
    enterprise, elsewhere = (
        an_enterprise(session, contact_name="别人"),
        an_enterprise(session, contact_name="别人"),
    )
    a_need(session, enterprise, contact_name=NAME, contact_phone=PHONE, decision_owner=NAME)
    an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)), name="褚 测试")
    a_need(session, elsewhere, contact_name=NAME, contact_phone="1", decision_owner=None)
    an_account(session, (Role.ENTERPRISE_MEMBER, of(elsewhere)), name=NAME)
    an_account(session, name=NAME)
    found = find(session, Asked("phone", PHONE))
    assert places(found) == {
        ("needs", "contact", "phone"), ("needs", "decision_owner", SAME_NAME), ("accounts", "account", SAME_NAME),
    }  # fmt: skip
    assert len(found) == 3
    assert places(find(session, Asked("phone", PHONE, exact=True))) == {("needs", "contact", "phone")}


def test_who_took_part_in_a_talk_speaks_for_their_own_side(session: Session):
    exchange = an_exchange(session, contact_name="测试甲", contact_phone=PHONE)
    an_institute(session, contact_name="测试甲")
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    a_contact(exchange)
    a_contact(
        exchange, people=[{"name": "测试乙", "side": "enterprise"}, {"name": "测试甲", "side": "institute"}]
    )
    found = find(session, Asked("phone", PHONE))
    assert places(found) == {("needs", "contact", "phone"), ("contacts", "enterprise/0", SAME_NAME)}


def test_an_offers_contact_speaks_for_its_institute(session: Session):
    institute = an_institute(session, contact_name=NAME, contact_phone=PHONE)
    an_achievement(session, institute=institute, contact_name=NAME, contact_phone="2", contact_email=None)
    assert places(find(session, Asked("phone", PHONE))) == {
        ("institutes", "contact", "phone"), ("achievements", "contact", SAME_NAME),
    }  # fmt: skip


def test_a_phone_that_several_share_needs_a_name(session: Session):
    for name in ("钱甲", "孙乙", "孙 乙"):
        an_enterprise(session, contact_name=name, contact_phone="027-87654321")
    with pytest.raises(SharedByNames) as refused:
        find(session, Asked("phone", "027-87654321"))
    assert (refused.value.data["count"], refused.value.data["names"]) == (2, "孙**、钱**")
    assert len(find(session, Asked("phone", "027-87654321", name="孙乙"))) == 2
    with pytest.raises(NobodyFound):
        find(session, Asked("phone", "027-87654321", name="李丙"))
