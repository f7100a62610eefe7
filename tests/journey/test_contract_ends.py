"""Over HTTP: delivered, found wanting and terminated; then signed anew to the end, or withdrawn and posted again."""

from random import Random

import pytest

from tests.journey.test_contract import a_drawn_contract, an_accepted_proposal, world
from tests.journey.test_main_job import INDICATORS, NEED, clocks_of, wuhan

__all__ = ["world"]  # the fixture

pytestmark = pytest.mark.postgres
PARTS = [
    {"title": title, "deliverable": f"{title}一份", "criterion": "按附件一", "due_on": "2026-03-20"}
    for title in ("样机", "联调")
]
WHY = {"reason_code": "breach", "message": "样机未达飞溅指标"}


def a_delivered_contract(world, clock):
    """Need, proposal and the path of a contract of which one part was accepted and all of which was handed over."""
    need, proposal = an_accepted_proposal(world, clock)
    drawn = a_drawn_contract(world, Random(7))
    path = f"/contracts/{world.office.post(f'/proposals/{proposal}/contract', drawn, status=201)['id']}"
    first, _ = world.office.post(f"{path}/milestones", {"milestones": PARTS})["items"]
    clock.instant = wuhan(18, 9)
    world.poster.post(f"/milestones/{first['id']}/acceptance")
    world.office.post(f"{path}/delivery")
    assert world.poster.get(f"/needs/{need}")["state"] == "delivered"
    return need, proposal, path


def steps_of(world, need):
    return [step["action"] for step in world.poster.get(f"/needs/{need}/history")["items"]]


def told_of_the_end(party):
    return [
        row["subject_number"]
        for row in party.get("/me/notices")["items"]
        if row["kind"] == "contract_terminated"
    ]


def test_the_two_agree_anew_and_the_need_is_accepted_in_the_end(world, clock):
    need, proposal, path = a_delivered_contract(world, clock)
    open_parts = world.poster.post(f"{path}/delivery/acceptance", status=409)
    assert open_parts["code"] == "milestones_open"
    clock.instant = wuhan(19, 9)
    key = {"Idempotency-Key": "end"}
    ended = world.poster.post(f"{path}/termination", WHY, **key)
    assert world.poster.post(f"{path}/termination", WHY, **key) == ended
    assert (ended["state"], ended["end_reason"], ended["ended_on"]) == ("terminated", "breach", "2026-03-19")
    assert world.poster.get(f"/needs/{need}")["state"] == "selected"
    assert (told_of_the_end(world.office), told_of_the_end(world.poster)) == ([ended["number"]], [])
    assert told_of_the_end(world.seller) == [ended["number"]]
    world.poster.post(f"{path}/delivery/acceptance", status=409)
    world.office.post(f"{path}/delivery", status=409)

    clock.instant = wuhan(20, 9)
    terms = a_drawn_contract(world, Random(8)) | {"signed_on": "2026-03-20"}
    anew = world.poster.post(f"/proposals/{proposal}/contract", terms, status=201)
    refused = world.office.post(f"/proposals/{proposal}/contract", terms, status=409)
    assert (refused["code"], refused["number"]) == ("contract_exists", anew["number"])
    world.office.post(f"/contracts/{anew['id']}/delivery")
    world.poster.post(f"/contracts/{anew['id']}/delivery/acceptance")
    assert world.poster.get(f"/needs/{need}")["state"] == "accepted"
    assert steps_of(world, need)[-6:] == [
        "contract", "deliver", "annul_contract", "contract", "deliver", "accept_delivery",
    ]  # fmt: skip
    states = {row["number"]: row["state"] for row in world.poster.get(f"/contracts?need_id={need}")["items"]}
    assert states == {ended["number"]: "terminated", anew["number"]: "accepted"}


def test_the_enterprise_withdraws_it_and_posts_it_again_with_its_promises_kept_once(world, clock):
    need, proposal, path = a_delivered_contract(world, clock)
    clock.instant = wuhan(19, 9)
    world.operator.post(f"{path}/termination", WHY)
    assert told_of_the_end(world.office) == told_of_the_end(world.poster)
    kept = clocks_of(world.poster, f"/needs/{need}")
    world.poster.post(f"/needs/{need}/withdrawal", {"message": "另寻方案"})
    late = a_drawn_contract(world, Random(9)) | {"signed_on": "2026-03-19"}
    assert world.poster.post(f"/proposals/{proposal}/contract", late, status=409)["state"] == "withdrawn"

    clock.instant = wuhan(23, 9)
    again = world.poster.post("/needs", NEED | {"indicators": INDICATORS}, status=201)["id"]
    world.poster.post(f"/needs/{again}/submission")
    assert world.poster.get(f"/needs/{again}/clocks")["inherits_from"]["id"] == need
    assert clocks_of(world.poster, f"/needs/{need}") == kept
    assert (kept["confirm"], kept["propose"]) == ("met", "met")
    assert clocks_of(world.poster, f"/needs/{again}")["confirm"] in ("running", "at_risk")
    world.operator.post(f"/needs/{again}/confirmation", {"complexity": "simple"})
    assert clocks_of(world.poster, f"/needs/{again}")["confirm"] == "met"
    path = "/reports/compliance?from_on=2026-03-01&to_on=2026-03-31&stage=confirm"
    total = world.operator.get(path)["total"]
    assert (total["states"]["met"], total["needs"], total["compliance"]) == (2, 2, 1)
