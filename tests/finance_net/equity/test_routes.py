"""A deal over HTTP from its source to its exit, with everybody doing their own part."""

from typing import Any

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.identity.models import Account
from tests.factories.equity import an_equity_desk
from tests.factories.identity import headers_of


def test_a_deal_runs_from_its_source_to_its_exit(client: Any, session: Session, clock: Any):
    desk, day = an_equity_desk(session), local_date(clock.now()).isoformat()
    tokens = {
        actor.account_id: headers_of(session, session.get_one(Account, actor.account_id))
        for actor in (desk.treasury.first, desk.treasury.second, *desk.members)
    }
    first, second = desk.treasury.first, desk.treasury.second

    def send(actor: Actor, path: str, body: Any = None, status: int = 201) -> Any:
        answer = client.post(f"/api{path}", json=body, headers=tokens[actor.account_id])
        assert answer.status_code == status, answer.json
        return answer.json

    of_fund = f"/funds/{desk.treasury.fund.id}/committee"
    rules = {
        "members": [str(each.account_id) for each in desk.members],
        "quorum": 2,
        "approval_basis_points": 5_001,
    }
    entered = send(first, of_fund, rules | {"source": "章程"})
    this = {"committee_id": entered["id"]}
    assert send(first, f"{of_fund}/confirmation", this, 403)["code"] == "second_person_needed"
    assert send(second, f"{of_fund}/confirmation", this, 200)["confirmed_by"] == str(second.account_id)
    shown_committee = client.get(f"/api{of_fund}", headers=tokens[first.account_id]).json
    assert (shown_committee["deciding"]["id"], shown_committee["waiting"]) == (entered["id"], None)
    said = {
        "fund_id": str(desk.treasury.fund.id),
        "enterprise_id": str(desk.enterprise.id),
        "title": "首轮",
        "summary": "设备",
    }
    deal = send(first, "/equity-deals", said | {"asked_fen": 100})
    assert deal["number"].startswith("TZ-2026-")
    one = f"/equity-deals/{deal['id']}"
    assert send(first, f"{one}/diligence", {})["open_items"] == 7

    def shown() -> Any:
        return client.get(f"/api{one}", headers=tokens[desk.members[0].account_id]).json

    for item in shown()["diligence"]:
        send(
            first, f"/equity-diligence-items/{item['id']}/settlement", {"outcome": "done", "words": "无"}, 200
        )
    meeting = send(first, f"{one}/meetings", {"held_on": day})
    at = f"/equity-meetings/{meeting['id']}"
    for member, vote in zip(desk.members, ("for", "for", "recused"), strict=True):
        send(member, f"{at}/votes", {"choice": vote} | ({"conflict": "shares"} if vote == "recused" else {}))
    closed = send(first, f"{at}/closing", {"minutes": "同意", "conditions": ["完成变更"]}, 200)
    assert (closed["state"], closed["present"], closed["recusals"]) == ("approved", 2, 1)
    assert client.get(f"/api{at}/minutes", headers=tokens[desk.members[1].account_id]).json["is_intact"]
    terms = {
        "envelope_id": str(desk.treasury.root.id),
        "amount_fen": 100,
        "signed_on": day,
        "reference": "协议-1",
    }
    assert send(first, f"{one}/agreement", terms, 409)["code"] == "conditions_open"
    condition = shown()["conditions"][0]["id"]
    send(second, f"/equity-conditions/{condition}/fulfilment", {"evidence": "登记簿"}, 200)
    order = send(first, f"{one}/agreement", terms)["order_id"]
    send(second, f"/fund-orders/{order}/approval", None, 200)
    call = send(first, f"{one}/calls", {"amount_fen": 60, "due_on": day, "purpose": "首期"})
    send(second, f"/fund-orders/{call['order_id']}/approval", None, 200)
    exit_said = {"kind": "exit", "as_of_on": day, "value_fen": 60, "proceeds_fen": 50, "source": "转让协议"}
    entry = send(first, f"{one}/entries", exit_said)
    booked = send(second, f"/equity-entries/{entry['id']}/decision", {"is_approved": True}, 200)
    assert booked["result"] == {
        "released_fen": 0, "gain_fen": -10, "result_fen": -10, "cost_left_fen": 0, "carrying_fen": 0,
    }  # fmt: skip
    whole = shown()
    assert (whole["deal"]["state"], whole["position"]["realised_fen"], whole["calls"][0]["state"]) == (
        "exited",
        -10,
        "paid",
    )
    listed = client.get("/api/equity-deals?state=exited", headers=tokens[first.account_id]).json["items"]
    assert [each["id"] for each in listed] == [deal["id"]]
    assert client.get(f"/api{one}").status_code == 401
