"""Who gets what of a need over HTTP: views, tags, lists, and silence."""

import pytest

from backbone.actor import Role
from sky_net.needs import views
from sky_net.needs.models import NeedReader
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import bearer, of, zone
from tests.factories.needs import MADE_AT, OPEN_FACTS, SECRETS, a_need, a_need_body
from tests.factories.people import counted_queries

ZH, EN = {"Accept-Language": "zh"}, {"Accept-Language": "en"}


@pytest.fixture
def enterprise(session):
    return an_enterprise(session, name="测试光电企业")


@pytest.fixture
def poster(session, enterprise):
    return bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def institute(session):
    return an_institute(session)


@pytest.fixture
def researcher(session, institute):
    return bearer(session, (Role.INSTITUTE_MEMBER, of(institute)))


def test_an_unchanged_need_is_not_sent_again(client, poster):
    made = client.post("/api/needs", json=a_need_body(), headers=poster)
    address, tag = made.headers["Location"], {"If-None-Match": made.headers["ETag"]}
    assert client.get(address, headers=poster | tag).status_code == 304
    assert client.get(address, headers=poster | tag | EN).status_code == 200


def test_each_reader_gets_its_view_and_a_tag_of_its_own(
    client, session, enterprise, institute, poster, researcher
):
    need = a_need(session, enterprise, state="confirmed", visibility="masked")
    address = f"/api/needs/{need.id}"
    full, masked = client.get(address, headers=poster), client.get(address, headers=researcher)
    assert (full.get_json()["view"], masked.get_json()["view"]) == ("full", "masked")
    assert set(masked.get_json()) == set(views.NeedMasked().fields)
    assert masked.get_json()["title"] == OPEN_FACTS["masked_title"]
    need.visibility = "public"
    session.flush()
    opened = client.get(address, headers=researcher)
    assert opened.get_json()["view"] == "open"
    assert "contact" not in opened.get_json()
    session.add(NeedReader(need_id=need.id, organisation_id=institute.id, granted_at=MADE_AT))
    session.flush()
    invited = client.get(address, headers=researcher)
    assert invited.get_json()["contact"]["phone"] == "027-88880001"
    assert len({response.headers["ETag"] for response in (full, masked, opened, invited)}) == 4
    assert (
        client.get(address, headers=researcher | {"If-None-Match": masked.headers["ETag"]}).status_code == 200
    )


def test_nothing_secret_is_in_any_byte_that_an_institute_gets_of_a_masked_need(
    client, session, enterprise, researcher
):
    need = a_need(session, enterprise, state="confirmed", visibility="masked")
    for address in (f"/api/needs/{need.id}", "/api/needs", "/api/needs?q=车载"):
        response = client.get(address, headers=researcher)
        said = response.get_data(as_text=True) + str(response.headers)
        assert str(need.id) in said
        secrets = [
            SECRETS["title"],
            SECRETS["problem"],
            SECRETS["tech_field"],
            enterprise.name,
            "027-88880001",
            "刘某",
        ]
        for secret in [*secrets, str(enterprise.id)]:
            assert secret not in said


@pytest.mark.parametrize("path", ["", "/completeness", "/near-duplicates", "/history", "/clocks"])
def test_whoever_may_not_know_of_it_finds_nothing_anywhere(client, session, enterprise, path):
    need = a_need(session, enterprise, state="confirmed", visibility="public")
    stranger = bearer(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    assert client.get(f"/api/needs/{need.id}{path}", headers=stranger).status_code == 404


@pytest.mark.parametrize("verb", ["submission", "withdrawal", "resumption"])
def test_whoever_may_not_know_of_it_can_do_nothing_to_it(client, session, enterprise, verb):
    need = a_need(session, enterprise, state="confirmed", visibility="public")
    stranger = bearer(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    assert client.post(f"/api/needs/{need.id}/{verb}", headers=stranger).status_code == 404


def test_a_read_only_token_changes_nothing(client, session, enterprise):
    reader = bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)), may_write=False)
    assert client.post("/api/needs", json=a_need_body(), headers=reader).status_code == 403
    assert client.get("/api/needs", headers=reader).status_code == 200


def test_a_list_is_paged_and_each_entry_shown_in_its_view(client, session, enterprise, researcher):
    for visibility in ("public", "masked", "public"):
        a_need(session, enterprise, state="confirmed", visibility=visibility)
    first = client.get(
        "/api/needs", query_string={"limit": 2, "sort": "number"}, headers=researcher
    ).get_json()
    rest = client.get(
        "/api/needs",
        query_string={"limit": 2, "sort": "number", "cursor": first["next_cursor"]},
        headers=researcher,
    ).get_json()
    assert [entry["view"] for entry in first["items"] + rest["items"]] == ["open", "masked", "open"]
    assert rest["next_cursor"] is None
    assert "enterprise" not in first["items"][1]


def test_people_cost_one_query_where_they_are_shown_and_none_in_lists(client, session):
    need = a_need(session, state="confirmed", visibility="public")
    reader = bearer(session, (Role.OPERATOR, zone()))
    touched = []
    for path in (f"/api/needs/{need.id}", "/api/needs", f"/api/needs/{need.id}/history", "/api/tokens"):
        with counted_queries(session) as queries:
            assert client.get(path, headers=reader).status_code == 200
        touched.append(sum(" people" in query for query in queries))
    assert touched == [1, 0, 0, 0]
