from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from backbone.db import new_id
from backbone.errors import Forbidden, NotFound, StateConflict
from policy_pack.impacts.models import ImpactEstimate
from policy_pack.impacts.service import advance, ask_for_impact, fail, finish, impact_view, show_impact, start
from tests.factories.directory import a_fact, an_enterprise
from tests.factories.identity import an_actor, zone
from tests.factories.policy_facts import a_matter, a_policy_fact
from tests.factories.policy_office import (
    AT,
    GRANT,
    MANY_STAFF,
    SPENDS,
    Office,
    a_draft,
    a_published_version,
    a_reviewed_version,
    an_office,
)

FEWER = {**MANY_STAFF, "when": {"fact": "staff_total", "at_least": 5}}
MORE = {**MANY_STAFF, "when": {"fact": "staff_total", "at_least": 50}}


@pytest.fixture
def office(session) -> Office:
    return an_office(session)


def a_firm(session, staff: int, **values):
    """An enterprise with so many people and five million yuan of R&D in 2025."""
    made = an_enterprise(session, staff_total=staff, **values)
    a_fact(session, made, kind="rd_expense", value=500_000_000)
    return made


def estimated(
    office: Office, version, *, as_of: date | None = date(2026, 3, 10), at_once: int = 500
) -> ImpactEstimate:
    """The estimate as the job makes it."""
    impact = ask_for_impact(office.session, office.first, version.id, as_of=as_of, now=AT)
    course = start(office.session, impact.id, now=AT)
    while advance(office.session, course, now=AT, at_once=at_once):
        pass
    finish(office.session, course, now=AT)
    return impact


def test_a_wider_text_makes_enterprises_eligible_and_says_what_that_costs(office):
    a_published_version(office, valid={"from": "2024-01-01"})
    a_firm(office.session, 80)
    small = a_firm(office.session, 7, name="七人企业")
    draft = a_draft(office, valid={"from": "2026-01-01"}, clauses=[FEWER, SPENDS])
    said = impact_view(office.session, estimated(office, draft))
    assert (said["state"], said["done"], said["total"]) == ("done", 2, 2)
    result = said["result"]
    assert [(each.id, each.name) for each in result["newly"]] == [(small.id, "七人企业")]
    assert (result["newly_count"], result["no_longer_count"]) == (1, 0)
    assert (result["before"]["eligible"], result["after"]["eligible"]) == (1, 2)
    assert result["cost_change"] == {"low_fen": 50_000_000, "high_fen": 50_000_000}
    assert (result["benefit"], result["has_formula"]) == ("grant", True)


def test_a_stricter_text_takes_enterprises_out(office):
    a_published_version(office)
    out = a_firm(office.session, 20)
    draft = a_draft(office, clauses=[MORE, SPENDS])
    result = estimated(office, draft).result
    assert result["no_longer"] == [str(out.id)]
    assert result["cost_change"] == [-50_000_000, -50_000_000]


def test_another_amount_changes_the_cost_and_nobodys_eligibility(office):
    a_published_version(office)
    a_firm(office.session, 20)
    result = estimated(office, a_draft(office, amount=GRANT | {"rate": 0.2})).result
    assert (result["newly"], result["no_longer"]) == ([], [])
    assert (result["cost_before"], result["cost_after"]) == ([50_000_000] * 2, [100_000_000] * 2)
    assert result["cost_change"] == [50_000_000, 50_000_000]


def test_facts_that_nobody_recorded_make_the_cost_a_range(office):
    an_enterprise(office.session, staff_total=80)
    result = estimated(office, a_draft(office)).result
    assert result["after"]["missing_facts"] == 1
    assert result["cost_after"] == [0, 200_000_000]
    assert result["cost_change"] == [0, 200_000_000]


def test_other_words_change_nothing_even_where_facts_are_open(office):
    a_published_version(office)
    an_enterprise(office.session, staff_total=80)
    result = estimated(office, a_draft(office, level="武汉")).result
    assert result["cost_change"] == [0, 0]


def test_what_is_asked_of_projects_is_looked_at_beside_each_project(office):
    session = office.session
    invests = {**MANY_STAFF, "when": {"fact": "total_investment", "at_least": 2000}}
    grant = GRANT | {"base": "equipment_rd_software_investment"}
    a_published_version(office, clauses=[invests], amount=grant)
    enterprise, idle = an_enterprise(session), an_enterprise(session)
    for invested, equipment in (("1500", "900"), ("2500", "600")):
        project = a_matter(session, enterprise, kind="project")
        for key, value in (("total_investment", invested), ("equipment_rd_software_investment", equipment)):
            a_policy_fact(session, enterprise, key=key, value={"number": value}, matter_id=project.id)
    contract = a_matter(session, enterprise)
    a_policy_fact(session, enterprise, key="cash_received", value={"number": "9"}, matter_id=contract.id)
    lower = {**invests, "when": {"fact": "total_investment", "at_least": 1000}}
    result = estimated(office, a_draft(office, clauses=[lower], amount=grant), as_of=date(2026, 3, 10)).result
    assert (result["before"]["eligible"], result["after"]["eligible"]) == (1, 1)
    assert result["after"]["missing_facts"] == 1, f"{idle.id} has no project on record"
    open_most = 200_000_000
    assert result["cost_before"] == [60_000_000, 60_000_000 + open_most]
    assert result["cost_after"] == [150_000_000, 150_000_000 + open_most]


def test_a_first_version_is_measured_against_nothing(office):
    a_firm(office.session, 80)
    impact = estimated(office, a_draft(office))
    assert impact.former_id is None
    assert impact.result["newly_count"] == 1
    assert impact.result["before"]["not_in_force"] == 1


def test_a_text_without_a_formula_says_that_costs_say_nothing(office):
    a_firm(office.session, 80)
    result = estimated(office, a_draft(office, amount=None)).result
    assert (result["has_formula"], result["benefit"], result["cost_after"]) == (False, None, [0, 0])


def test_batches_of_any_size_come_to_the_same(office):
    a_published_version(office)
    for staff in (5, 12, 60, 80, 9):
        a_firm(office.session, staff)
    draft = a_draft(office, clauses=[FEWER, SPENDS])
    assert estimated(office, draft, at_once=2).result == estimated(office, draft).result


def test_how_far_it_is_can_be_seen_meanwhile(office):
    for _ in range(3):
        an_enterprise(office.session)
    impact = ask_for_impact(office.session, office.first, a_draft(office).id, as_of=None, now=AT)
    seen = [(impact.state, impact.done, impact.total)]
    course = start(office.session, impact.id, now=AT)
    seen.append((impact.state, impact.done, impact.total))
    advance(office.session, course, now=AT, at_once=2)
    seen.append((impact.state, impact.done, impact.total))
    assert seen == [("queued", 0, 0), ("running", 0, 3), ("running", 2, 3)]


def test_enterprises_registered_meanwhile_are_counted(office):
    an_enterprise(office.session)
    impact = ask_for_impact(office.session, office.first, a_draft(office).id, as_of=None, now=AT)
    course = start(office.session, impact.id, now=AT)
    an_enterprise(office.session)
    while advance(office.session, course, now=AT, at_once=1):
        assert impact.done <= impact.total
    finish(office.session, course, now=AT)
    assert (impact.done, impact.total) == (2, 2)


def test_an_estimate_that_has_ended_is_not_made_again_and_one_that_died_begins_anew(office):
    an_enterprise(office.session)
    impact = ask_for_impact(office.session, office.first, a_draft(office).id, as_of=None, now=AT)
    advance(office.session, start(office.session, impact.id, now=AT), now=AT)
    assert impact.done == 1
    start(office.session, impact.id, now=AT)
    assert impact.done == 0
    fail(office.session, impact.id, RuntimeError("no luck"), now=AT)
    assert (impact.state, impact.failure) == ("failed", "RuntimeError: no luck")
    assert start(office.session, impact.id, now=AT) is None
    assert start(office.session, new_id(), now=AT) is None


@pytest.mark.parametrize(
    ("valid", "day"),
    [
        ({}, "2026-03-09"), ({"from": "2026-07-01"}, "2026-07-01"), ({"from": "2024-01-01"}, "2026-03-09"),
        ({"from": "2024-01-01", "to": "2025-12-31"}, "2025-12-31"),
    ],
)  # fmt: skip
def test_without_a_day_it_is_the_first_from_today_on_on_which_the_draft_would_be_in_force(office, valid, day):
    impact = ask_for_impact(office.session, office.first, a_draft(office, valid=valid).id, as_of=None, now=AT)
    assert impact.as_of == date.fromisoformat(day)


def test_only_what_still_waits_is_estimated(office):
    reviewed = a_reviewed_version(office, "P802")
    assert ask_for_impact(office.session, office.first, reviewed.id, as_of=None, now=AT).state == "queued"
    published = a_published_version(office)
    with pytest.raises(StateConflict) as refusal:
        ask_for_impact(office.session, office.first, published.id, as_of=None, now=AT)
    assert refusal.value.data["state"] == "published"
    with pytest.raises(NotFound):
        ask_for_impact(office.session, office.first, new_id(), as_of=None, now=AT)


def test_officers_ask_and_whoever_is_in_office_over_the_province_reads(office):
    draft = a_draft(office)
    impact = ask_for_impact(office.session, office.first, draft.id, as_of=None, now=AT)
    auditor = an_actor(office.session, (Role.AUDITOR, PROVINCE))
    assert show_impact(office.session, auditor, impact.id) is impact
    with pytest.raises(Forbidden):
        ask_for_impact(office.session, auditor, draft.id, as_of=None, now=AT)
    for held in ((Role.OPERATOR, PROVINCE), (Role.AUDITOR, zone("420100")), (Role.ADMINISTRATOR, PROVINCE)):
        with pytest.raises(NotFound):
            show_impact(office.session, an_actor(office.session, held), impact.id)
    with pytest.raises(NotFound):
        show_impact(office.session, office.first, new_id())


def test_who_asked_for_an_estimate_is_on_record(office):
    draft = a_draft(office)
    impact = ask_for_impact(
        office.session, office.first, draft.id, as_of=AT.date() + timedelta(days=1), now=AT
    )
    event = office.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == impact.id)).one()
    assert (event.action, event.actor_id) == ("estimate_impact", office.first.account_id)
    assert event.after == {"version_id": str(draft.id), "as_of": "2026-03-10"}
