from datetime import date

import pytest
from sqlalchemy import event

from backbone.db import new_id
from backbone.errors import NotFound
from policy_pack.subjects.service import facts_of, gather_subjects
from policy_pack.subjects.snapshot import facts_of_snapshot
from tests.factories.directory import MADE_AT, a_fact, an_enterprise

AS_OF = date(2026, 3, 10)


def test_what_the_directory_knows_is_told_as_facts_with_their_sources(session):
    enterprise = an_enterprise(session, staff_total=80, registered_on=date(2018, 5, 1))
    a_fact(session, enterprise)
    facts, snapshot = facts_of(session, enterprise.id, AS_OF)
    assert (facts.of("revenue"), facts.of("staff_total")) == (1_000, 80)
    assert snapshot["revenue"] == {"number": "1000", "read": "revenue 2025-12-31: 测试审计报告"}
    assert facts == facts_of_snapshot(snapshot)


def test_a_retracted_figure_is_not_known(session):
    enterprise = an_enterprise(session)
    a_fact(session, enterprise, retracted_at=MADE_AT, retraction="mistaken")
    assert "revenue" not in facts_of(session, enterprise.id, AS_OF)[1]


def test_nobody_is_told_what_another_enterprise_has(session):
    first, second = an_enterprise(session), an_enterprise(session)
    a_fact(session, first)
    found = gather_subjects(session, [first.id, second.id], AS_OF)
    assert "revenue" in found[first.id, None][1]
    assert "revenue" not in found[second.id, None][1]


def test_many_take_no_more_queries_than_one(session):
    ids = [an_enterprise(session).id for _ in range(5)]
    asked = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert set(gather_subjects(session, ids, AS_OF)) == {(each, None) for each in ids}
    assert len(asked) == 3


def test_what_is_no_enterprise_is_not_found(session):
    assert gather_subjects(session, [new_id()], AS_OF) == {}
    with pytest.raises(NotFound):
        facts_of(session, new_id(), AS_OF)
