"""Who reads what of the batches, over HTTP."""

from datetime import date

import pytest

from backbone.actor import PROVINCE, Role
from sky_net.needs.reading import grant_reading
from tests.factories.assignments import a_laser_need, a_run, an_offer
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import administrator, an_actor, bearer, of, operator, zone
from tests.factories.invitations import an_invitation
from tests.factories.needs import MADE_AT


@pytest.fixture
def institute(session):
    return an_institute(session)


@pytest.fixture
def office(session, institute):
    return bearer(session, (Role.TRANSFER_OFFICE, of(institute)))


def suggested(client, headers, **query):
    answer = client.get("/api/suggested-needs", headers=headers, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_an_institute_sees_what_it_was_assigned_best_first_and_nobody_elses(
    client, session, institute, office
):
    run, rival = a_run(session), an_institute(session)
    good, better = (a_laser_need(session) for _ in range(2))
    an_offer(session, run, good, institute, score=0.4, achievements=[str(institute.id)])
    an_offer(session, run, better, institute, score=0.9)
    an_offer(session, run, a_laser_need(session), rival)
    an_offer(session, run, a_laser_need(session), None)
    items = suggested(client, office)
    assert [item["need"]["id"] for item in items] == [str(better.id), str(good.id)]
    assert items[1]["achievements"] == [str(institute.id)]
    assert {item["institute_id"] for item in items} == {str(institute.id)}
    first = client.get("/api/suggested-needs?limit=1", headers=office).json
    assert first["items"] == items[:1]
    assert suggested(client, office, limit=1, cursor=first["next_cursor"]) == items[1:]


def test_a_masked_need_is_suggested_masked(client, session, institute, office):
    enterprise = an_enterprise(session, name="甲机密公司")
    need = a_laser_need(session, enterprise=enterprise, visibility="masked", masked_title="某焊接问题")
    an_offer(session, a_run(session), need, institute)
    (item,) = suggested(client, office)
    assert (item["need"]["title"], item["need"]["view"]) == ("某焊接问题", "masked")
    assert "enterprise" not in item["need"]


@pytest.mark.parametrize(
    "values",
    [{"state": "withdrawn"}, {"state": "selected"}, {"visibility": "invited"}, {"visibility": "operators"}],
)
def test_what_the_institute_may_not_see_or_what_is_over_is_not_suggested(
    client, session, institute, office, values
):
    an_offer(session, a_run(session), a_laser_need(session, **values), institute)
    assert suggested(client, office) == []


def test_what_was_asked_for_meanwhile_stands_among_the_invitations_instead(
    client, session, institute, office
):
    need = a_laser_need(session)
    an_offer(session, a_run(session), need, institute)
    an_invitation(session, need, institute)
    assert suggested(client, office) == []


def test_only_the_last_run_counts(client, session, institute, office):
    old, new = a_laser_need(session), a_laser_need(session)
    an_offer(session, a_run(session, date(2026, 3, 9)), old, institute)
    an_offer(session, a_run(session, date(2026, 3, 10)), new, institute)
    assert [item["need"]["id"] for item in suggested(client, office)] == [str(new.id)]


def test_what_is_shown_unmasked_of_a_confidential_need_is_noted(client, session, institute, office):
    enterprise = an_enterprise(session)
    need = a_laser_need(session, enterprise=enterprise, visibility="masked", nda_required=False)
    an_offer(session, a_run(session), need, institute)
    grant_reading(session, an_actor(session), need, institute.id, now=MADE_AT)
    (item,) = suggested(client, office)
    assert item["need"]["view"] == "invited"
    poster = bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    readers = client.get(f"/api/needs/{need.id}/readers", headers=poster).json["items"]
    assert [reader["way"] for reader in readers] == ["found"]


def test_whoever_is_of_no_institute_has_no_suggestions(client, session):
    for headers in (operator(session), bearer(session), administrator(session)):
        assert client.get("/api/suggested-needs", headers=headers).status_code == 403


def test_operators_and_auditors_read_the_numbers_and_their_own_zones_offers(client, session, institute):
    run = a_run(session)
    here = a_laser_need(session, zone_code="420100")
    away = a_laser_need(session, enterprise=an_enterprise(session, region_code="420500"))
    left = a_laser_need(session, zone_code="420100")
    for need, to in ((here, institute), (away, institute), (left, None)):
        an_offer(session, run, need, to)
    for headers, seen in (
        (operator(session), {here.number, away.number, left.number}),
        (operator(session, zone("420100")), {here.number, left.number}),
        (bearer(session, (Role.AUDITOR, zone("420500"))), {away.number}),
    ):
        shown = client.get(f"/api/assignment-runs/{run.id}", headers=headers).json
        assert (shown["ndcg_kept"], shown["gini"], shown["quotas_broken"]) == (0.98, 0.25, 0)
        path = f"/api/assignment-runs/{run.id}/assignments"
        items = client.get(path, headers=headers).json["items"]
        assert {item["need_number"] for item in items} == seen
        without = client.get(path, headers=headers, query_string={"reason": "quotas_spent"}).json["items"]
        assert [item["need_number"] for item in without] == ([left.number] if left.number in seen else [])
        assert all(item["institute"] is None for item in without)
    named = [item["institute"]["name"] for item in items]
    assert named == [institute.name]


def test_runs_are_listed_the_last_one_first(client, session):
    runs = [a_run(session, date(2026, 3, day)) for day in (8, 9, 10)]
    listed = client.get("/api/assignment-runs", headers=operator(session)).json["items"]
    assert [run["id"] for run in listed] == [str(run.id) for run in reversed(runs)]


def test_an_administrator_reads_the_numbers_and_no_needs(client, session):
    run, headers = a_run(session), administrator(session)
    assert client.get(f"/api/assignment-runs/{run.id}", headers=headers).status_code == 200
    assert client.get(f"/api/assignment-runs/{run.id}/assignments", headers=headers).status_code == 403


def test_everybody_else_reads_no_run(client, session, office):
    run = a_run(session)
    for headers in (office, bearer(session), bearer(session, (Role.BROKER, PROVINCE))):
        for path in ("", f"/{run.id}", f"/{run.id}/assignments"):
            assert client.get(f"/api/assignment-runs{path}", headers=headers).status_code == 403


def test_quotas_over_http(client, session, institute, office):
    path = f"/api/institutes/{institute.id}/quota"
    assert client.get(path, headers=office).json["needs"] == 10
    answer = client.post(path, headers=operator(session), json={"needs": 4})
    assert (answer.status_code, answer.json["needs"], answer.json["room"]) == (200, 4, 4)
    for wrong in ({"needs": -1}, {"needs": 1001}, {"needs": "4"}, {}, {"needs": None}):
        assert client.post(path, headers=operator(session), json=wrong).status_code == 422
