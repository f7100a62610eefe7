import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backbone.actor import PROVINCE, Role, actor_with
from backbone.audit import AuditEvent
from backbone.directory import service
from backbone.directory.errors import BeyondZone, CreditCodeTaken
from backbone.directory.models import Enterprise, Institute
from backbone.errors import Forbidden, Invalid, NotFound
from tests.factories.directory import a_credit_code, an_enterprise, an_institute
from tests.factories.identity import of, zone

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
OPERATOR = actor_with((Role.OPERATOR, PROVINCE))


def entry(**values):
    return {"name": "测试企业", "credit_code": a_credit_code(), "region_code": "420100"} | values


def events_of(session, row):
    return session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id == row.id).order_by(AuditEvent.id)
    ).all()


def test_registering_stores_every_field_and_leaves_one_event(session):
    row = service.register_enterprise(
        session,
        OPERATOR,
        entry(name="甲", contact={"name": "张测试", "phone": "027-1"}, staff_total=9),
        now=NOW,
    )
    session.refresh(row)
    assert (row.name, row.staff_total, row.labels, row.version) == ("甲", 9, [], 1)
    assert row.contact == {"name": "张测试", "phone": "027-1", "email": None}
    assert (row.created_at, row.updated_at) == (NOW, NOW)
    (event,) = events_of(session, row)
    assert event.action == "register_enterprise"
    assert event.after["name"] == "甲"
    assert event.after["contact_phone"].startswith("hmac:")


def test_who_may_not_register_leaves_nothing(session):
    with pytest.raises(Forbidden):
        service.register_enterprise(session, actor_with((Role.OPERATOR, zone("420200"))), entry(), now=NOW)
    session.flush()
    assert session.scalar(select(func.count()).select_from(Enterprise)) == 0


def test_a_code_can_be_registered_once_and_the_transaction_lives_on(session):
    code = a_credit_code()
    before = an_institute(session)
    service.register_enterprise(session, OPERATOR, entry(credit_code=code), now=NOW)
    with pytest.raises(CreditCodeTaken) as refused:
        service.register_enterprise(session, OPERATOR, entry(credit_code=code), now=NOW)
    assert refused.value.data["credit_code"] == code
    assert [each["field"] for each in refused.value.data["errors"]] == ["credit_code"]
    assert code in refused.value.sentence().zh
    service.register_enterprise(session, OPERATOR, entry(), now=NOW)
    assert session.scalar(select(func.count()).select_from(Enterprise)) == 2
    assert session.get(Institute, before.id) is not None


def test_an_institute_cannot_take_the_code_of_another_by_amending_and_keeps_its_own(session):
    taken, row = an_institute(session), an_institute(session, name="原名")
    own = row.credit_code
    with pytest.raises(CreditCodeTaken):
        service.amend(session, OPERATOR, row, {"credit_code": taken.credit_code, "name": "新名"}, now=NOW)
    session.refresh(row)
    assert (row.name, row.credit_code) == ("原名", own)
    assert events_of(session, row) == []


def test_institutes_without_a_code_do_not_clash(session):
    for _ in range(2):
        service.register_institute(
            session, OPERATOR, {"name": "新所", "type": "laboratory", "region_code": "420100"}, now=NOW
        )
    assert session.scalar(select(func.count()).select_from(Institute)) == 2


def test_other_integrity_errors_are_not_mistaken_for_a_taken_code(session):
    with pytest.raises(IntegrityError):
        service.register_institute(
            session, OPERATOR, {"name": "x", "type": "circus", "region_code": "420100"}, now=NOW
        )


def test_of_two_threads_registering_one_code_exactly_one_succeeds(committed_database):
    code, start, seen = a_credit_code(), threading.Barrier(2), []

    def register():
        start.wait(10)
        try:
            with committed_database.transaction() as session:
                service.register_enterprise(session, OPERATOR, entry(credit_code=code), now=NOW)
            seen.append("registered")
        except CreditCodeTaken:
            seen.append("taken")

    both = [threading.Thread(target=register) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert sorted(seen) == ["registered", "taken"]
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Enterprise)) == 1
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_amending_changes_only_what_is_given_and_records_before_and_after(session):
    row = an_enterprise(session, name="原名", staff_total=5, contact_name="张测试", contact_phone="027-1")
    service.amend(session, OPERATOR, row, {"staff_total": 6, "contact": {"phone": "027-2"}}, now=NOW)
    session.refresh(row)
    assert (row.name, row.staff_total, row.version, row.updated_at) == ("原名", 6, 2, NOW)
    assert row.contact["name"] == "张测试"
    assert row.contact["phone"] == "027-2"
    (event,) = events_of(session, row)
    assert (event.before["staff_total"], event.after["staff_total"]) == (5, 6)
    assert set(event.after) == {"staff_total", "contact_phone"}
    assert "027-" not in str(event.after)


def test_amending_nothing_writes_nothing(session):
    row = an_enterprise(session)
    service.amend(session, OPERATOR, row, {"name": row.name}, now=NOW)
    service.amend(session, OPERATOR, row, {}, now=NOW)
    assert (row.version, events_of(session, row)) == (1, [])


def test_an_auditor_reads_but_does_not_amend(session):
    row, auditor = an_enterprise(session), actor_with((Role.AUDITOR, PROVINCE))
    assert service.show_enterprise(session, auditor, row.id) is row
    with pytest.raises(Forbidden):
        service.amend(session, auditor, row, {"name": "x"}, now=NOW)


def test_a_stranger_learns_no_more_of_an_enterprise_than_of_one_that_does_not_exist(session):
    row, stranger = an_enterprise(session), actor_with((Role.INSTITUTE_MEMBER, of(an_institute(session))))
    for enterprise_id in (row.id, uuid4()):
        with pytest.raises(NotFound) as refused:
            service.show_enterprise(session, stranger, enterprise_id)
        assert refused.value.data == {}


def test_readers_for_other_features_find_by_id_whoever_asks(session):
    enterprise, institute = an_enterprise(session), an_institute(session)
    assert service.enterprise_named(session, enterprise.id) is enterprise
    assert service.institute_named(session, institute.id) is institute
    names = service.names_of_enterprises(session, [enterprise.id, uuid4()])
    assert names == {enterprise.id: (enterprise.id, enterprise.name)}
    names = service.names_of_institutes(session, {institute.id})
    assert names == {institute.id: (institute.id, institute.name)}
    assert service.names_of_institutes(session, []) == {}
    for find in (service.enterprise_named, service.institute_named):
        with pytest.raises(NotFound):
            find(session, uuid4())


# --- moving from zone to zone ---


@pytest.mark.parametrize(("scope", "region_code", "may"), [
    (zone("420100"), "420100-donghu", True), (zone("420100"), "420200", False), (zone("420100-donghu"), "420100", False),
    (zone("420100"), "outside-gba", False), (zone("420000"), "420200", True), (zone("420000"), "outside-gba", False),
    (PROVINCE, "420200", True), (PROVINCE, "outside-overseas", True),
])  # fmt: skip
def test_an_operator_moves_an_organisation_only_to_where_it_has_a_say(session, scope, region_code, may):
    operator = actor_with((Role.OPERATOR, scope))
    for row in (
        an_enterprise(session, region_code="420100-donghu"), an_institute(session, region_code="420100-donghu"),
    ):  # fmt: skip
        if may:
            moved = service.amend(session, operator, row, {"region_code": region_code}, now=NOW)
            assert moved.region_code == region_code
        else:
            with pytest.raises(BeyondZone):
                service.amend(session, operator, row, {"region_code": region_code, "name": "x"}, now=NOW)
            session.refresh(row)
            assert (row.region_code, events_of(session, row)) == ("420100-donghu", [])


def test_an_operator_of_both_zones_moves_between_them(session):
    operator = actor_with((Role.OPERATOR, zone("420100")), (Role.OPERATOR, zone("420200")))
    row = an_enterprise(session, region_code="420100")
    assert service.amend(session, operator, row, {"region_code": "420200"}, now=NOW).region_code == "420200"


def test_an_organisation_says_itself_where_it_is(session):
    row = an_enterprise(session, region_code="420100")
    member = actor_with((Role.ENTERPRISE_MEMBER, of(row)))
    assert (
        service.amend(session, member, row, {"region_code": "outside-gba"}, now=NOW).region_code
        == "outside-gba"
    )


# --- what does not fit together ---


@pytest.mark.parametrize(("stored", "sent", "field"), [
    ((10, 5), {"staff_science": 11}, "staff_science"), ((10, 5), {"staff_total": 4}, "staff_total"),
    ((None, 5), {"staff_total": 4}, "staff_total"), ((10, None), {"staff_science": 11}, "staff_science"),
    ((10, 5), {"staff_total": 3, "staff_science": 4}, "staff_science"),
])  # fmt: skip
def test_there_are_never_more_scientists_than_people(session, stored, sent, field):
    row = an_enterprise(session, staff_total=stored[0], staff_science=stored[1])
    with pytest.raises(Invalid) as refused:
        service.amend(session, OPERATOR, row, sent, now=NOW)
    assert [problem["field"] for problem in refused.value.data["errors"]] == [field]
    with pytest.raises(Invalid):
        service.register_enterprise(session, OPERATOR, entry(staff_total=1, staff_science=2), now=NOW)


@pytest.mark.parametrize(
    "sent", [{"staff_total": None}, {"staff_science": None}, {"staff_total": 5}, {"staff_science": 10}]
)
def test_as_many_scientists_as_people_or_an_unknown_number_is_possible(session, sent):
    row = an_enterprise(session, staff_total=10, staff_science=5)
    service.amend(session, OPERATOR, row, sent, now=NOW)
    assert {name: getattr(row, name) for name in sent} == sent
