import threading
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backbone.actor import PROVINCE, Role, actor_with
from backbone.audit import AuditEvent
from backbone.directory.chains import reading, service
from backbone.directory.chains.errors import ChainClosed, ChainNameTaken, PartTaken
from backbone.directory.chains.models import Chain, ChainPart
from backbone.errors import Forbidden, Invalid, NotFound
from tests.factories.directory import a_chain, a_part, an_enterprise, an_institute
from tests.factories.identity import of, zone

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
PROVINCE_OPERATOR = actor_with((Role.OPERATOR, PROVINCE))
SINCE = {"since_on": date(2026, 3, 1), "source": "测试文件第 1 号"}
OFFICE = {"title": "副省长", "organisation": "测试省政府", **SINCE}


def entry(**values):
    return {
        "name": "测试激光产业链",
        "industries": ["opto"],
        "source": "测试文件",
        "as_of_on": date(2026, 3, 1),
    } | values


def opened(session, **values):
    return service.open_chain(session, PROVINCE_OPERATOR, entry(**values), now=NOW)


def events(session):
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


# --- opening, amending, closing ---


def test_a_chain_is_opened_with_its_source_and_leaves_one_event(session):
    chain = opened(session, summary="从芯片到装备")
    session.refresh(chain)
    assert (chain.name, chain.industries, chain.closed_at, chain.version) == (
        "测试激光产业链",
        ["opto"],
        None,
        1,
    )
    (event,) = events(session)
    assert (event.action, event.subject_kind, event.after["source"]) == ("open_chain", "chains", "测试文件")


@pytest.mark.parametrize("spelling", ["测试激光产业链", "測試激光產業鏈", " 测试激光产业链 "])
def test_one_open_chain_of_a_name_whatever_its_spelling(session, spelling):
    opened(session)
    with pytest.raises(ChainNameTaken):
        opened(session, name=spelling)
    assert session.scalar(select(func.count()).select_from(Chain)) == 1


def test_blanks_alone_make_no_other_name(session):
    assert opened(session, name=" AI   算力  链 ").name == "AI 算力 链"
    with pytest.raises(ChainNameTaken):
        opened(session, name="ＡＩ 算力 链")


def test_the_name_of_a_closed_chain_is_free_again(session):
    first = opened(session)
    service.close_chain(session, PROVINCE_OPERATOR, first.id, now=NOW)
    session.flush()
    assert opened(session).id != first.id


def test_amending_records_what_changed_and_nothing_when_nothing_did(session):
    chain = opened(session)
    service.amend_chain(session, PROVINCE_OPERATOR, chain, {"industries": ["opto", "ai"]}, now=NOW)
    session.refresh(chain)
    assert (chain.industries, chain.version) == (["opto", "ai"], 2)
    assert events(session)[-1].before == {"industries": ["opto"]}
    service.amend_chain(session, PROVINCE_OPERATOR, chain, {"name": " 测试激光产业链"}, now=NOW)
    assert len(events(session)) == 2


def test_a_chain_cannot_take_the_name_of_another_by_amending(session):
    opened(session)
    other = opened(session, name="另一条链")
    with pytest.raises(ChainNameTaken) as refused:
        service.amend_chain(session, PROVINCE_OPERATOR, other, {"name": "测试激光产业链"}, now=NOW)
    assert "测试激光产业链" in refused.value.sentence().zh
    session.refresh(other)
    assert other.name == "另一条链"


def test_closing_twice_is_closing_once(session):
    chain = opened(session)
    for _ in range(2):
        service.close_chain(session, PROVINCE_OPERATOR, chain.id, now=NOW)
    assert chain.closed_at == NOW
    assert [event.action for event in events(session)] == ["open_chain", "close_chain"]


def test_a_closed_chain_is_history(session):
    chain = a_chain(session, closed_at=NOW)
    with pytest.raises(ChainClosed):
        service.amend_chain(session, PROVINCE_OPERATOR, chain, {"summary": "x"}, now=NOW)
    with pytest.raises(ChainClosed):
        service.appoint_chain_lead(session, PROVINCE_OPERATOR, chain.id, OFFICE, now=NOW)


def test_what_is_said_is_not_of_tomorrow(session):
    with pytest.raises(Invalid) as refused:
        opened(session, as_of_on=date(2026, 3, 11))
    assert refused.value.data["errors"][0]["field"] == "as_of_on"
    chain = opened(session)
    with pytest.raises(Invalid):
        service.appoint_chain_lead(
            session, PROVINCE_OPERATOR, chain.id, OFFICE | {"since_on": date(2026, 3, 11)}, now=NOW
        )


# --- parts ---


def test_who_leads_steers_and_joins_is_shown_with_the_chain(session):
    chain, enterprise, institute = (
        opened(session),
        an_enterprise(session, name="链主企业"),
        an_institute(session),
    )
    service.appoint_chain_lead(session, PROVINCE_OPERATOR, chain.id, OFFICE, now=NOW)
    service.appoint_chain_master(
        session, PROVINCE_OPERATOR, chain.id, {"enterprise_id": enterprise.id, **SINCE}, now=NOW
    )
    service.admit_chain_innovator(
        session, PROVINCE_OPERATOR, chain.id, {"institute_id": institute.id, **SINCE}, now=NOW
    )
    service.admit_chain_innovator(
        session, PROVINCE_OPERATOR, chain.id, {"organisation": "某联盟", **SINCE}, now=NOW
    )
    assert [(part.title, part.organisation) for part in chain.leads] == [("副省长", "测试省政府")]
    assert [part.enterprise.name for part in chain.masters] == ["链主企业"]
    assert [(part.institute and part.institute.id, part.organisation) for part in chain.innovators] == [
        (institute.id, None), (None, "某联盟"),
    ]  # fmt: skip
    assert [event.action for event in events(session)] == ["open_chain", *["appoint_chain_part"] * 4]


def test_every_change_of_parts_is_a_new_version_of_the_chain(session):
    chain = opened(session)
    service.appoint_chain_lead(session, PROVINCE_OPERATOR, chain.id, OFFICE, now=NOW)
    assert chain.version == 2
    service.end_chain_part(session, PROVINCE_OPERATOR, chain.leads[0].id, now=NOW)
    assert (chain.version, chain.leads) == (3, [])


@pytest.mark.parametrize("part", ["lead", "master", "institute", "organisation"])
def test_a_part_is_played_once_and_again_after_it_ended(session, part):
    chain = opened(session)
    verb, values = {
        "lead": (service.appoint_chain_lead, OFFICE),
        "master": (service.appoint_chain_master, {"enterprise_id": an_enterprise(session).id, **SINCE}),
        "institute": (service.admit_chain_innovator, {"institute_id": an_institute(session).id, **SINCE}),
        "organisation": (service.admit_chain_innovator, {"organisation": "某联盟", **SINCE}),
    }[part]
    verb(session, PROVINCE_OPERATOR, chain.id, values, now=NOW)
    with pytest.raises(PartTaken):
        verb(session, PROVINCE_OPERATOR, chain.id, values, now=NOW)
    service.end_chain_part(session, PROVINCE_OPERATOR, chain.parts[0].id, now=NOW)
    verb(session, PROVINCE_OPERATOR, chain.id, values, now=NOW)
    assert len(chain.parts) == 1


def test_two_offices_lead_and_one_enterprise_steers_two_chains(session):
    one, other, enterprise = opened(session), opened(session, name="另一条链"), an_enterprise(session)
    for title in ("副省长", "厅长"):
        service.appoint_chain_lead(session, PROVINCE_OPERATOR, one.id, OFFICE | {"title": title}, now=NOW)
    for chain in (one, other):
        values = {"enterprise_id": enterprise.id, **SINCE}
        service.appoint_chain_master(session, PROVINCE_OPERATOR, chain.id, values, now=NOW)
    assert (len(one.leads), len(one.masters), len(other.masters)) == (2, 1, 1)


def test_ending_a_part_twice_is_ending_it_once(session):
    chain = opened(session)
    service.appoint_chain_lead(session, PROVINCE_OPERATOR, chain.id, OFFICE, now=NOW)
    part_id = chain.leads[0].id
    for _ in range(2):
        service.end_chain_part(session, PROVINCE_OPERATOR, part_id, now=NOW)
    assert [event.action for event in events(session)].count("end_chain_part") == 1
    assert session.get(ChainPart, part_id).ended_at == NOW


def test_an_unknown_enterprise_or_institute_is_named(session):
    chain = opened(session)
    for verb, field in (
        (service.appoint_chain_master, "enterprise_id"),
        (service.admit_chain_innovator, "institute_id"),
    ):
        with pytest.raises(Invalid) as refused:
            verb(session, PROVINCE_OPERATOR, chain.id, {field: uuid4(), **SINCE}, now=NOW)
        assert refused.value.data["errors"][0]["field"] == field


def test_an_institute_is_no_enterprise_and_steers_nothing(session):
    chain, institute = opened(session), an_institute(session)
    with pytest.raises(Invalid):
        service.appoint_chain_master(
            session, PROVINCE_OPERATOR, chain.id, {"enterprise_id": institute.id, **SINCE}, now=NOW
        )


@pytest.mark.parametrize("values", [
    {"part": "lead", "title": "厅长"}, {"part": "lead", "organisation": "厅"}, {"part": "master"}, {"part": "innovator"},
    {"part": "master", "organisation": "某厂"}, {"part": "emperor", "title": "x", "organisation": "y"},
    {"part": "innovator", "organisation": "x", "title": "y"},
])  # fmt: skip
def test_the_database_keeps_each_part_in_its_shape(session, values):
    chain = a_chain(session)
    empty = {"title": None, "organisation": None}
    with pytest.raises(IntegrityError):
        a_part(session, chain, **empty | values)


# --- who may ---

OTHERS = [
    (Role.OPERATOR, zone("420100")), (Role.OPERATOR, zone("420000")), (Role.AUDITOR, PROVINCE), (Role.BROKER, PROVINCE),
    (Role.POLICY_OFFICER, PROVINCE), (Role.ADMINISTRATOR, zone("420100")),
]  # fmt: skip


@pytest.mark.parametrize("held", OTHERS, ids=str)
def test_nobody_but_the_province_sets_up_chains(session, held):
    chain, actor = a_chain(session), actor_with(held)
    part = a_part(session, chain)
    master = {"enterprise_id": an_enterprise(session).id, **SINCE}
    for refused in (
        lambda: service.open_chain(session, actor, entry(), now=NOW),
        lambda: service.amend_chain(session, actor, chain, {"summary": "x"}, now=NOW),
        lambda: service.close_chain(session, actor, chain.id, now=NOW),
        lambda: service.appoint_chain_lead(session, actor, chain.id, OFFICE, now=NOW),
        lambda: service.appoint_chain_master(session, actor, chain.id, master, now=NOW),
        lambda: service.admit_chain_innovator(
            session, actor, chain.id, {"organisation": "x", **SINCE}, now=NOW
        ),
        lambda: service.end_chain_part(session, actor, part.id, now=NOW),
        lambda: service.end_chain_part(session, actor, uuid4(), now=NOW),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert events(session) == []


def test_an_enterprise_cannot_make_itself_the_master(session):
    chain, enterprise = a_chain(session), an_enterprise(session)
    member = actor_with((Role.ENTERPRISE_MEMBER, of(enterprise)))
    with pytest.raises(Forbidden):
        service.appoint_chain_master(
            session, member, chain.id, {"enterprise_id": enterprise.id, **SINCE}, now=NOW
        )


def test_an_administrator_sets_up_chains_too(session):
    administrator = actor_with((Role.ADMINISTRATOR, PROVINCE))
    chain = service.open_chain(session, administrator, entry(), now=NOW)
    assert service.appoint_chain_lead(session, administrator, chain.id, OFFICE, now=NOW).leads


def test_what_does_not_exist_is_not_found(session):
    for missing in (
        lambda: reading.chain_named(session, uuid4()),
        lambda: service.close_chain(session, PROVINCE_OPERATOR, uuid4(), now=NOW),
        lambda: service.end_chain_part(session, PROVINCE_OPERATOR, uuid4(), now=NOW),
        lambda: service.appoint_chain_lead(session, PROVINCE_OPERATOR, uuid4(), OFFICE, now=NOW),
    ):
        with pytest.raises(NotFound):
            missing()


# --- at once ---


def at_once(*acts):
    start, seen = threading.Barrier(len(acts)), []

    def run(act):
        start.wait(10)
        try:
            act()
            seen.append("done")
        except (ChainNameTaken, PartTaken, ChainClosed) as refusal:
            seen.append(refusal.code)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(seen)


def test_of_two_openings_of_one_name_exactly_one_succeeds(committed_database):
    def act():
        with committed_database.transaction() as session:
            opened(session)

    assert at_once(act, act) == ["chain_name_taken", "done"]
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Chain)) == 1
        assert len(events(session)) == 1


def test_of_two_appointments_at_once_exactly_one_succeeds(committed_database):
    with committed_database.transaction() as session:
        chain_id = opened(session).id

    def act():
        with committed_database.transaction() as session:
            service.appoint_chain_lead(session, PROVINCE_OPERATOR, chain_id, OFFICE, now=NOW)

    assert at_once(act, act) == ["chain_part_taken", "done"]
    with committed_database.transaction() as session:
        assert len(reading.chain_named(session, chain_id).leads) == 1


def test_appointing_and_closing_take_turns(committed_database):
    with committed_database.transaction() as session:
        chain_id = opened(session).id

    def appoint():
        with committed_database.transaction() as session:
            service.appoint_chain_lead(session, PROVINCE_OPERATOR, chain_id, OFFICE, now=NOW)

    def close():
        with committed_database.transaction() as session:
            service.close_chain(session, PROVINCE_OPERATOR, chain_id, now=NOW)

    seen = at_once(appoint, close)
    assert seen in (["done", "done"], ["chain_closed", "done"])
    with committed_database.transaction() as session:
        chain = reading.chain_named(session, chain_id)
        assert chain.closed_at == NOW
        assert len(chain.leads) == (1 if seen == ["done", "done"] else 0)
