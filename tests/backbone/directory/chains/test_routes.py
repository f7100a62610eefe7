import json
from uuid import uuid4

import pytest

from backbone.actor import PROVINCE, Role
from tests.factories.directory import a_chain, a_part, an_enterprise, an_institute
from tests.factories.identity import bearer, of, operator, zone
from tests.factories.needs import a_need, a_need_body

SINCE = {"since_on": "2026-03-01", "source": "测试文件第 1 号"}


def entry(**values):
    return {
        "name": "测试激光产业链",
        "industries": ["opto"],
        "source": "测试文件",
        "as_of_on": "2026-03-01",
    } | values


def test_the_province_opens_a_chain_and_everybody_with_an_account_reads_it(client, session):
    answer = client.post("/api/chains", json=entry(summary="从芯片到装备"), headers=operator(session))
    assert answer.status_code == 201
    shown = client.get(answer.headers["Location"], headers=bearer(session)).get_json()
    assert {name: shown[name] for name in entry()} == entry()
    assert (shown["leads"], shown["masters"], shown["innovators"], shown["closed_at"]) == ([], [], [], None)
    listed = client.get("/api/chains", headers=bearer(session)).get_json()["items"]
    assert [chain["id"] for chain in listed] == [shown["id"]]
    assert client.get("/api/chains").status_code == 401


def test_the_parts_are_shown_by_name_and_end(client, session):
    chain, enterprise, institute = (
        a_chain(session),
        an_enterprise(session, name="链主"),
        an_institute(session, name="链创"),
    )
    headers, address = operator(session), f"/api/chains/{chain.id}"
    client.post(
        f"{address}/leads", json={"title": "副省长", "organisation": "测试省政府", **SINCE}, headers=headers
    )
    client.post(f"{address}/masters", json={"enterprise_id": str(enterprise.id), **SINCE}, headers=headers)
    shown = client.post(
        f"{address}/innovators", json={"institute_id": str(institute.id), **SINCE}, headers=headers
    ).get_json()
    assert [(lead["title"], lead["organisation"], lead["since_on"]) for lead in shown["leads"]] == [
        ("副省长", "测试省政府", "2026-03-01"),
    ]  # fmt: skip
    assert [master["enterprise"]["name"] for master in shown["masters"]] == ["链主"]
    assert [innovator["institute"]["name"] for innovator in shown["innovators"]] == ["链创"]
    ended = client.post(f"/api/chain-parts/{shown['leads'][0]['id']}/end", headers=headers)
    assert (ended.status_code, ended.get_json()["leads"]) == (200, [])


@pytest.mark.parametrize(("field", "value"), [
    ("name", ""), ("name", " "), ("name", "\0"), ("name", "长" * 61), ("name", None), ("industries", []), ("industries", ["alchemy"]),
    ("industries", ["opto", "opto"]), ("industries", "opto"), ("source", None), ("source", ""), ("as_of_on", "２０２６-03-01"),
    ("as_of_on", "2026-03-11"), ("as_of_on", "2026-02-30"), ("leader", "张三"), ("closed_at", "2026-03-01"),
    ("summary", "\ud800"), ("name", 1),
])  # fmt: skip
def test_bad_chains_are_422_naming_the_field(client, session, field, value):
    answer = client.post("/api/chains", data=json.dumps(entry(**{field: value})), headers=operator(session))
    assert answer.status_code == 422
    assert all(problem["field"].startswith(field) for problem in answer.get_json()["errors"])


@pytest.mark.parametrize(("part", "body"), [
    ("leads", {"title": "厅长", **SINCE}), ("leads", {"title": "\0", "organisation": "厅", **SINCE}),
    ("leads", {"title": "厅长", "organisation": "厅", "source": "x"}), ("leads", {"title": "厅长", "organisation": "厅", "name": "张三", **SINCE}),
    ("leads", {"title": "厅长", "organisation": "厅", **SINCE, "since_on": "2026-03-11"}),
    ("masters", SINCE), ("masters", {"enterprise_id": "４２", **SINCE}), ("masters", {"enterprise_id": str(uuid4()), **SINCE}),
    ("masters", {"organisation": "某厂", **SINCE}), ("innovators", SINCE), ("innovators", {"institute_id": str(uuid4()), **SINCE}),
    ("innovators", {"institute_id": str(uuid4()), "organisation": "x", **SINCE}), ("innovators", {"organisation": "", **SINCE}),
])  # fmt: skip
def test_bad_appointments_are_422(client, session, part, body):
    answer = client.post(f"/api/chains/{a_chain(session).id}/{part}", json=body, headers=operator(session))
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def test_a_name_and_a_part_that_are_taken_are_409_and_say_what_to_do(client, session):
    chain, headers = a_chain(session, name="测试激光产业链"), operator(session)
    answer = client.post("/api/chains", json=entry(), headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "chain_name_taken")
    a_part(session, chain)
    office = {"title": "测试厅长", "organisation": "测试厅", **SINCE}
    for tongue, said in (("zh", "链长单位"), ("en", "lead")):
        answer = client.post(
            f"/api/chains/{chain.id}/leads", json=office, headers=headers | {"Accept-Language": tongue}
        )
        assert (answer.status_code, answer.get_json()["code"]) == (409, "chain_part_taken")
        assert said in answer.get_json()["detail"]


def test_an_amendment_is_of_the_version_that_was_read(client, session):
    chain, headers = a_chain(session), operator(session)
    address = f"/api/chains/{chain.id}"
    assert client.patch(address, json={"summary": "x"}, headers=headers).status_code == 428
    tag = client.get(address, headers=headers).headers["ETag"]
    client.post(f"{address}/leads", json={"title": "厅长", "organisation": "厅", **SINCE}, headers=headers)
    assert (
        client.patch(address, json={"summary": "x"}, headers=headers | {"If-Match": tag}).status_code == 412
    )
    tag = client.get(address, headers=headers).headers["ETag"]
    amended = client.patch(address, json={"summary": "x"}, headers=headers | {"If-Match": tag})
    assert amended.get_json()["summary"] == "x"
    client.post(f"{address}/closing", headers=headers)
    answer = client.patch(address, json={"summary": "y"}, headers=headers | {"If-Match": "*"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "chain_closed")


@pytest.mark.parametrize("scope", [zone("420100"), zone("420000"), zone("outside")], ids=str)
def test_a_zones_operator_reads_and_does_not_steer(client, session, scope):
    chain, headers = a_chain(session), operator(session, scope)
    assert client.get(f"/api/chains/{chain.id}", headers=headers).status_code == 200
    assert client.post("/api/chains", json=entry(), headers=headers).status_code == 403
    assert client.post(f"/api/chains/{chain.id}/closing", headers=headers).status_code == 403
    amended = client.patch(f"/api/chains/{chain.id}", json={}, headers=headers | {"If-Match": "*"})
    assert amended.status_code == 403


def test_unknown_chains_are_404_and_bad_ids_too(client, session):
    for path in (f"/api/chains/{uuid4()}", "/api/chains/４２", "/api/chains/auto-corridor"):
        assert client.get(path, headers=operator(session)).status_code == 404


@pytest.mark.parametrize(
    "query", ["industry=alchemy", "closed=yes", "sort=source", "limit=１０", "q=%00", "colour=red", "limit=0"]
)
def test_wrong_filters_are_422(client, session, query):
    assert client.get(f"/api/chains?{query}", headers=bearer(session)).status_code == 422


def test_lists_of_organisations_and_needs_filter_by_chain(client, session):
    chain, headers = a_chain(session), operator(session)
    ours = an_enterprise(session, chain_id=chain.id)
    an_enterprise(session)
    need = a_need(session, ours, state="confirmed", chain_id=chain.id)
    a_need(session, ours, state="confirmed")
    for path, expected in (("enterprises", ours.id), ("needs", need.id)):
        items = client.get(f"/api/{path}?chain_id={chain.id}", headers=headers).get_json()["items"]
        assert [item["id"] for item in items] == [str(expected)]
        for bad, status in ((uuid4(), 422), ("auto-corridor", 422), ("%00", 422)):
            assert client.get(f"/api/{path}?chain_id={bad}", headers=headers).status_code == status
    assert client.get(f"/api/institutes?chain_id={chain.id}", headers=headers).get_json()["items"] == []
    counted = client.get(f"/api/needs/counts?chain_id={chain.id}", headers=headers).get_json()["items"]
    assert next(line for line in counted if line["code"] == "420000")["needs"] == 1


# --- needs ---


def test_a_poster_names_an_open_chain_and_no_other(client, session):
    enterprise, chain = an_enterprise(session), a_chain(session)
    poster = bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    drafted = client.post("/api/needs", json=a_need_body(chain_id=str(chain.id)), headers=poster)
    assert drafted.get_json()["chain_id"] == str(chain.id)
    closed = a_chain(session, closed_at=chain.created_at)
    for chain_id in (str(uuid4()), str(closed.id), "４２"):
        answer = client.post("/api/needs", json=a_need_body(chain_id=chain_id), headers=poster)
        assert [problem["field"] for problem in answer.get_json()["errors"]] == ["chain_id"]
        amended = client.patch(
            drafted.headers["Location"], json={"chain_id": chain_id}, headers=poster | {"If-Match": "*"}
        )
        assert amended.status_code == 422
    cleared = client.patch(
        drafted.headers["Location"], json={"chain_id": None}, headers=poster | {"If-Match": "*"}
    )
    assert cleared.get_json()["chain_id"] is None


def test_a_masked_need_shows_no_chain_and_is_not_found_by_one(client, session):
    chain = a_chain(session)
    need = a_need(session, state="confirmed", visibility="masked", chain_id=chain.id)
    stranger = bearer(session, (Role.INSTITUTE_MEMBER, of(an_institute(session))))
    assert "chain_id" not in client.get(f"/api/needs/{need.id}", headers=stranger).get_json()
    assert client.get(f"/api/needs?chain_id={chain.id}", headers=stranger).get_json()["items"] == []
    public = a_need(session, state="confirmed", visibility="public", chain_id=chain.id)
    items = client.get(f"/api/needs?chain_id={chain.id}", headers=stranger).get_json()["items"]
    assert [item["id"] for item in items] == [str(public.id)]
    assert items[0]["chain_id"] == str(chain.id)


def test_the_province_reads_the_chain_of_every_need(client, session):
    chain = a_chain(session)
    need = a_need(session, state="submitted", visibility="masked", chain_id=chain.id)
    shown = client.get(f"/api/needs/{need.id}", headers=bearer(session, (Role.OPERATOR, PROVINCE))).get_json()
    assert shown["chain_id"] == str(chain.id)
