"""What an operator does with organisations and memberships of the own zone: rows of `test_zones`."""

from typing import Any

from tests.architecture.zones import Call, get, patch, post
from tests.factories.directory import a_credit_code
from tests.factories.identity import an_account
from tests.factories.zones import ZoneUnderTest


def entry(place: ZoneUnderTest) -> dict[str, Any]:
    return {"name": "新来的", "credit_code": a_credit_code(), "region_code": place.code}


ACTS: dict[str, Call] = {
    "registerEnterprise": post(lambda place: "/enterprises", entry),
    "registerInstitute": post(
        lambda place: "/institutes", lambda place: entry(place) | {"type": "university"}
    ),
    "amendEnterprise": patch(lambda place: f"/enterprises/{place.enterprise.id}", {"park": "新园区"}),
    "amendInstitute": patch(lambda place: f"/institutes/{place.institute.id}", {"level": "省属"}),
    "showEnterprise": get(lambda place: f"/enterprises/{place.enterprise.id}"),
    "recordFact": post(
        lambda place: f"/enterprises/{place.enterprise.id}/facts",
        lambda place: {"kind": "staff_total", "value": 9, "as_of_on": "2026-03-01", "source": "走访"},
    ),
    "listFacts": get(lambda place: f"/enterprises/{place.fact.enterprise_id}/facts"),
    "retractFact": post(
        lambda place: f"/enterprise-facts/{place.fact.id}/retraction",
        lambda place: {"reason_code": "mistaken"},
    ),
    "showAccount": get(lambda place: f"/accounts/{place.member.id}"),
    "resetPassword": post(
        lambda place: f"/accounts/{place.member.id}/password",
        lambda place: {"password": "a password to change"},
    ),
    "grantMembership": post(
        lambda place: f"/accounts/{an_account(place.session).id}/memberships",
        lambda place: {
            "role": "enterprise_member",
            "scope": {"kind": "organisation", "id": str(place.enterprise.id)},
        },
    ),
    "endMembership": post(lambda place: f"/memberships/{place.member.memberships[0].id}/end"),
}
