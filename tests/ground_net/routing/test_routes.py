"""Over HTTP: a need that nothing answers goes to the broker who is named first, and is then that broker's."""

from ground_net.routing import suggesting
from tests.factories.ground import a_broker
from tests.factories.identity import an_account
from tests.factories.invitations import an_exchange


def test_a_need_finds_its_broker_and_changes_hands(client, session, monkeypatch):
    monkeypatch.setattr(suggesting, "last_hits", lambda session, need: [])
    exchange = an_exchange(session)
    profile = a_broker(session, session.get(type(an_account(session)), exchange.broker.account_id))
    office = exchange.headers(exchange.operator) | {"Accept-Language": "en"}
    theirs, need = exchange.headers(exchange.broker), f"/api/needs/{exchange.need.id}"
    scored = client.get(f"{need}/complexity", headers=office).json
    route = client.get(f"{need}/route?language=zh", headers=office).json
    assert route["complexity"] == scored
    assert sum(reason["points"] for reason in scored["reasons"]) == scored["score"]
    assert (route["goes_to"], route["institutes"], route["refused"]) == ("broker", [], [])
    [best] = route["brokers"]
    assert (best["account_id"], best["goes_first"]) == (str(profile.account_id), False)
    assert {reason["name"]: reason["why"] for reason in best["reasons"]} == {
        "industry": "knows the industry", "language": "speaks the language", "room": "0 in hand of 8",
        "record": "found somebody for 0 of 0",
    }  # fmt: skip
    entry = {"to_id": best["account_id"], "reason_code": "complex"}
    offered = client.post(f"{need}/handovers", json=entry, headers=office)
    assert (offered.status_code, offered.json["owner_id"], offered.json["due_at"]) == (
        201, str(exchange.operator.account_id), "2026-03-11T09:30:00Z",
    )  # fmt: skip
    again = client.post(f"{need}/handovers", json=entry, headers=office)
    assert (again.status_code, again.json["code"], again.json["id"]) == (
        409,
        "handover_open",
        offered.json["id"],
    )
    accepted = client.post(f"/api/need-handovers/{offered.json['id']}/acceptance", headers=theirs).json
    assert (accepted["state"], accepted["owner_id"]) == ("accepted", best["account_id"])
    assert client.get("/api/need-handovers", headers=theirs).json["items"] == [accepted]
    portfolio = client.get(f"/api/brokers/{profile.id}/portfolio", headers=theirs).json
    assert (portfolio["load"], [each["number"] for each in portfolio["needs"]]) == (1, [exchange.need.number])
