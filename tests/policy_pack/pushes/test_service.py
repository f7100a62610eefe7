"""Enterprises are told what is news, once, each member; nothing that nobody verified, and nothing of another's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.db import Database
from backbone.errors import NotFound
from backbone.notices.models import Notice
from backbone.notices.reading import shown
from policy_pack.pushes.models import PolicyNews
from policy_pack.pushes.service import list_news, tell_news
from policy_pack.subjects.models import PolicyFact
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_account, an_actor, of, operator
from tests.factories.policy_facts import a_matter, a_policy_fact, a_shipped_policy
from tests.factories.policy_office import an_office, an_original

SME = [{"name": "科技型中小企业"}]
OTHER = [{"name": "瞪羚企业"}]
ASKED = {"sort": "-told_at", "limit": 50}


@pytest.fixture
def enterprise(session):
    return an_enterprise(session, labels=SME)


@pytest.fixture
def member(session, enterprise):
    return an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


def notices(session):
    kinds = ("policy_open", "policy_nearly", "policy_closing", "policy_lost")
    return session.scalars(select(Notice).where(Notice.kind.in_(kinds)).order_by(Notice.id)).all()


def tell(session, clock, *enterprises, keys=None):
    return tell_news(session, [each.id for each in enterprises], keys=keys, now=clock.now())


def test_whoever_may_apply_is_told_with_the_policys_name_and_last_day(session, clock, enterprise, member):
    version = a_shipped_policy(session, "P8")
    a_policy_fact(session, enterprise)
    assert tell(session, clock, enterprise) == 1
    [notice] = notices(session)
    assert (notice.recipient_id, notice.kind, notice.subject_number) == (member.id, "policy_open", "P8")
    assert (notice.subject_id, notice.zone_code) == (version.policy_id, "420100")
    said = shown(notice)
    assert said["title"].zh == "可申请：P8 科技创新券"
    assert "2027-12-31" in said["text"].zh
    assert "2027-12-31" in said["text"]


def test_what_is_missing_is_told_by_its_name(session, clock, enterprise, member):
    a_shipped_policy(session, "P8")
    tell(session, clock, enterprise)
    [notice] = notices(session)
    assert notice.kind == "policy_nearly"
    assert shown(notice)["text"].zh.startswith("补充以下信息即可判断：")
    assert "service_spend" not in shown(notice)["text"].zh


def test_the_same_is_never_told_twice_and_what_changes_is(session, clock, enterprise, member):
    a_shipped_policy(session, "P8")
    for _ in range(3):
        tell(session, clock, enterprise)
    assert [notice.kind for notice in notices(session)] == ["policy_nearly"]
    fact = a_policy_fact(session, enterprise)
    assert [tell(session, clock, enterprise) for _ in range(2)] == [1, 0]
    assert [notice.kind for notice in notices(session)] == ["policy_nearly", "policy_open"]
    session.delete(fact)
    session.flush()
    a_policy_fact(session, enterprise)
    assert tell(session, clock, enterprise) == 0, "it may apply once more: that was told"


def test_an_unverified_policy_is_told_to_nobody_until_it_is_verified(session, clock):
    office = an_office(session)
    enterprise = an_enterprise(session, labels=[{"name": "高新技术企业"}])
    an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    version = a_shipped_policy(session, "P38", office)
    assert tell(session, clock, enterprise) == 0
    assert notices(session) == []
    an_original(office, version, signed=True)
    assert tell(session, clock, enterprise) == 1


def test_every_member_is_told_and_nobody_of_another_enterprise(session, clock, enterprise, member):
    a_shipped_policy(session, "P8")
    other = an_enterprise(session)
    an_account(session, (Role.ENTERPRISE_MEMBER, of(other)))
    colleague = an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    an_account(session, (Role.AUDITOR, of(enterprise)))
    tell(session, clock, enterprise, other)
    assert {notice.recipient_id for notice in notices(session)} == {member.id, colleague.id}


def test_news_about_a_contract_is_of_that_contract(session, clock, enterprise, member):
    clock.instant = clock.instant.replace(day=16)  # P3 is valid from 2026-03-13
    a_shipped_policy(session, "P3")
    one, other = a_matter(session, enterprise), a_matter(session, enterprise)
    said = {"contract_side": "seller", "contract_type": "开发", "buyer_region": "武汉市"}
    for key, value in said.items():
        a_policy_fact(session, enterprise, key=key, value={"text": value}, matter_id=one.id)
    a_policy_fact(session, enterprise, key="contract_registered", value={"flag": True}, matter_id=one.id)
    a_policy_fact(session, enterprise, key="cash_received", value={"number": "120"}, matter_id=one.id)
    a_policy_fact(session, enterprise, key="contract_side", value={"text": "buyer"}, matter_id=other.id)
    tell(session, clock, enterprise)
    [news] = session.scalars(select(PolicyNews)).all()
    assert (news.matter_id, news.kind) == (one.id, "open")


def test_only_the_policies_that_are_asked_for_are_looked_at(session, clock, enterprise):
    a_shipped_policy(session, "P8")
    assert tell(session, clock, enterprise, keys=["P5"]) == 0
    assert tell(session, clock, enterprise, keys=["P8"]) == 1


def test_a_policy_that_closes_is_told_once_more(session, clock, enterprise, member):
    a_shipped_policy(session, "P8")
    a_policy_fact(session, enterprise)
    tell(session, clock, enterprise)
    clock.instant = clock.instant.replace(year=2027, month=12, day=29)
    fact = session.scalars(select(PolicyFact)).one()
    assert fact.valid_until_on is None
    import sanwang.features  # noqa: F401  # puts the calendar in

    tell(session, clock, enterprise)
    assert [notice.kind for notice in notices(session)] == ["policy_open", "policy_closing"]
    assert "还有 3 个工作日" in shown(notices(session)[-1])["text"].zh


def test_the_news_can_be_read_by_the_enterprise_and_those_in_office(session, clock, enterprise):
    a_shipped_policy(session, "P8")
    tell(session, clock, enterprise)
    reader = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    [news] = list_news(session, reader, enterprise.id, ASKED).items
    assert (news["key"], news["kind"], news["missing"]) == ("P8", "nearly", ["service_spend"])
    assert list_news(session, reader, enterprise.id, ASKED | {"kind": ["open"]}).items == []
    assert list_news(session, an_actor(session, (Role.OPERATOR, PROVINCE)), enterprise.id, ASKED).items
    with pytest.raises(NotFound):
        list_news(session, an_actor(session), enterprise.id, ASKED)


def test_news_over_http_speak_the_callers_language(client, session, clock, enterprise):
    a_shipped_policy(session, "P8")
    tell(session, clock, enterprise)
    address = f"/api/enterprises/{enterprise.id}/policy-news"
    for language, name in (("zh", "科技创新券"), ("en", "Innovation voucher")):
        answer = client.get(address, headers=operator(session) | {"Accept-Language": language})
        assert answer.json["items"][0]["name"] == name


def test_two_who_evaluate_at_once_tell_it_once(committed_database: Database, clock):
    with committed_database.transaction() as session:
        enterprise = an_enterprise(session, labels=SME)
        an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
        a_shipped_policy(session, "P8")
        enterprise_id = enterprise.id
    together = Barrier(4)

    def evaluate(_):
        with committed_database.transaction() as session:
            together.wait()
            return tell_news(session, [enterprise_id], now=clock.now())

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(evaluate, range(4))) == [0, 0, 0, 1]
    with committed_database.transaction() as session:
        assert len(notices(session)) == 1


def test_losing_it_and_qualifying_again_is_told_each_time_once(session, clock, enterprise, member):
    a_shipped_policy(session, "P8")
    a_policy_fact(session, enterprise)
    for labels in (SME, OTHER, SME, OTHER):
        enterprise.labels = labels
        session.flush()
        assert [tell(session, clock, enterprise) for _ in range(2)] == [1, 0]
        clock.instant += timedelta(minutes=1)
    assert [notice.kind for notice in notices(session)] == ["policy_open", "policy_lost"] * 2
