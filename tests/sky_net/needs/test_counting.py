from datetime import UTC, date, datetime

import pytest

from backbone.actor import PROVINCE, Role, actor_with
from backbone.errors import Forbidden
from sky_net.needs.counting import count_needs
from tests.factories.directory import an_enterprise
from tests.factories.identity import bearer, zone
from tests.factories.needs import a_need


@pytest.fixture
def everywhere(session):
    for code, state in (
        ("420100", "submitted"), ("420100-donghu", "confirmed"), ("420100-donghu", "confirmed"), ("420300", "matched"),
        ("outside-overseas", "submitted"), ("420200", "draft"),
    ):  # fmt: skip
        a_need(session, an_enterprise(session, region_code=code), state=state)
    return session


def lines(session, held, **asked):
    counted = count_needs(session, actor_with(held), asked)
    return {line.area.code: {each["state"]: each["needs"] for each in line.states} for line in counted}


def test_states_are_counted_by_area_and_drafts_nowhere(everywhere):
    found = lines(everywhere, (Role.OPERATOR, PROVINCE))
    assert found["420000"] == {"submitted": 1, "confirmed": 2, "matched": 1}
    assert found["420100"] == {"submitted": 1, "confirmed": 2}
    assert found["420200"] == {}
    assert found["outside"] == {"submitted": 1}
    assert found["auto-corridor"] == {"submitted": 1, "confirmed": 2, "matched": 1}
    assert found["new-materials-corridor"] == {}


def test_the_zones_add_up_to_the_province(everywhere):
    total = {line.area.code: line.area.total
             for line in count_needs(everywhere, actor_with((Role.AUDITOR, PROVINCE)), {})}  # fmt: skip
    assert total["420000"] + total["outside"] == 5
    for code in ("420100", "420300", "outside"):
        (own,) = [line for line in count_needs(everywhere, actor_with((Role.OPERATOR, zone(code))), {})
                  if line.area.code == code]  # fmt: skip
        assert own.area.total == total[code]


def test_a_zone_sees_only_its_own_lines(everywhere):
    assert set(lines(everywhere, (Role.OPERATOR, zone("420100-donghu")))) == {"420100-donghu"}


def test_industry_and_days_of_submission_narrow_the_count(session):
    a_need(session, state="submitted", industry="ai", submitted_at=datetime(2026, 3, 9, 15, 59, tzinfo=UTC))
    a_need(session, state="submitted", industry="opto", submitted_at=datetime(2026, 3, 9, 16, 0, tzinfo=UTC))
    province, monday, tuesday = (Role.OPERATOR, PROVINCE), date(2026, 3, 9), date(2026, 3, 10)
    assert lines(session, province, industry=["ai"])["420100"] == {"submitted": 1}
    assert lines(session, province, submitted_to=monday)["420100"] == {"submitted": 1}
    assert lines(session, province, submitted_from=tuesday)["420100"] == {"submitted": 1}
    assert lines(session, province, submitted_from=monday, submitted_to=tuesday)["420100"] == {"submitted": 2}


@pytest.mark.parametrize(
    "role", [Role.BROKER, Role.ENTERPRISE_MEMBER, Role.POLICY_OFFICER, Role.FUND_MANAGER]
)
def test_nobody_else_gets_a_report(everywhere, role):
    with pytest.raises(Forbidden):
        lines(everywhere, (role, PROVINCE))


def test_over_http_the_report_names_areas_states_and_refuses_what_it_does_not_know(
    client, everywhere, session
):
    headers = bearer(session, (Role.OPERATOR, PROVINCE))
    answer = client.get("/api/needs/counts", headers=headers)
    wuhan = next(line for line in answer.get_json()["items"] if line["code"] == "420100")
    assert wuhan == {
        "code": "420100", "is_group": False, "within": "420000", "needs": 3,
        "states": [{"state": "submitted", "needs": 1}, {"state": "confirmed", "needs": 2}],
    }  # fmt: skip
    for query in ("industry=alchemy", "submitted_from=２０２６-01-01", "zone=420100"):
        assert client.get(f"/api/needs/counts?{query}", headers=headers).status_code == 422
    assert client.get("/api/needs/counts", headers=bearer(session)).status_code == 403
