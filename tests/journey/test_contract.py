"""From the need to the subsidy over HTTP: contract, cash, registration; policy P3 turns from missing facts to eligible.

Names and amounts are drawn from a seed. The policy is the one that is shipped, published by two officers; its notice counts from
13 March 2026, so the walk begins on Monday the 16th.
"""

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from backbone.actor import Role
from backbone.clock import FrozenClock
from policy_pack.subjects.models import PolicyFact
from tests.factories.directory import a_credit_code
from tests.factories.identity import administrator, bearer, of, zone
from tests.factories.policy_facts import a_shipped_policy
from tests.factories.talks import BOTH_SIDES
from tests.journey.test_main_job import INDICATORS, NEED, OFFER, Party, wuhan

pytestmark = pytest.mark.postgres
FEN_PER_WAN = 1_000_000
CAP = 100 * FEN_PER_WAN


class Named:
    """An organisation by its id, as scopes want it."""

    def __init__(self, id_: str) -> None:
        self.id = id_


@pytest.fixture
def world(client: FlaskClient, session: Any, clock: FrozenClock) -> SimpleNamespace:
    clock.instant = wuhan(16, 9)
    admin = Party(client, administrator(session))
    a_shipped_policy(session, "P3")

    def organisation(kind: str, name: str, **more: Any) -> Named:
        body = {"name": name, "credit_code": a_credit_code(), "region_code": "420100", **more}
        return Named(str(admin.post(f"/{kind}", body, status=201)["id"]))

    def member(role: Role, scope: Any) -> Party:
        return Party(client, bearer(session, (role, scope)))

    buyer, company = (
        organisation("enterprises", "测试买方"),
        organisation("enterprises", "测试技术转移公司"),
    )
    institute = organisation("institutes", "测试研究院", type="research_institute")
    return SimpleNamespace(
        buyer=buyer,
        company=company,
        institute=institute,
        poster=member(Role.ENTERPRISE_MEMBER, of(buyer)),
        seller=member(Role.ENTERPRISE_MEMBER, of(company)),
        operator=member(Role.OPERATOR, zone()),
        broker=member(Role.BROKER, zone()),
        office=member(Role.TRANSFER_OFFICE, of(institute)),
        registrar=member(Role.REGISTRAR, zone()),
        stranger=member(Role.ENTERPRISE_MEMBER, of(organisation("enterprises", "测试旁观"))),
    )


def p3_of(world: SimpleNamespace, matter: str | None = None) -> Any:
    path = f"/enterprises/{world.company.id}/policy-checks"
    return world.seller.post(path, {"policy_ids": ["P3"], "matter_id": matter})["items"][0]


def an_accepted_proposal(world: SimpleNamespace, clock: FrozenClock) -> tuple[str, str]:
    """Submitted, confirmed, the institute invited by a broker, talked with and chosen: need and proposal."""
    need = world.poster.post("/needs", NEED | {"indicators": INDICATORS}, status=201)["id"]
    world.poster.post(f"/needs/{need}/submission")
    clock.instant = wuhan(16, 11)
    world.operator.post(f"/needs/{need}/confirmation", {"complexity": "ordinary"})
    asked = world.broker.post(f"/needs/{need}/invitations", {"institute_id": world.institute.id}, status=201)
    world.office.post(f"/invitations/{asked['id']}/acceptance")
    call = {
        "kind": "call", "happened_on": "2026-03-16", "institute_id": world.institute.id, "people": BOTH_SIDES,
        "result": "工艺窗口可行", "next_step": "提交方案",
    }  # fmt: skip
    world.office.post(f"/needs/{need}/contacts", call, status=201)
    offer = world.office.post(f"/needs/{need}/proposals", OFFER | {"title": "蓝光复合焊接导入"}, status=201)
    world.office.post(f"/proposals/{offer['id']}/release")
    world.poster.post(f"/proposals/{offer['id']}/acceptance")
    return need, offer["id"]


def a_drawn_contract(world: SimpleNamespace, random: Random) -> dict[str, Any]:
    technology, equipment = random.randint(1_000, 10**10), random.choice((0, random.randint(1, 10**8)))
    first = random.randint(1, technology + equipment - 1)
    return {
        "kind": random.choice(("development", "transfer", "licence")), "title": f"测试合同{random.randint(0, 10**9)}",
        "signed_on": "2026-03-16", "valid_to": "2027-03-15", "amount_fen": technology + equipment,
        "technology_fen": technology, "seller_enterprise_id": world.company.id,
        "ip_clause": {"owner": random.choice(("poster", "solver", "shared")), "words": "见合同第七条"},
        "payment_plan": [
            {"amount_fen": first, "due_on": "2026-03-31"},
            {"amount_fen": technology + equipment - first, "upon": "验收"},
        ],
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_cash_and_registration_make_the_seller_eligible_for_two_percent_of_the_cash(
    world, clock, run_jobs, seed
):
    random = Random(seed)
    need, proposal = an_accepted_proposal(world, clock)
    assert p3_of(world)["outcome"] == "missing_facts"

    drawn = a_drawn_contract(world, random)
    key = {"Idempotency-Key": "sign"}
    contract = world.office.post(f"/proposals/{proposal}/contract", drawn, status=201, **key)
    assert world.office.post(f"/proposals/{proposal}/contract", drawn, status=201, **key) == contract
    assert world.poster.post(f"/proposals/{proposal}/contract", drawn, status=409)["id"] == contract["id"]
    assert world.poster.get(f"/needs/{need}")["state"] == "contracted"
    path = f"/contracts/{contract['id']}"
    matters = {each["side"]: each for each in contract["policy_matters"]}
    assert matters["seller"]["enterprise_id"] == world.company.id
    assert p3_of(world, matters["seller"]["matter_id"])["outcome"] == "missing_facts"

    cash = [random.randint(1, drawn["technology_fen"] // 3) for _ in range(3)]
    for number, fen in enumerate(cash):
        body = {
            "amount_fen": fen,
            "technology_fen": fen,
            "received_on": "2026-03-16",
            "voucher": f"回单{number}",
        }
        world.seller.post(f"{path}/receipts", body, status=201)
    assert p3_of(world, matters["seller"]["matter_id"])["outcome"] == "missing_facts"
    world.registrar.get(path, status=404)

    world.registrar.post(f"{path}/registration/approval", {"register_number": f"2026420100{seed:06d}"})

    receipt = p3_of(world, matters["seller"]["matter_id"])
    assert receipt["outcome"] == "eligible"
    exact = min(CAP, sum(cash) * 2 / 100)
    assert receipt["amount"]["low_fen"] == receipt["amount"]["high_fen"]
    assert abs(receipt["amount"]["low_fen"] - exact) < 1
    assert (world.registrar.get(path)["registration"], world.poster.get(path)["registered_on"]) == (
        "registered",
        "2026-03-16",
    )
    the_seller_is_told_by_itself(world, run_jobs)
    the_buyer_knows_its_side(world, matters["buyer"]["matter_id"])
    the_broker_is_credited_and_told_no_amount(world, contract["id"])
    world.stranger.get(path, status=404)


def the_seller_is_told_by_itself(world: SimpleNamespace, run_jobs: Any) -> None:
    assert "policy_pack.tell_news" in run_jobs()
    news = world.seller.get(f"/enterprises/{world.company.id}/policy-news")["items"]
    assert [(row["key"], row["kind"]) for row in news if row["kind"] == "open"] == [("P3", "open")]


def the_buyer_knows_its_side(world: SimpleNamespace, matter: str) -> None:
    known = world.poster.get(f"/enterprises/{world.buyer.id}/known-facts?matter_id={matter}")["items"]
    said = {row["key"]: row["value"] for row in known}
    assert (said["contract_side"], said["contract_registered"]) == ("buyer", True)
    assert "cash_received" not in said


def the_broker_is_credited_and_told_no_amount(world: SimpleNamespace, contract: str) -> None:
    own = world.broker.get("/me")["id"]
    (row,) = world.broker.get(f"/contracts?credited_to={own}")["items"]
    assert (row["id"], row["credited_as"]) == (contract, "inviter")
    assert not {
        name for name in row if name.endswith("_fen") or name in {"title", "buyer_name", "institute_name"}
    }
    (told,) = world.operator.get(f"/contracts?credited_to={own}")["items"]
    assert told["amount_fen"] > 0


def test_money_above_and_a_registration_too_late_are_refused_with_the_numbers_and_lose_nothing(
    world, clock, session
):
    _, proposal = an_accepted_proposal(world, clock)
    drawn = a_drawn_contract(world, Random(4)) | {"valid_to": "2026-03-20", "signed_on": "2026-03-16"}
    path = f"/contracts/{world.poster.post(f'/proposals/{proposal}/contract', drawn, status=201)['id']}"
    amount, technology = drawn["amount_fen"], drawn["technology_fen"]
    said = {"received_on": "2026-03-16", "voucher": "回单甲"}

    above = world.office.post(
        f"{path}/receipts", said | {"amount_fen": amount + 1, "technology_fen": technology}, status=409
    )
    assert above["code"] == "receipt_above_contract"
    assert (above["contract_fen"], above["open_fen"], above["wanted_fen"]) == (amount, amount, amount + 1)
    world.office.post(
        f"{path}/receipts", said | {"amount_fen": amount, "technology_fen": technology}, status=201
    )
    again = world.office.post(
        f"{path}/receipts", said | {"amount_fen": 1, "technology_fen": 1, "voucher": "回单乙"}, status=409
    )
    assert again["open_fen"] == 0
    kept = world.poster.get(f"{path}/receipts?year=2026")["items"]
    assert [row["amount_fen"] for row in kept] == [amount]

    clock.instant = wuhan(23, 9)
    for refused in (
        world.office.post(f"{path}/registration", {}, status=409),
        world.registrar.post(f"{path}/registration/approval", {"register_number": "迟"}, status=409),
    ):
        assert refused["code"] == "contract_not_in_force"
        assert (refused["valid_to"], refused["day"]) == ("2026-03-20", "2026-03-23")
    shown = world.poster.get(path)
    assert (shown["received_fen"], shown["registration"], shown["state"]) == (amount, None, "signed")
    # What a station outside had registered in time is put on record all the same.
    in_time = {"register_number": "HB-2026-1", "registered_on": "2026-03-19"}
    assert world.operator.post(f"{path}/registration/approval", in_time)["filed_as"] == "operator"
    assert session.query(PolicyFact).filter_by(key="contract_registered", retracted_at=None).count() == 4
