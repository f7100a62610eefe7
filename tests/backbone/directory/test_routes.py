import json

import pytest

from backbone.actor import Role
from tests.factories.directory import a_credit_code, an_enterprise, an_institute
from tests.factories.identity import bearer, of, operator, zone
from tests.factories.people import counted_queries


def entry(**values):
    return {"name": "测试企业", "credit_code": a_credit_code(), "region_code": "420100"} | values


def test_an_operator_registers_an_enterprise_with_every_field(client, session):
    headers = operator(session, zone())
    body = entry(
        park="测试园区", registered_on="2019-05-01", industry="opto", chain_segment="激光", staff_total=120, staff_science=40,
        labels=[{"name": "高新技术企业", "granted_on": "2024-12-01", "valid_until_on": "2027-11-30", "source": "测试公告"}],
        contact={"name": "张测试", "phone": "027-00000000", "email": "zhang@example.org"},
    )  # fmt: skip
    answer = client.post("/api/enterprises", json=body, headers=headers)
    assert answer.status_code == 201
    shown = client.get(answer.headers["Location"], headers=headers).get_json()
    assert {name: shown[name] for name in body} == body
    assert shown["created_at"] == "2026-03-10T01:30:00Z"


def test_an_operator_registers_an_institute_and_everybody_sees_it(client, session):
    body = {"name": "测试大学", "type": "university", "level": "部属", "region_code": "420100", "labs": ["激光实验室"],
            "pilot_lines": [{"name": "焊接中试线", "price": "面议", "booking": "提前两周"}],
            "instruments": [{"name": "扫描电镜", "model": "测试型", "price": "每小时300元", "booking": "网上预约"}],
            "industries": ["opto", "equipment"], "use_right_years": 10, "has_seller_account": True,
            "income_share_percent": 70, "approval_path": "转化办审批", "approval_days": 15}  # fmt: skip
    answer = client.post("/api/institutes", json=body, headers=operator(session, zone()))
    assert answer.status_code == 201
    shown = client.get(answer.headers["Location"], headers=bearer(session)).get_json()
    assert {name: shown[name] for name in body} == body


@pytest.mark.parametrize(("field", "value"), [
    ("credit_code", None), ("credit_code", "x"), ("credit_code", a_credit_code(9)[:-1] + "?"), ("name", ""), ("name", "\0"),
    ("credit_code", a_credit_code(9).replace("1", "１")), ("credit_code", a_credit_code(9).lower()), ("region_code", "110000"),
    ("industry", "alchemy"), ("staff_total", -1), ("staff_total", "１２"), ("staff_total", 10**30), ("registered_on", "1989-12-31"),
    ("labels", [{"valid_until_on": "2027-01-01"}]), ("labels", [{"name": "高企", "granted_on": "2027-01-01", "valid_until_on": "2026-01-01"}]),
    ("labels", [{"name": "高企"}, {"name": "高企", "source": "x"}]), ("labels", [{"name": "高企", "granted_on": "２０２６-01-01"}]),
    ("chain_id", "auto-corridor"), ("chain_id", "01890000-0000-7000-8000-000000000000"), ("chain", "激光"), ("contact", {"fax": "1"}), ("id", "x"),
])  # fmt: skip
def test_bad_entries_are_422_naming_the_field(client, session, field, value):
    answer = client.post(
        "/api/enterprises", data=json.dumps(entry(**{field: value})), headers=operator(session)
    )
    assert answer.status_code == 422
    assert all(entry["field"].startswith(field) for entry in answer.get_json()["errors"])


def test_a_code_that_is_registered_is_409_and_names_it(client, session):
    taken = an_enterprise(session)
    answer = client.post(
        "/api/enterprises", json=entry(credit_code=taken.credit_code), headers=operator(session)
    )
    assert (answer.status_code, answer.get_json()["code"]) == (409, "credit_code_taken")
    assert answer.get_json()["credit_code"] == taken.credit_code
    assert [each["field"] for each in answer.get_json()["errors"]] == ["credit_code"]


@pytest.mark.parametrize(
    "who", [(Role.OPERATOR, zone("420200")), (Role.BROKER, zone()), (Role.AUDITOR, zone())]
)
def test_others_may_not_register(client, session, who):
    assert client.post("/api/enterprises", json=entry(), headers=bearer(session, who)).status_code == 403


def test_an_enterprise_is_hidden_from_strangers_in_every_way(client, session):
    row = an_enterprise(session)
    stranger = bearer(session, (Role.INSTITUTE_MEMBER, of(an_institute(session))))
    address = f"/api/enterprises/{row.id}"
    assert client.get(address, headers=stranger).status_code == 404
    assert client.patch(address, json={"name": "x"}, headers=stranger | {"If-Match": "*"}).status_code == 404
    assert client.get("/api/enterprises", headers=stranger).get_json()["items"] == []


def test_a_member_sees_and_amends_the_own_enterprise(client, session):
    row = an_enterprise(session)
    member, address = bearer(session, (Role.ENTERPRISE_MEMBER, of(row))), f"/api/enterprises/{row.id}"
    tag = client.get(address, headers=member).headers["ETag"]
    answer = client.patch(
        address, json={"staff_total": 7, "industry": None}, headers=member | {"If-Match": tag}
    )
    assert answer.get_json()["staff_total"] == 7
    assert answer.get_json()["industry"] is None
    assert (
        client.patch(address, json={"staff_total": 8}, headers=member | {"If-Match": tag}).status_code == 412
    )


def test_the_credit_code_of_an_enterprise_cannot_be_amended(client, session):
    row = an_enterprise(session)
    headers = operator(session) | {"If-Match": "*"}
    answer = client.patch(
        f"/api/enterprises/{row.id}", json={"credit_code": a_credit_code()}, headers=headers
    )
    assert answer.status_code == 422


def test_an_institute_is_seen_by_all_and_amended_by_its_own(client, session):
    row = an_institute(session)
    address = f"/api/institutes/{row.id}"
    stranger, office = bearer(session), bearer(session, (Role.TRANSFER_OFFICE, of(row)))
    assert client.get(address, headers=stranger).status_code == 200
    assert (
        client.patch(address, json={"level": "省属"}, headers=stranger | {"If-Match": "*"}).status_code == 403
    )
    assert (
        client.patch(address, json={"level": "省属"}, headers=office | {"If-Match": "*"}).get_json()["level"]
        == "省属"
    )


@pytest.fixture
def names(client, session):
    for name, region in (
        ("丙所", "420100"), ("甲所", "420100-donghu"), ("乙所", "420200"), ("100%漢鐳射ＬＡＢ", "420300"),
    ):  # fmt: skip
        an_institute(session, name=name, region_code=region)
    headers = bearer(session)

    def listed(query):
        return [
            row["name"] for row in client.get(f"/api/institutes?{query}", headers=headers).get_json()["items"]
        ]

    return listed


def test_lists_are_sorted_as_names_sound_and_paged(names):
    assert names("sort=name") == ["100%漢鐳射ＬＡＢ", "丙所", "甲所", "乙所"]
    assert names("sort=-name") == names("sort=name")[::-1]
    assert names("sort=-name&limit=1") == ["乙所"]


@pytest.mark.parametrize(("query", "found"), [
    ("region=420100", {"丙所", "甲所"}), ("region=420100-donghu&region=420200", {"甲所", "乙所"}), ("q=甲", {"甲所"}), ("q=JS", {"甲所"}),
    ("q=%25", {"100%漢鐳射ＬＡＢ"}), ("q=_", set()), ("q=汉镭射", {"100%漢鐳射ＬＡＢ"}), ("q=漢鐳射lab", {"100%漢鐳射ＬＡＢ"}),
    ("region=optics-valley-corridor", {"丙所", "甲所", "乙所"}), ("region=new-materials-corridor", set()),
    ("region=auto-corridor&region=420200", {"丙所", "甲所", "乙所", "100%漢鐳射ＬＡＢ"}), ("region=outside", set()),
    ("q=１００", {"100%漢鐳射ＬＡＢ"}), ("q=甲&region=420200", set()),
])  # fmt: skip
def test_lists_are_filtered_by_region_and_name(names, query, found):
    assert set(names(query)) == found


def test_a_list_sorts_only_by_what_it_offers(client, session):
    assert client.get("/api/institutes?sort=credit_code", headers=bearer(session)).status_code == 422


def test_regions_and_industries_need_no_token(client):
    regions = client.get("/api/regions").get_json()["items"]
    industries = client.get("/api/industries").get_json()["items"]
    donghu = next(row for row in regions if row["code"] == "420100-donghu")
    assert (donghu["zh"], donghu["en"]) == ("东湖高新区", "East Lake High-tech Zone")
    assert (donghu["within"], donghu["kind"], donghu["is_catch_all"]) == ("420100", "function_zone", False)
    assert donghu["source"]
    assert donghu["as_of"] == "2024-06-30"
    opto = next(row for row in industries if row["code"] == "opto")
    assert (opto["zh"], opto["group"], opto["group_zh"]) == ("光电子信息", "strong", "优势产业")


CONTACT = {"name": "施测试", "phone": "13812341234", "email": "shi@example.test"}
MASKED = {"name": "施**", "phone": "138****1234", "email": "s***@example.test"}
COLUMNS = {f"contact_{name}": value for name, value in CONTACT.items()}


@pytest.mark.parametrize(("path", "make"), [("enterprises", an_enterprise), ("institutes", an_institute)])
def test_lists_mask_the_contact_for_everybody_and_one_record_shows_it_to_who_may(client, session, path, make):
    row = make(session, **COLUMNS)
    headers = operator(session, zone())
    [listed] = client.get(f"/api/{path}", headers=headers).get_json()["items"]
    assert listed["contact"] == MASKED
    assert client.get(f"/api/{path}/{row.id}", headers=headers).get_json()["contact"] == CONTACT


def test_whoever_may_not_read_the_contact_gets_it_masked_under_another_etag(client, session):
    enterprise = an_enterprise(session, **COLUMNS)
    institute = an_institute(session, **COLUMNS)
    for row, path, full, masked in (
        (enterprise, "enterprises", (Role.ENTERPRISE_MEMBER, of(enterprise)), (Role.AUDITOR, zone())),
        (institute, "institutes", (Role.TRANSFER_OFFICE, of(institute)), (Role.AUDITOR, zone())),
    ):
        shown = client.get(f"/api/{path}/{row.id}", headers=bearer(session, full))
        hidden = client.get(f"/api/{path}/{row.id}", headers=bearer(session, masked))
        assert (shown.json["contact"], hidden.json["contact"]) == (CONTACT, MASKED)
        assert shown.headers["ETag"] != hidden.headers["ETag"]
        assert set(shown.json) == set(hidden.json)


def test_a_page_costs_as_many_queries_with_ten_contacts_as_with_one(client, session):
    headers = operator(session, zone())
    counts = []
    for more in (1, 9):
        for _ in range(more):
            an_enterprise(session, **COLUMNS)
        with counted_queries(session) as queries:
            client.get("/api/enterprises", headers=headers)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_region_groups_need_no_token_and_say_where_each_member_is_from(client):
    groups = client.get("/api/region-groups").get_json()["items"]
    assert [group["code"] for group in groups] == [
        "optics-valley-corridor", "auto-corridor", "new-materials-corridor",
    ]  # fmt: skip
    assert groups[0]["zh"] == "光谷科技创新大走廊"
    xianning = next(member for member in groups[0]["members"] if member["region"] == "421200")
    assert xianning["is_certain"] is False
    assert all(member["source"] and member["as_of"] for group in groups for member in group["members"])


@pytest.mark.parametrize("area", ["110000", "auto-corridor%00", "４20100", "", "武汉市", "auto_corridor"])
def test_a_filter_by_an_unknown_area_is_422_and_names_what_it_takes(client, session, area):
    answer = client.get(f"/api/institutes?region={area}", headers=bearer(session))
    assert answer.status_code == 422
    (problem,) = answer.get_json()["errors"]
    assert problem["field"].startswith("region")
    assert "auto-corridor" in problem["problem"]


def test_an_organisation_lies_in_a_region_and_never_in_a_group(client, session):
    answer = client.post(
        "/api/enterprises", json=entry(region_code="auto-corridor"), headers=operator(session)
    )
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.get_json()["errors"]] == ["region_code"]


def test_an_organisation_outside_the_province_is_registered_by_its_zone_and_by_the_province(client, session):
    for headers in (
        operator(session),
        operator(session, zone("outside-gba")),
        operator(session, zone("outside")),
    ):
        answer = client.post("/api/enterprises", json=entry(region_code="outside-gba"), headers=headers)
        assert answer.status_code == 201
    for code in ("420000", "420100", "outside-overseas"):
        headers = operator(session, zone(code))
        assert (
            client.post(
                "/api/enterprises", json=entry(region_code="outside-gba"), headers=headers
            ).status_code
            == 403
        )


def test_counts_over_http_say_area_and_number(client, session):
    an_enterprise(session, region_code="420100-donghu")
    items = client.get("/api/organisations/counts", headers=operator(session)).get_json()["items"]
    assert next(line for line in items if line["code"] == "420100") == {
        "code": "420100", "is_group": False, "within": "420000", "enterprises": 1, "institutes": 0,
    }  # fmt: skip
    assert client.get("/api/organisations/counts", headers=bearer(session)).status_code == 403


def test_the_same_label_of_two_years_is_two_labels(client, session):
    labels = [
        {"name": "高企", "granted_on": "2021-12-01", "valid_until_on": "2024-11-30"},
        {"name": "高企", "granted_on": "2024-12-01"},
    ]
    answer = client.post("/api/enterprises", json=entry(labels=labels), headers=operator(session))
    assert answer.status_code == 201
    assert [label["granted_on"] for label in answer.get_json()["labels"]] == ["2021-12-01", "2024-12-01"]


@pytest.mark.parametrize(("field", "value"), [
    ("industries", ["opto", "opto"]), ("industries", ["alchemy"]), ("use_right_years", 101), ("use_right_years", "１０"),
    ("instruments", [{"model": "x"}]), ("instruments", [{"name": "x", "owner": "y"}]), ("instruments", [{"name": "\0"}]),
])  # fmt: skip
def test_bad_institutes_are_422_naming_the_field(client, session, field, value):
    body = {"name": "测试大学", "type": "university", "region_code": "420100", field: value}
    answer = client.post("/api/institutes", data=json.dumps(body), headers=operator(session))
    assert answer.status_code == 422
    assert all(problem["field"].startswith(field) for problem in answer.get_json()["errors"])


def test_lists_are_filtered_by_industry(client, session):
    an_institute(session, name="甲所", industries=["opto", "ai"])
    an_institute(session, name="乙所", industries=["health"])
    an_enterprise(session, name="甲厂", industry="ai")
    headers = operator(session)
    for path, found in (("institutes", "甲所"), ("enterprises", "甲厂")):
        items = client.get(f"/api/{path}?industry=ai&industry=nev", headers=headers).get_json()["items"]
        assert [item["name"] for item in items] == [found]
        assert client.get(f"/api/{path}?industry=alchemy", headers=headers).status_code == 422


def test_moving_an_organisation_beyond_the_own_zone_is_403_and_says_who_can(client, session):
    row = an_enterprise(session)
    headers = operator(session, zone()) | {"If-Match": "*"}
    answer = client.patch(f"/api/enterprises/{row.id}", json={"region_code": "420200"}, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "beyond_zone")
    assert "黄石市" in answer.get_json()["detail"]
    english = client.patch(
        f"/api/enterprises/{row.id}",
        json={"region_code": "420200"},
        headers=headers | {"Accept-Language": "en"},
    )
    assert "Huangshi" in english.get_json()["detail"]
