"""An award over HTTP from its plan to its effect, with everybody doing their own part, and its case telling all of it."""

from typing import Any

from sqlalchemy import select

from backbone.actor import Actor
from backbone.identity.models import Account
from finance_net.cases.models import CaseStep
from tests.factories.attachments import BYTES
from tests.factories.awards import ACCOUNT, ANSWER, NUMBER, STATEMENT, an_award_desk
from tests.factories.files import a_pdf
from tests.factories.identity import headers_of
from tests.factories.ledger import WAN
from tests.factories.table_files import a_csv

DAY = "2026-03-10"  # of the clock that stands still


def test_an_award_runs_from_its_plan_to_its_effect(client: Any, session: Any, clock: Any):
    desk = an_award_desk(session, now=clock.now())
    tokens = {
        actor.account_id: headers_of(session, session.get_one(Account, actor.account_id))
        for actor in (desk.first, desk.second, desk.member)
    }

    def send(actor: Actor, path: str, body: Any = None, status: int = 200, **sent: Any) -> Any:
        headers = tokens[actor.account_id] | (BYTES if "data" in sent else {})
        more = sent or ({} if body is None else {"json": body})
        answer = client.post(f"/api{path}", headers=headers, **more)
        assert answer.status_code == status, answer.json
        return answer.json

    def get(actor: Actor, path: str) -> Any:
        return client.get(f"/api{path}", headers=tokens[actor.account_id])

    one, enterprise = f"/awards/{desk.award.id}", desk.award.beneficiaries[0].enterprise_id
    invoice = {"kind": "invoice", "title": "发票"}
    plan = [
        {"amount_fen": 30 * WAN, "due_on": "2026-06-30", "conditions": [invoice]},
        {"amount_fen": 10 * WAN},
    ]
    assert send(desk.first, f"{one}/plan", {"tranches": plan[:1]}, 409)["code"] == "plan_off"
    award = send(desk.first, f"{one}/plan", {"tranches": plan, "effect_months": [6]})
    tranche = f"/award-tranches/{award['tranches'][0]['id']}"
    refused = send(desk.member, f"{tranche}/claim", None, 409)
    assert (refused["code"], refused["open"][0]["title"]) == ("tranche_conditions_open", "发票")
    query = {"condition": 1, "name": "发票.pdf"}
    document = send(desk.member, f"{tranche}/documents", status=201, data=a_pdf("发票"), query_string=query)
    assert get(desk.second, f"/award-documents/{document['id']}").data == a_pdf("发票")
    send(desk.member, f"{tranche}/claim")
    assert send(desk.first, f"{tranche}/decision", {"is_approved": True})["state"] == "approved"

    order = {"fund_id": award["fund_id"], "tranche_ids": [award["tranches"][0]["id"]]}
    assert send(desk.first, "/payment-batches", order, 409)["code"] == "bank_account_missing"
    account = f"/enterprises/{enterprise}/bank-account"
    wrong = send(desk.member, account, ACCOUNT | {"number": "1234 5678"}, 422)
    assert wrong["errors"][0]["field"] == "number"
    shown = send(desk.member, account, ACCOUNT, 201)
    assert (shown["number"], get(desk.second, account).json["number"]) == ("****9012", "****9012")
    at = f"/payment-batches/{send(desk.first, '/payment-batches', order, 201)['id']}"
    assert get(desk.first, f"{at}/file").status_code == 404
    alone = send(desk.first, f"{at}/decision", {"is_approved": True}, 409)
    assert alone["code"] == "another_manager_needed"
    sha256 = send(desk.second, f"{at}/decision", {"is_approved": True})["sha256"]
    file = get(desk.second, f"{at}/file")
    assert NUMBER in file.data.decode("utf-8-sig")
    assert file.headers["ETag"] == f'"{sha256}"'

    negative = desk.answer(desk.line("settled", amount="-1"))
    wrong = send(desk.first, "/payment-answers", status=422, data=negative)
    assert (wrong["code"], wrong["errors"][0]["field"]) == ("lines_refused", "line 2: amount")
    content = desk.answer(desk.line("settled"))
    for _ in range(2):
        taken = send(desk.first, "/payment-answers", status=201, data=content)
        assert (taken["settled"], taken["changed"]) == (1, 1)
    (payment,) = get(desk.member, "/payments?state=settled").json["items"]
    assert (payment["account"], payment["amount_fen"]) == ("****9012", 30 * WAN)
    statement = a_csv([STATEMENT, [payment["bank_ref"], "支出", "300000.00", DAY]])
    sent = {"data": statement, "query_string": {"since_on": DAY, "until_on": DAY}}
    found = send(desk.first, f"/funds/{award['fund_id']}/bank-statements", status=201, **sent)
    assert (found["matched"], found["differences"]) == (1, 0)
    assert get(desk.first, "/reconciliation-items?is_open=true").json["items"] == []

    account_back = a_csv([ANSWER, [payment["reference"], "退汇", "TH-1", "300000.00", DAY]])
    for _ in range(2):
        taken = send(desk.second, "/payment-answers", status=201, data=account_back)
        assert (taken["returned"], taken["changed"]) == (1, 1)
    (back,) = get(desk.member, f"/payments?state=returned&amount_fen={30 * WAN}").json["items"]
    assert get(desk.first, "/payments?state=returned&amount_fen=1").json["items"] == []
    assert (back["id"], back["return_ref"], back["returned_on"]) == (payment["id"], "TH-1", DAY)
    assert send(desk.first, "/payment-batches", order, 409)["code"] == "bank_account_came_back"
    send(desk.member, account, ACCOUNT | {"number": "4200123456780000"}, 201)
    again = f"/payment-batches/{send(desk.first, '/payment-batches', order, 201)['id']}"
    send(desk.second, f"{again}/decision", {"is_approved": True})
    send(desk.first, "/payment-answers", status=201, data=desk.answer(desk.line("settled")))
    (payment,) = get(desk.member, "/payments?state=settled").json["items"]
    assert (payment["account"], payment["amount_fen"]) == ("****0000", 30 * WAN)

    said = {"reason": "misused", "words": "部分用途不符", "amount_fen": WAN, "due_on": "2026-12-31"}
    clawback = send(desk.first, f"/payments/{payment['id']}/clawbacks", said, 201)
    send(desk.second, f"/clawbacks/{clawback['id']}/decision", {"is_approved": True})
    came = {"amount_fen": WAN, "bank_ref": "YH-back", "received_on": DAY}
    assert send(desk.first, f"/clawbacks/{clawback['id']}/recoveries", came)["state"] == "recovered"
    (effect,) = get(desk.member, "/award-effects").json["items"]
    assert (effect["due_on"], effect["is_overdue"]) == ("2026-09-10", False)
    report = {"revenue_fen": 100, "as_of_on": DAY, "source": "年报"}
    assert send(desk.member, f"/award-effects/{effect['id']}/report", report)["revenue_fen"] == 100
    send(desk.first, f"{one}/closure", {"reason": "完成"})
    assert [each["state"] for each in get(desk.member, one).json["tranches"]] == ["paid", "cancelled"]
    steps = (
        select(CaseStep.kind).where(CaseStep.case_id == desk.award.application_id).order_by(CaseStep.ordinal)
    )
    assert session.scalars(steps).all()[-7:] == [
        "award",
        "payment",
        "return",
        "payment",
        "clawback",
        "effect",
        "cancelled",
    ]
    assert client.get(f"/api{one}").status_code == 401
