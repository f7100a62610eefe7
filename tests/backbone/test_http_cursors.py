"""A cursor belongs to the address that made it."""

from backbone.actor import Role
from tests.factories.directory import an_institute
from tests.factories.identity import bearer, zone


def test_a_cursor_of_the_same_filters_at_another_address_is_refused(client, session):
    headers = bearer(session, (Role.OPERATOR, zone()))
    for _ in range(3):
        an_institute(session)
    made = client.get("/api/institutes?limit=1", headers=headers).json["next_cursor"]
    assert made
    answers = {
        path: client.get(path, query_string={"cursor": made}, headers=headers).status_code
        for path in ("/api/institutes", "/api/enterprises")
    }
    assert answers == {"/api/institutes": 200, "/api/enterprises": 422}
