import threading
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backbone.actor import PROVINCE, Role, actor_with
from backbone.audit import AuditEvent
from backbone.directory.facts import service
from backbone.directory.facts.errors import FactOnRecord
from backbone.directory.facts.models import EnterpriseFact
from backbone.errors import Forbidden, Invalid, NotFound
from tests.factories.directory import a_fact, an_enterprise, an_institute
from tests.factories.identity import of, zone

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
OPERATOR = actor_with((Role.OPERATOR, PROVINCE))
YEAR_END = date(2025, 12, 31)
ASKED = {"sort": "-as_of_on", "limit": 100}


def entry(**values):
    return {
        "kind": "revenue",
        "value": 8_000_000_000,
        "as_of_on": YEAR_END,
        "source": "2025 年度审计报告",
    } | values


def recorded(session, enterprise, actor=OPERATOR, **values):
    return service.record_fact(session, actor, enterprise.id, entry(**values), now=NOW)


def events(session):
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def test_a_fact_is_kept_with_its_day_its_source_and_who_said_it(session):
    enterprise = an_enterprise(session)
    fact = recorded(session, enterprise)
    session.refresh(fact)
    assert (fact.kind, fact.value, fact.unit, fact.as_of_on) == ("revenue", 8_000_000_000, "fen", YEAR_END)
    assert (fact.source, fact.said_by, fact.retracted_at) == ("2025 年度审计报告", "operator", None)
    (event,) = events(session)
    assert (event.action, event.after["value"]) == ("record_fact", 8_000_000_000)


def test_what_the_enterprise_says_of_itself_is_told_apart(session):
    enterprise = an_enterprise(session)
    member = actor_with((Role.ENTERPRISE_MEMBER, of(enterprise)))
    assert recorded(session, enterprise, member).said_by == "enterprise"


def test_one_fact_of_a_kind_stands_as_of_a_day(session):
    enterprise = an_enterprise(session)
    first = recorded(session, enterprise)
    with pytest.raises(FactOnRecord) as refused:
        recorded(session, enterprise, value=1)
    assert refused.value.data["id"] == first.id
    recorded(session, enterprise, as_of_on=date(2024, 12, 31))
    recorded(session, enterprise, kind="rd_expense")
    recorded(session, an_enterprise(session))
    assert session.scalar(select(func.count()).select_from(EnterpriseFact)) == 4


def test_a_mistake_is_retracted_and_recorded_anew_and_both_stay_readable(session):
    enterprise = an_enterprise(session)
    first = recorded(session, enterprise)
    for _ in range(2):
        service.retract_fact(session, OPERATOR, first.id, reason_code="mistaken", now=NOW)
    second = recorded(session, enterprise, value=7)
    listed = service.list_facts(session, OPERATOR, enterprise.id, ASKED).items
    assert [fact.id for fact in listed] == [second.id]
    both = service.list_facts(session, OPERATOR, enterprise.id, ASKED | {"retracted": True}).items
    assert {(fact.value, fact.retraction) for fact in both} == {(8_000_000_000, "mistaken"), (7, None)}
    assert [event.action for event in events(session)] == ["record_fact", "retract_fact", "record_fact"]


@pytest.mark.parametrize(("values", "field"), [
    ({"as_of_on": date(2026, 12, 31)}, "as_of_on"), ({"as_of_on": date(2025, 6, 30)}, "as_of_on"),
    ({"kind": "staff_total", "value": 9, "as_of_on": date(2026, 3, 11)}, "as_of_on"), ({"value": 10**15 + 1}, "value"),
    ({"kind": "rd_domestic_share", "value": 10_001}, "value"), ({"kind": "dishonesty_listed", "value": 2}, "value"),
])  # fmt: skip
def test_figures_that_cannot_be_are_refused_by_name(session, values, field):
    with pytest.raises(Invalid) as refused:
        recorded(session, an_enterprise(session), **values)
    assert [problem["field"] for problem in refused.value.data["errors"]] == [field]
    assert events(session) == []


def test_all_that_is_wrong_is_said_at_once(session):
    with pytest.raises(Invalid) as refused:
        recorded(session, an_enterprise(session), value=-1, as_of_on=date(2025, 6, 30))
    assert refused.value.data["count"] == 2


def test_a_figure_of_today_is_one_and_today_is_wuhans(session):
    late_evening = datetime(2026, 3, 9, 16, 1, tzinfo=UTC)  # 00:01 of the 10th in Wuhan
    values = entry(kind="staff_total", value=12, as_of_on=date(2026, 3, 10))
    assert service.record_fact(session, OPERATOR, an_enterprise(session).id, values, now=late_evening)


def test_facts_are_listed_newest_first_and_by_kind(session):
    enterprise = an_enterprise(session)
    for year in (2023, 2025, 2024):
        a_fact(session, enterprise, as_of_on=date(year, 12, 31), value=year)
    a_fact(session, enterprise, kind="staff_total", as_of_on=date(2025, 7, 1), value=9)
    listed = service.list_facts(session, OPERATOR, enterprise.id, ASKED | {"kind": ["revenue"]}).items
    assert [fact.value for fact in listed] == [2025, 2024, 2023]
    assert len(service.list_facts(session, OPERATOR, enterprise.id, ASKED).items) == 4


# --- who may ---

WHO = {
    "member": (lambda row: (Role.ENTERPRISE_MEMBER, of(row)), "yes"),
    "own zone": (lambda row: (Role.OPERATOR, zone("420100-donghu")), "yes"),
    "zone around": (lambda row: (Role.OPERATOR, zone("420100")), "yes"),
    "administrator": (lambda row: (Role.ADMINISTRATOR, PROVINCE), "yes"),
    "auditor": (lambda row: (Role.AUDITOR, zone("420100")), "reads"),
    "other zone": (lambda row: (Role.OPERATOR, zone("420200")), "no"),
    "outside": (lambda row: (Role.OPERATOR, zone("outside")), "no"),
    "broker": (lambda row: (Role.BROKER, zone("420100")), "no"),
}


@pytest.mark.parametrize("who", WHO)
def test_who_records_reads_and_retracts(session, who):
    enterprise = an_enterprise(session, region_code="420100-donghu")
    held, may = WHO[who]
    actor, fact = actor_with(held(enterprise)), a_fact(session, enterprise, kind="staff_total")
    acts = (
        lambda: recorded(session, enterprise, actor),
        lambda: service.retract_fact(session, actor, fact.id, reason_code="unproven", now=NOW),
    )
    for act in acts:
        if may == "yes":
            assert act()
        else:
            with pytest.raises(Forbidden if may == "reads" else NotFound):
                act()
    if may == "no":
        with pytest.raises(NotFound):
            service.list_facts(session, actor, enterprise.id, ASKED)
    else:
        assert service.list_facts(session, actor, enterprise.id, ASKED).items


def test_what_does_not_exist_is_not_found(session):
    with pytest.raises(NotFound):
        service.record_fact(session, OPERATOR, uuid4(), entry(), now=NOW)
    with pytest.raises(NotFound):
        service.retract_fact(session, OPERATOR, uuid4(), reason_code="mistaken", now=NOW)
    with pytest.raises(NotFound):
        service.record_fact(session, OPERATOR, an_institute(session).id, entry(), now=NOW)


@pytest.mark.parametrize("broken", [
    {"value": -1}, {"kind": "mood"}, {"said_by": "rumour"}, {"retracted_at": NOW}, {"retraction": "mistaken"},
    {"retracted_at": NOW, "retraction": "because"},
])  # fmt: skip
def test_the_database_keeps_facts_in_shape(session, broken):
    with pytest.raises(IntegrityError):
        a_fact(session, an_enterprise(session), **broken)


def test_of_two_recordings_at_once_exactly_one_stands(committed_database):
    with committed_database.transaction() as session:
        enterprise = an_enterprise(session)
    start, seen = threading.Barrier(2), []

    def record():
        start.wait(10)
        try:
            with committed_database.transaction() as session:
                recorded(session, enterprise)
            seen.append("recorded")
        except FactOnRecord:
            seen.append("on record")

    both = [threading.Thread(target=record) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert sorted(seen) == ["on record", "recorded"]
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(EnterpriseFact)) == 1
        assert len(events(session)) == 1
