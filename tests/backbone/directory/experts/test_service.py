import threading
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backbone.actor import PROVINCE, Actor, Role, actor_with
from backbone.audit import AuditEvent
from backbone.directory.experts import service
from backbone.directory.experts.errors import AccountTaken, ConsentStands
from backbone.directory.experts.models import Expert, ExpertConsent
from backbone.directory.experts.reading import list_experts, show_expert
from backbone.errors import Forbidden, Invalid, NotFound
from backbone.people.models import Person
from tests.factories.directory import an_expert, an_institute
from tests.factories.identity import an_account, of, zone

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
TODAY = date(2026, 3, 10)
SECRETS = (
    "测专家甲",
    "13900001234",
    "expert@example.test",
    "铜排焊接论文",
    "某竞争企业",
    "同意书 7 号",
    "首席研究员",
)


@pytest.fixture
def institute(session):
    return an_institute(session)


@pytest.fixture
def office(institute):
    return actor_with((Role.TRANSFER_OFFICE, of(institute)))


def entry(institute, **values):
    return {
        "institute_id": institute.id, "name": "测专家甲", "phone": "13900001234", "email": "expert@example.test",
        "title": "首席研究员", "industries": ["opto"], "works": [{"kind": "paper", "title": "铜排焊接论文", "year": 2025}],
        "conflicts": ["某竞争企业"], "trl": {"least": 3, "most": 7},
    } | values  # fmt: skip


def consent(**values):
    return {"given_on": TODAY, "evidence": "同意书 7 号"} | values


def events(session):
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def listed_to_strangers(session):
    page = list_experts(session, actor_with(), {"sort": "institute", "limit": 100})
    return [expert.id for expert in page.items]


def test_an_expert_is_entered_by_the_own_institute_with_everything_personal_sealed(
    session, institute, office
):
    expert = service.enter_expert(session, office, entry(institute), now=NOW)
    session.expire_all()
    assert (expert.name, expert.phone, expert.email) == ("测专家甲", "13900001234", "expert@example.test")
    assert (expert.trl, expert.region_code, expert.is_consenting) == (
        {"least": 3, "most": 7},
        "420100",
        False,
    )
    stored = session.execute(select(Expert.__table__)).mappings().one()
    assert not any(secret in str(dict(stored)) for secret in SECRETS[:3])
    assert session.scalar(select(func.count()).select_from(Person).where(Person.holder_id == expert.id)) == 1


def test_nothing_that_tells_who_it_is_reaches_the_audit(session, institute, office):
    expert = service.enter_expert(session, office, entry(institute), now=NOW)
    service.amend_expert(session, office, expert, {"phone": "13900004321", "keywords": ["紫铜"]}, now=NOW)
    service.record_consent(session, office, expert.id, consent(), now=NOW)
    service.revoke_consent(session, office, expert.id, now=NOW)
    service.remove_expert(session, office, expert, now=NOW)
    actions = [event.action for event in events(session)]
    assert actions == ["enter_expert", "amend_expert", "record_consent", "revoke_consent", "remove_expert"]
    written = "".join(f"{event.before}{event.after}" for event in events(session))
    assert not any(secret in written for secret in (*SECRETS, "13900004321", "紫铜"))
    assert "hmac:" in written


def test_nobody_is_listed_before_they_consent_and_nobody_after_they_take_it_back(session, institute, office):
    expert = service.enter_expert(session, office, entry(institute), now=NOW)
    session.flush()
    assert listed_to_strangers(session) == []
    service.record_consent(session, office, expert.id, consent(), now=NOW)
    assert listed_to_strangers(session) == [expert.id]
    service.revoke_consent(session, office, expert.id, now=NOW)
    assert listed_to_strangers(session) == []
    service.record_consent(session, office, expert.id, consent(evidence="同意书 8 号"), now=NOW)
    assert listed_to_strangers(session) == [expert.id]
    assert [each.revoked_by for each in expert.consents] == ["institute", None]


def test_consenting_and_revoking_are_new_versions(session, office, institute):
    expert = an_expert(session, institute, consents=False)
    service.record_consent(session, office, expert.id, consent(), now=NOW)
    assert expert.version == 2
    service.revoke_consent(session, office, expert.id, now=NOW)
    assert expert.version == 3


def test_revoking_twice_is_revoking_once(session, office, institute):
    expert = an_expert(session, institute)
    for _ in range(2):
        service.revoke_consent(session, office, expert.id, now=NOW)
    assert [event.action for event in events(session)] == ["revoke_consent"]


def test_one_consent_stands_at_a_time(session, office, institute):
    expert = an_expert(session, institute)
    with pytest.raises(ConsentStands) as refused:
        service.record_consent(session, office, expert.id, consent(), now=NOW)
    assert refused.value.data == {"given_on": "2026-01-05"}


def test_the_expert_needs_no_paper_and_the_institute_does(session, office, institute):
    account = an_account(session)
    expert = an_expert(session, institute, consents=False, account_id=account.id)
    with pytest.raises(Invalid) as refused:
        service.record_consent(session, office, expert.id, {"given_on": TODAY}, now=NOW)
    assert refused.value.data["errors"][0]["field"] == "evidence"
    own = Actor(account.id, "专家")
    service.record_consent(session, own, expert.id, {"given_on": TODAY}, now=NOW)
    assert [(each.given_by, each.evidence) for each in expert.consents] == [("expert", None)]
    service.revoke_consent(session, own, expert.id, now=NOW)
    assert [each.revoked_by for each in expert.consents] == ["expert"]


def test_what_the_institute_recorded_the_expert_takes_back(session, institute):
    account = an_account(session)
    expert = an_expert(session, institute, account_id=account.id)
    service.revoke_consent(session, Actor(account.id, "专家"), expert.id, now=NOW)
    assert listed_to_strangers(session) == []


def test_a_consent_of_tomorrow_is_none(session, office, institute):
    expert = an_expert(session, institute, consents=False)
    with pytest.raises(Invalid):
        service.record_consent(session, office, expert.id, consent(given_on=date(2026, 3, 11)), now=NOW)


def test_the_operators_of_the_zone_take_somebody_off_the_list_and_others_do_not(session, institute):
    expert = an_expert(session, institute)
    for held in ((Role.OPERATOR, zone("420200")), (Role.BROKER, PROVINCE), (Role.AUDITOR, PROVINCE)):
        with pytest.raises(Forbidden):
            service.revoke_consent(session, actor_with(held), expert.id, now=NOW)
    operator = actor_with((Role.OPERATOR, zone("420100")))
    with pytest.raises(Forbidden):
        service.record_consent(session, operator, expert.id, consent(), now=NOW)
    service.revoke_consent(session, operator, expert.id, now=NOW)
    with pytest.raises(NotFound):
        service.revoke_consent(session, operator, expert.id, now=NOW)


def test_nobody_else_enters_amends_or_removes(session, institute):
    expert = an_expert(session, institute)
    for held in (
        (Role.OPERATOR, PROVINCE),
        (Role.ADMINISTRATOR, PROVINCE),
        (Role.TRANSFER_OFFICE, of(an_institute(session))),
    ):
        actor = actor_with(held)
        for refused in (
            lambda actor=actor: service.enter_expert(session, actor, entry(institute), now=NOW),
            lambda actor=actor: service.amend_expert(session, actor, expert, {"title": "x"}, now=NOW),
            lambda actor=actor: service.remove_expert(session, actor, expert, now=NOW),
        ):
            with pytest.raises(Forbidden):
                refused()
    assert events(session) == []


def test_the_expert_amends_and_does_not_remove_themselves_from_the_institutes_records(session, institute):
    account = an_account(session)
    expert = an_expert(session, institute, account_id=account.id)
    own = Actor(account.id, "专家")
    assert (
        service.amend_expert(session, own, expert, {"availability": "none"}, now=NOW).availability == "none"
    )
    with pytest.raises(Forbidden):
        service.remove_expert(session, own, expert, now=NOW)


def test_a_removed_expert_leaves_nothing_that_tells_who_it_was(session, office, institute):
    expert = an_expert(
        session, institute, name="测专家甲", works=[{"kind": "paper", "title": "铜排焊接论文"}]
    )
    service.remove_expert(session, office, expert, now=NOW)
    session.expire_all()
    assert (expert.name, expert.phone, expert.email, expert.title) == (None, None, None, None)
    assert (expert.works, expert.conflicts, expert.keywords, expert.folded) == ([], [], [], "")
    person = session.scalar(select(Person).where(Person.holder_id == expert.id))
    assert (person.name_digest, person.phone_digest, person.email_digest) == (None, None, None)
    assert [each.revoked_by for each in expert.consents] == ["removal"]
    with pytest.raises(NotFound):
        show_expert(session, office, expert.id)


def test_amending_nothing_writes_nothing(session, office, institute):
    expert = an_expert(session, institute, name="甲", consents=False)
    service.amend_expert(session, office, expert, {"name": "甲", "title": "研究员"}, now=NOW)
    assert (expert.version, events(session)) == (1, [])


def test_null_clears_a_range_and_a_telephone(session, office, institute):
    expert = an_expert(session, institute)
    service.amend_expert(session, office, expert, {"trl": None, "phone": None}, now=NOW)
    session.expire_all()
    assert (expert.trl, expert.phone) == (None, None)
    assert expert.version == 2


def test_an_account_is_one_experts_and_exists(session, office, institute):
    account = an_account(session)
    an_expert(session, institute, account_id=account.id)
    with pytest.raises(AccountTaken):
        service.enter_expert(session, office, entry(institute, account_id=account.id), now=NOW)
    with pytest.raises(Invalid) as refused:
        service.enter_expert(session, office, entry(institute, account_id=uuid4()), now=NOW)
    assert refused.value.data["errors"][0]["field"] == "account_id"
    assert session.scalar(select(func.count()).select_from(Expert)) == 1


@pytest.mark.parametrize("broken", [
    {"availability": "maybe"}, {"trl_from": 0}, {"trl_from": 8, "trl_to": 7}, {"trl_from": None}, {"trl_to": 10},
])  # fmt: skip
def test_the_database_keeps_experts_in_shape(session, broken):
    with pytest.raises(IntegrityError):
        an_expert(session, **broken)


@pytest.mark.parametrize("broken", [
    {"given_by": "rumour"}, {"given_by": "institute", "evidence": None}, {"revoked_at": NOW}, {"revoked_by": "expert"},
])  # fmt: skip
def test_the_database_keeps_consents_in_shape(session, broken):
    expert = an_expert(session, consents=False)
    values = {"given_on": TODAY, "given_by": "expert", "recorded_at": NOW, "evidence": None} | broken
    session.add(ExpertConsent(expert_id=expert.id, **values))
    with pytest.raises(IntegrityError):
        session.flush()


def test_of_two_consents_recorded_at_once_one_stands(committed_database):
    with committed_database.transaction() as session:
        institute = an_institute(session)
        expert_id = an_expert(session, institute, consents=False).id
        office = actor_with((Role.TRANSFER_OFFICE, of(institute)))
    start, seen = threading.Barrier(2), []

    def record():
        start.wait(10)
        try:
            with committed_database.transaction() as session:
                service.record_consent(session, office, expert_id, consent(), now=NOW)
            seen.append("recorded")
        except ConsentStands:
            seen.append("stands")

    both = [threading.Thread(target=record) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert sorted(seen) == ["recorded", "stands"]
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(ExpertConsent)) == 1
